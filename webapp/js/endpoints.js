// Where the block's processes went, or tried to.

import {code, el, raw} from './dom.js';
import {badge, EVENT} from './labels.js';
import {byNumber, byText, byVerdict} from './sort.js';
import {chains, packageNode, processName} from './chain.js';
import {hostPort, number, offset, packageLabel, timestamp} from './format.js';
import {icon} from './icons.js';
import {visible} from './text.js';
import {dataTable} from './table.js';

export function endpointsPanel(report, view) {
  const rows = report.endpoints;
  if (!rows.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('network'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No endpoint has been contacted yet' : 'No endpoint was contacted'),
      report.verdict === 'not-supervised' && el('p', {}, 'Nothing was supervised, so this proves nothing.'))};
  }
  const time = ms => el('time', {title: timestamp(ms)}, offset(ms, report.started) || '–');
  return dataTable({
    tab: 'endpoints', rows, caption: 'Endpoints', noun: ['endpoint', 'endpoints'], initialSort: 'verdict',
    hint: 'Filter by anything, or port:443, package:…',
    keyOf: row => [row.name, row.address, row.port, row.protocol, row.verdict, row.rule].join(' '),
    nameOf: row => visible(hostPort(row)),
    textOf: row => [hostPort(row), row.name, row.address, addressPort(row), row.port, row.protocol, row.verdict, row.rule].join('\n'),
    lineagesOf: row => row.lineages,
    fieldsOf: {
      name: row => row.name, address: row => row.address, port: row => String(row.port), protocol: row => row.protocol,
      verdict: row => row.verdict, rule: row => row.rule,
      process: row => row.lineages.map(processName).join('\n'),
      package: row => row.lineages.map(packageLabel).join('\n'),
      script: row => row.lineages.map(lineage => lineage.script).join('\n'),
      step: row => row.lineages.map(lineage => lineage.step).join('\n'),
    },
    columns: [
      {key: 'endpoint', label: 'Endpoint', value: row => row.name || row.address, compare: byText, cell: host},
      {key: 'port', label: 'Port', value: row => row.port || null, compare: byNumber, cell: port},
      {key: 'verdict', label: 'Verdict', value: row => row.verdict, compare: byVerdict, cell: row => badge(EVENT[row.verdict])},
      {key: 'rule', label: 'Rule', value: row => row.rule, compare: byText, cell: row => row.rule ? code(row.rule) : '–'},
      {key: 'process', label: 'Process', value: row => processName(row.lineages[0]), compare: byText, cell: row => first(row, l => code(processName(l)))},
      {key: 'package', label: 'Package', value: row => packageLabel(row.lineages[0]), compare: byText, cell: row => first(row, packageNode, true)},
      {key: 'step', label: 'Step', value: row => row.lineages[0]?.step ?? '', compare: byText, cell: row => first(row, l => l.step && raw(l.step), true)},
      {key: 'count', label: 'Count', class: 'hr-number', value: row => row.count, compare: byNumber, cell: row => number(row.count)},
      {key: 'first', label: 'First', class: 'hr-number', value: row => row.firstSeen, compare: byNumber, cell: row => time(row.firstSeen)},
      {key: 'last', label: 'Last', class: 'hr-number', value: row => row.lastSeen, compare: byNumber, cell: row => time(row.lastSeen)},
    ],
    detail: row => el('div', {class: 'hr-detail'}, chains(row.lineages, () => endpointLeaf(row)),
      el('p', {class: 'hr-muted'}, row.rule && ['Decided by rule ', code(row.rule), '. '],
        `First ${timestamp(row.firstSeen)}, last ${timestamp(row.lastSeen)}.`)),
  }, view);
}

/** An endpoint as the end of a process chain. */
export function endpointLeaf(row) {
  return el('div', {class: `hr-event hr-${EVENT[row.verdict].tone}`}, icon('network'), code(hostPort(row)),
    row.name && row.address && el('span', {class: 'hr-muted'}, code(row.address)),
    row.protocol && el('span', {class: 'hr-muted'}, row.protocol), badge(EVENT[row.verdict]));
}

function addressPort(row) {
  return row.address && hostPort({...row, name: ''});
}

function host(row) {
  const main = row.name || row.address;
  return el('span', {class: 'hr-two'}, main ? code(main, {class: 'hr-strong', title: visible(main)}) : '–',
    row.name && row.address && code(row.address, {class: 'hr-muted'}));
}

function port(row) {
  if (row.protocol === 'dns') return el('span', {class: 'hr-muted', title: 'Resolved or refused; never connected'}, 'DNS only');
  return el('span', {}, row.port ? String(row.port) : '–', row.protocol && el('span', {class: 'hr-muted'}, ` ${row.protocol}`));
}

// The first lineage stands for all; how many more there are is said once, in the process column.
function first(row, render, quiet = false) {
  const shown = row.lineages.length ? render(row.lineages[0]) : null;
  return [shown || '–', !quiet && row.lineages.length > 1 && el('span', {class: 'hr-muted'}, ` +${row.lineages.length - 1}`)];
}
