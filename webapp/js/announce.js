// One polite live region for what changes without moving the focus: filter results, copies, live updates.

import {el} from './dom.js';

let region = null;

export function mountAnnouncer(root) {
  region = el('div', {class: 'hr-sr', role: 'status', 'aria-live': 'polite'});
  root.append(region);
}

export function announce(message) {
  if (region && region.textContent !== message) region.textContent = message;
}
