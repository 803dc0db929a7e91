// Two reports side by side: what both did, what only one did. Pure.

import {packageLabel} from './format.js';

const ORDER = ['blocked', 'would-block', 'unknown', 'allowed'];

/**
 * Rows `{kind, name, here, there, change}` for endpoints, package scripts and changed files. `here` and `there` are
 * `{verdict, count, lineages}` or null; `change` is `only here`, `only there`, `verdict` or `same`.
 */
export function difference(here, there) {
  return [
    ...pair('endpoint', byName(here.endpoints, endpointName), byName(there.endpoints, endpointName)),
    ...pair('package', packages(here), packages(there)),
    ...pair('file', byName(changed(here), fileName(here)), byName(changed(there), fileName(there))),
  ];
}

function pair(kind, here, there) {
  return [...new Set([...here.keys(), ...there.keys()])].map(name => {
    const [a, b] = [here.get(name) ?? null, there.get(name) ?? null];
    return {kind, name, here: a, there: b, change: !b ? 'only here' : !a ? 'only there' : a.verdict !== b.verdict ? 'verdict' : 'same'};
  });
}

// The same destination on another address is the same destination, as long as it has a name.
function endpointName({name, address, port, protocol}) {
  const host = name || address;
  return protocol === 'dns' ? `${host} (DNS)` : `${host.includes(':') ? `[${host}]` : host}${port ? `:${port}` : ''}${protocol === 'tcp' || !protocol ? '' : `/${protocol}`}`;
}

const changed = ({files}) => files.filter(file => file.tracked && file.operation !== 'read');
const fileName = ({cwd}) => ({path}) => cwd && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path;

function byName(rows, nameOf) {
  const found = new Map();
  for (const row of rows) add(found, nameOf(row), row.verdict, row.count, row.lineages);
  return found;
}

function add(found, name, verdict, count, lineages) {
  const entry = found.get(name) ?? {verdict, count: 0, lineages: []};
  entry.count += count;
  if (ORDER.indexOf(verdict) < ORDER.indexOf(entry.verdict)) entry.verdict = verdict;
  entry.lineages = [...new Set([...entry.lineages, ...lineages])].slice(0, 20);
  found.set(name, entry);
}

function packages({lineages}) {
  const found = new Map();
  for (const lineage of lineages.values()) {
    const name = [packageLabel(lineage), lineage.script].filter(Boolean).join(' · ');
    if (name) add(found, name, 'allowed', 1, [lineage]);
  }
  for (const entry of found.values()) Object.assign(entry, {verdict: '', count: null});
  return found;
}
