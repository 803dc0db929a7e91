// The findings, most severe first: what happened, why it matters, what to do, and the evidence.

import {code, el, raw} from './dom.js';
import {icon} from './icons.js';
import {badge, kindLabel, SEVERITY} from './labels.js';
import {chains} from './chain.js';
import {endpointLeaf} from './endpoints.js';
import {copyButton} from './copy.js';
import {viewHref} from './state.js';
import {number, plural} from './format.js';
import {relativePath} from './text.js';

const OPEN_AT_FIRST = 5;
const PAGE = 50;
const REACHED = 8;

export function findingsPanel(report) {
  if (!report.findings.length) return noFinding(report);
  const list = el('ol', {class: 'hr-findings'});
  let shown = 0;
  const more = el('button', {type: 'button', class: 'jenkins-button'}, 'Show more findings');
  const show = () => {
    const next = report.findings.slice(shown, shown + PAGE);
    list.append(...next.map((finding, i) => findingNode(finding, report, shown + i < OPEN_AT_FIRST)));
    shown += next.length;
    more.hidden = shown >= report.findings.length;
    more.textContent = `Show more findings (${number(report.findings.length - shown)} left)`;
  };
  more.addEventListener('click', show);
  show();
  return el('div', {}, list, more);
}

function noFinding(report) {
  const supervised = report.verdict !== 'not-supervised' && report.state !== 'off';
  return el('div', {class: 'hr-empty'},
    icon(supervised ? 'shieldCheck' : 'shieldOff'),
    el('p', {class: 'hr-empty__title'}, supervised ? report.running ? 'No finding so far' : 'No finding' : 'No finding, but no supervision either'),
    el('p', {}, supervised
      ? ['See ', el('a', {href: viewHref('endpoints')}, plural(report.endpoints.length, 'endpoint')), ', ',
        el('a', {href: viewHref('processes')}, plural(report.processes.length, 'process', 'processes')), ' and ',
        el('a', {href: viewHref('files')}, plural(report.files.length, 'file operation')), ' of this block.']
      : ['See ', el('a', {href: viewHref('coverage')}, 'what was covered'), '.']),
    report.endpoints.length > 0 && el('ul', {class: 'hr-reached', 'aria-label': 'Endpoints'},
      report.endpoints.slice(0, REACHED).map(endpoint => el('li', {}, endpointLeaf(endpoint))),
      report.endpoints.length > REACHED && el('li', {class: 'hr-muted'}, `and ${number(report.endpoints.length - REACHED)} more`)));
}

function findingNode(finding, report, open) {
  const severity = SEVERITY[finding.severity];
  const leaf = () => evidenceLeaf(finding, report);
  const evidence = el('details', {class: 'hr-details', open},
    el('summary', {}, 'Evidence', finding.lineages.length > 1
      && el('span', {class: 'hr-muted'}, ` · ${plural(finding.lineages.length, 'process chain')}`)),
    finding.lineages.length ? chains(finding.lineages, leaf)
      : leaf() ?? el('p', {class: 'hr-muted'}, 'No process is recorded for this.'));
  return el('li', {class: `hr-finding hr-${severity.tone}`},
    el('div', {class: 'hr-finding__head'}, badge(severity),
      el('span', {class: 'hr-finding__kind'}, raw(kindLabel(finding.kind)))),
    el('h3', {class: 'hr-finding__message'}, raw(finding.message || kindLabel(finding.kind))),
    finding.explanation && el('p', {class: 'hr-prose'}, raw(finding.explanation, {}, {keepLines: true})),
    finding.remedy && remedy(finding.remedy),
    evidence);
}

function remedy(value) {
  const {prose, line} = splitRemedy(value);
  return el('div', {class: 'hr-remedy'},
    el('div', {class: 'hr-remedy__text'}, el('strong', {}, 'What to do '),
      prose && raw(prose, {}, {keepLines: true}),
      line && el('pre', {class: 'hr-code hr-code--inline'}, raw(line, {}, {keepLines: true}))),
    copyButton(line || value, line ? 'the configuration line' : 'the remedy'));
}

// As the engine writes it: "If it is meant, add it: allowedEndpoints: ['host:443'] or --allow 'host:443'."
const ALLOW_LINE = /allowedEndpoints: \[[^\]]*\]/;

/** The part of a remedy that is configuration to copy: lines after the first, an allow line, or text in backquotes. */
export function splitRemedy(value) {
  const [first, ...rest] = value.split('\n');
  if (rest.length) return {prose: first, line: rest.join('\n').trim()};
  const line = ALLOW_LINE.exec(value)?.[0] ?? /`([^`]+)`/.exec(value)?.[1] ?? '';
  return {prose: value, line};
}

function evidenceLeaf(finding, report) {
  const parts = [];
  if (finding.endpoint) {
    parts.push(el('a', {class: 'hr-event', href: viewHref('endpoints', {q: finding.endpoint})}, icon('network'), code(finding.endpoint)));
  }
  if (finding.path) {
    parts.push(el('a', {class: 'hr-event', href: viewHref('files', {q: finding.path})}, icon('file'),
      code(relativePath(finding.path, report.cwd))));
  }
  if (finding.rule) parts.push(el('span', {class: 'hr-muted'}, 'rule ', code(finding.rule)));
  return parts.length ? el('div', {class: 'hr-events'}, parts) : null;
}
