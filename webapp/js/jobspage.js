// All jobs for administrators: what waits, what is not supervised, which agents lack protections.

import {code, el, raw} from './dom.js';
import {mountAnnouncer} from './announce.js';
import {badge, BASELINE_STATE, STATE, VERDICT} from './labels.js';
import {facet, iso} from './endpoints.js';
import {icon} from './icons.js';
import {none} from './jobtables.js';
import {number, plural, timestamp} from './format.js';
import {createFilter} from './query.js';
import {dataTable} from './table.js';
import {tabs} from './tabs.js';
import {ViewState} from './state.js';
import {visible} from './text.js';

const TABS = ['jobs', 'agents'];
const SUPERVISION = {
  supervised: {label: 'supervised', tone: 'ok', icon: 'shieldCheck'},
  'not-supervised': {label: 'not supervised', tone: 'bad', icon: 'shieldOff'},
  never: {label: 'never', tone: 'mute', icon: 'minus', meaning: 'No build of this job ever entered a hardenRunner block.'},
};
const VERDICTS = ['violated', 'not-supervised', 'deviates', 'ok', ''];

/** Shows the view in `root`. */
export function mountJobsPage(root, model) {
  const state = new ViewState(TABS);
  const view = {state, memory: {}};
  const body = el('div', {class: 'hr-report hr-jobs'});
  const panels = {};
  root.replaceChildren(body);
  mountAnnouncer(root);
  const bar = tabs([
    {id: 'jobs', label: 'Jobs', count: model.jobs.length, panel: jobsPanel},
    {id: 'agents', label: 'Agents without full protection', count: model.agents.length, tone: model.agents.length ? 'warn' : undefined, panel: agentsPanel},
  ].map(section => ({...section, build: () => (panels[section.id] = section.panel(model, view)).element})), id => {
    if (state.tab !== id) state.open(id);
    bar.open(id);
  });
  const show = (tab, params) => {
    for (const name of ['q', 'waiting', 'supervision', 'verdict', 'baseline', 'state']) state.set('jobs', name, params[name] ?? '');
    if (state.tab !== tab) state.open(tab);
    bar.open(tab);
    panels[tab]?.update?.();
  };
  body.append(tiles(model, show), bar.element);
  bar.open(state.tab ??= TABS[0]);
  performance.mark('hr-shown');
  addEventListener('hashchange', () => {
    if (!state.read()) return;
    bar.open(state.tab);
    panels[state.tab]?.update?.();
  });
  addEventListener('beforeprint', () => {
    bar.buildAll();
    for (const panel of Object.values(panels)) panel.printAll?.();
  });
  addEventListener('afterprint', () => {
    for (const panel of Object.values(panels)) panel.afterPrint?.();
  });
}

// What an administrator comes for, worst first; each is a way into the table.
function tiles({jobs, agents, generated}, show) {
  const count = test => jobs.reduce((sum, job) => sum + (test(job) ? 1 : 0), 0);
  const tile = (value, label, tone, name, open) => el('button', {type: 'button', class: `hr-tile hr-${value ? tone : 'mute'}`, on: {click: open}},
    el('span', {class: 'hr-tile__value'}, icon(name), number(value)), el('span', {class: 'hr-tile__label'}, label));
  const filtered = params => () => show('jobs', params);
  const creating = count(job => job.baseline === 'creating');
  return el('div', {class: 'hr-tiles', role: 'group', 'aria-label': 'Overview'},
    tile(count(job => job.verdict === 'violated'), 'violated their policy', 'bad', 'shieldAlert', filtered({verdict: 'violated'})),
    tile(count(job => job.deviations > 0), 'wait for a review', 'warn', 'spark', filtered({waiting: 'yes'})),
    tile(count(job => job.supervision === 'not-supervised'), 'ran without supervision', 'bad', 'shieldOff', filtered({supervision: 'not-supervised'})),
    tile(agents.length, 'agents lack protections', 'warn', 'alert', () => show('agents', {})),
    tile(creating, 'learn their baseline', 'note', 'clock', filtered({baseline: 'creating'})),
    tile(count(job => job.supervision === 'supervised'), `of ${plural(jobs.length, 'job')} supervised`, 'ok', 'shieldCheck', filtered({supervision: 'supervised'})),
    generated !== null && el('p', {class: 'hr-muted hr-tiles__time'}, `As of ${timestamp(generated).slice(0, 16)} UTC`));
}

function jobsPanel({jobs: rows}, view) {
  if (!rows.length) return none('There is no job');
  const order = ['violated', 'not-supervised', 'deviates', 'ok'];
  return dataTable({
    tab: 'jobs', rows, caption: 'Jobs', noun: ['job', 'jobs'], initialSort: 'verdict', hint: 'Search jobs',
    filter: createFilter({rows, textOf: row => [row.name, row.fullName, row.verdict, row.supervision, row.baseline, row.state].join('\n'), fieldsOf: {verdict: row => row.verdict, name: row => row.name}}),
    keyOf: row => row.fullName, nameOf: row => visible(row.name),
    facets: [facet('waiting', 'Waiting', rows, row => row.deviations ? 'yes' : '', ['yes'], {yes: {label: 'to review', tone: 'warn', icon: 'spark', keep: true}}),
      facet('supervision', 'Supervision', rows, row => row.supervision, Object.keys(SUPERVISION), SUPERVISION),
      facet('verdict', 'Verdict', rows, row => row.verdict, ['violated', 'deviates'], Object.fromEntries(order.map(key => [key, {...VERDICT[key], label: VERDICT[key].title}]))),
      facet('baseline', 'Baseline', rows, row => row.supervision === 'never' ? '' : row.baseline, ['creating', 'unstable', 'stable'], BASELINE_STATE)],
    columns: [
      {key: 'job', label: 'Job', value: row => row.name, cell: row => [row.url && row.supervision !== 'never' ? el('a', {class: 'hr-strong', href: new URL('harden-runner/', row.url).href}, raw(row.name)) : raw(row.name),
        row.changeRequest && el('span', {class: 'hr-muted'}, ' change request')]},
      {key: 'verdict', label: 'Last verdict', value: row => VERDICTS.indexOf(row.verdict) * 4 + (row.deviations ? 0 : 1), cell: row => row.verdict ? badge({...VERDICT[row.verdict], label: VERDICT[row.verdict].title}) : badge(SUPERVISION.never, SUPERVISION.never.meaning)},
      {key: 'waiting', label: 'To review', class: 'hr-number', value: row => row.deviations || null, cell: row => row.deviations ? el('strong', {}, number(row.deviations)) : el('span', {class: 'hr-muted'}, '–')},
      {key: 'baseline', label: 'Baseline', value: row => row.supervision === 'never' ? '' : row.baseline, cell: row => row.supervision === 'never' ? el('span', {class: 'hr-muted'}, '–') : badge(BASELINE_STATE[row.baseline], BASELINE_STATE[row.baseline].meaning)},
      {key: 'state', label: 'State', value: row => row.state, cell: row => row.state ? badge(STATE[row.state], STATE[row.state].meaning) : el('span', {class: 'hr-muted'}, '–')},
      {key: 'endpoints', label: 'Endpoints', class: 'hr-number', value: row => row.last?.endpoints ?? null, cell: row => row.last ? number(row.last.endpoints) : '–'},
      {key: 'blocked', label: 'Blocked', class: 'hr-number', value: row => row.last?.blocked ?? null, cell: row => row.last ? number(row.last.blocked) : '–'},
      {key: 'when', label: 'Last build', class: 'hr-number', value: row => row.last?.time ?? null, cell: row => row.last ? el('time', {title: timestamp(row.last.time)}, `#${row.last.n} · ${timestamp(row.last.time).slice(5, 16)}`) : '–'},
    ],
    csv: [['job', row => row.fullName], ['supervision', row => row.supervision], ['verdict', row => row.verdict], ['to review', row => row.deviations], ['baseline', row => row.baseline], ['state', row => row.state],
      ['build', row => row.last?.n], ['time', row => iso(row.last?.time ?? null)], ['endpoints', row => row.last?.endpoints], ['new', row => row.last?.new], ['blocked', row => row.last?.blocked], ['files', row => row.last?.files]],
    detail: row => row.last ? el('p', {}, `Build #${row.last.n}: ${plural(row.last.launches, 'supervised launch', 'supervised launches')}, ${plural(row.last.endpoints, 'endpoint')}, ${number(row.last.new)} new, ${number(row.last.blocked)} blocked, ${plural(row.last.files, 'changed file')}, ${plural(row.last.findings, 'finding')}. `,
      row.url && el('a', {href: new URL(`${row.last.n}/harden-runner/`, row.url).href}, 'Open the report')) : el('p', {class: 'hr-muted'}, 'No build of this job ever entered a hardenRunner block.'),
  }, view);
}

function agentsPanel({agents: rows}, view) {
  if (!rows.length) return none('All agents give full protection');
  return dataTable({
    tab: 'agents', rows, caption: 'Agents without full protection', noun: ['agent', 'agents'], initialSort: 'state', hint: 'Search',
    filter: createFilter({rows, textOf: row => [row.name, row.state, row.job, ...row.missing.flatMap(gap => [gap.protection, gap.reason])].join('\n')}), keyOf: row => row.name, nameOf: row => visible(row.name),
    columns: [
      {key: 'agent', label: 'Agent', value: row => row.name, cell: row => code(row.name, {class: 'hr-strong'})},
      {key: 'state', label: 'State', value: row => ['off', 'degraded', 'enforced'].indexOf(row.state), cell: row => badge(STATE[row.state], STATE[row.state].meaning)},
      {key: 'missing', label: 'Missing', value: row => row.missing[0]?.protection ?? '', cell: row => row.missing.length ? row.missing.map(gap => el('div', {}, el('strong', {}, raw(gap.protection)), gap.reason && [': ', raw(gap.reason)])) : 'not named'},
      {key: 'jobs-count', label: 'Jobs', class: 'hr-number', value: row => row.jobs, cell: row => number(row.jobs)},
      {key: 'seen', label: 'Last seen in', value: row => row.time, cell: row => el('span', {class: 'hr-two'}, raw(row.job ? `${row.job} #${row.n}` : 'its own answer'), el('span', {class: 'hr-two__more hr-muted'}, timestamp(row.time).slice(0, 16)))},
    ],
    csv: [['agent', row => row.name], ['state', row => row.state], ['missing', row => row.missing.map(gap => `${gap.protection}: ${gap.reason}`).join('; ')], ['jobs', row => row.jobs], ['job', row => row.job], ['build', row => row.n], ['time', row => iso(row.time)]],
    detail: row => el('p', {}, row.jobs ? `Builds of ${plural(row.jobs, 'job')} ran on this agent with these protections missing. ` : 'No build has run a block there yet; the agent was asked when it connected. ', 'In block mode they fail before the first command unless onUnsupported is warn.'),
  }, view);
}
