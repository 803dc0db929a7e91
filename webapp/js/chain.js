// Processes and their command lines, as evidence: from the one that the block started down to the one that did it.

import {code, el, hiddenText} from './dom.js';
import {icon} from './icons.js';
import {bytes, packageLabel, plural} from './format.js';
import {baseName, clip, commandLine, relativePath, visible} from './text.js';
import {shortScript, wrapperDepth} from './wrapper.js';

// Ancestors are context, the last process is the evidence: a wrapper's long line must not push it down.
const SHOWN = 400;
const SHOWN_ANCESTOR = 140;
const INDENT_MAX = 8;

/** A command line; what is longer than `max` characters opens on demand, so that 100 KiB cannot bury the page. */
export function commandNode(argv, exe, max = SHOWN) {
  const line = commandLine(argv, exe);
  const {head, rest} = clip(line, line.length > max * 1.2 ? max : line.length);
  if (!rest) return code(line, {class: 'hr-command'});
  const shown = el('span', {class: 'hr-command hr-command--long'}, code(head));
  const button = el('button', {type: 'button', class: 'hr-link', 'aria-expanded': 'false'}, moreLabel(rest));
  button.addEventListener('click', () => {
    const open = button.getAttribute('aria-expanded') === 'false';
    button.setAttribute('aria-expanded', String(open));
    button.textContent = open ? 'Show less' : moreLabel(rest);
    shown.firstChild.replaceWith(open ? code(line, {class: 'hr-command__all'}) : code(head));
  });
  shown.append(' ', button);
  return shown;
}

function moreLabel(rest) {
  return `… ${rest < 10000 ? plural(rest, 'more character') : `${bytes(rest)} more`}`;
}

/** `evil-dep@1.0.0 · preinstall`, or null. */
export function packageNode(lineage) {
  const label = packageLabel(lineage);
  if (!label && !lineage?.script) return null;
  return el('span', {class: 'hr-package'}, icon('package'), label && code(label),
    lineage.script && el('span', {class: 'hr-script'}, label ? ' · ' : '', code(lineage.script), hiddenText(' script')));
}

/** The chain of one lineage, outermost first; `leaf` is what the last process did. */
export function chain(lineage, leaf = null) {
  const outermostFirst = [...lineage.processes].reverse();
  const wrappers = wrapperDepth(outermostFirst);
  const node = (process, index, depth) => {
    const last = index === outermostFirst.length - 1;
    return step(depth, last ? 'hr-chain__item--last' : '',
      el('div', {class: 'hr-chain__process'},
        commandNode(wrappers && !last ? shortScript(process.argv) : process.argv, process.exe, last ? SHOWN : SHOWN_ANCESTOR),
        last && packageNode(lineage), meta(process, outermostFirst[index - 1], outermostFirst[0].cwd)));
  };
  const items = outermostFirst.slice(wrappers).map((process, i) => node(process, wrappers + i, i));
  if (leaf) items.push(step(items.length, 'hr-chain__leaf', leaf));
  if (wrappers) items[0].prepend(wrapperNode(outermostFirst.slice(0, wrappers)));
  const where = [lineage.stage, lineage.step].filter(Boolean);
  return el('div', {class: 'hr-chain-frame'},
    where.length > 0 && el('div', {class: 'hr-chain__step'}, where.map((part, i) => [i > 0 && ' › ', code(part)])),
    items.length ? el('ol', {class: 'hr-chain', 'aria-label': 'Process chain, outermost first'}, items)
      : el('p', {class: 'hr-muted'}, 'The process is not known.'));
}

// Where and as what a process ran, as far as its command line and its parent do not say it already.
function meta(process, parent, base) {
  const {pid, exe, argv, cwd} = process;
  return el('span', {class: 'hr-chain__meta'}, pid && `pid ${pid}`,
    exe && baseName(exe) !== baseName(argv[0] ?? '') && [' · ', code(exe)],
    cwd && cwd !== parent?.cwd && [' · in ', code(relativePath(cwd, base), {title: visible(cwd)})]);
}

function wrapperNode(processes) {
  const details = el('details', {class: 'hr-wrapper'}, el('summary', {}, 'sh step’s wrapper'),
    processes.map(process => el('div', {class: 'hr-chain__process'}, commandNode(process.argv, process.exe), meta(process, null, ''))));
  return details;
}

function step(depth, extra, content) {
  const item = el('li', {class: `hr-chain__item ${extra}`}, content);
  item.style.setProperty('--hr-depth', String(Math.min(depth, INDENT_MAX)));
  return item;
}

/** Several chains: the first few, the others on demand. */
export function chains(lineages, leaf = () => null, first = 3) {
  if (!lineages.length) return el('p', {class: 'hr-muted'}, 'No process is recorded for this.');
  const frame = el('div', {class: 'hr-chains'}, lineages.slice(0, first).map(lineage => chain(lineage, leaf())));
  const rest = lineages.slice(first);
  if (rest.length) {
    const button = el('button', {type: 'button', class: 'jenkins-button'},
      `Show ${rest.length > 100 ? `100 of ${rest.length}` : rest.length} more process chains`);
    button.addEventListener('click', () => {
      button.replaceWith(...rest.splice(0, 100).map(lineage => chain(lineage, leaf())), ...rest.length ? [button] : []);
    });
    frame.append(button);
  }
  return frame;
}

/** The nearest process's short name, for a table. */
export function processName(lineage) {
  const nearest = lineage?.processes[0];
  return nearest ? baseName(nearest.exe || nearest.argv[0]) : '';
}
