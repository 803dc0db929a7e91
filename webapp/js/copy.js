// Copy buttons. The clipboard API needs a secure context, which a Jenkins on plain HTTP is not: there, a selection
// and the older command do it.

import {el} from './dom.js';
import {icon} from './icons.js';
import {announce} from './announce.js';

export function copyButton(text, what) {
  const label = el('span', {class: 'hr-copy__label'}, 'Copy');
  const button = el('button', {
    type: 'button', class: 'jenkins-button hr-copy', 'aria-label': `Copy ${what}`, title: `Copy ${what}`,
  }, icon('copy'), label);
  let timer;
  button.addEventListener('click', async () => {
    const done = await write(text);
    clearTimeout(timer);
    button.classList.toggle('hr-copy--done', done);
    label.textContent = done ? 'Copied' : 'Failed';
    announce(done ? `Copied ${what}` : `Could not copy ${what}: select the text and copy it by hand`);
    timer = setTimeout(() => {
      button.classList.remove('hr-copy--done');
      label.textContent = 'Copy';
    }, 1800);
  });
  return button;
}

async function write(text) {
  if (navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      // Permission refused, or the document is not focused: try the older way.
    }
  }
  const area = el('textarea', {class: 'hr-sr', readonly: true, 'aria-hidden': 'true', tabindex: '-1'});
  area.value = text;
  const focused = document.activeElement;
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  focused?.focus();
  return done;
}
