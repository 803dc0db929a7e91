// A table with filter, verdict switches, sorting, and rows that open. State goes to the URL; long tables are chunked.

import {debounce, el, hiddenText, uid} from './dom.js';
import {icon} from './icons.js';
import {EVENT} from './labels.js';
import {announce} from './announce.js';
import {Chunks} from './chunks.js';
import {createFilter} from './query.js';
import {parseSort, sortIndexes, VERDICT_ORDER} from './sort.js';
import {number, plural} from './format.js';

// On paper nothing can be opened: the first rows are printed with their details.
const PRINT_OPEN = 100;

// The roles say what the elements are by themselves, because on a narrow screen CSS shows the rows as cards, and browsers
// drop a table's meaning with its display type.
const cellClass = ({key, class: extra}) => `hr-cell--${key}${extra ? ` ${extra}` : ''}`;

/**
 * `spec`: `tab` (for the state), `rows`, `noun` [one, many], `columns` `[{key, label, class?, value(row), compare,
 * cell(row)}]`, `textOf`, `fieldsOf`, `lineagesOf`, `keyOf(row)`, `detail(row)`, `initialSort`, `hint`.
 * `view`: `{state, memory}`.
 */
export function dataTable(spec, {state, memory}) {
  const {tab, rows, columns} = spec;
  const byKey = Object.fromEntries(columns.map(column => [column.key, column]));
  const filter = createFilter(spec);
  const opened = memory[tab] ??= new Set();
  let order = [];
  let printing = false;

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
    renderItem: position => rowNodes(order[position], position),
  });
  const empty = el('div', {class: 'hr-empty hr-empty--small', hidden: true});
  const printNote = el('p', {class: 'hr-print hr-muted'});
  const tools = toolbar();
  const frame = el('div', {class: 'hr-section'}, tools.element, table, empty, printNote);
  headers.append(...columns.map(headerCell));
  update();
  return {element: frame, update, printAll() {
    printing = true;
    chunks.reset(order.length);
    const left = chunks.renderAll();
    printNote.textContent = left ? `${number(left)} further rows are not printed; they are in the report's data.` : '';
  }, afterPrint() {
    printing = false;
    update();
  }};

  function update() {
    const query = state.get(tab, 'q');
    const verdicts = state.get(tab, 'verdict').split(',').filter(Boolean);
    const sort = parseSort(state.get(tab, 'sort') || spec.initialSort, Object.keys(byKey));
    const found = filter(query, verdicts.length ? row => verdicts.includes(row.verdict) : undefined);
    order = sort ? sortIndexes(found, rows, byKey[sort.key], sort.descending) : found;
    table.hidden = order.length === 0;
    empty.hidden = order.length > 0;
    if (!order.length) {
      empty.replaceChildren(icon('search'), el('p', {class: 'hr-empty__title'}, `No ${spec.noun[0]} matches this filter`),
        el('button', {type: 'button', class: 'jenkins-button', on: {click: clear}}, 'Clear filter'));
    }
    table.setAttribute('aria-rowcount', String(order.length + 1));
    chunks.reset(order.length);
    tools.show(query, verdicts, order.length);
    [...headers.children].forEach((cell, i) => {
      const active = sort?.key === columns[i].key;
      cell.setAttribute('aria-sort', active ? sort.descending ? 'descending' : 'ascending' : 'none');
      cell.querySelector('.hr-icon')?.replaceWith(icon(active ? sort.descending ? 'down' : 'up' : 'sort'));
    });
  }

  // A switch clicked right after a key must not bring back the text from before the key.
  function typed() {
    state.set(tab, 'q', tools.input.value);
  }

  function clear() {
    state.set(tab, 'q', '');
    state.set(tab, 'verdict', '');
    update();
    tools.input.focus();
  }

  function headerCell(column) {
    const button = el('button', {type: 'button', class: 'hr-sort', data: {key: `${tab}-sort-${column.key}`}}, column.label, icon('sort'));
    button.addEventListener('click', () => {
      typed();
      const current = parseSort(state.get(tab, 'sort') || spec.initialSort, [column.key]);
      state.set(tab, 'sort', current && !current.descending ? `-${column.key}` : column.key);
      update();
    });
    return el('th', {role: 'columnheader', scope: 'col', class: cellClass(column)}, button);
  }

  function rowNodes(index, position) {
    const row = rows[index];
    const key = spec.keyOf(row);
    const line = el('tr', {role: 'row', class: 'hr-row', 'aria-rowindex': position + 2},
      columns.map(column => el('td', {role: 'cell', class: cellClass(column), data: {label: column.label}}, column.cell(row))));
    if (!spec.detail) return [line];
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

  function toolbar() {
    const input = el('input', {type: 'search', class: 'jenkins-input hr-filter__input', spellcheck: 'false', autocomplete: 'off',
      'aria-label': `Filter ${spec.noun[1]}`, placeholder: spec.hint, data: {key: `${tab}-filter`}});
    input.addEventListener('input', debounce(() => {
      state.set(tab, 'q', input.value);
      update();
    }, 80));
    const present = VERDICT_ORDER.filter(verdict => rows.some(row => row.verdict === verdict));
    const switches = present.map(verdict => {
      const {label, tone, icon: name} = EVENT[verdict];
      const count = rows.reduce((sum, row) => sum + (row.verdict === verdict), 0);
      const button = el('button', {type: 'button', class: `hr-switch hr-${tone}`, 'aria-pressed': 'false', data: {key: `${tab}-verdict-${verdict}`}},
        icon(name), label, el('span', {class: 'hr-switch__count'}, number(count)));
      button.addEventListener('click', () => {
        typed();
        const chosen = new Set(state.get(tab, 'verdict').split(',').filter(Boolean));
        if (!chosen.delete(verdict)) chosen.add(verdict);
        state.set(tab, 'verdict', [...chosen].join(','));
        update();
      });
      return {verdict, button};
    });
    const shown = el('span', {class: 'hr-toolbar__count'});
    return {
      input,
      element: el('div', {class: 'hr-toolbar', role: 'search', 'aria-label': spec.caption},
        el('div', {class: 'hr-filter'}, icon('search'), input),
        present.length > 1 && el('div', {class: 'hr-switches', role: 'group', 'aria-label': 'Verdict'}, switches.map(s => s.button)),
        shown),
      show(query, verdicts, count) {
        if (input.value !== query) input.value = query;
        for (const {verdict, button} of switches) button.setAttribute('aria-pressed', String(verdicts.includes(verdict)));
        const all = count === rows.length;
        shown.textContent = all ? plural(count, ...spec.noun) : `${number(count)} of ${plural(rows.length, ...spec.noun)}`;
        if (!all) announce(`${shown.textContent} shown`);
      },
    };
  }
}
