// report.json (docs/report.md) → the page's model: every field present with its type, references resolved.
// The report may come from another version of the tool, be half written, or be forged: a wrong type becomes the
// field's empty value, an unknown reference disappears, and nothing here throws on any JSON value.

import {comparison, deviation} from './baseline.js';
import {eventsOf} from './events.js';
import {instant} from './format.js';
import {Endpoint, FileOperation, Lineage, Process} from './rows.js';
import {buildTree} from './tree.js';
import {count, list, object, objects, oneOf, text, texts, whole} from './types.js';

/** Raised when the data is not a report at all; the message is for people. */
export class ReportError extends Error {}

export function normalise(json) {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) {
    throw new ReportError('The report is not a JSON object. Rebuild it with “harden-runner report”.');
  }
  const lineages = new Map(list(json.lineages).map(item => new Lineage(item)).map(item => [item.id, item]));
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
    exitCode: whole(json.exitCode),
    launches: count(json.launches),
    launchDetails: objects(json.launchDetails, launch),
    lineages,
    endpoints: list(json.endpoints).map(item => new Endpoint(item, resolve)),
    listeners: list(json.listeners).map(item => new Endpoint(item, resolve)),
    peers: objects(json.peers, item => ({
      address: text(item.address), local: text(item.local), localPort: count(item.localPort), count: count(item.count),
      firstSeen: instant(item.firstSeen), lineages: resolve(item.lineages),
    })),
    processes: list(json.processes).map(item => new Process(item)),
    files: list(json.files).map(item => new FileOperation(item, resolve)),
    fileSummary: counts(json.fileSummary, ['written', 'created', 'removed', 'renamed', 'listed', 'omitted']),
    findings: objects(json.findings, item => finding(item, resolve)),
    baseline: comparison(json.baseline),
    deviations: objects(json.deviations, item => ({
      ...deviation(item), message: text(item.message), explanation: text(item.explanation), lineages: resolve(item.lineages),
    })),
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
  let tree = null;
  report.tree = () => tree ??= buildTree(report);
  let events = null;
  report.events = () => events ??= eventsOf(report);
  report.running = report.ended === null && report.exitCode === null;
  return report;
}

function launch(item) {
  return {
    id: text(item.id), step: text(item.step), stage: text(item.stage), node: text(item.node),
    command: texts(item.command), cwd: text(item.cwd), started: instant(item.started), ended: instant(item.ended),
    exitCode: whole(item.exitCode),
    state: oneOf(item.state, ['enforced', 'degraded'], 'off'),
    kernel: text(item.kernel), arch: text(item.arch), uid: text(item.uid),
    events: count(item.events), dropped: count(item.dropped),
  };
}

function finding(item, resolve) {
  const evidence = object(item.evidence);
  return {
    kind: text(item.kind), severity: oneOf(item.severity, ['critical', 'high', 'medium', 'low'], 'info'),
    message: text(item.message), explanation: text(item.explanation), remedy: text(item.remedy),
    lineages: resolve(evidence.lineages), endpoint: text(evidence.endpoint), path: text(evidence.path),
    rule: text(evidence.rule), deviation: text(evidence.deviation),
  };
}

function policy(item) {
  return {
    egressPolicy: text(item.egressPolicy), filePolicy: text(item.filePolicy),
    credentialPolicy: text(item.credentialPolicy), loopback: text(item.loopback), inbound: text(item.inbound),
    sni: text(item.sni), metadata: text(item.metadata), sha256: text(item.sha256),
    rules: objects(item.rules, rule => ({
      id: text(rule.id), action: text(rule.action), endpoint: text(rule.endpoint), origin: text(rule.origin),
      reason: text(rule.reason), risk: text(rule.risk),
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
      lastSeen: instant(entry.lastSeen), note: text(entry.note), risk: text(entry.risk),
    })),
    text: text(item.text), jenkinsfile: text(item.jenkinsfile), jcasc: text(item.jcasc), github: text(item.github),
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
