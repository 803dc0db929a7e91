// The whole page from one report, and its update when the report has grown.

import {el, raw} from './dom.js';
import {mountAnnouncer} from './announce.js';
import {comparePanel} from './compare.js';
import {coveragePanel} from './coverage.js';
import {endpointsPanel} from './endpoints.js';
import {filesPanel} from './files.js';
import {findingsPanel} from './findings.js';
import {headline} from './headline.js';
import {policyPanel} from './policy.js';
import {processesPanel} from './processes.js';
import {createReview} from './review.js';
import {createSearch} from './search.js';
import {SEVERITY} from './labels.js';
import {tabs} from './tabs.js';
import {timelinePanel} from './timeline.js';
import {tally} from './summary.js';
import {ViewState} from './state.js';
import {whenIdle} from './idle.js';

const TABS = ['findings', 'endpoints', 'processes', 'files', 'timeline', 'policy', 'coverage', 'compare'];
const SCHEMA = 1;

/** Mounts the page in `root`; the result's `show(report)` renders or renders again. */
export function mountPage(root) {
  const state = new ViewState(TABS);
  const review = createReview(root.dataset);
  const memory = {};
  const body = el('div', {class: 'hr-report'});
  let panels = {};
  let stale = new Set();
  let bar = null;
  let search = null;
  // Inside Jenkins the page has its own first heading; a stand-alone file may have none.
  const level = document.querySelector('h1') ? 'h2' : 'h1';
  root.replaceChildren(body);
  mountAnnouncer(root);

  function openTab(id) {
    if (state.tab !== id) state.open(id);
    reveal(id);
  }

  // A panel that was built before the search changed is brought up to date when it is looked at.
  function reveal(id) {
    bar?.open(id);
    if (stale.delete(id)) panels[id]?.update?.();
  }

  function show(report) {
    const focus = focusOf(body);
    panels = {};
    stale = new Set();
    search = createSearch(report);
    review?.use(report);
    const view = {state, memory, search, review, source: root.dataset};
    bar = tabs(sections(report).map(section => ({...section, build: () => (panels[section.id] = section.panel(report, view)).element})), openTab);
    body.replaceChildren(...[headline(report, level, review), schemaNote(report), bar.element].filter(Boolean));
    bar.open(state.tab ??= TABS[0]);
    restore(body, focus);
    // For measuring from outside how long a large report takes.
    performance.mark('hr-shown');
    countHits();
    warm(search, report);
  }

  // How many rows of the other tabs the search leaves, one tab at a time while nobody waits.
  function countHits() {
    const query = state.get('', 'q').trim();
    const left = TABS.filter(id => search.has(id));
    const current = search;
    whenIdle(() => {
      if (current !== search || query !== state.get('', 'q').trim()) return true;
      const id = left.shift();
      if (id) bar.hits(id, query ? search.section(id)(state.get('', 'q')).length : null);
      return left.length === 0;
    });
  }

  state.onShared = () => {
    if (!bar) return;
    stale = new Set(Object.keys(panels).filter(id => id !== state.tab));
    countHits();
  };

  addEventListener('hashchange', () => {
    const query = state.get('', 'q');
    if (!state.read() || !bar) return;
    if (query !== state.get('', 'q')) state.onShared();
    stale.add(state.tab);
    reveal(state.tab);
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
    for (const id of stale) panels[id]?.update?.();
    stale.clear();
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

// The first search of a large report should not have to prepare it: 50,000 rows' texts take a while.
function warm(search, report) {
  const left = ['endpoints', 'files', 'findings'];
  whenIdle(time => {
    while (left.length) {
      if (!search.section(left[0]).warm(() => time() > 4)) return false;
      left.shift();
    }
    report.events();
    return true;
  });
}

/** The tabs: what each is called, what it counts, how bad it is, and how its panel is made. */
function sections(report) {
  const total = tally(report);
  const tones = {blocked: 'bad', 'would-block': 'warn'};
  const worst = report.findings[0] && SEVERITY[report.findings[0].severity].tone;
  const coverage = report.integrity.known && !report.integrity.intact || report.state === 'off' ? 'bad' : report.state === 'degraded' ? 'warn' : undefined;
  return [
    {id: 'findings', label: 'Findings', count: report.findings.length, tone: worst, panel: findingsPanel},
    {id: 'endpoints', label: 'Endpoints', count: report.endpoints.length,
      tone: tones[['blocked', 'would-block'].find(verdict => total[verdict])], panel: endpointsPanel},
    {id: 'processes', label: 'Processes', count: report.processes.length, panel: processesPanel},
    {id: 'files', label: 'Files', count: report.files.length, tone: total.tracked ? 'bad' : undefined, panel: filesPanel},
    {id: 'timeline', label: 'Timeline', panel: timelinePanel},
    {id: 'policy', label: 'Policy', panel: policyPanel},
    {id: 'coverage', label: 'Coverage', tone: coverage, panel: coveragePanel},
    {id: 'compare', label: 'Compare', panel: comparePanel},
  ];
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
