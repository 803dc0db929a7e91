// The whole page from one report, and its update when the report has grown.

import {el, raw} from './dom.js';
import {mountAnnouncer} from './announce.js';
import {coveragePanel} from './coverage.js';
import {endpointsPanel} from './endpoints.js';
import {filesPanel} from './files.js';
import {findingsPanel} from './findings.js';
import {headline} from './headline.js';
import {number} from './format.js';
import {policyPanel} from './policy.js';
import {processesPanel} from './processes.js';
import {SEVERITY} from './labels.js';
import {tabs} from './tabs.js';
import {tally} from './summary.js';
import {ViewState} from './state.js';

const TABS = ['findings', 'endpoints', 'processes', 'files', 'policy', 'coverage'];
const SCHEMA = 1;

/** Mounts the page in `root`; the result's `show(report)` renders or renders again. */
export function mountPage(root) {
  const state = new ViewState(TABS);
  const memory = {};
  const body = el('div', {class: 'hr-report'});
  let panels = {};
  let bar = null;
  // Inside Jenkins the page has its own first heading; a stand-alone file may have none.
  const level = document.querySelector('h1') ? 'h2' : 'h1';
  root.replaceChildren(body);
  mountAnnouncer(root);

  function openTab(id) {
    if (state.tab !== id) state.open(id);
    bar?.open(id);
  }

  function show(report) {
    const focus = focusOf(body);
    panels = {};
    const keep = (name, panel) => (panels[name] = panel).element;
    const total = tally(report);
    const tones = {blocked: 'bad', 'would-block': 'warn'};
    const worst = report.findings[0] && SEVERITY[report.findings[0].severity].tone;
    bar = tabs([
      {id: 'findings', label: 'Findings', count: number(report.findings.length), tone: worst, build: () => findingsPanel(report)},
      {id: 'endpoints', label: 'Endpoints', count: number(report.endpoints.length),
        tone: tones[['blocked', 'would-block'].find(verdict => total[verdict])], build: () => keep('endpoints', endpointsPanel(report, {state, memory}))},
      {id: 'processes', label: 'Processes', count: number(report.processes.length), build: () => keep('processes', processesPanel(report, {state, memory}))},
      {id: 'files', label: 'Files', count: number(report.files.length), tone: total.tracked ? 'bad' : undefined,
        build: () => keep('files', filesPanel(report, {state, memory}))},
      {id: 'policy', label: 'Policy', build: () => policyPanel(report)},
      {id: 'coverage', label: 'Coverage', tone: report.integrity.intact ? undefined : 'bad', build: () => coveragePanel(report)},
    ], openTab);
    body.replaceChildren(...[headline(report, level), schemaNote(report), bar.element].filter(Boolean));
    bar.open(state.tab ??= TABS[0]);
    restore(body, focus);
    // For measuring from outside how long a large report takes.
    performance.mark('hr-shown');
  }

  addEventListener('hashchange', () => {
    if (!state.read() || !bar) return;
    const built = panels[state.tab];
    bar.open(state.tab);
    built?.update?.();
  });
  document.addEventListener('keydown', event => {
    if (event.key !== '/' || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.target.closest?.('input, textarea, select, [contenteditable]')) return;
    const input = body.querySelector('.hr-panel:not([hidden]) .hr-filter__input');
    if (!input) return;
    event.preventDefault();
    input.focus();
  });
  addEventListener('beforeprint', () => {
    bar?.buildAll();
    for (const panel of Object.values(panels)) panel.printAll?.();
    for (const details of body.querySelectorAll('details:not([open])')) {
      details.open = true;
      details.dataset.print = 'true';
    }
  });
  addEventListener('afterprint', () => {
    for (const panel of Object.values(panels)) panel.afterPrint?.();
    for (const details of body.querySelectorAll('details[data-print]')) details.open = false;
  });

  return {
    show,
    /** Shows a message in place of the report, or above it if one is already shown. */
    message(node, role = 'alert') {
      body.querySelector('.hr-message')?.remove();
      if (node) body.prepend(el('div', {class: 'hr-message', role}, node));
    },
  };
}

function schemaNote({schema}) {
  if (schema === SCHEMA) return null;
  return el('p', {class: 'hr-callout hr-warn'}, 'This page knows report schema ', String(SCHEMA), '; the report says ',
    raw(String(schema)), '. It is shown as far as it is understood.');
}

// A live report is rendered anew; who was typing or tabbing must not notice.
function focusOf(body) {
  const active = document.activeElement;
  if (!body.contains(active) || !active.dataset.key) return null;
  return {key: active.dataset.key, value: active.value, start: active.selectionStart, end: active.selectionEnd};
}

function restore(body, focus) {
  if (!focus) return;
  const target = body.querySelector(`[data-key="${CSS.escape(focus.key)}"]`);
  if (!target) return;
  if (target.localName === 'input' && target.value !== focus.value) {
    target.value = focus.value;
    target.dispatchEvent(new Event('input'));
  }
  target.focus({preventScroll: true});
  if (target.localName === 'input') target.setSelectionRange(focus.start, focus.end);
}
