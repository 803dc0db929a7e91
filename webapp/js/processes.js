// The process tree: who started whom, with which command line, and what each contacted or changed.

import {code, el} from './dom.js';
import {icon} from './icons.js';
import {Chunks} from './chunks.js';
import {commandNode, packageNode} from './chain.js';
import {endpointLeaf} from './endpoints.js';
import {fileLeaf} from './files.js';
import {filterBox, nothingLeft} from './filterbox.js';
import {number, packageLabel, plural} from './format.js';
import {visible} from './text.js';
import {defaultOpen, helpersKey, visibleRows, withAncestors} from './tree.js';
import {treeKeys} from './treekeys.js';
import {viewHref} from './state.js';
import {shortScript} from './wrapper.js';

const TAB = 'processes';
const INDENT_MAX = 14;

export function processesPanel(report, {state, memory, search}) {
  if (!report.processes.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('minus'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'No process has started yet' : 'No process is recorded'))};
  }
  const tree = report.tree();
  const filter = search.section(TAB);
  const open = memory[TAB] ??= defaultOpen(tree);
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
  const noun = ['process', 'processes'];
  const alarms = tree.nodes.reduce((sum, node) => sum + (node.alarms > 0), 0);
  const box = filterBox({
    tab: TAB, noun, label: 'Processes', hint: 'Search command lines, packages, endpoints, files…', onChange: () => update(),
    facets: [{param: 'only', label: 'Show', values: alarms ? [{value: 'conspicuous', label: 'conspicuous', tone: 'warn', icon: 'alert', count: alarms, keep: true}] : []}],
    extra: [button('Expand all', () => tree.nodes.forEach(node => open.add(node.key))), button('Collapse all', () => open.clear())],
  }, state);
  const empty = nothingLeft(noun, () => box.clear());
  const note = el('p', {class: 'hr-print hr-muted'});
  const element = el('div', {class: 'hr-section'}, box.element, host, empty,
    tree.unplaced > 0 && el('p', {class: 'hr-muted hr-note-line'}, `${plural(tree.unplaced, 'event')} could not be attributed to a recorded process.`),
    note);
  update();
  return {element, update: () => update(), printAll() {
    rows = visibleRows(tree, {has: () => true});
    chunks.reset(rows.length);
    const left = chunks.renderAll();
    note.textContent = left ? `${number(left)} further rows are not printed; they are in the report's data.` : '';
  }, afterPrint: () => update()};

  function update(focus = null) {
    const query = state.get(TAB, 'q');
    const conspicuous = state.get(TAB, 'only') === 'conspicuous';
    const searching = query.trim() !== '';
    const hits = filter(query, conspicuous ? node => node.alarms > 0 : undefined);
    const keep = searching || conspicuous ? withAncestors(tree.nodes, hits) : null;
    // While searching, the way to each hit is open whatever was collapsed before.
    rows = visibleRows(tree, searching ? {has: key => open.has(key) || keep.has(tree.byId.get(key))} : open, keep);
    host.hidden = rows.length === 0;
    empty.hidden = rows.length > 0;
    box.show(hits.length, tree.nodes.length);
    keys.reset(focus === null ? 0 : rows.findIndex(row => row.node === focus.node && row.type === focus.type));
    chunks.reset(rows.length);
    if (focus) keys.focus();
  }

  function itemAt(index) {
    return chunks.reveal(index)?.querySelector(`[data-index="${index}"]`) ?? null;
  }

  function toggle(row) {
    if (row.open === undefined) return;
    const key = row.type === 'helpers' ? helpersKey(row.node) : row.node.key;
    if (!open.delete(key)) open.add(key);
    const top = scrollY;
    update(row);
    scrollTo({top, behavior: 'instant'});
  }

  function button(label, change) {
    return el('button', {type: 'button', class: 'jenkins-button', on: {click: () => {
      change();
      update();
    }}}, label);
  }

  function rowNode(row, index) {
    const item = el('div', {role: 'treeitem', class: `hr-tree__row hr-tree__row--${row.type}`, 'aria-level': row.level,
      'aria-expanded': row.open === undefined ? null : String(row.open), tabindex: keys.tabIndex(index), data: {index}});
    item.style.setProperty('--hr-depth', String(Math.min(row.level - 1, INDENT_MAX)));
    if (row.type === 'process') item.append(...processRow(row));
    else if (row.type === 'endpoint') item.append(endpointLeaf(row.event));
    else if (row.type === 'file') item.append(fileLeaf(row.event, report.cwd));
    else if (row.type === 'helpers') item.append(...helpersRow(row));
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
      node.wrapper ? el('span', {class: 'hr-muted'}, commandNode(process.argv, process.exe, 60)) : commandNode(shortScript(process.argv), process.exe, 240), ownPackage && packageNode(process),
      inside > 0 && el('span', {class: 'hr-inside hr-bad'}, icon('alert'), `${number(inside)} inside`)),
    el('span', {class: 'hr-tree__meta', title: visible([process.exe, process.cwd && `in ${process.cwd}`].filter(Boolean).join(' '))},
      'pid ', code(process.pid)),
  ];
}

function helpersRow({count, open}) {
  return [el('span', {class: 'hr-tree__mark'}, icon('chevron')), el('span', {class: 'hr-tree__main hr-muted'},
    `${plural(count, 'process', 'processes')} of Jenkins’ own wrapper${open ? '' : ', not shown'}`)];
}

function moreLink({node, of, count}) {
  const [tab, noun] = of === 'endpoint' ? ['endpoints', 'endpoint'] : ['files', 'file operation'];
  const name = node.process.exe.slice(node.process.exe.lastIndexOf('/') + 1);
  return el('a', {href: viewHref(tab, {q: name ? `process:"${name.replaceAll('"', '')}"` : ''})}, `${plural(count, `more ${noun}`)} of this process`);
}
