// What was supervised and what was not, and whether the record can be relied on.

import {code, el, raw} from './dom.js';
import {badge, COVERED, STATE} from './labels.js';
import {icon} from './icons.js';
import {commandNode} from './chain.js';
import {listeners} from './listeners.js';
import {peers} from './peers.js';
import {verificationSection} from './verification.js';
import {duration, number, plural, timestamp} from './format.js';

export function coveragePanel(report, view = {}) {
  return {element: el('div', {},
    el('div', {class: 'hr-columns'}, covered(report), integrity(report)),
    verificationSection(report, view.source),
    launches(report),
    listeners(report),
    peers(report),
    data(view.source?.reportUrl),
    report.tool.version && el('p', {class: 'hr-muted hr-note-line'}, 'Written by ', raw(report.tool.name), ' ', raw(report.tool.version),
      `, report schema ${Number.isInteger(report.schema) ? report.schema : 'unknown'}.`))};
}

// In Jenkins the same data has addresses of its own (docs/api.md), beside the report's.
function data(reportUrl) {
  const [, block] = /^report(\?.*)?$/.exec(reportUrl ?? '') ?? [];
  if (block === undefined) return null;
  return el('p', {class: 'hr-note-line'}, 'Data of this block: ', ['report', 'endpoints.csv', 'files.csv'].map((name, i) =>
    [i > 0 && ' · ', el('a', {href: `${name}${block}`, download: name === 'report' ? 'report.json' : name}, name === 'report' ? 'report.json' : name)]));
}

function covered({coverage}) {
  return el('section', {class: 'hr-section hr-column'}, el('h3', {}, 'Coverage'),
    coverage.length ? el('ul', {class: 'hr-coverage'}, coverage.map(item => el('li', {},
      badge(COVERED[item.covered]),
      el('div', {}, el('strong', {}, raw(item.subject)), item.note && el('div', {class: 'hr-muted'}, raw(item.note))))))
      : el('p', {class: 'hr-muted'}, 'The report does not say what was covered; rely on nothing that is not listed.'));
}

function integrity(report) {
  const {known, intact, problems, chainHeads} = report.integrity;
  const tone = !known ? 'warn' : intact ? 'ok' : 'bad';
  const statement = !known ? 'The report does not say whether the event chain was verified.'
    : intact ? 'The event chain of every launch is complete and unaltered.'
      : 'The evidence is not intact: events are missing or were altered.';
  return el('section', {class: 'hr-section hr-column'}, el('h3', {}, 'Integrity'),
    el('p', {class: `hr-callout hr-${tone}`}, icon(tone === 'ok' ? 'shieldCheck' : 'shieldAlert'), ' ', statement),
    problems.length > 0 && el('ul', {class: 'hr-problems'}, problems.slice(0, 200).map(problem => el('li', {},
      el('strong', {}, raw(problem.kind)), ' in launch ', code(problem.launch), problem.line && `, line ${problem.line}`,
      problem.detail && [': ', raw(problem.detail)]))),
    el('ul', {class: 'hr-problems'},
      report.dropped > 0 && el('li', {}, `${plural(report.dropped, 'event was', 'events were')} counted but not recorded.`),
      report.truncated && el('li', {}, 'The record reached its limit and was truncated; refused operations were still recorded.'),
      report.redactions !== null && el('li', {}, `${plural(report.redactions, 'secret value was', 'secret values were')} masked.`)),
    chainHeads.length > 0 && el('dl', {class: 'hr-pairs'}, chainHeads.map(head => [
      el('dt', {}, 'Launch ', raw(head.launch), `, ${plural(head.events, 'event')}`), el('dd', {}, code(head.hash))])));
}

function launches({launchDetails}) {
  if (!launchDetails.length) return null;
  const columns = ['Launch', 'Command', 'Step', 'Node', 'State', 'Started', 'Duration', 'Exit', 'Events'];
  const row = launch => {
    const cells = [code(launch.id), [commandNode(launch.command, '', 200), el('div', {class: 'hr-muted'}, code(launch.cwd))],
      [launch.stage && [raw(launch.stage), ' › '], raw(launch.step || '–')],
      [raw(launch.node || '–'), el('div', {class: 'hr-muted'}, raw([launch.kernel, launch.arch, launch.uid && `uid ${launch.uid}`].filter(Boolean).join(' · ')))],
      badge(STATE[launch.state]), timestamp(launch.started),
      launch.started !== null && launch.ended !== null ? duration(launch.ended - launch.started) : 'not ended',
      launch.exitCode === null ? '–' : String(launch.exitCode),
      [number(launch.events), launch.dropped > 0 && el('div', {class: 'hr-muted'}, `${number(launch.dropped)} dropped`)]];
    return el('tr', {}, cells.map((cell, i) => el('td', {data: {label: columns[i]}}, cell)));
  };
  return el('section', {class: 'hr-section'}, el('h3', {}, 'Launches'),
    el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain hr-table--launches'},
      el('colgroup', {}, columns.map(name => el('col', {class: `hr-col--launch-${name.toLowerCase()}`}))),
      el('thead', {}, el('tr', {}, columns.map(name => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, launchDetails.slice(0, 500).map(row))),
    launchDetails.length > 500 && el('p', {class: 'hr-muted'}, `${number(launchDetails.length - 500)} more launches are in the report's data.`));
}
