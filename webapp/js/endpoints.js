// Where the block's processes went, or tried to, and what of it is new.

import {code, el, raw} from './dom.js';
import {badge, BASELINE_STATUS, EVENT, NEW_PROGRAM} from './labels.js';
import {VERDICT_ORDER} from './sort.js';
import {chains, packageNode, processName} from './chain.js';
import {hostPort, number, offset, packageLabel, timestamp} from './format.js';
import {icon} from './icons.js';
import {visible} from './text.js';
import {dataTable} from './table.js';
import {reviewNode} from './review.js';
import {subjectLabel} from './baseline.js';

const GONE_SHOWN = 200;

export function endpointsPanel(report, view) {
  const rows = report.endpoints;
  if (!rows.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('network'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No endpoint has been contacted yet' : 'No endpoint was contacted'),
      report.verdict === 'not-supervised' && el('p', {}, 'Nothing was supervised, so this proves nothing.'))};
  }
  const compared = rows.some(row => row.baseline);
  const table = dataTable({
    tab: 'endpoints', rows, filter: view.search.section('endpoints'), caption: 'Endpoints', noun: ['endpoint', 'endpoints'],
    initialSort: compared ? 'baseline' : 'verdict', hint: 'Search everything, or port:443, package:…',
    keyOf: row => [row.name, row.address, row.port, row.protocol, row.verdict, row.rule].join(' '),
    nameOf: row => visible(hostPort(row)),
    facets: [facet('verdict', 'Verdict', rows, row => row.verdict, VERDICT_ORDER, EVENT),
      baselineFacet(rows)],
    columns: [
      {key: 'endpoint', label: 'Endpoint', value: row => row.name || row.address, cell: host},
      {key: 'port', label: 'Port', value: row => row.port || null, cell: port},
      {key: 'verdict', label: 'Verdict', value: row => VERDICT_ORDER.indexOf(row.verdict), cell: verdict},
      ...compared ? [{key: 'baseline', label: 'Baseline', value: baselineOrder, cell: baseline}] : [],
      {key: 'process', label: 'Process', value: row => processName(row.lineages[0]), cell: who},
      {key: 'step', label: 'Step', value: row => where(row.lineages[0]), cell: row => raw(where(row.lineages[0]) || '–')},
      {key: 'count', label: 'Count', class: 'hr-number', value: row => row.count, cell: row => number(row.count)},
      {key: 'first', label: 'First', class: 'hr-number', value: row => row.firstSeen, cell: row => time(row.firstSeen, report)},
      {key: 'last', label: 'Last', class: 'hr-number', value: row => row.lastSeen, cell: row => time(row.lastSeen, report)},
    ],
    csv: [['name', row => row.name], ['address', row => row.address], ['port', row => row.port], ['protocol', row => row.protocol],
      ['verdict', row => row.verdict], ['rule', row => row.rule], ['baseline', row => row.baseline], ['count', row => row.count],
      ['first seen', row => iso(row.firstSeen)], ['last seen', row => iso(row.lastSeen)],
      ['process', row => processName(row.lineages[0])], ['package', row => packageLabel(row.lineages[0])],
      ['script', row => row.lineages[0]?.script], ['step', row => where(row.lineages[0])]],
    detail: row => el('div', {class: 'hr-detail'},
      chains(row.lineages, () => endpointLeaf(row, true)),
      view.review && reviewNode(view.review, {deviation: row.deviation, row})),
  }, view);
  const missing = gone(report, 'endpoint', 'Known, but not contacted by this build');
  if (missing) table.element.append(missing);
  return table;
}

/** What the baseline has and this build did not do; null where there is nothing of it. */
export function gone({baseline}, kind, title) {
  const items = baseline?.gone.filter(item => item.kind === kind) ?? [];
  if (!items.length) return null;
  return el('details', {class: 'hr-details hr-gone'},
    el('summary', {}, `${title} (${number(items.length)})`),
    el('ul', {class: 'hr-gone__list'}, items.slice(0, GONE_SHOWN).map(item => el('li', {}, code(subjectLabel(item)),
      el('span', {class: 'hr-muted'}, item.lastBuild ? ` last in #${item.lastBuild}, ` : ' last ', timestamp(item.lastSeen)))),
    items.length > GONE_SHOWN && el('li', {class: 'hr-muted'}, `and ${number(items.length - GONE_SHOWN)} more`)));
}

/** Switches for how rows stand to the baseline. */
export function baselineFacet(rows) {
  const of = row => row.baseline !== 'new' && row.deviation ? 'program' : row.baseline;
  return facet('baseline', 'Baseline', rows, of, ['new', 'program', ...Object.keys(BASELINE_STATUS).slice(1)], {...BASELINE_STATUS, program: NEW_PROGRAM});
}

/** Switches for the values that occur, with their counts. */
export function facet(param, label, rows, of, order, words) {
  const counts = new Map();
  for (const row of rows) counts.set(of(row), (counts.get(of(row)) ?? 0) + 1);
  return {param, label, of, values: order.filter(value => counts.has(value)).map(value => ({value, ...words[value], count: counts.get(value)}))};
}

/** An endpoint as the end of a process chain. */
export function endpointLeaf(row, rule = false) {
  return el('div', {class: `hr-event hr-${EVENT[row.verdict].tone}`}, icon('network'), code(hostPort(row)),
    row.name && row.address && el('span', {class: 'hr-muted'}, code(row.address)),
    row.protocol && el('span', {class: 'hr-muted'}, row.protocol), badge(EVENT[row.verdict]),
    (row.deviation || row.baseline === 'unwanted') && baseline(row),
    rule && row.rule && el('span', {class: 'hr-muted'}, 'rule ', code(row.rule)));
}

/** `Install › sh (8)`. */
export function where(lineage) {
  return [lineage?.stage, lineage?.step].filter(Boolean).join(' › ');
}

/** The process and, below it, the package script it ran for; how many more there are. */
export function who(row) {
  const lineage = row.lineages[0];
  if (!lineage) return '–';
  const script = packageNode(lineage);
  return el('span', {class: 'hr-two'},
    el('span', {}, code(processName(lineage) || '–'), row.lineages.length > 1 && el('span', {class: 'hr-muted'}, ` +${row.lineages.length - 1}`)),
    script && el('span', {class: 'hr-two__more'}, script));
}

/** When, counted from the start of the block. */
export function time(ms, report) {
  return el('time', {title: timestamp(ms)}, offset(ms, report.started) || '–');
}

export const iso = ms => ms === null ? '' : new Date(ms).toISOString();

function baselineOrder(row) {
  // New first, then what is wrong, and within a state the verdict's order.
  if (row.baseline !== 'new' && row.deviation) return 5 + VERDICT_ORDER.indexOf(row.verdict);
  return Object.keys(BASELINE_STATUS).indexOf(row.baseline || 'known') * 10 + VERDICT_ORDER.indexOf(row.verdict);
}

/** The badge of how a row stands to the baseline. */
export function baseline(row) {
  const status = row.baseline !== 'new' && row.deviation ? NEW_PROGRAM : BASELINE_STATUS[row.baseline];
  return status ? badge(status, status.meaning) : el('span', {class: 'hr-muted', title: 'No part of the baseline'}, '–');
}

function verdict(row) {
  return el('span', {class: 'hr-two'}, el('span', {}, badge(EVENT[row.verdict])),
    row.rule && el('span', {class: 'hr-two__more hr-muted'}, 'rule ', code(row.rule)));
}

function host(row) {
  const main = row.name || row.address;
  return el('span', {class: 'hr-two'}, main ? breakable(main) : '–', row.name && row.address && code(row.address, {class: 'hr-two__more hr-muted'}));
}

// A long name breaks after a dot before it breaks within a label.
function breakable(name) {
  if (name.length < 24) return code(name, {class: 'hr-strong', title: visible(name)});
  const labels = name.split(/(?<=\.)/);
  return el('span', {class: 'hr-strong', title: visible(name)}, labels.map((label, i) => [i > 0 && el('wbr'), code(label)]));
}

function port(row) {
  if (row.protocol === 'dns') return el('span', {class: 'hr-muted', title: 'Resolved or refused; never connected'}, 'DNS only');
  return el('span', {}, row.port ? String(row.port) : '–', row.protocol && el('span', {class: 'hr-muted'}, ` ${row.protocol}`));
}
