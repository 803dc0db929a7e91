// When what happened: each launch a bar, by stage, with marks for its events; below, everything in the order of time.

import {code, el, hiddenText, raw} from './dom.js';
import {icon} from './icons.js';
import {VERDICT_ORDER} from './sort.js';
import {chains, processName} from './chain.js';
import {BASELINE_STATUS, EVENT} from './labels.js';
import {endpointLeaf, facet, iso, time, where, who} from './endpoints.js';
import {ticks, timeline} from './events.js';
import {fileLeaf} from './files.js';
import {duration, hostPort, number, offset, packageLabel, plural} from './format.js';
import {percent, svg} from './svg.js';
import {dataTable} from './table.js';
import {commandLine, visible} from './text.js';
import {isWrapper} from './wrapper.js';

const LAUNCHES = 200;
const KINDS = {endpoint: {label: 'endpoints', tone: 'mute', icon: 'network'}, file: {label: 'files', tone: 'mute', icon: 'file'}};

export function timelinePanel(report, view) {
  const events = report.events();
  if (!events.length && !report.launchDetails.length) {
    return {element: el('div', {class: 'hr-empty'}, icon('clock'),
      el('p', {class: 'hr-empty__title'}, report.running ? 'Nothing has happened yet' : 'Nothing with a time is recorded'))};
  }
  view.search.give('timeline', events);
  const frame = el('div', {class: 'hr-section'});
  const spans = timeline(report, events);
  const list = events.length ? eventList(report, events, view) : {element: el('p', {class: 'hr-muted hr-note-line'}, 'No endpoint was contacted and no file change is recorded.')};
  if (spans?.stages.length) frame.append(chart(spans, report, launch => {
    view.state.set('timeline', 'q', launch ? `launch:${launch}` : '');
    list.update?.();
  }));
  frame.append(list.element);
  return {...list, element: frame};
}

function chart({start, end, stages}, report, pick) {
  const length = end - start;
  const axis = el('div', {class: 'hr-time__axis', 'aria-hidden': 'true'}, svg('svg', {class: 'hr-time__ticks', height: 18, width: '100%'},
    ticks(length).map(at => svg('text', {x: percent(at / length), y: 13, 'text-anchor': at === 0 ? 'start' : at > length * 0.85 ? 'end' : 'middle'}, label(at)))));
  let left = LAUNCHES;
  const rows = stages.flatMap(({name, spans}) => {
    const shown = spans.slice(0, left);
    left -= shown.length;
    if (!shown.length) return [];
    return [name && el('li', {class: 'hr-time__stage'}, raw(name)), ...shown.map(span => launchRow(span, length, report, pick))];
  });
  const total = stages.reduce((sum, {spans}) => sum + spans.length, 0);
  return el('figure', {class: 'hr-time', 'aria-label': 'Launches in time'},
    axis, el('ol', {class: 'hr-time__rows'}, rows),
    total > LAUNCHES && el('figcaption', {class: 'hr-muted'}, `${number(total - LAUNCHES)} later launches are not drawn; their events are in the list.`));
}

function launchRow({launch, from, to, events, marks}, length, report, pick) {
  const bad = marks.filter(({tone}) => tone !== 'mute');
  const grid = ticks(length).map(at => svg('line', {class: 'hr-time__grid', x1: percent(at / length), x2: percent(at / length), y1: 0, y2: 28}));
  const took = duration((to - from) * length);
  const name = launch.step || `launch ${launch.id}`;
  const button = el('button', {type: 'button', class: 'hr-time__launch hr-link', title: visible(`Only the events of this launch${launch.node && ` on ${launch.node}`}`), on: {click: () => pick(launch.id)}},
    code(name), !isWrapper(launch.command) && launch.command.length > 0 && el('span', {class: 'hr-muted'}, ' ', code(commandLine(launch.command.slice(launch.step.startsWith(`${launch.command[0]} (`) ? 1 : 0)).slice(0, 60))),
    hiddenText(`, ${took}, ${plural(events, 'event')}${bad.length ? `, ${plural(bad.length, 'moment')} to look at` : ''}`));
  return el('li', {class: 'hr-time__row'}, button,
    svg('svg', {class: 'hr-time__track', height: 28, width: '100%', 'aria-hidden': 'true'}, grid,
      svg('rect', {class: 'hr-time__bar', x: percent(from), width: percent(Math.max(0.002, to - from)), y: 9, height: 10, rx: 3}, svg('title', {}, `${took}, from ${offset(launch.started, report.started)}`)),
      marks.map(({at, count, tone, first}) => svg('circle', {class: `hr-time__mark hr-${tone}`, cx: percent(at), cy: 14, r: tone === 'mute' ? 3 : 5},
        svg('title', {}, visible(count === 1 ? what(first, report) : `${plural(count, 'event')}, among them ${what(first, report)}`))))));
}

const what = ({kind, row}, report) => `${offset(row.firstSeen, report.started)} ${kind === 'endpoint' ? hostPort(row) : row.path}`;

function label(ms) {
  if (ms === 0) return '0';
  return ms < 1000 ? `${ms} ms` : ms < 60000 ? `${ms / 1000} s` : duration(ms);
}

function eventList(report, events, view) {
  return dataTable({
    tab: 'timeline', rows: events, filter: view.search.section('timeline'), caption: 'Timeline', noun: ['event', 'events'], initialSort: 'time',
    hint: 'Search everything, or step:…, launch:…',
    keyOf: ({kind, row}) => [kind, row.path ?? hostPort(row), row.address, row.operation, row.firstSeen].join(' '),
    nameOf: ({kind, row}) => visible(kind === 'endpoint' ? hostPort(row) : row.path),
    facets: [facet('kind', 'Kind', events, event => event.kind, ['endpoint', 'file'], KINDS),
      facet('verdict', 'Verdict', events, event => event.verdict, VERDICT_ORDER, EVENT),
      facet('weight', 'Show', events, event => event.weight > 1 ? 'conspicuous' : '', ['conspicuous'], {conspicuous: {label: 'conspicuous', tone: 'warn', icon: 'alert', keep: true}})],
    columns: [
      {key: 'time', label: 'Time', value: event => event.firstSeen, cell: event => time(event.firstSeen, report)},
      {key: 'what', label: 'What', value: event => event.kind === 'endpoint' ? event.row.name || event.row.address : event.row.path,
        cell: event => event.kind === 'endpoint' ? endpointLeaf(event.row) : fileLeaf(event.row, report.cwd)},
      {key: 'process', label: 'Process', value: event => processName(event.lineages[0]), cell: who},
      {key: 'step', label: 'Step', value: event => where(event.lineages[0]), cell: event => raw(where(event.lineages[0]) || '–')},
    ],
    csv: [['time', event => iso(event.firstSeen)], ['kind', event => event.kind], ['what', ({kind, row}) => kind === 'endpoint' ? hostPort(row) : row.path],
      ['operation', event => event.row.operation], ['verdict', event => event.verdict], ['baseline', event => BASELINE_STATUS[event.row.baseline]?.label],
      ['process', event => processName(event.lineages[0])], ['package', event => packageLabel(event.lineages[0])],
      ['script', event => event.lineages[0]?.script], ['step', event => where(event.lineages[0])]],
    detail: event => chains(event.lineages, () => event.kind === 'endpoint' ? endpointLeaf(event.row, true) : fileLeaf(event.row, report.cwd)),
  }, view);
}
