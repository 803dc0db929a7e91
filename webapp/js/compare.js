// This build beside any earlier one: what only one of them did. In Jenkins the builds come from the job's trend; a
// stand-alone report takes a report.json of the reader's.

import {code, el, raw} from './dom.js';
import {badge, EVENT, VERDICT} from './labels.js';
import {chains} from './chain.js';
import {difference} from './difference.js';
import {facet} from './endpoints.js';
import {fetched, local} from './source.js';
import {icon} from './icons.js';
import {normalise, ReportError} from './model.js';
import {number, timestamp} from './format.js';
import {createFilter} from './query.js';
import {list, object, text, whole} from './types.js';
import {visible} from './text.js';
import {dataTable} from './table.js';

const TAB = 'compare';
const KINDS = {endpoint: {label: 'endpoints', tone: 'mute', icon: 'network'}, package: {label: 'package scripts', tone: 'mute', icon: 'package'}, file: {label: 'changed files', tone: 'mute', icon: 'file'}};
const CHANGES = {
  'only here': {label: 'only in this build', tone: 'warn', icon: 'spark'}, verdict: {label: 'other verdict', tone: 'note', icon: 'alert'},
  'only there': {label: 'only in the other', tone: 'note', icon: 'gone'}, same: {label: 'in both', tone: 'mute', icon: 'check'},
};
const ORDER = Object.keys(CHANGES);

export function comparePanel(report, view) {
  const {jobUrl, build} = view.source;
  const result = el('div', {class: 'hr-section'});
  const problem = el('p', {class: 'hr-callout hr-bad', role: 'alert', hidden: true});
  const panel = {element: el('div', {}, problem, result)};

  async function show(name, load) {
    problem.hidden = true;
    result.replaceChildren(el('p', {class: 'hr-muted', role: 'status'}, 'Loading the other report…'));
    try {
      const table = sideBySide(report, normalise(await load()), name, view);
      result.replaceChildren(table.element);
      Object.assign(panel, {update: table.update, printAll: table.printAll, afterPrint: table.afterPrint});
    } catch (error) {
      result.replaceChildren();
      fail(error);
    }
  }

  function fail(error) {
    if (!(error instanceof ReportError)) console.error(error);
    problem.replaceChildren(raw(error instanceof ReportError ? error.message : `The comparison failed: ${error.message}`));
    problem.hidden = false;
  }

  if (jobUrl) chooseBuild(jobUrl, Number(build), report, view, show, fail).then(node => node && panel.element.prepend(node));
  else panel.element.prepend(chooseFile(show));
  return panel;
}

async function chooseBuild(jobUrl, current, report, view, show, fail) {
  let points;
  try {
    const {json} = await fetched(new URL('data', new URL(jobUrl, document.baseURI)));
    points = builds(json, current, report.baseline?.block);
  } catch (error) {
    fail(error);
    return null;
  }
  if (!points.length) return el('div', {class: 'hr-empty hr-empty--small'}, icon('clock'), el('p', {class: 'hr-empty__title'}, 'There is no other build to compare with'));
  const select = el('select', {class: 'jenkins-select__input hr-select', 'aria-label': 'Build to compare with', data: {key: 'compare-build'}},
    points.map(point => el('option', {value: String(point.n)}, `#${point.n} · ${VERDICT[point.verdict]?.title ?? point.verdict} · ${timestamp(point.time).slice(0, 16)}`)));
  const load = () => {
    const point = points.find(({n}) => String(n) === select.value) ?? points[0];
    view.state.set(TAB, 'build', select.value);
    return show(`#${point.n}`, async () => (await fetched(new URL(`../${point.n}/harden-runner/report?block=${encodeURIComponent(point.block)}`, new URL(jobUrl, document.baseURI)))).json);
  };
  // The last build in which all was as usual says most about what is different now.
  const usual = points.find(({verdict}) => verdict === 'ok') ?? points[0];
  select.value = points.some(({n}) => String(n) === view.state.get(TAB, 'build')) ? view.state.get(TAB, 'build') : String(usual.n);
  select.addEventListener('change', load);
  load();
  return el('div', {class: 'hr-toolbar'}, el('label', {class: 'hr-compare__label'}, 'Compare with build ', select));
}

/** Earlier builds of the job page's trend that have a report, latest first: `{n, time, verdict, block}`. */
export function builds(json, current, blockName) {
  return list(object(json).trend).map(object).filter(point => whole(point.n) !== null && point.n !== current && list(point.blocks).length).map(point => {
    const blocks = point.blocks.map(object);
    return {n: point.n, time: Date.parse(text(point.t)), verdict: text(point.verdict), block: text((blocks.find(({name}) => name === blockName) ?? blocks[0]).id)};
  }).filter(({block}) => block).map(point => ({...point, time: Number.isFinite(point.time) ? point.time : null})).reverse();
}

function chooseFile(show) {
  const input = el('input', {type: 'file', accept: '.json,application/json', class: 'hr-file', data: {key: 'compare-file'}});
  input.addEventListener('change', () => input.files[0] && show(input.files[0].name, () => local(input.files[0])));
  return el('div', {class: 'hr-empty hr-empty--small'}, el('p', {class: 'hr-empty__title'}, 'Compare with another report'),
    el('label', {}, 'report.json of another run ', input), el('p', {class: 'hr-muted'}, 'It is read by this page only and sent nowhere.'));
}

function sideBySide(report, other, name, view) {
  const rows = difference(report, other);
  const side = entry => entry === null ? el('span', {class: 'hr-muted'}, 'no')
    : el('span', {class: 'hr-side'}, entry.verdict ? badge(EVENT[entry.verdict]) : icon('check'), entry.count !== null && el('span', {class: 'hr-muted'}, ` × ${number(entry.count)}`));
  const filter = createFilter({rows, textOf: row => [row.name, row.kind, row.change, row.here?.verdict, row.there?.verdict].join('\n'),
    lineagesOf: row => [...row.here?.lineages ?? [], ...row.there?.lineages ?? []], fieldsOf: {kind: row => row.kind, name: row => row.name}});
  if (!rows.length) return {element: el('div', {class: 'hr-empty hr-empty--small'}, el('p', {class: 'hr-empty__title'}, 'Neither build contacted an endpoint or changed a tracked file'))};
  return dataTable({
    tab: TAB, rows, filter, caption: `This build and ${visible(name)}`, noun: ['difference or match', 'differences and matches'], initialSort: 'change', hint: 'Search everything',
    keyOf: row => `${row.kind} ${row.name}`, nameOf: row => visible(row.name),
    facets: [facet('change', 'Difference', rows, row => row.change, ORDER, CHANGES), facet('kind', 'Kind', rows, row => row.kind, Object.keys(KINDS), KINDS)],
    columns: [
      {key: 'name', label: 'What', value: row => row.name, cell: row => el('span', {class: 'hr-event hr-mute'}, icon(KINDS[row.kind].icon), code(row.name, {class: 'hr-strong'}))},
      {key: 'here', label: 'This build', value: row => row.here?.count ?? null, cell: row => side(row.here)},
      {key: 'there', label: visible(name), value: row => row.there?.count ?? null, cell: row => side(row.there)},
      {key: 'change', label: 'Difference', value: row => ORDER.indexOf(row.change), cell: row => badge(CHANGES[row.change])},
    ],
    csv: [['kind', row => row.kind], ['what', row => row.name], ['this build', row => row.here?.verdict ?? ''], [visible(name), row => row.there?.verdict ?? ''], ['difference', row => row.change]],
    detail: row => el('div', {class: 'hr-columns'}, [['This build', row.here], [visible(name), row.there]].map(([title, entry]) =>
      el('section', {class: 'hr-column'}, el('h3', {}, title), entry ? chains(entry.lineages) : el('p', {class: 'hr-muted'}, 'It did not do this.')))),
  }, view);
}
