// report.json (docs/report.md) → the page's model: every field present with its type, references resolved.
// The report may come from another version of the tool, be half written, or be forged: a wrong type becomes the
// field's empty value, an unknown reference disappears, and nothing here throws on any JSON value.

import {instant} from './format.js';

const text = value => typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const list = value => Array.isArray(value) ? value : [];
const object = value => value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
const count = value => Number.isFinite(value) && value >= 0 ? value : 0;
const objects = (value, map) => list(value).map(item => map(object(item)));
const texts = value => list(value).map(text);
const oneOf = (value, allowed, fallback) => allowed.includes(value) ? value : fallback;

const VERDICTS = ['allowed', 'would-block', 'blocked'];

/** Raised when the data is not a report at all; the message is for people. */
export class ReportError extends Error {}

export function normalise(json) {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) {
    throw new ReportError('The report is not a JSON object. Rebuild it with “harden-runner report”.');
  }
  const lineages = new Map(objects(json.lineages, lineage).map(item => [item.id, item]));
  const resolve = ids => {
    const found = [];
    for (const id of list(ids)) {
      const item = lineages.get(text(id));
      if (item) found.push(item);
    }
    return found;
  };
  const report = {
    schema: json.schema,
    tool: {name: text(object(json.tool).name) || 'harden-runner', version: text(object(json.tool).version)},
    // A missing state must never read as protection.
    state: oneOf(json.state, ['enforced', 'degraded'], 'off'),
    degraded: objects(json.degraded, item => ({protection: text(item.protection), reason: text(item.reason)})),
    verdict: oneOf(json.verdict, ['ok', 'deviates', 'violated'], 'not-supervised'),
    command: texts(json.command),
    cwd: text(json.cwd),
    started: instant(json.started),
    ended: instant(json.ended),
    exitCode: Number.isInteger(json.exitCode) ? json.exitCode : null,
    launches: count(json.launches),
    launchDetails: objects(json.launchDetails, launch),
    lineages,
    endpoints: objects(json.endpoints, item => endpoint(item, resolve)),
    processes: objects(json.processes, process),
    files: objects(json.files, item => file(item, resolve)),
    fileSummary: counts(json.fileSummary, ['written', 'created', 'removed', 'renamed', 'listed', 'omitted']),
    findings: objects(json.findings, item => finding(item, resolve)),
    policy: policy(object(json.policy)),
    recommendation: recommendation(object(json.recommendation)),
    coverage: objects(json.coverage, item => ({
      subject: text(item.subject), covered: oneOf(item.covered, ['yes', 'partly'], 'no'), note: text(item.note),
    })),
    integrity: integrity(json.integrity),
    truncated: json.truncated === true,
    dropped: count(json.dropped),
    redactions: Number.isFinite(json.redactions) ? json.redactions : null,
  };
  report.running = report.ended === null && report.exitCode === null;
  return report;
}

function launch(item) {
  return {
    id: text(item.id), step: text(item.step), stage: text(item.stage), node: text(item.node),
    command: texts(item.command), cwd: text(item.cwd), started: instant(item.started), ended: instant(item.ended),
    exitCode: Number.isInteger(item.exitCode) ? item.exitCode : null,
    state: oneOf(item.state, ['enforced', 'degraded'], 'off'),
    kernel: text(item.kernel), arch: text(item.arch), uid: text(item.uid),
    events: count(item.events), dropped: count(item.dropped),
  };
}

function image(item) {
  return {id: text(item.id), pid: text(item.pid), exe: text(item.exe), argv: texts(item.argv), cwd: text(item.cwd)};
}

function lineage(item) {
  return {
    id: text(item.id), processes: objects(item.processes, image), launch: text(item.launch),
    package: text(item.package), packageVersion: text(item.packageVersion), script: text(item.script),
    step: text(item.step), stage: text(item.stage),
  };
}

function process(item) {
  return {
    id: text(item.id), pid: text(item.pid), exe: text(item.exe), argv: texts(item.argv), cwd: text(item.cwd),
    parent: text(item.parent), launch: text(item.launch),
    // Written by the helper as an object in events; the report has the name.
    package: text(item.package) || text(object(item.package).name),
    packageVersion: text(item.packageVersion) || text(object(item.package).version),
    script: text(item.script) || text(object(item.package).script),
  };
}

// Endpoints and files come by the ten thousand: the fields that they share are set in place, not spread.
function seen(row, item, resolve) {
  row.verdict = oneOf(item.verdict, VERDICTS, 'unknown');
  row.rule = text(item.rule);
  row.count = count(item.count);
  row.firstSeen = instant(item.firstSeen);
  row.lastSeen = instant(item.lastSeen);
  row.lineages = resolve(item.lineages);
  return row;
}

function endpoint(item, resolve) {
  return seen({
    name: text(item.name), address: text(item.address), port: count(item.port), protocol: text(item.protocol),
  }, item, resolve);
}

function file(item, resolve) {
  return seen({
    path: text(item.path), operation: text(item.operation), to: text(item.to), tracked: item.tracked === true,
    before: text(item.before), after: text(item.after), diff: text(item.diff),
  }, item, resolve);
}

function finding(item, resolve) {
  const evidence = object(item.evidence);
  return {
    kind: text(item.kind), severity: oneOf(item.severity, ['critical', 'high', 'medium', 'low'], 'info'),
    message: text(item.message), explanation: text(item.explanation), remedy: text(item.remedy),
    lineages: resolve(evidence.lineages), endpoint: text(evidence.endpoint), path: text(evidence.path),
    rule: text(evidence.rule),
  };
}

function policy(item) {
  return {
    egressPolicy: text(item.egressPolicy), filePolicy: text(item.filePolicy),
    credentialPolicy: text(item.credentialPolicy), loopback: text(item.loopback), metadata: text(item.metadata),
    sha256: text(item.sha256),
    rules: objects(item.rules, rule => ({
      id: text(rule.id), action: text(rule.action), endpoint: text(rule.endpoint), origin: text(rule.origin),
      reason: text(rule.reason),
    })),
    trace: objects(item.trace, entry => ({
      setting: text(entry.setting), value: shown(entry.value), origin: text(entry.origin),
      overruled: objects(entry.overruled, other => ({value: shown(other.value), origin: text(other.origin)})),
    })),
  };
}

// A traced value may be a list (allowedEndpoints) or a boolean.
function shown(value) {
  return Array.isArray(value) ? texts(value).join(', ') : typeof value === 'boolean' ? String(value) : text(value);
}

function recommendation(item) {
  return {
    allowedEndpoints: objects(item.allowedEndpoints, entry => ({
      endpoint: text(entry.endpoint), count: count(entry.count), firstSeen: instant(entry.firstSeen),
      lastSeen: instant(entry.lastSeen), note: text(entry.note),
    })),
    text: text(item.text), jenkinsfile: text(item.jenkinsfile), jcasc: text(item.jcasc),
  };
}

function integrity(value) {
  const item = object(value);
  return {
    known: typeof item.intact === 'boolean', intact: item.intact === true,
    problems: objects(item.problems, problem => ({
      launch: text(problem.launch), kind: text(problem.kind), line: text(problem.line), detail: text(problem.detail),
    })),
    chainHeads: objects(item.chainHeads, head => ({
      launch: text(head.launch), events: count(head.events), hash: text(head.hash),
    })),
  };
}

function counts(value, names) {
  const item = object(value);
  return Object.fromEntries(names.map(name => [name, count(item[name])]));
}
