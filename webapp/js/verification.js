// What holds of a block's sealed evidence (docs/evidence.md), asked of Jenkins when somebody wants to know: the controller
// computes it anew from the bytes that are there. A stand-alone report has nobody to ask.

import {code, el, raw} from './dom.js';
import {announce} from './announce.js';
import {badge} from './labels.js';
import {copyButton} from './copy.js';
import {icon} from './icons.js';
import {instant, plural, timestamp} from './format.js';
import {fetched} from './source.js';
import {ReportError} from './model.js';
import {objects, oneOf, text} from './types.js';

const RESULTS = {
  fails: {label: 'does not hold', tone: 'bad', icon: 'cross'},
  // Usual: a launch that still ran when its block ended.
  unknown: {label: 'not checked', tone: 'note', icon: 'clock'},
  holds: {label: 'holds', tone: 'ok', icon: 'check'},
};
const ORDER = Object.keys(RESULTS);
// As the store names its files; whatever else a check is about has no address.
const FILE = /^(?:seal\.json|pruned\.json|report\.json\.gz|l-\d{1,9}\.(?:ndjson|events\.gz))$/;
const BLOCK = /^[0-9a-f]{16}$/;
const SHOWN = 200;

/** The section; null where there is no sealed evidence to ask for. */
export function verificationSection(report, {reportUrl, keysUrl} = {}) {
  const address = reportUrl ? new URL(reportUrl, document.baseURI) : null;
  const block = address?.searchParams.get('block') ?? '';
  if (!BLOCK.test(block) || report.running) return null;
  const folder = new URL(`evidence/${block}/`, address);
  const host = el('div', {class: 'hr-verification'});
  const button = el('button', {type: 'button', class: 'jenkins-button hr-action', data: {key: 'verify'}, on: {click: ask}}, icon('shieldCheck'), 'Verify now');

  async function ask() {
    button.disabled = true;
    host.replaceChildren(el('p', {class: 'hr-muted', role: 'status'}, 'The controller reads the evidence…'));
    try {
      const found = verification((await fetched(new URL('verification', folder))).json);
      host.replaceChildren(...shown(found, folder));
      announce(statement(found));
    } catch (error) {
      if (!(error instanceof ReportError)) console.error(error);
      host.replaceChildren(el('p', {class: 'hr-callout hr-bad', role: 'alert'}, raw(error.message)));
    }
    button.disabled = false;
    button.lastChild.textContent = 'Verify again';
  }

  return el('section', {class: 'hr-section'}, el('h3', {}, 'Sealed evidence'),
    el('p', {class: 'hr-prose hr-muted'}, 'The events and the report of this block are sealed. Whether the files that are there now are still those is computed anew each time.'),
    el('div', {class: 'hr-actions'}, button, el('a', {class: 'jenkins-button hr-action', href: new URL('seal.json', folder).href, download: 'seal.json'}, icon('download'), 'seal.json'),
      keysUrl && el('a', {class: 'jenkins-button hr-action', href: keysUrl, download: 'harden-runner-keys.pem'}, icon('download'), 'Public keys')),
    host, elsewhere(folder));
}

// Who verifies with the keys of the same controller trusts that controller.
function elsewhere(folder) {
  const command = `harden-runner verify --key harden-runner-keys.pem '${folder.href}'`;
  return el('details', {class: 'hr-details'}, el('summary', {}, 'Verify on another machine'),
    el('p', {class: 'hr-prose'}, 'A verification here trusts this controller and its keys. With keys that were fetched earlier and kept elsewhere, the command line does not have to:'),
    el('div', {class: 'hr-block__head'}, el('pre', {class: 'hr-code hr-code--inline'}, raw(command)), copyButton(command, 'the command')));
}

/** The endpoint's answer, every field with its type; a check without a known result did not hold. */
export function verification(json) {
  const checks = objects(json?.checks, item => ({subject: text(item.subject), result: oneOf(item.result, ORDER, 'fails'), detail: text(item.detail)}));
  // An answer without a check proves nothing.
  return {holds: json?.holds === true && checks.length > 0 && checks.every(({result}) => result !== 'fails'), checks,
    sealed: instant(json?.sealed), checked: instant(json?.checked)};
}

/** What it comes to, in words. */
export function statement({holds, checks}) {
  const count = result => checks.filter(check => check.result === result).length;
  if (!checks.length) return 'The answer names no check, so nothing is known about the evidence.';
  if (!holds) return `The evidence is not intact: ${plural(count('fails'), 'check')} of ${checks.length} failed. What is shown on this page may not be what was sealed.`;
  return count('unknown') ? `Nothing is wrong, but ${plural(count('unknown'), 'thing')} could not be checked; ${plural(count('holds'), 'check')} held.`
    : `All ${plural(checks.length, 'check')} held: signature, files and the chain of events.`;
}

function shown(found, folder) {
  const tone = !found.holds ? 'bad' : found.checks.some(({result}) => result === 'unknown') ? 'note' : 'ok';
  const sorted = ORDER.flatMap(result => found.checks.filter(check => check.result === result));
  return [el('p', {class: `hr-callout hr-${tone}`}, icon(tone === 'bad' ? 'shieldAlert' : 'shieldCheck'), ' ', statement(found)),
    found.checked !== null && el('p', {class: 'hr-muted hr-note-line'}, `Checked ${timestamp(found.checked)}`, found.sealed !== null && `, sealed ${timestamp(found.sealed)}`, '.'),
    el('ul', {class: 'hr-coverage'}, sorted.slice(0, SHOWN).map(({subject, result, detail}) => el('li', {}, badge(RESULTS[result]),
      el('div', {}, FILE.test(subject) ? el('a', {href: new URL(subject, folder).href, download: subject}, code(subject)) : el('strong', {}, raw(subject)),
        el('div', {class: 'hr-muted'}, raw(detail)))))),
    sorted.length > SHOWN && el('p', {class: 'hr-muted'}, `and ${plural(sorted.length - SHOWN, 'more check')}`)].filter(Boolean);
}
