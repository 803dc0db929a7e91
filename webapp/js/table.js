// A table with search, switches, sorting, groups and rows that open. State goes to the URL; long tables are chunked.

import {el, hiddenText, uid} from './dom.js';
import {icon} from './icons.js';
import {Chunks} from './chunks.js';
import {chosen, filterBox, nothingLeft} from './filterbox.js';
import {createSorter, parseSort} from './sort.js';
import {csvButton} from './csv.js';
import {number} from './format.js';

// On paper nothing can be opened: the first rows are printed with their details.
const PRINT_OPEN = 100;

const cellClass = ({key, class: extra}) => `hr-cell--${key}${extra ? ` ${extra}` : ''}`;

/**
 * `spec`: `tab` (for the state), `rows`, `filter` (query.js), `noun` [one, many], `columns` `[{key, label, class?, value(row),
 * cell(row)}]`, `facets` (filterbox.js) with `of(row)`, `group` `{label, of(row) → text, head(text, rows) → nodes}`,
 * `keyOf(row)`, `nameOf(row)`, `detail(row)`, `initialSort`, `hint`, `csv` `[[heading, value(row)]]`.
 * `view`: `{state, memory}`.
 */
export function dataTable(spec, {state, memory}) {
  const {tab, rows, columns, filter, group, facets = []} = spec;
  const byKey = Object.fromEntries(columns.map(column => [column.key, column]));
  const sorted = createSorter(rows);
  const opened = memory[tab] ??= new Set();
  let order = [];
  let groups = null;
  let printing = false;

  // The roles say what the elements are by themselves, because on a narrow screen CSS shows the rows as cards, and
  // browsers drop a table's meaning with its display type.
  const table = el('table', {role: 'table', class: `jenkins-table jenkins-table--small hr-table hr-table--${tab}`},
    el('caption', {class: 'hr-sr'}, spec.caption));
  const headers = el('tr', {role: 'row'});
  table.append(el('colgroup', {}, columns.map(column => el('col', {class: `hr-col--${column.key}`}))), el('thead', {role: 'rowgroup'}, headers));
  const chunks = new Chunks(table, {
    rowHeight: 44,
    makeChunk: () => el('tbody', {role: 'rowgroup'}),
    makeSpacer: height => {
      const cell = el('td', {colspan: columns.length});
      cell.style.height = `${height}px`;
      return el('tr', {class: 'hr-spacer', 'aria-hidden': 'true'}, cell);
    },
    renderItem: position => groupNode(position).concat(rowNodes(order[position], position)),
  });
  const box = filterBox({
    tab, noun: spec.noun, label: spec.caption, hint: spec.hint, facets, onChange: update,
    extra: group ? [groupSwitch()] : [],
    actions: spec.csv ? [csvButton(`${tab}.csv`, () => [spec.csv.map(([heading]) => heading),
      ...[...order].map(index => spec.csv.map(([, value]) => value(rows[index])))], spec.noun[1])] : [],
  }, state);
  const empty = nothingLeft(spec.noun, () => box.clear());
  const printNote = el('p', {class: 'hr-print hr-muted'});
  headers.append(...columns.map(headerCell));
  update();
  return {element: el('div', {class: 'hr-section'}, box.element, table, empty, printNote), update, printAll() {
    printing = true;
    chunks.reset(order.length);
    const left = chunks.renderAll();
    printNote.textContent = left ? `${number(left)} further rows are not printed; they are in the report's data.` : '';
  }, afterPrint() {
    printing = false;
    update();
  }};

  function update() {
    const active = facets.map(({param, of}) => ({set: chosen(state, tab, param), of})).filter(({set}) => set.size);
    const found = filter(state.get(tab, 'q'), active.length ? row => active.every(({set, of}) => set.has(of(row))) : undefined);
    const sort = currentSort();
    order = sort ? sorted(found, byKey[sort.key], sort.descending) : found;
    groups = grouping() ? grouped() : null;
    table.hidden = order.length === 0;
    empty.hidden = order.length > 0;
    table.setAttribute('aria-rowcount', String(order.length + 1));
    chunks.reset(order.length);
    box.show(order.length, rows.length);
    [...headers.children].forEach((cell, i) => {
      const by = sort?.key === columns[i].key;
      cell.setAttribute('aria-sort', by ? sort.descending ? 'descending' : 'ascending' : 'none');
      cell.querySelector('.hr-icon')?.replaceWith(icon(by ? sort.descending ? 'down' : 'up' : 'sort'));
    });
  }

  function currentSort() {
    return parseSort(state.get(tab, 'sort') || spec.initialSort, Object.keys(byKey));
  }

  function grouping() {
    return group !== undefined && state.get(tab, 'group') !== 'none';
  }

  // Rows of a group together, groups in the order of their first row; `heads` maps a position to the group that begins.
  function grouped() {
    const byGroup = new Map();
    for (const index of order) {
      const name = group.of(rows[index]);
      if (byGroup.has(name)) byGroup.get(name).push(index);
      else byGroup.set(name, [index]);
    }
    const heads = new Map();
    let position = 0;
    for (const [name, members] of byGroup) {
      heads.set(position, {name, members});
      position += members.length;
    }
    order = [...byGroup.values()].flat();
    return heads;
  }

  function groupSwitch() {
    const button = el('button', {type: 'button', class: 'hr-switch hr-note', 'aria-pressed': String(grouping()), data: {key: `${tab}-group`}}, group.label);
    button.addEventListener('click', () => {
      state.set(tab, 'group', grouping() ? 'none' : '');
      button.setAttribute('aria-pressed', String(grouping()));
      update();
    });
    return button;
  }

  function groupNode(position) {
    const head = groups?.get(position);
    return head ? [el('tr', {role: 'row', class: 'hr-group'},
      el('th', {role: 'rowheader', colspan: columns.length, scope: 'rowgroup'}, group.head(head.name, head.members.map(index => rows[index]))))] : [];
  }

  function headerCell(column) {
    const button = el('button', {type: 'button', class: 'hr-sort', data: {key: `${tab}-sort-${column.key}`}}, column.label, icon('sort'));
    button.addEventListener('click', () => {
      state.set(tab, 'q', box.input.value);
      const now = currentSort();
      state.set(tab, 'sort', now?.key === column.key && !now.descending ? `-${column.key}` : column.key);
      update();
    });
    return el('th', {role: 'columnheader', scope: 'col', class: cellClass(column)}, button);
  }

  function rowNodes(index, position) {
    const row = rows[index];
    const key = spec.keyOf(row);
    const line = el('tr', {role: 'row', class: 'hr-row', 'aria-rowindex': position + 2},
      columns.map(column => el('td', {role: 'cell', class: cellClass(column), data: {label: column.label}}, column.cell(row))));
    const id = uid('detail');
    const toggle = el('button', {type: 'button', class: 'hr-toggle', 'aria-expanded': 'false', data: {key: `${tab}-row-${key}`}},
      icon('chevron'), hiddenText(`Details of ${spec.nameOf(row)}`));
    line.firstChild.prepend(toggle);
    let detail = null;
    const set = open => {
      toggle.setAttribute('aria-expanded', String(open));
      if (open) {
        detail ??= el('tr', {role: 'row', class: 'hr-row-detail', id}, el('td', {role: 'cell', colspan: columns.length}, spec.detail(row)));
        toggle.setAttribute('aria-controls', id);
        line.after(detail);
        opened.add(key);
      } else {
        detail?.remove();
        toggle.removeAttribute('aria-controls');
        opened.delete(key);
      }
    };
    line.addEventListener('click', event => {
      if (event.target.closest('a, button') !== null && event.target.closest('.hr-toggle') === null) return;
      if (!document.getSelection().isCollapsed) return;
      set(toggle.getAttribute('aria-expanded') === 'false');
    });
    const remembered = opened.has(key);
    if (!remembered && !(printing && position < PRINT_OPEN)) return [line];
    const nodes = new DocumentFragment();
    nodes.append(line);
    set(true);
    if (!remembered) opened.delete(key);
    return [...nodes.childNodes];
  }
}
