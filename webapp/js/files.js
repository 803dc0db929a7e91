// What the block's processes wrote, moved and removed; tracked and protected files first, by package script.

import {code, el} from './dom.js';
import {icon} from './icons.js';
import {badge, EVENT} from './labels.js';
import {VERDICT_ORDER} from './sort.js';
import {chains, packageNode, processName} from './chain.js';
import {diffNode} from './diff.js';
import {baseline, baselineFacet, facet, gone, iso, time, where, who} from './endpoints.js';
import {number, packageLabel, plural, shortDigest} from './format.js';
import {baseName, relativePath, visible} from './text.js';
import {dataTable} from './table.js';
import {reviewNode} from './review.js';

const TRACKED = {label: 'tracked', tone: 'bad', icon: 'alert'};
const EXPECTED = {label: 'tracked', tone: 'mute', icon: 'check'};
const KINDS = {tracked: TRACKED, other: {label: 'other', tone: 'mute', icon: 'file'}};

export function filesPanel(report, view) {
  const rows = report.files;
  if (!rows.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('file'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No file has been changed yet' : 'No file change is recorded'),
      report.policy.filePolicy === 'off' && el('p', {}, 'The file policy is off: file operations were not watched.'),
      summary(report))};
  }
  const shortPath = row => relativePath(row.path, report.cwd);
  const compared = rows.some(row => row.baseline);
  const table = dataTable({
    tab: 'files', rows, filter: view.search.section('files'), caption: 'Files', noun: ['file operation', 'file operations'], initialSort: '',
    hint: 'Search everything, or is:tracked, operation:rename…',
    keyOf: row => [row.path, row.operation, row.to].join(' '), nameOf: row => visible(shortPath(row)),
    facets: [facet('is', 'Kind', rows, row => row.tracked ? 'tracked' : 'other', ['tracked', 'other'], {...KINDS, ...rows.some(row => row.tracked && !row.expected) ? {} : {tracked: EXPECTED}}),
      facet('verdict', 'Verdict', rows, row => row.verdict, VERDICT_ORDER, EVENT),
      baselineFacet(rows)],
    group: rows.some(row => row.lineages[0]?.package) ? {label: 'By package script', of: packageScript, head: groupHead} : undefined,
    columns: [
      {key: 'path', label: 'File', value: row => row.path, cell: row => pathCell(row, shortPath(row), report.cwd)},
      {key: 'operation', label: 'Operation', value: row => row.operation, cell: row => operation(row)},
      ...compared ? [{key: 'baseline', label: 'Baseline', value: row => row.baseline, cell: baseline}] : [],
      {key: 'process', label: 'Process', value: row => processName(row.lineages[0]), cell: who},
      {key: 'digest', label: 'Content', value: row => row.after, cell: digests},
      {key: 'count', label: 'Count', class: 'hr-number', value: row => row.count, cell: row => number(row.count)},
      {key: 'first', label: 'First', class: 'hr-number', value: row => row.firstSeen, cell: row => time(row.firstSeen, report)},
    ],
    csv: [['path', row => row.path], ['operation', row => row.operation], ['to', row => row.to], ['tracked', row => String(row.tracked)],
      ['verdict', row => row.verdict], ['rule', row => row.rule], ['baseline', row => row.baseline], ['before', row => row.before],
      ['after', row => row.after], ['count', row => row.count], ['first seen', row => iso(row.firstSeen)], ['last seen', row => iso(row.lastSeen)],
      ['process', row => processName(row.lineages[0])], ['package', row => packageLabel(row.lineages[0])],
      ['script', row => row.lineages[0]?.script], ['step', row => where(row.lineages[0])]],
    detail: row => detail(row, report.cwd, view.review),
  }, view);
  table.element.append(...[summary(report), gone(report, 'file', 'Known changes that this build did not make')].filter(Boolean));
  return table;
}

/** A file operation as the end of a process chain. */
export function fileLeaf(row, folder) {
  const tone = row.tracked && !row.expected ? 'bad' : row.verdict === 'allowed' ? 'mute' : EVENT[row.verdict].tone;
  return el('div', {class: `hr-event hr-${tone}`}, icon('file'),
    el('span', {class: 'hr-muted'}, code(row.operation || 'change')), code(relativePath(row.path, folder)),
    row.to && ['→ ', code(relativePath(row.to, folder))],
    row.tracked && badge(row.expected ? EXPECTED : TRACKED, row.expected ? 'An expected change: it is in the baseline.' : null), row.verdict !== 'allowed' && badge(EVENT[row.verdict]));
}

function packageScript(row) {
  const lineage = row.lineages[0];
  return [packageLabel(lineage), lineage?.script].filter(Boolean).join(' · ');
}

function groupHead(name, members) {
  const tracked = members.filter(row => row.tracked).length;
  return [name ? packageNode(members[0].lineages[0]) : el('span', {class: 'hr-group__none'}, 'No package script'),
    el('span', {class: 'hr-group__count'}, plural(members.length, 'operation'), tracked > 0 && `, ${number(tracked)} of tracked files`)];
}

// What was changed although only watched is not "allowed" in the sense of fine: only a refusal is worth a badge.
function operation(row) {
  return el('span', {class: 'hr-two'}, code(row.operation),
    row.verdict !== 'allowed' ? el('span', {}, badge(EVENT[row.verdict]))
      : row.rule && row.rule !== 'default' && el('span', {class: 'hr-two__more hr-muted'}, 'rule ', code(row.rule)));
}

function pathCell(row, path, base) {
  const name = baseName(path);
  const folder = path.slice(0, path.length - name.length);
  return el('span', {class: 'hr-path', title: visible(row.path)},
    folder && code(folder, {class: 'hr-muted'}), code(name, {class: 'hr-strong'}), row.to && [' → ', code(relativePath(row.to, base))],
    row.tracked && [' ', badge(row.expected ? EXPECTED : TRACKED, row.expected ? 'An expected change: it is in the baseline.' : null)]);
}

function digests(row) {
  if (!row.before && !row.after) return '–';
  return el('span', {class: 'hr-two'}, digest(row.before, 'absent'), el('span', {}, '→ ', digest(row.after, 'removed')));
}

function digest(value, absent) {
  return value ? code(shortDigest(value), {title: visible(value)}) : el('span', {class: 'hr-muted'}, absent);
}

function detail(row, folder, review) {
  const full = [['Path', row.path], ['Before', row.before], ['After', row.after]].filter(([, value]) => value);
  return el('div', {class: 'hr-detail'},
    row.diff && diffNode(row.diff),
    chains(row.lineages, () => fileLeaf(row, folder)),
    el('dl', {class: 'hr-pairs'}, full.map(([name, value]) => [el('dt', {}, name), el('dd', {}, code(value))])),
    review && reviewNode(review, {deviation: row.deviation, row}));
}

function summary({fileSummary: total}) {
  const parts = ['written', 'created', 'removed', 'renamed'].filter(name => total[name]).map(name => `${number(total[name])} ${name}`);
  if (!parts.length && !total.omitted) return null;
  return el('p', {class: 'hr-muted hr-note-line'}, `All file operations: ${parts.join(', ') || 'none'}.`,
    total.omitted > 0 && ` ${number(total.omitted)} of them are counted here but not listed.`);
}
