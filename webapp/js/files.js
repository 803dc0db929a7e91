// What the block's processes wrote, moved and removed; tracked and protected files first.

import {code, el} from './dom.js';
import {icon} from './icons.js';
import {badge, EVENT} from './labels.js';
import {byNumber, byText, byVerdict} from './sort.js';
import {chains, packageNode, processName} from './chain.js';
import {diffNode} from './diff.js';
import {number, offset, packageLabel, shortDigest, timestamp} from './format.js';
import {baseName, relativePath, visible} from './text.js';
import {dataTable} from './table.js';

const TRACKED = {label: 'tracked', tone: 'bad', icon: 'alert'};

export function filesPanel(report, view) {
  if (!report.files.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('file'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No file has been changed yet' : 'No file change is recorded'),
      report.policy.filePolicy === 'off' && el('p', {}, 'The file policy is off: file operations were not watched.'),
      summary(report))};
  }
  const shortPath = row => relativePath(row.path, report.cwd);
  const table = dataTable({
    tab: 'files', rows: report.files, caption: 'Files', noun: ['file operation', 'file operations'], initialSort: '',
    hint: 'Filter by anything, or is:tracked, operation:rename…',
    keyOf: row => [row.path, row.operation, row.to].join(' '), nameOf: row => visible(shortPath(row)),
    textOf: row => [row.path, row.to, row.operation, row.verdict, row.rule, row.before, row.after].join('\n'),
    lineagesOf: row => row.lineages,
    fieldsOf: {
      is: row => row.tracked ? 'tracked' : 'other', path: row => row.path, operation: row => row.operation,
      verdict: row => row.verdict, rule: row => row.rule,
      process: row => row.lineages.map(processName).join('\n'),
      package: row => row.lineages.map(packageLabel).join('\n'),
    },
    columns: [
      {key: 'path', label: 'File', value: row => row.path, compare: byText, cell: row => pathCell(row, shortPath(row), report.cwd)},
      {key: 'operation', label: 'Operation', value: row => row.operation, compare: byText, cell: row => code(row.operation)},
      {key: 'verdict', label: 'Verdict', value: row => row.verdict, compare: byVerdict, cell: row => badge(EVENT[row.verdict])},
      {key: 'rule', label: 'Rule', value: row => row.rule, compare: byText, cell: row => row.rule ? code(row.rule) : '–'},
      {key: 'process', label: 'Process', value: row => processName(row.lineages[0]), compare: byText,
        cell: row => [code(processName(row.lineages[0]) || '–'),
          row.lineages.length > 1 && el('span', {class: 'hr-muted'}, ` +${row.lineages.length - 1}`)]},
      {key: 'package', label: 'Package', value: row => packageLabel(row.lineages[0]), compare: byText,
        cell: row => row.lineages[0] && packageNode(row.lineages[0]) || '–'},
      {key: 'digest', label: 'Content', value: row => row.after, compare: byText, cell: digests},
      {key: 'count', label: 'Count', class: 'hr-number', value: row => row.count, compare: byNumber, cell: row => number(row.count)},
      {key: 'first', label: 'First', class: 'hr-number', value: row => row.firstSeen, compare: byNumber,
        cell: row => el('time', {title: timestamp(row.firstSeen)}, offset(row.firstSeen, report.started) || '–')},
    ],
    detail: row => detail(row, report.cwd),
  }, view);
  table.element.append(summary(report));
  return table;
}

/** A file operation as the end of a process chain. */
export function fileLeaf(row, folder) {
  const tone = row.tracked ? 'bad' : row.verdict === 'allowed' ? 'mute' : EVENT[row.verdict].tone;
  return el('div', {class: `hr-event hr-${tone}`}, icon('file'),
    el('span', {class: 'hr-muted'}, code(row.operation || 'change')), code(relativePath(row.path, folder)),
    row.to && ['→ ', code(relativePath(row.to, folder))],
    row.tracked && badge(TRACKED), row.verdict !== 'allowed' && badge(EVENT[row.verdict]));
}

function pathCell(row, path, base) {
  const name = baseName(path);
  const folder = path.slice(0, path.length - name.length);
  return el('span', {class: 'hr-path', title: visible(row.path)},
    folder && code(folder, {class: 'hr-muted'}), code(name, {class: 'hr-strong'}), row.to && [' → ', code(relativePath(row.to, base))],
    row.tracked && badge(TRACKED));
}

function digests(row) {
  if (!row.before && !row.after) return '–';
  return [digest(row.before, 'absent'), ' → ', digest(row.after, 'removed')];
}

function digest(value, absent) {
  return value ? code(shortDigest(value), {title: visible(value)}) : el('span', {class: 'hr-muted'}, absent);
}

function detail(row, folder) {
  const full = [['Path', row.path], ['Before', row.before], ['After', row.after]].filter(([, value]) => value);
  return el('div', {class: 'hr-detail'},
    chains(row.lineages, () => fileLeaf(row, folder)),
    el('dl', {class: 'hr-pairs'}, full.map(([name, value]) => [el('dt', {}, name), el('dd', {}, code(value))])),
    row.diff && diffNode(row.diff));
}

function summary({fileSummary: total}) {
  const parts = ['written', 'created', 'removed', 'renamed'].filter(name => total[name]).map(name => `${number(total[name])} ${name}`);
  if (!parts.length && !total.omitted) return null;
  return el('p', {class: 'hr-muted hr-note-line'}, `All file operations: ${parts.join(', ') || 'none'}.`,
    total.omitted > 0 && ` ${number(total.omitted)} of them are counted here but not listed.`);
}
