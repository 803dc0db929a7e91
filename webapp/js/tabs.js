// Tabs after the ARIA pattern: arrows move and activate, Home and End jump; panels are built when first shown.

import {el, uid} from './dom.js';
import {number} from './format.js';
import {icon} from './icons.js';

/**
 * `panels`: `[{id, label, count?, tone?, build: () => Node}]`. `onOpen(id)` is called when a person picks a tab.
 * Returns `{element, open(id), buildAll(), hits(id, found)}`; `hits` shows how many of a tab's rows a search leaves, or
 * with null that there is none.
 */
export function tabs(panels, onOpen) {
  const prefix = uid('tab');
  const bar = el('div', {class: 'hr-tabs', role: 'tablist', 'aria-label': 'Report sections'});
  const items = panels.map(panel => {
    const count = panel.count !== undefined || panel.tone
      ? el('span', {class: `hr-tab__count${panel.tone ? ` hr-${panel.tone}` : ''}`}, panel.count === undefined ? icon('alert') : number(panel.count)) : null;
    const button = el('button', {
      type: 'button', role: 'tab', class: 'hr-tab', id: `${prefix}-${panel.id}`, tabindex: '-1',
      'aria-selected': 'false', 'aria-controls': `${prefix}-${panel.id}-panel`,
    }, panel.label, count);
    const section = el('section', {
      role: 'tabpanel', class: 'hr-panel', id: `${prefix}-${panel.id}-panel`, tabindex: '0',
      'aria-labelledby': button.id, hidden: true,
    }, el('h2', {class: 'hr-panel__title hr-print'}, panel.label));
    bar.append(button);
    return {...panel, button, section, number: count, built: false};
  });

  function build(item) {
    if (item.built) return;
    item.built = true;
    item.section.append(item.build());
  }

  function open(id) {
    for (const item of items) {
      const selected = item.id === id;
      item.button.setAttribute('aria-selected', String(selected));
      item.button.tabIndex = selected ? 0 : -1;
      if (selected) {
        build(item);
        bar.scrollTo({left: item.button.offsetLeft - bar.offsetLeft - 24});
      }
      item.section.hidden = !selected;
    }
  }

  bar.addEventListener('click', event => {
    const item = items.find(({button}) => button.contains(event.target));
    if (item) onOpen(item.id);
  });
  bar.addEventListener('keydown', event => {
    const at = items.findIndex(({button}) => button === event.target);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1}[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const item = items[(to + items.length) % items.length];
    onOpen(item.id);
    item.button.focus();
  });

  return {
    element: el('div', {class: 'hr-tabs-frame'}, bar, items.map(item => item.section)),
    open,
    buildAll: () => items.forEach(build),
    hits(id, found) {
      const item = items.find(other => other.id === id);
      if (item?.count === undefined) return;
      item.number.textContent = found === null || found === item.count ? number(item.count) : `${number(found)} of ${number(item.count)}`;
      item.button.classList.toggle('hr-tab--none', found === 0);
    },
  };
}
