// The top of the page: state, verdict, one sentence, who did it, and the protections that were missing.

import {code, el, raw} from './dom.js';
import {icon} from './icons.js';
import {badge, STATE, VERDICT} from './labels.js';
import {duration, number, timestamp} from './format.js';
import {actors, elapsed, sentence} from './summary.js';
import {commandNode} from './chain.js';

export function headline(report, level = 'h2') {
  const verdict = VERDICT[report.verdict];
  const state = STATE[report.state];
  return el('header', {class: `hr-headline hr-${verdict.tone}`},
    el('div', {class: 'hr-headline__mark'}, icon(verdict.icon)),
    el('div', {class: 'hr-headline__body'},
      el('div', {class: 'hr-headline__top'},
        el(level, {class: 'hr-headline__title'}, verdict.title),
        el('div', {class: 'hr-headline__badges'},
          report.running && badge({label: 'still running', tone: 'note', icon: 'info'}),
          badge({...state, label: `State: ${state.label.toLowerCase()}`}, state.meaning),
          report.policy.egressPolicy && mode('Egress', report.policy.egressPolicy),
          report.policy.filePolicy && mode('Files', report.policy.filePolicy),
          report.policy.credentialPolicy && mode('Credentials', report.policy.credentialPolicy))),
      el('p', {class: 'hr-headline__sentence'}, raw(sentence(report))),
      who(report),
      missing(report)),
    facts(report));
}

function mode(name, value) {
  return el('span', {class: 'jenkins-badge hr-badge hr-mute'}, `${name}: `, raw(value));
}

function who(report) {
  const found = actors(report);
  if (!found.length) return null;
  return el('p', {class: 'hr-who'}, el('span', {class: 'hr-who__label'}, 'Who'),
    found.map(actor => el('span', {class: 'hr-who__actor'},
      actor.package ? [icon('package'), code(actor.package), actor.script && [' in its ', code(actor.script), ' script']]
        : ['process ', code(actor.process)],
      actor.step && [', step ', code(actor.step)])));
}

function missing(report) {
  if (report.state === 'enforced' && !report.degraded.length) return null;
  const items = report.degraded.map(({protection, reason}) =>
    el('li', {}, el('strong', {}, raw(protection)), reason && [': ', raw(reason)]));
  return el('div', {class: `hr-callout hr-${STATE[report.state].tone}`},
    el('strong', {}, report.state === 'off' ? 'Nothing was enforced.' : 'Missing protections:'),
    items.length ? el('ul', {}, items) : report.state === 'degraded' && ' the report does not name them.');
}

function facts(report) {
  const fact = (name, value) => el('div', {class: 'hr-fact'}, el('dt', {}, name), el('dd', {}, value));
  const took = elapsed(report);
  return el('dl', {class: 'hr-facts'},
    el('div', {class: 'hr-fact hr-fact--wide'}, el('dt', {}, 'Command'),
      el('dd', {}, report.command.length ? commandNode(report.command, '', 160) : 'unknown')),
    fact('Started', timestamp(report.started)),
    fact('Duration', report.running ? 'running' : took === null ? 'unknown' : duration(took)),
    fact('Exit status', report.exitCode === null ? report.running ? 'running' : 'unknown' : String(report.exitCode)),
    fact('Supervised launches', number(report.launches)));
}
