// A unified diff, coloured by line. Long diffs are cut; the report's data has all of it.

import {el, raw} from './dom.js';
import {number} from './format.js';

const MAX_LINES = 400;

/** `add`, `remove`, `hunk`, `meta` or `same` for one line of a unified diff; inside a hunk `---` is a removed line. */
export function lineKinds(diff) {
  let inHunk = false;
  return diff.replace(/\n$/, '').split('\n').map(line => {
    if (line.startsWith('@@')) {
      inHunk = true;
      return {kind: 'hunk', line};
    }
    if (!inHunk || line.startsWith('\\')) return {kind: 'meta', line};
    return {kind: {'+': 'add', '-': 'remove'}[line[0]] ?? 'same', line};
  });
}

export function diffNode(diff) {
  const lines = lineKinds(diff);
  const word = {add: 'added: ', remove: 'removed: '};
  return el('div', {class: 'hr-diff', role: 'group', 'aria-label': 'Change of the content', tabindex: '0'},
    lines.slice(0, MAX_LINES).map(({kind, line}) => el('div', {class: `hr-diff__line hr-diff__line--${kind}`},
      word[kind] && el('span', {class: 'hr-sr'}, word[kind]), raw(line || ' ', {}, {keepLines: true}))),
    lines.length > MAX_LINES && el('div', {class: 'hr-diff__line hr-diff__line--meta'},
      `… ${number(lines.length - MAX_LINES)} more lines in the report's data`));
}
