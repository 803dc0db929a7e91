// What policy the job's last builds would need: asked of the server when somebody looks, since it reads their reports.

import {code, el, raw, uid} from './dom.js';
import {announce} from './announce.js';
import {icon} from './icons.js';
import {number, plural, timestamp} from './format.js';
import {recommendationModel} from './jobmodel.js';
import {none} from './jobtables.js';
import {ReportError} from './model.js';
import {fetched} from './source.js';
import {riskNode, textForms} from './textforms.js';

const CHOICES = [1, 5, 10, 20, 50, 100];
const DEFAULT = 10;
const NAMES_SHOWN = 20;

export function recommendPanel(job, view) {
  const names = [...new Set([...job.blocks.map(({name}) => name), ...job.trend.flatMap(point => point.blocks)])];
  if (!names.length) return none('No build has been supervised yet', 'The builds’ reports are what a policy can be recommended from.');
  const result = el('div', {class: 'hr-recommend', 'aria-live': 'polite'});
  const builds = select('builds', CHOICES, view.state.get('recommend', 'builds') || String(DEFAULT));
  const block = select('block', names, view.state.get('recommend', 'block') || names[0]);
  let asked = 0;

  async function ask() {
    const current = ++asked;
    result.replaceChildren(el('p', {class: 'hr-muted'}, 'Reading the reports…'));
    const url = new URL('recommendation', view.base);
    url.search = new URLSearchParams({block: block.value, builds: builds.value});
    let nodes;
    try {
      const found = recommendationModel((await fetched(url)).json);
      nodes = shown(found, view);
      announce(`Recommendation of ${plural(found.builds.length, 'build')}: ${plural(found.entries.length, 'endpoint')}`);
    } catch (error) {
      if (!(error instanceof ReportError)) console.error(error);
      nodes = [el('p', {class: 'hr-callout hr-bad', role: 'alert'}, raw(error.message), ' ',
        el('button', {type: 'button', class: 'jenkins-button', on: {click: ask}}, 'Try again'))];
    }
    // An answer that comes after the next question is none.
    if (current === asked) result.replaceChildren(...nodes);
  }
  for (const [name, field] of Object.entries({builds, block})) {
    field.addEventListener('change', () => {
      view.state.set('recommend', name, field.value);
      ask();
    });
  }
  ask();
  return {element: el('div', {class: 'hr-section'},
    el('p', {class: 'hr-prose hr-muted'}, 'The smallest policy that would have allowed what the last builds did. What was refused, looks like an attack, '
      + 'waits for a review or is unwanted is left out of the texts and stands there as a comment.'),
    el('div', {class: 'hr-form__fields hr-recommend__ask'},
      el('label', {for: builds.id}, el('span', {}, 'Last builds'), builds),
      names.length > 1 && el('label', {for: block.id}, el('span', {}, 'Block'), block)),
    result)};
}

function select(name, values, value) {
  return el('select', {class: 'hr-select', id: uid(name), data: {key: `recommend-${name}`}},
    values.map(item => el('option', {value: String(item), selected: String(item) === value}, String(item))));
}

function shown(found, view) {
  const based = el('p', {class: 'hr-note-line'}, found.builds.length ? ['From ', links(found.builds, view), '.'] : 'No report of these builds is left.',
    found.missing.length > 0 && el('span', {class: 'hr-muted'}, ` Without a report: ${found.missing.map(n => `#${n}`).join(', ')}.`));
  if (!found.entries.length) {
    return [based, el('div', {class: 'hr-empty hr-empty--small'}, icon('shield'), el('p', {class: 'hr-empty__title'}, 'Nothing to allow'),
      el('p', {}, 'No endpoint was seen that a policy would have to allow.'))];
  }
  const row = entry => el('tr', {},
    el('td', {data: {label: 'Endpoint'}}, code(entry.endpoint, {class: 'hr-strong'}), entry.collapsed.length > 0 && rotating(entry),
      entry.note && el('div', {class: 'hr-risk hr-warn'}, icon('alert'), 'Left out: ', raw(entry.note)), riskNode(entry)),
    el('td', {class: 'hr-number', data: {label: 'Count'}}, number(entry.count)),
    el('td', {class: 'hr-number', data: {label: 'Builds'}}, `${number(entry.builds)} of ${number(found.builds.length)}`),
    el('td', {class: 'hr-number', data: {label: 'First'}}, timestamp(entry.firstSeen).slice(0, 16)),
    el('td', {class: 'hr-number', data: {label: 'Last'}}, timestamp(entry.lastSeen).slice(0, 16)));
  return [based,
    el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain hr-table--recommend'},
      el('caption', {class: 'hr-sr'}, 'Recommended endpoints'),
      el('thead', {}, el('tr', {}, ['Endpoint', 'Count', 'Builds', 'First', 'Last'].map((name, i) => el('th', {scope: 'col', class: i ? 'hr-number' : ''}, name)))),
      el('tbody', {}, found.entries.map(row))),
    el('h3', {}, 'To copy'), el('div', {class: 'hr-columns'}, textForms(found))];
}

function links(builds, view) {
  const [first, last] = [builds[0], builds.at(-1)];
  const link = build => el('a', {href: view.build(build.n), title: timestamp(build.time)}, `#${build.n}`);
  return first === last ? ['build ', link(first)] : [`${plural(builds.length, 'build')}, `, link(first), ' to ', link(last)];
}

// A pattern allows more than was seen; this is what speaks for it.
function rotating({collapsed}) {
  return el('details', {class: 'hr-details'}, el('summary', {}, `for ${plural(collapsed.length, 'name')}, new ones in each build`),
    el('ul', {}, collapsed.slice(0, NAMES_SHOWN).map(name => el('li', {}, code(name))),
      collapsed.length > NAMES_SHOWN && el('li', {class: 'hr-muted'}, `and ${number(collapsed.length - NAMES_SHOWN)} more`)));
}
