// What the report says about the job's baseline (docs/baseline.md) → the page's model, and its words. Pure.

import {instant} from './format.js';
import {count, object, objects, oneOf, text, texts, whole} from './types.js';

/** An endpoint, a file, or a program's use of one: `{kind, protocol, host, port, path, program}`. */
export function subject(json) {
  const item = object(json);
  return {
    kind: oneOf(item.kind, ['endpoint', 'program', 'file'], ''), protocol: text(item.protocol), host: text(item.host),
    port: count(item.port), path: text(item.path), program: text(item.program),
  };
}

/** `pastebin.test:443`, `node (evil-dep preinstall) → registry.test:443`, `package-lock.json`. */
export function subjectLabel({kind, protocol, host, port, path, program}) {
  const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  const what = path || (protocol === 'dns' ? `${host} (DNS)` : `${protocol === 'udp' ? 'udp://' : ''}${name}${port ? `:${port}` : ''}`);
  return kind === 'program' ? `${program} → ${what}` : what;
}

/** A deviation as reports and the job page have it. */
export function deviation(json) {
  const item = object(json);
  const expired = object(item.expired);
  const about = subject(item);
  return {
    ...about, id: text(item.id), label: text(item.label) || subjectLabel(about), actions: texts(item.actions), programs: texts(item.programs),
    firstSeen: instant(item.firstSeen), lastSeen: instant(item.lastSeen), builds: count(item.builds),
    firstBuild: whole(item.firstBuild), lastBuild: whole(item.lastBuild), expired: item.expired ? {by: text(expired.by), until: text(expired.until)} : null,
  };
}

/** The `baseline` of a report, or null where it was not compared with one. */
export function comparison(json) {
  if (json === null || typeof json !== 'object') return null;
  return {
    block: text(json.block), job: text(json.job), role: oneOf(json.role, ['own', 'target', 'file'], 'none'),
    state: oneOf(json.state, ['creating', 'stable', 'unstable'], 'none'), builds: count(json.builds), required: count(json.required),
    teaches: json.teaches === true, why: text(json.why), counts: counts(object(json.counts)),
    gone: objects(json.gone, item => ({...subject(item), id: text(item.id), lastSeen: instant(item.lastSeen), lastBuild: whole(item.lastBuild)})),
  };
}

function counts(item) {
  return Object.fromEntries(['new', 'learning', 'known', 'accepted', 'unwanted', 'gone'].map(name => [name, count(item[name])]));
}

/** What the comparison comes to, in one clause. */
export function comparisonText({role, state, builds, required, job}) {
  const whose = role === 'target' ? ` of the target branch ${job}` : role === 'file' ? ' from a file' : '';
  if (state === 'none') return 'no baseline to compare with';
  if (state === 'creating') return `learning${whose}, ${builds} of ${required} builds`;
  return `${state}${whose}`;
}
