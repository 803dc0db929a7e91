// The JSON of the job page and of the view of all jobs (docs/baseline.md) → the pages' models: every field present with
// its type, nothing thrown on any JSON value that is an object. Pure.

import {deviation, subject, subjectLabel} from './baseline.js';
import {instant} from './format.js';
import {ReportError} from './model.js';
import {count, list, object, objects, oneOf, text, texts, whole} from './types.js';

const VERDICTS = ['ok', 'deviates', 'violated'];
const STATES = ['enforced', 'degraded'];
const BASELINES = ['creating', 'stable', 'unstable'];

/** Only addresses of this site, or relative ones: a link is never `javascript:` and never leads elsewhere. */
export function safeUrl(value, base) {
  try {
    const url = new URL(text(value) || '.', base);
    return url.protocol === base.protocol && url.host === base.host ? url.href : '';
  } catch {
    return '';
  }
}

function required(json, what) {
  if (json === null || typeof json !== 'object' || Array.isArray(json)) throw new ReportError(`${what} is not a JSON object.`);
  return json;
}

/** One build of a trend. */
export function point(json) {
  const item = object(json);
  return {
    n: count(item.n), time: instant(item.t), result: text(item.result), verdict: oneOf(item.verdict, VERDICTS, 'not-supervised'),
    state: oneOf(item.state, STATES, 'off'), launches: count(item.launches), endpoints: count(item.endpoints), new: count(item.new),
    blocked: count(item.blocked), files: count(item.files), findings: count(item.findings), deviations: count(item.deviations),
    blocks: objects(item.blocks, one => text(one.name)),
  };
}

/** The data of a job page; `base` is the page's own URL. */
export function jobModel(json, base) {
  required(json, 'The data of the job');
  const job = object(json.job);
  const other = json.baselineOf === null || json.baselineOf === undefined ? null : object(json.baselineOf);
  const settings = object(json.settings);
  const blocks = objects(json.blocks, block);
  const all = name => blocks.flatMap(owner => owner[name].map(item => ({...item, block: owner.name})));
  return {
    name: text(job.displayName) || text(job.name), mayReview: json.mayReview === true, revision: count(json.revision),
    baselineOf: other && {name: text(other.name), url: safeUrl(other.url, base), exists: other.exists === true},
    required: count(settings.required), unstableBuilds: count(settings.unstableBuilds), blocks,
    entries: all('entries'), deviations: all('deviations'), unwanted: all('unwanted'),
    changelog: objects(json.changelog, change), trend: objects(json.trend, point),
  };
}

function block(item) {
  return {
    name: text(item.name), state: oneOf(item.state, BASELINES, 'none'), builds: count(item.builds), seen: count(item.seen),
    entries: objects(item.entries, entry), deviations: objects(item.deviations, deviation),
    unwanted: objects(item.unwanted, other => ({id: text(other.id), endpoint: text(other.endpoint), by: text(other.by), time: instant(other.time), comment: text(other.comment)})),
  };
}

function entry(item) {
  const about = subject(item);
  const accepted = item.accepted ? object(item.accepted) : null;
  return {
    ...about, id: text(item.id), label: subjectLabel(about), programs: texts(item.programs), firstSeen: instant(item.firstSeen),
    firstBuild: whole(item.firstBuild), lastSeen: instant(item.lastSeen), lastBuild: whole(item.lastBuild), count: count(item.count),
    status: oneOf(item.status, ['accepted', 'expired'], 'learned'),
    accepted: accepted && {by: text(accepted.by), time: instant(accepted.time), comment: text(accepted.comment), until: text(accepted.until)},
  };
}

function change(item) {
  return {
    time: instant(item.time), user: text(item.user), action: text(item.action), block: text(item.block), subject: text(item.subject),
    comment: text(item.comment), until: text(item.until), build: whole(item.build),
  };
}

/** What the job page recommends for its last builds. */
export function recommendationModel(json) {
  required(json, 'The recommendation');
  return {
    block: text(json.block), builds: objects(json.builds, item => ({n: count(item.n), time: instant(item.t)})),
    missing: list(json.missing).map(count), entries: objects(json.entries, item => ({
      endpoint: text(item.endpoint), count: count(item.count), builds: count(item.builds), firstSeen: instant(item.firstSeen),
      lastSeen: instant(item.lastSeen), note: text(item.note), risk: text(item.risk), collapsed: texts(item.collapsed),
    })),
    text: text(json.text), jenkinsfile: text(json.jenkinsfile), jcasc: text(json.jcasc), github: text(json.github),
  };
}

const SUPERVISION = ['supervised', 'not-supervised', 'never'];

/** The data of the view of all jobs. */
export function jobsModel(json, base) {
  required(json, 'The data of the jobs');
  return {
    generated: instant(json.generated),
    jobs: objects(json.jobs, item => ({
      name: text(item.displayName) || text(item.name), fullName: text(item.name), url: safeUrl(item.url, base),
      supervision: oneOf(item.supervision, SUPERVISION, 'never'), state: oneOf(item.state, STATES, item.state === undefined ? '' : 'off'),
      verdict: item.verdict === undefined ? '' : oneOf(item.verdict, VERDICTS, 'not-supervised'), baseline: oneOf(item.baseline, BASELINES, 'none'),
      deviations: count(item.deviations), changeRequest: item.changeRequest === true, last: item.last ? point(item.last) : null,
    })),
    agents: objects(json.agents, item => ({
      name: text(item.name), state: oneOf(item.state, STATES, 'off'), job: text(item.job), n: count(item.n), time: instant(item.t), jobs: count(item.jobs),
      missing: objects(item.missing, gap => ({protection: text(gap.protection), reason: text(gap.reason)})),
    })),
  };
}
