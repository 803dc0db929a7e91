// The whole baseline at once: stand for it, begin again, take it elsewhere or bring it from there.

import {el, uid} from './dom.js';
import {icon} from './icons.js';
import {actionForm} from './review.js';

export function managePanel(job, view) {
  const blocks = job.blocks.map(({name}) => name);
  const learned = job.entries.filter(({status}) => status === 'learned').length;
  return {element: el('div', {class: 'hr-columns'},
    el('section', {class: 'hr-section hr-column'}, el('h3', {}, 'Export and import'),
      el('p', {class: 'hr-prose hr-muted'}, 'The baseline of all blocks as one JSON document, with who accepted what and why.'),
      el('div', {class: 'hr-actions'}, el('a', {class: 'jenkins-button hr-action', href: 'export', download: 'baseline.json'}, icon('download'), 'Export'),
        view.may && act(view, {button: 'Import…', icon: 'file', title: 'Import a baseline', confirm: 'Import', text: 'Replaces the blocks that the document names. It is refused as a whole if anything in it is wrong.', extra: documentField,
          send: (values, {document}) => view.send('importBaseline', {document, comment: values.comment})}))),
    view.may && el('section', {class: 'hr-section hr-column'}, el('h3', {}, 'Whole baseline'),
      el('p', {class: 'hr-prose hr-muted'}, 'These apply to one block. Each is a line in the changelog.'),
      blocks.length ? el('div', {class: 'hr-actions hr-actions--column'},
        act(view, {button: 'Accept all that was learned…', icon: 'check', title: 'Accept all that was learned', confirm: 'Accept all', text: learned ? 'You stand for what the first builds did; from then on a policy may use it.' : 'Nothing is merely learned: all of it was accepted.', extra: blockField(blocks),
          send: (values, {block}) => view.send('acceptAll', {block, comment: values.comment})}),
        act(view, {button: 'Seed from another job…', icon: 'copy', title: 'Seed from another job', confirm: 'Copy', text: 'Copies the blocks of a job that you may read.', extra: seedField,
          send: (values, {from}) => view.send('seed', {from, comment: values.comment})}),
        act(view, {button: 'Forget and learn again…', icon: 'minus', title: 'Forget the baseline', confirm: 'Forget', text: 'The next builds teach it anew; what they do until then is not compared.', extra: blockField(blocks),
          send: (values, {block}) => view.send('reset', {block, comment: values.comment})}))
        : act(view, {button: 'Seed from another job…', icon: 'copy', title: 'Seed from another job', confirm: 'Copy', text: 'Copies the blocks of a job that you may read.', extra: seedField,
          send: (values, {from}) => view.send('seed', {from, comment: values.comment})})))};
}

/** A button that becomes a form; `extra()` gives `{node, values()}`, its own fields. */
function act(view, {button, icon: name, extra, send, ...words}) {
  const host = el('div', {class: 'hr-actions'});
  const opener = el('button', {type: 'button', class: 'jenkins-button hr-action', on: {click: () => {
    const own = extra();
    host.replaceChildren(actionForm({...words, until: false}, async values => send(values, await own.values()), () => {
      host.replaceChildren(opener);
      opener.focus();
    }, own.node));
    host.querySelector('input, select, textarea').focus();
  }}}, icon(name), button);
  host.append(opener);
  return host;
}

const blockField = blocks => () => {
  const select = el('select', {class: 'hr-select', id: uid('block')}, blocks.map(name => el('option', {value: name}, name)));
  return {node: el('label', {for: select.id, hidden: blocks.length < 2}, el('span', {}, 'Block'), select), values: () => ({block: select.value})};
};

function seedField() {
  const input = el('input', {class: 'jenkins-input', autocomplete: 'off', spellcheck: 'false', required: true, placeholder: 'folder/job'});
  return {node: el('label', {}, el('span', {}, 'Full name of the job'), input), values: () => ({from: input.value.trim()})};
}

function documentField() {
  const input = el('input', {type: 'file', class: 'hr-file', accept: '.json,application/json', required: true});
  return {node: el('label', {}, el('span', {}, 'baseline.json'), input), values: async () => ({document: input.files[0] ? await input.files[0].text() : ''})};
}
