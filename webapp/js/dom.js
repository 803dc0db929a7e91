// Elements. Text reaches the page as text nodes only; there is no way here to pass markup, and no style attribute,
// because the page runs under a Content-Security-Policy without 'unsafe-inline'.

import {escapeLabel, runs} from './text.js';

/**
 * Makes an element. In `props`, `class` is the class list, `on` maps event names to listeners, `data` maps dataset
 * names to values; everything else is an attribute. null, undefined and false leave an attribute out; true is empty.
 * Children may be nodes, strings, nested arrays, or null.
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name === 'on') for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === 'data') Object.assign(node.dataset, value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

/** Hostile text: isolated from its surroundings' writing direction, unseen characters named. */
export function raw(value, props = {}, options = {}) {
  const node = el('bdi', {dir: 'ltr', ...props, class: `hr-raw${props.class ? ` ${props.class}` : ''}`});
  for (const run of runs(value, options)) {
    node.append(run.text ?? el('span', {class: 'hr-escape', title: 'character that cannot be seen'}, escapeLabel(run)));
  }
  return node;
}

/** Hostile text in the fixed-width font. */
export function code(value, props = {}) {
  return raw(value, {...props, class: `hr-mono${props.class ? ` ${props.class}` : ''}`});
}

let ids = 0;

/** A document-wide unique id for ARIA references. */
export function uid(prefix) {
  return `hr-${prefix}-${++ids}`;
}

/** Text for screen readers only. */
export function hiddenText(text) {
  return el('span', {class: 'hr-sr'}, text);
}

/** Calls `task` once, `ms` after the last call. */
export function debounce(task, ms) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(task, ms);
  };
}
