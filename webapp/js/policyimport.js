// In the form of a policy, global or of a folder: what somebody pastes from a GitHub workflow becomes the policy's allowed
// endpoints. The server reads it (docs/configuration.md); here its answer is put into the fields and into words.
// Listens on the document, because forms of policies come and go.

import {el, raw} from './dom.js';
import {plural} from './format.js';
import {list, object, text, texts} from './types.js';

document.addEventListener('click', event => {
  const button = event.target.closest?.('.hr-import__take');
  if (!button) return;
  event.preventDefault();
  take(button.closest('.hr-import'), button);
});

async function take(place, button) {
  const input = place.querySelector('.hr-import__text');
  const answer = place.querySelector('.hr-import__answer');
  if (!input.value.trim()) {
    answer.replaceChildren(line('error', 'Paste the inputs of the action first.'));
    input.focus();
    return;
  }
  button.disabled = true;
  try {
    const result = await ask(place.dataset.url, input.value);
    answer.replaceChildren(...fill(place.closest('.repeated-chunk'), result));
  } catch (error) {
    answer.replaceChildren(line('error', error.message));
  } finally {
    button.disabled = false;
  }
}

async function ask(url, pasted) {
  const {crumbHeader, crumbValue} = document.head.dataset;
  let response;
  try {
    response = await fetch(url, {method: 'POST', body: new URLSearchParams({text: pasted}), credentials: 'same-origin',
      headers: {Accept: 'application/json', ...crumbHeader ? {[crumbHeader]: crumbValue} : {}}});
  } catch (cause) {
    throw new Error('The server could not be reached. Nothing was added.', {cause});
  }
  if (!response.ok) throw new Error(`The server answered HTTP ${response.status}. Nothing was added.`);
  const json = object(await response.json());
  return {mode: text(json.egressPolicy), endpoints: texts(list(json.endpoints)), ignored: texts(list(json.ignored)), problems: texts(list(json.problems))};
}

/** Puts the endpoints that the policy does not have yet into its fields; what happened, as nodes. */
function fill(form, {mode, endpoints, ignored, problems}) {
  const field = form.querySelector('[name="_.allowedEndpoints"]');
  const known = new Set(field.value.split('\n').flatMap(entry => entry.replace(/#.*/, '').split(/\s+/)).filter(Boolean));
  const added = endpoints.filter(endpoint => !known.has(endpoint));
  if (added.length) set(field, [field.value.trimEnd(), ...added].filter(Boolean).join('\n'));
  const select = form.querySelector('[name="_.egressPolicy"]');
  if (mode && select) set(select, mode);
  const before = endpoints.length - added.length;
  return [
    line('ok', `${plural(added.length, 'endpoint')} added${before ? `, ${before} there already` : ''}${mode ? `; egress policy: ${mode}` : ''}. Save to keep it.`),
    ...problems.map(problem => line('error', problem)),
    ...ignored.length ? [line('warning', `Without a meaning here: ${ignored.join(', ')}`)] : [],
  ];
}

// Jenkins checks a field, and asks before the page is left, when the field says that it was changed.
function set(field, value) {
  if (field.value === value) return;
  field.value = value;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  field.dispatchEvent(new Event('change', {bubbles: true}));
}

function line(kind, words) {
  return el('div', {class: kind}, raw(words));
}
