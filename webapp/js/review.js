// A person's decision about what is new: accept it, or put it on the job's block list. Sent to the job page (docs/baseline.md,
// "Review") with Jenkins' crumb; a stand-alone report has nobody to send it to and shows no action.

import {el, raw, uid} from './dom.js';
import {announce} from './announce.js';
import {icon} from './icons.js';

/** The result of an action that the server refused; the message is for people. */
export class ReviewError extends Error {}

/**
 * `root`'s `data-review-url` and `data-may-review`; null where there is no address. The result has `may`, `url`,
 * `use(report)`, to be called with each report shown, and `post(action, params)`.
 */
export function createReview({reviewUrl, mayReview}) {
  if (!reviewUrl) return null;
  const url = new URL(reviewUrl, document.baseURI);
  if (url.origin !== location.origin) return null;
  const review = {
    url: url.href, may: mayReview === 'true', block: '', cwd: '', deviations: new Map(), done: new Map(),
    use({baseline, deviations, cwd}) {
      review.block = baseline?.block ?? '';
      review.cwd = cwd;
      review.compared = baseline !== null && baseline.role !== 'none';
      review.deviations = new Map(deviations.map(item => [item.id, item]));
    },
    post: (action, params) => post(new URL(action, url), {block: review.block, ...params}),
  };
  return review;
}

/** Sends a form; the answer's message. Throws ReviewError. */
export async function post(url, params) {
  const {crumbHeader, crumbValue} = document.head.dataset;
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) {
    for (const item of [value].flat()) if (item !== '' && item !== null && item !== undefined) form.append(name, item);
  }
  let response;
  try {
    response = await fetch(url, {method: 'POST', body: form, credentials: 'same-origin',
      headers: {Accept: 'application/json', ...crumbHeader ? {[crumbHeader]: crumbValue} : {}}});
  } catch (cause) {
    throw new ReviewError('The server could not be reached. Nothing was changed.', {cause});
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ReviewError(typeof answer.error === 'string' ? answer.error : refusal(response.status));
  return {message: typeof answer.message === 'string' ? answer.message : 'Done', revision: answer.revision};
}

function refusal(status) {
  return status === 403 ? 'You may not review this job, or the page is too old: load it again. Nothing was changed.'
    : `The server answered HTTP ${status}. Nothing was changed.`;
}

const WORDS = {
  accept: {button: 'Accept…', icon: 'check', title: 'Accept', confirm: 'Accept', text: 'It becomes part of the baseline: later builds that do it are as usual.', until: true},
  expect: {button: 'Expected change…', icon: 'check', title: 'Expected change', confirm: 'Accept the change', text: 'This program may change this file in later builds.', until: true},
  unwanted: {button: 'Block…', icon: 'cross', title: 'Put on the job’s block list', confirm: 'Block', text: 'It is refused from the next build on, in audit as well.', until: false},
};

/** The actions on a deviation or on a row that is none; null where there is nothing to decide or nobody to decide it. */
export function reviewNode(review, {deviation = '', row = null}) {
  if (!review.compared) return null;
  const known = review.deviations.get(deviation);
  const params = known ? {id: known.id} : row ? subjectOf(row, review.cwd) : null;
  if (!params || !known && (!row || row.baseline === 'accepted' || row.baseline === 'known')) return null;
  const file = known ? known.path !== '' : 'path' in params;
  const actions = known ? known.actions : file ? ['accept'] : ['accept', 'unwanted'];
  const offered = [actions.includes('accept') && (file ? 'expect' : 'accept'), actions.includes('unwanted') && row?.baseline !== 'unwanted' && 'unwanted'].filter(Boolean);
  const key = JSON.stringify(params);
  const host = el('div', {class: 'hr-actions'});
  const draw = () => host.replaceChildren(...review.done.has(key) ? [done(review.done.get(key))]
    : review.may ? offered.map(action => actionButton(action, openForm)) : [visitor(review)]);
  function openForm(action) {
    host.replaceChildren(actionForm(WORDS[action], async values => {
      const {message} = await review.post(action === 'unwanted' ? 'unwanted' : 'accept', {...params, ...values});
      review.done.set(key, message);
      announce(message);
      draw();
    }, () => {
      draw();
      host.querySelector(`[data-action="${action}"]`)?.focus();
    }));
    host.querySelector('input').focus();
  }
  draw();
  return host;
}

// The host as the baseline knows it: the name where there is one. A file is named below the workspace.
function subjectOf(row, cwd) {
  if ('path' in row) return row.tracked && row.path.startsWith(`${cwd}/`) ? {path: row.path.slice(cwd.length + 1)} : null;
  return row.port && row.baseline ? {protocol: row.protocol, host: row.name || row.address, port: row.port} : null;
}

function actionButton(action, openForm) {
  const {button, icon: name} = WORDS[action];
  return el('button', {type: 'button', class: 'jenkins-button hr-action', data: {action}, on: {click: () => openForm(action)}}, icon(name), button);
}

/** The form of one action: a comment, for some an end, and what it will do. `send(values)` may throw ReviewError. */
export function actionForm({title, confirm, text, until}, send, cancel, extra = null) {
  const id = uid('review');
  const comment = el('input', {class: 'jenkins-input', id: `${id}-comment`, autocomplete: 'off', maxlength: 500});
  const date = el('input', {class: 'jenkins-input', id: `${id}-until`, type: 'date', min: new Date().toISOString().slice(0, 10)});
  const problem = el('p', {class: 'hr-callout hr-bad', role: 'alert', hidden: true});
  const submit = el('button', {class: 'jenkins-button jenkins-button--primary hr-action'}, confirm);
  const form = el('form', {class: 'hr-form', 'aria-label': title},
    el('p', {}, el('strong', {}, title), ' ', el('span', {class: 'hr-muted'}, text)), extra,
    el('div', {class: 'hr-form__fields'},
      el('label', {class: 'hr-form__wide', for: comment.id}, el('span', {}, 'Comment'), comment),
      until && el('label', {for: date.id}, el('span', {}, 'Until (optional)'), date),
      el('div', {class: 'hr-form__buttons'}, submit, el('button', {type: 'button', class: 'jenkins-button hr-action', on: {click: cancel}}, 'Cancel'))),
    problem);
  form.addEventListener('submit', async event => {
    event.preventDefault();
    submit.disabled = true;
    problem.hidden = true;
    try {
      await send({comment: comment.value.trim(), until: until ? date.value : ''});
    } catch (error) {
      problem.replaceChildren(raw(error instanceof ReviewError ? error.message : `The page failed: ${error.message}`));
      problem.hidden = false;
      submit.disabled = false;
      submit.focus();
    }
  });
  form.addEventListener('keydown', event => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    cancel();
  });
  return form;
}

function done(message) {
  return el('p', {class: 'hr-done hr-ok', role: 'status'}, icon('check'), raw(message), el('span', {class: 'hr-muted'}, ' It takes effect from the next build on.'));
}

function visitor(review) {
  return el('p', {class: 'hr-muted'}, 'To be decided by who may configure the job, on ', el('a', {href: review.url}, 'its page'), '.');
}
