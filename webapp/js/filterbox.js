// The row above a list: one search for the whole report, switches that narrow this list, and what is left.

import {debounce, el} from './dom.js';
import {announce} from './announce.js';
import {icon} from './icons.js';
import {number, plural} from './format.js';

/** Chosen values of a switch group in the state. */
export function chosen(state, tab, param) {
  return new Set(state.get(tab, param).split(',').filter(Boolean));
}

/**
 * `spec`: `tab`, `noun` [one, many], `label`, `hint`, `facets` `[{param, label, values: [{value, label, tone, icon, count}]}]`,
 * `extra` nodes after the switches, `actions` nodes at the end; `onChange()` after the state has changed. Returns
 * `{element, input, show(shown, total), clear()}`.
 */
export function filterBox({tab, noun, label, hint, facets = [], extra = [], actions = [], onChange}, state) {
  const input = el('input', {type: 'search', class: 'jenkins-input hr-filter__input', spellcheck: 'false', autocomplete: 'off',
    'aria-label': `Filter ${noun[1]}`, placeholder: hint, data: {key: `${tab}-filter`}});
  // A switch clicked right after a key must not bring back the text from before the key.
  const typed = () => state.set(tab, 'q', input.value);
  input.addEventListener('input', debounce(() => {
    typed();
    onChange();
  }, 60));
  input.addEventListener('keydown', event => {
    if (event.key !== 'Escape' || !input.value) return;
    event.preventDefault();
    input.value = '';
    typed();
    onChange();
  });
  const groups = facets.filter(({values}) => values.length > 1 || values[0]?.keep).map(({param, label: name, values}) => ({
    param,
    element: el('div', {class: 'hr-switches', role: 'group', 'aria-label': name}),
    switches: values.map(({value, label: word, tone, icon: mark, count}) => ({
      value,
      button: el('button', {type: 'button', class: `hr-switch hr-${tone}`, 'aria-pressed': 'false', data: {key: `${tab}-${param}-${value}`},
        on: {click: () => {
          typed();
          const set = chosen(state, tab, param);
          if (!set.delete(value)) set.add(value);
          state.set(tab, param, [...set].join(','));
          onChange();
        }}}, mark && icon(mark), word, count !== undefined && el('span', {class: 'hr-switch__count'}, number(count))),
    })),
  }));
  for (const {element, switches} of groups) element.append(...switches.map(({button}) => button));
  const count = el('span', {class: 'hr-toolbar__count'});
  return {
    input,
    element: el('div', {class: 'hr-toolbar', role: 'search', 'aria-label': label},
      el('div', {class: 'hr-filter'}, icon('search'), input), groups.map(({element}) => element), extra,
      el('div', {class: 'hr-toolbar__end'}, count, actions)),
    show(shown, total) {
      const query = state.get(tab, 'q');
      if (input.value !== query) input.value = query;
      for (const {param, switches} of groups) {
        const set = chosen(state, tab, param);
        for (const {value, button} of switches) button.setAttribute('aria-pressed', String(set.has(value)));
      }
      const all = shown === total;
      count.textContent = all ? plural(total, ...noun) : `${number(shown)} of ${plural(total, ...noun)}`;
      if (!all) announce(`${count.textContent} shown`);
    },
    clear() {
      state.set(tab, 'q', '');
      for (const {param} of groups) state.set(tab, param, '');
      onChange();
      input.focus();
    },
  };
}

/** What stands where a list would, when nothing is left of it. */
export function nothingLeft(noun, clear) {
  return el('div', {class: 'hr-empty hr-empty--small', hidden: true}, icon('search'),
    el('p', {class: 'hr-empty__title'}, `No ${noun[0]} matches this filter`),
    el('button', {type: 'button', class: 'jenkins-button', on: {click: clear}}, 'Clear filter'));
}
