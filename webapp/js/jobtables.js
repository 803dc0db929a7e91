// The tables of the job page: what is known, what is blocked, who decided, and the builds.

import {code, el, raw} from './dom.js';
import {badge, BASELINE_STATUS, STATE, VERDICT} from './labels.js';
import {facet, iso} from './endpoints.js';
import {icon} from './icons.js';
import {number, plural, timestamp} from './format.js';
import {createFilter} from './query.js';
import {actionForm} from './review.js';
import {dataTable} from './table.js';
import {visible} from './text.js';

const STATUS = {
  learned: {label: 'learned', tone: 'mute', icon: 'check', meaning: 'Seen while the baseline was created; nobody has looked at it.'},
  accepted: BASELINE_STATUS.accepted,
  expired: {label: 'expired', tone: 'warn', icon: 'clock', meaning: 'Its acceptance has ended: it is a deviation again.'},
};
const KINDS = {endpoint: {label: 'endpoints', tone: 'mute', icon: 'network'}, file: {label: 'files', tone: 'mute', icon: 'file'}};
const ACTIONS = {
  learned: {label: 'learned', tone: 'note', icon: 'clock'}, accept: {label: 'accepted', tone: 'ok', icon: 'check'}, 'accept-all': {label: 'accepted all', tone: 'ok', icon: 'check'},
  unwanted: {label: 'blocked', tone: 'bad', icon: 'cross'}, remove: {label: 'removed', tone: 'warn', icon: 'minus'}, reset: {label: 'reset', tone: 'warn', icon: 'minus'},
  import: {label: 'imported', tone: 'note', icon: 'download'}, seed: {label: 'seeded', tone: 'note', icon: 'copy'},
};

const day = ms => el('time', {title: timestamp(ms)}, ms === null ? '–' : timestamp(ms).slice(0, 10));
const buildLink = (n, view) => n === null ? '–' : el('a', {href: view.build(n)}, `#${n}`);
const blockColumn = job => job.blocks.length > 1 ? [{key: 'block', label: 'Block', value: row => row.block, cell: row => code(row.block)}] : [];
const blockFacet = (job, rows) => job.blocks.length > 1 ? [facet('block', 'Block', rows, row => row.block, job.blocks.map(({name}) => name),
  Object.fromEntries(job.blocks.map(({name}) => [name, {label: visible(name), tone: 'mute', icon: 'shield'}])))] : [];

/** What stands where a table would. */
export function none(title, ...text) {
  return {element: el('div', {class: 'hr-empty hr-empty--small'}, icon('shield'), el('p', {class: 'hr-empty__title'}, title), text.length > 0 && el('p', {class: 'hr-prose'}, text))};
}

export function baselinePanel(job, view) {
  const rows = job.entries;
  if (!rows.length) return none('Nothing is known yet', `The first ${number(job.required)} successful builds of a trusted branch teach the baseline.`);
  return dataTable({
    tab: 'baseline', rows, caption: 'Baseline', noun: ['entry', 'entries'], initialSort: 'subject', hint: 'Search hosts, paths, programs, people…',
    filter: createFilter({rows, textOf: row => [row.label, row.status, row.block, ...row.programs, row.accepted?.by, row.accepted?.comment].join('\n'), fieldsOf: {process: row => row.programs.join('\n'), is: row => row.status}}),
    keyOf: row => `${row.block} ${row.id}`, nameOf: row => visible(row.label),
    facets: [facet('status', 'Status', rows, row => row.status, Object.keys(STATUS), STATUS), facet('kind', 'Kind', rows, row => row.kind, ['endpoint', 'file'], KINDS), ...blockFacet(job, rows)],
    columns: [
      {key: 'subject', label: 'Endpoint or file', value: row => row.label, cell: row => el('span', {class: 'hr-event hr-mute'}, icon(row.path ? 'file' : 'network'), code(row.label, {class: 'hr-strong'}))},
      ...blockColumn(job),
      {key: 'programs', label: 'Programs', value: row => row.programs[0] ?? '', cell: programs},
      {key: 'status', label: 'Status', value: row => Object.keys(STATUS).indexOf(row.status), cell: row => badge(STATUS[row.status], STATUS[row.status].meaning)},
      {key: 'decided', label: 'Decided by', value: row => row.accepted?.by ?? '', cell: decided},
      {key: 'builds', label: 'Builds', class: 'hr-number', value: row => row.count, cell: row => number(row.count)},
      {key: 'first', label: 'First', class: 'hr-number', value: row => row.firstSeen, cell: row => day(row.firstSeen)},
      {key: 'last', label: 'Last', class: 'hr-number', value: row => row.lastSeen, cell: row => day(row.lastSeen)},
    ],
    csv: [['block', row => row.block], ['kind', row => row.kind], ['subject', row => row.label], ['programs', row => row.programs.join('; ')], ['status', row => row.status],
      ['accepted by', row => row.accepted?.by], ['accepted at', row => iso(row.accepted?.time ?? null)], ['comment', row => row.accepted?.comment], ['until', row => row.accepted?.until],
      ['builds', row => row.count], ['first seen', row => iso(row.firstSeen)], ['last seen', row => iso(row.lastSeen)]],
    detail: row => el('div', {class: 'hr-detail'},
      el('dl', {class: 'hr-pairs'}, [['Programs', row.programs.join(', ') || 'none'], ['Seen', `in ${plural(row.count, 'build')}`],
        ['First', [timestamp(row.firstSeen), ' in ', buildLink(row.firstBuild, view)]], ['Last', [timestamp(row.lastSeen), ' in ', buildLink(row.lastBuild, view)]],
        ...row.accepted ? [['Accepted', [raw(row.accepted.by), `, ${timestamp(row.accepted.time)}`, row.accepted.until && [', until ', raw(row.accepted.until)]]], ['Comment', raw(row.accepted.comment || 'none')]] : []]
        .map(([name, value]) => [el('dt', {}, name), el('dd', {}, typeof value === 'string' ? raw(value) : value)])),
      removal(row, view, 'Remove from the baseline', 'It becomes a deviation again with the next build that does it.')),
  }, view);
}

function programs(row) {
  if (row.programs.includes('*')) return el('span', {class: 'hr-muted'}, 'any program');
  return [row.programs.slice(0, 2).map((name, i) => [i > 0 && ', ', code(name)]), row.programs.length > 2 && el('span', {class: 'hr-muted'}, ` +${row.programs.length - 2}`)];
}

function decided({accepted}) {
  if (!accepted) return el('span', {class: 'hr-muted'}, '–');
  return el('span', {class: 'hr-two'}, el('span', {}, raw(accepted.by), accepted.until && el('span', {class: 'hr-muted'}, ' until ', raw(accepted.until))),
    accepted.comment && el('span', {class: 'hr-two__more hr-muted'}, raw(accepted.comment)));
}

function removal(row, view, title, text) {
  if (!view.may) return null;
  const host = el('div', {class: 'hr-actions'});
  const button = el('button', {type: 'button', class: 'jenkins-button hr-action', on: {click: () => {
    host.replaceChildren(actionForm({title, confirm: 'Remove', text, until: false}, values => view.send('remove', {block: row.block, id: row.id, comment: values.comment}), () => {
      host.replaceChildren(button);
      button.focus();
    }));
    host.querySelector('input').focus();
  }}}, icon('minus'), `${title}…`);
  host.append(button);
  return host;
}

export function unwantedPanel(job, view) {
  const rows = job.unwanted;
  if (!rows.length) return none('No endpoint is unwanted', 'What a person blocks on a deviation stands here. It is refused in each build of the job, in audit as well.');
  return dataTable({
    tab: 'unwanted', rows, caption: 'Block list', noun: ['endpoint', 'endpoints'], initialSort: 'endpoint', hint: 'Search',
    filter: createFilter({rows, textOf: row => [row.endpoint, row.by, row.comment, row.block].join('\n')}), keyOf: row => `${row.block} ${row.id}`, nameOf: row => visible(row.endpoint),
    facets: blockFacet(job, rows),
    columns: [{key: 'endpoint', label: 'Endpoint', value: row => row.endpoint, cell: row => code(row.endpoint, {class: 'hr-strong'})}, ...blockColumn(job),
      {key: 'decided', label: 'Decided by', value: row => row.by, cell: row => decided({accepted: {by: row.by, comment: row.comment, until: ''}})},
      {key: 'time', label: 'Since', value: row => row.time, cell: row => day(row.time)}],
    csv: [['block', row => row.block], ['endpoint', row => row.endpoint], ['by', row => row.by], ['time', row => iso(row.time)], ['comment', row => row.comment]],
    detail: row => el('div', {class: 'hr-detail'}, el('p', {}, raw(row.comment || 'No comment.')), removal(row, view, 'Take off the block list', 'It is judged by the policy and the baseline again.')),
  }, view);
}

export function changelogPanel(job, view) {
  const rows = job.changelog;
  if (!rows.length) return none('Nobody has decided anything yet');
  return dataTable({
    tab: 'changelog', rows, caption: 'Changelog', noun: ['change', 'changes'], initialSort: '-time', hint: 'Search people, subjects, comments…',
    filter: createFilter({rows, textOf: row => [row.user, row.action, row.block, row.subject, row.comment, row.build].join('\n')}), keyOf: row => [row.time, row.action, row.subject].join(' '), nameOf: row => visible(row.subject),
    facets: [facet('action', 'Action', rows, row => row.action, Object.keys(ACTIONS), ACTIONS), ...blockFacet(job, rows)],
    columns: [{key: 'time', label: 'When', value: row => row.time, cell: row => el('time', {title: timestamp(row.time)}, timestamp(row.time).slice(0, 16))},
      {key: 'user', label: 'Who', value: row => row.user, cell: row => raw(row.user)},
      {key: 'action', label: 'What', value: row => row.action, cell: row => ACTIONS[row.action] ? badge(ACTIONS[row.action]) : code(row.action)},
      {key: 'subject', label: 'Of', value: row => row.subject, cell: row => el('span', {class: 'hr-two'}, code(row.subject, {class: 'hr-strong'}), row.comment && el('span', {class: 'hr-two__more hr-muted'}, raw(row.comment)))},
      ...blockColumn(job),
      {key: 'builds', label: 'Build', class: 'hr-number', value: row => row.build, cell: row => buildLink(row.build, view)}],
    csv: [['time', row => iso(row.time)], ['user', row => row.user], ['action', row => row.action], ['block', row => row.block], ['subject', row => row.subject], ['comment', row => row.comment], ['until', row => row.until], ['build', row => row.build]],
    detail: row => el('p', {}, raw(row.comment || 'No comment.'), row.until && [' Until ', raw(row.until), '.']),
  }, view);
}

export function buildsPanel(job, view) {
  const rows = job.trend;
  if (!rows.length) return none('No build yet');
  const numbers = [['endpoints', 'Endpoints'], ['new', 'New'], ['blocked', 'Blocked'], ['files', 'Files'], ['findings', 'Findings']];
  return dataTable({
    tab: 'builds', rows, caption: 'Builds', noun: ['build', 'builds'], initialSort: '-build', hint: 'Search',
    filter: createFilter({rows, textOf: row => [`#${row.n}`, row.result, row.verdict, row.state, timestamp(row.time)].join('\n'), fieldsOf: {verdict: row => row.verdict}}), keyOf: row => row.n, nameOf: row => `#${row.n}`,
    facets: [facet('verdict', 'Verdict', rows, row => row.verdict, ['violated', 'not-supervised', 'deviates', 'ok'], Object.fromEntries(Object.entries(VERDICT).map(([key, {title, ...rest}]) => [key, {...rest, label: title}])))],
    columns: [{key: 'build', label: 'Build', value: row => row.n, cell: row => buildLink(row.n, view)},
      {key: 'verdict', label: 'Verdict', value: row => ['violated', 'not-supervised', 'deviates', 'ok'].indexOf(row.verdict), cell: row => badge({...VERDICT[row.verdict], label: VERDICT[row.verdict].title})},
      {key: 'state', label: 'State', value: row => row.state, cell: row => badge(STATE[row.state], STATE[row.state].meaning)},
      ...numbers.map(([key, label]) => ({key: `n-${key}`, label, class: 'hr-number', value: row => row[key], cell: row => number(row[key])})),
      {key: 'time', label: 'When', value: row => row.time, cell: row => el('time', {title: timestamp(row.time)}, timestamp(row.time).slice(0, 16))}],
    csv: [['build', row => row.n], ['time', row => iso(row.time)], ['result', row => row.result], ['verdict', row => row.verdict], ['state', row => row.state], ...numbers.map(([key]) => [key, row => row[key]])],
    detail: row => el('p', {}, `Result ${row.result || 'unknown'}, ${plural(row.launches, 'supervised launch', 'supervised launches')}, ${plural(row.deviations, 'deviation')}. `, el('a', {href: view.build(row.n)}, 'Open the report')),
  }, view);
}
