// The process tree: who started whom, with which command line, and what each contacted or changed.

import {code, debounce, el, hiddenText} from './dom.js';
import {icon} from './icons.js';
import {announce} from './announce.js';
import {Chunks} from './chunks.js';
import {commandNode, packageNode} from './chain.js';
import {endpointLeaf} from './endpoints.js';
import {fileLeaf} from './files.js';
import {hostPort, number, packageLabel, plural} from './format.js';
import {parseQuery} from './query.js';
import {visible} from './text.js';
import {buildTree, defaultOpen, visibleRows, withAncestors} from './tree.js';
import {treeKeys} from './treekeys.js';
import {viewHref} from './state.js';

const TAB = 'processes';
const INDENT_MAX = 14;

export function processesPanel(report, {state, memory}) {
  if (!report.processes.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('minus'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No process has started yet' : 'No process is recorded'))};
  }
  const tree = buildTree(report);
  const open = memory[TAB] ??= defaultOpen(tree);
  const texts = new Map();
  let rows = [];

  const host = el('div', {class: 'hr-tree', role: 'tree', 'aria-label': 'Processes'});
  const chunks = new Chunks(host, {
    rowHeight: 32,
    makeChunk: () => el('div', {role: 'none'}),
    makeSpacer: height => {
      const spacer = el('div', {role: 'none'});
      spacer.style.height = `${height}px`;
      return spacer;
    },
    renderItem: index => [rowNode(rows[index], index)],
  });
  const keys = treeKeys(host, {
    row: index => rows[index], count: () => rows.length, element: index => itemAt(index), toggle,
  });
  const empty = el('div', {class: 'hr-empty hr-empty--small', hidden: true}, icon('search'),
    el('p', {class: 'hr-empty__title'}, 'No process matches this filter'));
  const shown = el('span', {class: 'hr-toolbar__count'});
  const input = el('input', {type: 'search', class: 'jenkins-input hr-filter__input', spellcheck: 'false', autocomplete: 'off',
    'aria-label': 'Filter processes', placeholder: 'Filter by command line, package, endpoint, file…', data: {key: 'processes-filter'}});
  const only = el('button', {type: 'button', class: 'hr-switch hr-warn', data: {key: 'processes-only'}}, icon('alert'), 'Only conspicuous');
  const note = el('p', {class: 'hr-print hr-muted'});
  const element = el('div', {class: 'hr-section'},
    el('div', {class: 'hr-toolbar', role: 'search', 'aria-label': 'Processes'},
      el('div', {class: 'hr-filter'}, icon('search'), input), only,
      button('Expand all', () => tree.nodes.forEach(node => open.add(node.key))),
      button('Collapse all', () => open.clear()), shown),
    host, empty,
    tree.unplaced > 0 && el('p', {class: 'hr-muted hr-note-line'}, `${plural(tree.unplaced, 'event')} could not be attributed to a recorded process.`),
    note);
  input.addEventListener('input', debounce(() => {
    state.set(TAB, 'q', input.value);
    update();
  }, 80));
  only.addEventListener('click', () => {
    state.set(TAB, 'q', input.value);
    state.set(TAB, 'only', state.get(TAB, 'only') ? '' : 'conspicuous');
    update();
  });
  update();
  return {element, update, printAll() {
    rows = visibleRows(tree, {has: () => true});
    chunks.reset(rows.length);
    const left = chunks.renderAll();
    note.textContent = left ? `${number(left)} further rows are not printed; they are in the report's data.` : '';
  }, afterPrint: update};

  function update(focus = null) {
    const query = state.get(TAB, 'q');
    const conspicuous = state.get(TAB, 'only') === 'conspicuous';
    const terms = parseQuery(query);
    let keep = null;
    let found = tree.nodes.length;
    if (terms.length || conspicuous) {
      const hits = tree.nodes.filter(node => (!conspicuous || node.alarms > 0)
        && terms.every(term => textOf(node).includes(term.value) !== term.not));
      found = hits.length;
      const set = new Set(hits);
      keep = withAncestors(tree.nodes, node => set.has(node));
    }
    // While searching, the way to each hit is open whatever was collapsed before.
    rows = visibleRows(tree, keep && terms.length ? {has: key => open.has(key) || keep.has(tree.byId.get(key))} : open, keep);
    if (input.value !== query) input.value = query;
    only.setAttribute('aria-pressed', String(conspicuous));
    host.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    const total = plural(tree.nodes.length, 'process', 'processes');
    shown.textContent = found === tree.nodes.length ? total : `${number(found)} of ${total}`;
    if (found !== tree.nodes.length) announce(`${shown.textContent} shown`);
    keys.reset(focus === null ? 0 : rows.findIndex(row => row.node === focus && row.type === 'process'));
    chunks.reset(rows.length);
    if (focus) keys.focus();
  }

  function itemAt(index) {
    return chunks.reveal(index)?.querySelector(`[data-index="${index}"]`) ?? null;
  }

  function toggle(row) {
    if (row.open === undefined) return;
    if (!open.delete(row.node.key)) open.add(row.node.key);
    const top = scrollY;
    update(row.node);
    scrollTo({top, behavior: 'instant'});
  }

  function button(label, change) {
    return el('button', {type: 'button', class: 'jenkins-button', on: {click: () => {
      change();
      update();
    }}}, label);
  }

  function textOf(node) {
    let text = texts.get(node);
    if (text === undefined) {
      const {process} = node;
      text = [process.exe, process.argv.join(' '), process.cwd, process.pid, packageLabel(process), process.script,
        ...node.endpoints.flatMap(event => [hostPort(event), event.address, event.verdict]),
        ...node.files.flatMap(event => [event.path, event.operation, event.verdict])].join('\n').toLowerCase();
      texts.set(node, text);
    }
    return text;
  }

  function rowNode(row, index) {
    const item = el('div', {role: 'treeitem', class: `hr-tree__row hr-tree__row--${row.type}`, 'aria-level': row.level,
      'aria-expanded': row.open === undefined ? null : String(row.open), tabindex: keys.tabIndex(index), data: {index}});
    item.style.setProperty('--hr-depth', String(Math.min(row.level - 1, INDENT_MAX)));
    if (row.type === 'process') item.append(...processRow(row));
    else if (row.type === 'endpoint') item.append(endpointLeaf(row.event));
    else if (row.type === 'file') item.append(fileLeaf(row.event, report.cwd));
    else item.append(moreLink(row));
    item.addEventListener('click', event => {
      if (event.target.closest('a, button') || !document.getSelection().isCollapsed) return;
      keys.reset(index);
      toggle(row);
    });
    return item;
  }
}

function processRow({node, level, open}) {
  const {process, parent} = node;
  const ownPackage = packageLabel(process) && (!parent || packageLabel(parent.process) !== packageLabel(process));
  const inside = open === false ? node.alarms : 0;
  return [
    el('span', {class: 'hr-tree__mark'}, open === undefined ? null : icon('chevron')),
    el('span', {class: 'hr-tree__main'}, level > INDENT_MAX && el('span', {class: 'hr-muted'}, `level ${level} `),
      commandNode(process.argv, process.exe, 240), ownPackage && packageNode(process),
      inside > 0 && el('span', {class: 'hr-inside hr-bad'}, icon('alert'), `${number(inside)} inside`)),
    el('span', {class: 'hr-tree__meta', title: visible([process.exe, process.cwd && `in ${process.cwd}`].filter(Boolean).join(' '))},
      hiddenText('process id '), code(process.pid)),
  ];
}

function moreLink({node, of, count}) {
  const [tab, noun] = of === 'endpoint' ? ['endpoints', 'endpoint'] : ['files', 'file operation'];
  const name = node.process.exe.slice(node.process.exe.lastIndexOf('/') + 1);
  return el('a', {href: viewHref(tab, {q: name ? `process:"${name.replaceAll('"', '')}"` : ''})}, `${plural(count, `more ${noun}`)} of this process`);
}
