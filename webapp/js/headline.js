// The top of the page: state, verdict, one sentence, who did it, and the protections that were missing.

import {append, code, el, raw} from './dom.js';
import {icon} from './icons.js';
import {badge, BASELINE_STATE, STATE, VERDICT} from './labels.js';
import {viewHref} from './state.js';
import {duration, number, timestamp} from './format.js';
import {actors, elapsed, mainCommands, sentence} from './summary.js';
import {visible} from './text.js';
import {whenIdle} from './idle.js';
import {isWrapper} from './wrapper.js';

const SHOWN = 4;

export function headline(report, level = 'h2', review = null) {
  const verdict = report.running && ['ok', 'not-supervised'].includes(report.verdict) ? {tone: 'note', icon: 'shield'} : VERDICT[report.verdict];
  const state = STATE[report.state];
  return el('section', {'aria-label': 'Summary', class: `hr-headline hr-${verdict.tone}`},
    el('div', {class: 'hr-headline__mark'}, icon(verdict.icon)),
    el('div', {class: 'hr-headline__body'},
      el('div', {class: 'hr-headline__top'},
        el(level, {class: 'hr-headline__title'}, title(report)),
        el('div', {class: 'hr-headline__badges'},
          report.running && badge({label: 'still running', tone: 'note', icon: 'info'}),
          badge({...state, label: `State: ${state.label.toLowerCase()}`}, state.meaning),
          report.policy.egressPolicy && mode('Egress', report.policy.egressPolicy),
          report.policy.filePolicy && mode('Files', report.policy.filePolicy),
          report.policy.credentialPolicy && mode('Credentials', report.policy.credentialPolicy))),
      el('p', {class: 'hr-headline__sentence'}, raw(sentence(report))),
      who(report),
      deviations(report),
      missing(report)),
    facts(report, review));
}

// What it deviates from: what the job does, or what a policy in audit mode would allow.
function title({verdict, deviations, running}) {
  // What has not ended is not known to be as usual.
  if (running && verdict === 'ok') return 'As usual so far';
  if (running && verdict === 'not-supervised') return 'Nothing supervised yet';
  if (verdict !== 'deviates') return VERDICT[verdict].title;
  return `Deviates from the ${deviations.length ? 'baseline' : 'policy'}`;
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

// What no earlier build did, in a few words each; the findings have the rest.
function deviations(report) {
  if (!report.deviations.length) return null;
  return el('p', {class: 'hr-who'}, el('span', {class: 'hr-who__label'}, 'New'),
    report.deviations.slice(0, SHOWN).map(item => el('a', {class: 'hr-who__actor', href: viewHref('findings', {q: 'kind:baseline-deviation'})}, code(item.label))),
    report.deviations.length > SHOWN && el('span', {class: 'hr-muted'}, `and ${number(report.deviations.length - SHOWN)} more`));
}

function baselineFact(baseline, review) {
  const state = BASELINE_STATE[baseline.state];
  return [badge(state, state.meaning), ' ',
    baseline.state === 'creating' && el('span', {class: 'hr-muted'}, `${number(baseline.builds)} of ${number(baseline.required)} builds `),
    baseline.role === 'target' && el('span', {class: 'hr-muted'}, 'of ', raw(baseline.job), ' '),
    review && el('a', {href: review.url}, 'job page'),
    baseline.why && baseline.state !== 'stable' && el('span', {class: 'hr-muted hr-fact__why'}, raw(baseline.why))];
}

function missing(report) {
  if (report.state === 'enforced' && !report.degraded.length) return null;
  const items = report.degraded.map(({protection, reason}) =>
    el('li', {}, el('strong', {}, raw(protection)), reason && [': ', raw(reason)]));
  return el('div', {class: `hr-callout hr-${STATE[report.state].tone}`},
    el('strong', {}, report.state === 'off' ? 'Nothing was enforced.' : 'Missing protections:'),
    items.length ? el('ul', {}, items) : report.state === 'degraded' && ' the report does not name them.');
}

function facts(report, review) {
  const fact = (name, value, extra = '') => el('div', {class: `hr-fact ${extra}`}, el('dt', {}, name), el('dd', {}, value));
  const took = elapsed(report);
  const wide = commandsFact(report, fact);
  return el('dl', {class: 'hr-facts'}, wide,
    fact('Started', el('time', {title: timestamp(report.started)}, timestamp(report.started).replace(/\.\d+/, ''))),
    fact('Duration', report.running ? 'running' : took === null ? 'unknown' : duration(took)),
    // The status of a wrapper that ends before its script says nothing.
    !isWrapper(report.command) && report.exitCode !== null && fact('Exit status', String(report.exitCode)),
    fact('Launches', number(report.launches)),
    report.baseline && fact('Baseline', baselineFact(report.baseline, review)));
}

// Which processes are the script's own takes a while to find out in a large tree: then it is filled in afterwards.
function commandsFact(report, fact) {
  const node = el('span', {class: 'hr-commands'}, '…');
  const show = lines => append(node, [lines.slice(0, 3).map((line, i) => [i > 0 && el('span', {class: 'hr-muted'}, ' · '), code(line.slice(0, 200), {title: visible(line.slice(0, 2000))})]),
    lines.length > 3 && el('span', {class: 'hr-muted'}, ` and ${number(lines.length - 3)} more`)]);
  const whole = fact('Commands', node, 'hr-fact--wide');
  const fill = () => {
    const lines = mainCommands(report);
    node.replaceChildren();
    show(lines);
    if (!lines.length) whole.hidden = true;
    return true;
  };
  if (report.processes.length > 2000) whenIdle(fill);
  else fill();
  return whole;
}
