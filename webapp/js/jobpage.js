// The job page: what waits, how it went, what is known, who decided.

import {code, el, raw} from './dom.js';
import {announce, mountAnnouncer} from './announce.js';
import {badge, BASELINE_STATE} from './labels.js';
import {barChart, verdictStrip} from './chart.js';
import {baselinePanel, buildsPanel, changelogPanel, unwantedPanel} from './jobtables.js';
import {icon} from './icons.js';
import {managePanel} from './managepanel.js';
import {number, plural} from './format.js';
import {post} from './review.js';
import {recommendPanel} from './recommendpanel.js';
import {reviewPanel} from './reviewpanel.js';
import {tabs} from './tabs.js';
import {ViewState} from './state.js';

const TABS = ['review', 'baseline', 'unwanted', 'changelog', 'builds', 'recommend', 'manage'];
const RANGES = [30, 100, 0];
const CHARTS = [
  {label: 'Endpoints', noun: ['endpoint', 'endpoints'], tone: 'note', value: point => point.endpoints},
  {label: 'New', noun: ['new endpoint or file', 'new endpoints and files'], tone: 'warn', value: point => point.new},
  {label: 'Blocked', noun: ['blocked endpoint', 'blocked endpoints'], tone: 'bad', value: point => point.blocked},
  {label: 'Files', noun: ['changed file', 'changed files'], tone: 'mute', value: point => point.files},
];

/** Mounts the page in `root`; `show(job)` renders or renders again, `reload()` is called after a decision. */
export function mountJobPage(root, base, reload) {
  const state = new ViewState(TABS);
  const memory = {};
  const body = el('div', {class: 'hr-report hr-job'});
  const notice = el('div', {class: 'hr-message', hidden: true});
  let bar = null;
  let panels = {};
  root.replaceChildren(body);
  mountAnnouncer(root);

  const view = {
    state, memory, base,
    build: n => new URL(`../${n}/harden-runner/`, base).href,
    async send(action, params) {
      await decided((await post(new URL(action, base), params)).message);
    },
    // The answer to one request for each block; what was decided before a refusal stays decided.
    async sendEach(action, targets, values) {
      let message = '';
      for (const block of new Set(targets.map(item => item.block))) {
        ({message} = await post(new URL(action, base), {block, id: targets.filter(item => item.block === block).map(item => item.id), ...values}));
      }
      await decided(message);
    },
  };

  async function decided(message) {
    await reload();
    notice.replaceChildren(el('p', {class: 'hr-callout hr-ok'}, icon('check'), ' ', raw(message)));
    notice.hidden = false;
    announce(message);
  }

  function show(job) {
    view.may = job.mayReview && !job.baselineOf;
    panels = {};
    bar = tabs([
      {id: 'review', label: 'To review', count: job.deviations.length, tone: job.deviations.length ? 'warn' : undefined, panel: reviewPanel},
      {id: 'baseline', label: 'Baseline', count: job.entries.length, panel: baselinePanel},
      {id: 'unwanted', label: 'Block list', count: job.unwanted.length, panel: unwantedPanel},
      {id: 'changelog', label: 'Changelog', count: job.changelog.length, panel: changelogPanel},
      {id: 'builds', label: 'Builds', count: job.trend.length, panel: buildsPanel},
      {id: 'recommend', label: 'Recommended policy', panel: recommendPanel},
      {id: 'manage', label: 'Manage', panel: managePanel},
    ].map(section => ({...section, build: () => (panels[section.id] = section.panel(job, view)).element})), open);
    body.replaceChildren(notice, header(job), ...job.trend.length ? [trend(job, view)] : [], bar.element);
    bar.open(state.tab ??= TABS[0]);
    performance.mark('hr-shown');
  }

  function open(id) {
    notice.hidden = true;
    if (state.tab !== id) state.open(id);
    bar.open(id);
    panels[id]?.update?.();
  }

  addEventListener('hashchange', () => {
    if (!state.read() || !bar) return;
    bar.open(state.tab);
    panels[state.tab]?.update?.();
  });
  addEventListener('beforeprint', () => {
    bar?.buildAll();
    for (const panel of Object.values(panels)) panel.printAll?.();
  });
  addEventListener('afterprint', () => {
    for (const panel of Object.values(panels)) panel.afterPrint?.();
  });
  return {show, fail(node) {
    if (bar) {
      notice.replaceChildren(node);
      notice.hidden = false;
    } else body.replaceChildren(node);
  }};
}

function header(job) {
  const states = job.blocks.map(block => el('li', {class: 'hr-state'}, badge(BASELINE_STATE[block.state], BASELINE_STATE[block.state].meaning),
    job.blocks.length > 1 && code(block.name, {class: 'hr-strong'}), el('span', {class: 'hr-muted'}, stateText(block, job))));
  return el('section', {class: 'hr-job__head', 'aria-label': 'State'},
    job.baselineOf && el('p', {class: 'hr-callout hr-note'}, 'This is a change request. It is compared with the baseline of ',
      job.baselineOf.url ? el('a', {href: new URL('harden-runner/', job.baselineOf.url).href}, raw(job.baselineOf.name)) : raw(job.baselineOf.name),
      job.baselineOf.exists ? ' and never changes it; decide there.' : ', which does not have one yet.'),
    states.length ? el('ul', {class: 'hr-states', 'aria-label': 'Baseline by block'}, states)
      : el('p', {}, badge(BASELINE_STATE.none), ' No build has been compared yet.'));
}

function stateText({state, builds, seen}, {required, unstableBuilds}) {
  if (state === 'creating') return `${number(builds)} of ${plural(required, 'build')} have taught it; until then nothing but refused and alarming behaviour is a deviation.`;
  const compared = `${plural(seen, 'build')} compared.`;
  if (state === 'unstable') return `A person changed it within the last ${plural(unstableBuilds, 'build')}. ${compared}`;
  return state === 'stable' ? `Nothing is added without a person. ${compared}` : compared;
}

function trend(job, view) {
  const charts = el('div', {class: 'hr-trend__charts'});
  const strip = el('div', {class: 'hr-trend__strip'});
  const buttons = RANGES.filter(range => range < job.trend.length).map(range => el('button', {type: 'button', class: 'hr-switch', 'aria-pressed': 'false', data: {range}, on: {click: () => draw(range)}},
    range ? `Last ${range}` : `All ${number(job.trend.length)}`));
  function draw(range) {
    const points = range ? job.trend.slice(-range) : job.trend;
    const href = point => view.build(point.n);
    strip.replaceChildren(verdictStrip(points, href));
    charts.replaceChildren(...CHARTS.map(chart => barChart(points, {...chart, href})));
    for (const button of buttons) button.setAttribute('aria-pressed', String(Number(button.dataset.range) === range));
  }
  draw(job.trend.length > RANGES[0] ? RANGES[0] : 0);
  return el('section', {class: 'hr-trend', 'aria-label': 'Trend over builds'},
    el('div', {class: 'hr-trend__head'}, el('h2', {}, 'Trend'), buttons.length > 1 && el('div', {class: 'hr-switches', role: 'group', 'aria-label': 'Range'}, buttons)),
    strip, charts, el('p', {class: 'hr-sr'}, 'The numbers of each build are in the table under Builds.'));
}
