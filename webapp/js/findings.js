// The findings, most severe first: what happened, why it matters, what to do, and the evidence.

import {code, el, raw} from './dom.js';
import {icon} from './icons.js';
import {badge, kindLabel, SEVERITY} from './labels.js';
import {chains} from './chain.js';
import {endpointLeaf, facet} from './endpoints.js';
import {copyButton} from './copy.js';
import {csvButton} from './csv.js';
import {chosen, filterBox, nothingLeft} from './filterbox.js';
import {reviewNode} from './review.js';
import {viewHref} from './state.js';
import {hostPort, number, plural} from './format.js';
import {relativePath} from './text.js';

const TAB = 'findings';
const OPEN_AT_FIRST = 5;
const PAGE = 10;
const PRINT_LIMIT = 500;
const REACHED = 8;

export function findingsPanel(report, view) {
  const {state, search, review} = view;
  const {findings} = report;
  if (!findings.length) return {element: noFinding(report)};
  const filter = search.section(TAB);
  const noun = ['finding', 'findings'];
  const box = filterBox({
    tab: TAB, noun, label: 'Findings', hint: 'Search everything, or kind:…, package:…', onChange: () => update(),
    facets: [facet('severity', 'Severity', findings, row => row.severity, Object.keys(SEVERITY), SEVERITY)],
    actions: [csvButton('findings.csv', () => [['severity', 'kind', 'message', 'explanation', 'remedy', 'endpoint', 'path', 'rule'],
      ...found.map(index => findings[index]).map(row => [row.severity, row.kind, row.message, row.explanation, row.remedy, row.endpoint, row.path, row.rule])], 'findings')],
  }, state);
  const list = el('ol', {class: 'hr-findings'});
  const more = el('button', {type: 'button', class: 'jenkins-button', on: {click: show}});
  const empty = nothingLeft(noun, () => box.clear());
  let found = [];
  let shown = 0;
  update();
  // One or two findings need no search box.
  box.element.hidden = findings.length < 3;
  return {element: el('div', {}, box.element, list, more, empty), update, printAll() {
    while (shown < Math.min(found.length, PRINT_LIMIT)) show();
  }};

  function update() {
    const severities = chosen(state, TAB, 'severity');
    found = filter(state.get(TAB, 'q'), severities.size ? row => severities.has(row.severity) : undefined);
    if (state.get(TAB, 'q')) box.element.hidden = false;
    shown = 0;
    list.replaceChildren();
    show();
    list.hidden = !found.length;
    empty.hidden = found.length > 0;
    box.show(found.length, findings.length);
  }

  function show() {
    const next = found.slice(shown, shown + PAGE);
    list.append(...next.map((index, i) => findingNode(findings[index], report, shown + i < OPEN_AT_FIRST, review)));
    shown += next.length;
    more.hidden = shown >= found.length;
    more.textContent = `Show more findings (${number(found.length - shown)} left)`;
  }
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

function findingNode(finding, report, open, review) {
  const severity = SEVERITY[finding.severity];
  const leaf = () => evidenceLeaf(finding, report);
  const evidence = el('details', {class: 'hr-details hr-finding__evidence', open},
    el('summary', {}, 'Evidence', finding.lineages.length > 1
      && el('span', {class: 'hr-muted'}, ` · ${plural(finding.lineages.length, 'process chain')}`)),
    finding.lineages.length ? chains(finding.lineages, leaf)
      : leaf() ?? el('p', {class: 'hr-muted'}, 'No process is recorded for this.'));
  return el('li', {class: `hr-finding hr-${severity.tone}`},
    el('div', {class: 'hr-finding__what'},
      el('div', {class: 'hr-finding__head'}, badge(severity), el('span', {class: 'hr-finding__kind'}, raw(kindLabel(finding.kind)))),
      el('h3', {class: 'hr-finding__message'}, raw(withoutFolder(finding.message, report.cwd) || kindLabel(finding.kind))),
      finding.explanation && el('p', {class: 'hr-prose'}, raw(finding.explanation, {}, {keepLines: true})),
      finding.remedy && remedy(finding.remedy),
      review?.compared && reviewNode(review, reviewOf(finding, report))),
    evidence);
}

// The workspace's long path in front of each file says nothing here.
function withoutFolder(message, cwd) {
  return cwd.length > 1 ? message.replaceAll(`${cwd}/`, '') : message;
}

// What a review of this finding would be about: the deviation that it names, or the row that it is evidence of.
function reviewOf({deviation, endpoint, path}, {endpoints, files}) {
  if (deviation) return {deviation};
  const row = endpoint ? endpoints.find(other => hostPort(other) === endpoint) : path ? files.find(other => other.path === path && other.tracked) : null;
  return row ? {deviation: row.deviation, row} : {};
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
