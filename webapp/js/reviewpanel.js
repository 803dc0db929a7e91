// What waits for a person: the open deviations of a job, one by one or several at once.

import {code, el, raw} from './dom.js';
import {badge, BASELINE_STATUS, NEW_PROGRAM} from './labels.js';
import {icon} from './icons.js';
import {none} from './jobtables.js';
import {number, plural, timestamp} from './format.js';
import {actionForm} from './review.js';

const SHOWN = 200;
const PROGRAMS_SHOWN = 5;
const TEXT = {
  accept: {button: 'Accept…', icon: 'check', title: 'Accept', confirm: 'Accept', text: 'It becomes part of the baseline: later builds that do it are as usual.', until: true},
  unwanted: {button: 'Block…', icon: 'cross', title: 'Put on the job’s block list', confirm: 'Block', text: 'It is refused from the next build on, in audit as well.', until: false},
};

export function reviewPanel(job, view) {
  const items = job.deviations;
  if (!items.length) return none('Nothing waits for a review', 'A build that does something new shows up here until a person accepts or blocks it.');
  const chosen = new Set();
  const bar = el('div', {class: 'hr-actions hr-review__bar'});
  const boxes = new Map();
  const all = el('input', {type: 'checkbox', class: 'hr-check', 'aria-label': 'All deviations', on: {change: () => {
    for (const [item, box] of boxes) {
      box.checked = all.checked;
      if (all.checked) chosen.add(item);
      else chosen.delete(item);
    }
    draw();
  }}});

  function draw() {
    const targets = [...chosen];
    all.checked = targets.length === boxes.size;
    all.indeterminate = targets.length > 0 && !all.checked;
    const can = action => targets.length > 0 && targets.every(item => item.actions.includes(action));
    if (!targets.length) return bar.replaceChildren(el('span', {class: 'hr-muted'}, 'Choose several to decide on them at once'));
    return bar.replaceChildren(...Object.entries(TEXT).map(([action, words]) => el('button', {type: 'button', class: 'jenkins-button hr-action', disabled: !can(action),
      on: {click: () => openForm(action, targets, bar, draw)}}, icon(words.icon), `${words.confirm} ${number(targets.length)}…`)));
  }

  function openForm(action, targets, host, back) {
    const pattern = action === 'accept' && targets.length === 1 && targets[0].kind === 'endpoint' ? patternField(targets[0]) : null;
    host.replaceChildren(actionForm({...TEXT[action], title: targets.length > 1 ? `${TEXT[action].title}: ${plural(targets.length, 'deviation')}` : `${TEXT[action].title}: ${targets[0].label}`},
      values => view.sendEach(action, targets, {...values, ...pattern ? {pattern: pattern.input.value.trim()} : {}}), back, pattern?.node));
    host.querySelector('input').focus();
  }

  const list = el('ul', {class: 'hr-review'}, items.slice(0, SHOWN).map(item => {
    const host = el('div', {class: 'hr-actions'});
    const restore = () => host.replaceChildren(...!view.may ? [] : item.actions.filter(action => TEXT[action]).map(action =>
      el('button', {type: 'button', class: 'jenkins-button hr-action', on: {click: () => openForm(action, [item], host, restore)}}, icon(TEXT[action].icon), TEXT[action].button)));
    restore();
    const box = el('input', {type: 'checkbox', class: 'hr-check', 'aria-label': `Choose ${item.label}`, on: {change: () => {
      if (box.checked) chosen.add(item);
      else chosen.delete(item);
      draw();
    }}});
    boxes.set(item, box);
    return el('li', {class: 'hr-review__item'}, view.may && items.length > 1 && box,
      el('div', {class: 'hr-review__what'}, el('div', {class: 'hr-event hr-warn'}, icon(item.path ? 'file' : 'network'), code(item.label, {class: 'hr-strong'}), badge(item.kind === 'program' ? NEW_PROGRAM : BASELINE_STATUS.new),
        job.blocks.length > 1 && el('span', {class: 'hr-muted'}, 'in block ', code(item.block))),
      by(item), el('p', {class: 'hr-muted'}, seen(item, view), item.expired && [' It was accepted by ', raw(item.expired.by), ' until ', raw(item.expired.until), '.'])), host);
  }));
  draw();
  return {element: el('div', {class: 'hr-section'},
    !view.may && el('p', {class: 'hr-muted hr-note-line'}, 'Deciding needs the permission to configure the job.'),
    view.may && items.length > 1 && el('div', {class: 'hr-review__head'}, all, bar), list,
    items.length > SHOWN && el('p', {class: 'hr-muted'}, `${number(items.length - SHOWN)} more wait; decide on these first.`))};
}

// Who did it is half of what the reviewer decides about. The label of a program's use of something names it already.
function by({kind, programs}) {
  if (kind === 'program' || !programs.length) return null;
  const shown = programs.slice(0, PROGRAMS_SHOWN);
  return el('p', {}, 'By ', shown.map((name, i) => [i > 0 && ', ', code(name)]), programs.length > shown.length && ` and ${number(programs.length - shown.length)} more`);
}

function seen(item, view) {
  const link = n => n === null ? null : el('a', {href: view.build(n)}, `#${n}`);
  const [first, last] = [link(item.firstBuild), link(item.lastBuild)];
  return [`Seen in ${plural(item.builds, 'build')}`, first && [', first in ', first], last && item.lastBuild !== item.firstBuild && [', last in ', last], `, ${timestamp(item.lastSeen).slice(0, 16)} UTC.`];
}

function patternField({host, port}) {
  const input = el('input', {class: 'jenkins-input hr-mono', autocomplete: 'off', spellcheck: 'false', placeholder: `${host.includes('.') && !/^[\d.:]+$/.test(host) ? `*.${host.split('.').slice(-2).join('.')}` : host}:${port}`});
  return {input, node: el('label', {class: 'hr-form__wide'}, el('span', {}, 'Accept as a pattern instead (optional)'), input)};
}
