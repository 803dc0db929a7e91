// The process tree as data: nodes from `processes`, the events that hang from each, and the flat list of what is
// visible. Pure and without recursion, because a hostile build can make a chain of 100,000 images.

import {markWrapper} from './wrapper.js';

const QUIET_FILES = 3;

/** Builds nodes `{key, process, parent, children, endpoints, files, level, alarms}`; alarms counts non-allowed events,
 *  unexpected changes of tracked files and deviations in the subtree. Unknown parents and parent cycles make roots, so that nothing disappears. */
export function buildTree(report) {
  const nodes = report.processes.map((process, index) => ({
    key: process.id || `#${index}`, process, parent: null, children: [], endpoints: [], files: [], level: 1, alarms: 0,
  }));
  const byId = new Map();
  for (const node of nodes) {
    if (!byId.has(node.key)) byId.set(node.key, node);
  }
  for (const node of nodes) node.parent = parentOf(node, byId);
  breakCycles(nodes);
  for (const node of nodes) node.parent?.children.push(node);
  const roots = nodes.filter(node => !node.parent);
  const unplaced = hangEvents(report, nodes, byId);
  const order = depthFirst(roots);
  for (const node of order) node.level = node.parent ? node.parent.level + 1 : 1;
  for (const node of order.reverse()) if (node.parent) node.parent.alarms += node.alarms;
  markWrapper({roots});
  return {roots, nodes, byId, unplaced};
}

function parentOf(node, byId) {
  const id = node.process.parent;
  if (!id) return null;
  // `parent` is an image id of the same launch; written in full or without its launch.
  const parent = byId.get(id) ?? byId.get(`${node.process.launch}:${id}`);
  return parent === node ? null : parent ?? null;
}

function breakCycles(nodes) {
  const done = new Set();
  for (const start of nodes) {
    if (done.has(start)) continue;
    const path = new Set();
    for (let node = start; node && !done.has(node); node = node.parent) {
      path.add(node);
      if (path.has(node.parent)) node.parent = null;
    }
    for (const node of path) done.add(node);
  }
}

function depthFirst(roots) {
  const order = [];
  const stack = [...roots].reverse();
  while (stack.length) {
    const node = stack.pop();
    order.push(node);
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i]);
  }
  return order;
}

// The nearest process of a lineage did it. Reports name its image id; without one, the process is found by launch,
// pid and command line, and the last such image is taken, because a pid is reused only after its owner has ended.
function hangEvents(report, nodes, byId) {
  let byLook = null;
  const find = lineage => {
    const nearest = lineage.processes[0];
    if (!nearest) return undefined;
    const named = byId.get(nearest.id) ?? byId.get(`${lineage.launch}:${nearest.id}`);
    if (named) return named;
    byLook ??= new Map(nodes.map(node => [look(node.process, node.process.launch), node]));
    return byLook.get(look(nearest, lineage.launch));
  };
  const places = new Map();
  const place = lineage => {
    if (!places.has(lineage)) places.set(lineage, find(lineage));
    return places.get(lineage);
  };
  let unplaced = 0;
  for (const kind of ['endpoints', 'files']) {
    for (const event of report[kind]) {
      const {lineages} = event;
      const owners = lineages.length === 1 ? [place(lineages[0])] : [...new Set(lineages.map(place))];
      let placed = false;
      for (const node of owners) {
        if (!node) continue;
        node[kind].push(event);
        if (event.verdict !== 'allowed' || event.tracked && !event.expected || event.deviation) node.alarms++;
        placed = true;
      }
      if (!placed) unplaced++;
    }
  }
  return unplaced;
}

function look(image, launch) {
  return [launch, image.pid, image.exe, ...image.argv].join('\0');
}

/** Nodes that are open at first: all of a small tree; of a large one, the ways to what is not as it should be. */
export function defaultOpen({nodes}, limit = 300) {
  const small = nodes.length <= limit;
  return new Set(nodes.filter(node => small || node.alarms > 0 || node.level === 1).map(node => node.key));
}

/** The visible rows, in order: `{type: process|endpoint|file|more|helpers, node, event?, level, open?}`. `keep` (a set of
 *  nodes, or null for all) limits processes to those that match a search and their ancestors. What Jenkins' own wrapper
 *  starts stands behind one row, `helpers`, which is open if `open` has its key (helpersKey). */
export function visibleRows({roots}, open, keep = null, maxEvents = 20) {
  const rows = [];
  const stack = [...roots].reverse();
  while (stack.length) {
    const node = stack.pop();
    if (keep && !keep.has(node)) continue;
    const leaf = !node.children.length && !node.endpoints.length && !node.files.length;
    const isOpen = open.has(node.key);
    const helpers = keep ? [] : node.children.filter(child => child.helper);
    rows.push({type: 'process', node, level: node.level, open: leaf ? undefined : isOpen});
    if (leaf || !isOpen) continue;
    pushEvents(rows, node, 'endpoint', node.endpoints, maxEvents);
    pushEvents(rows, node, 'file', node.files, maxEvents);
    const helpersOpen = !helpers.length || open.has(helpersKey(node));
    if (helpers.length) rows.push({type: 'helpers', node, count: helpers.length, level: node.level + 1, open: helpersOpen});
    for (let i = node.children.length - 1; i >= 0; i--) {
      if (helpersOpen || !node.children[i].helper) stack.push(node.children[i]);
    }
  }
  return rows;
}

/** The key under which the helpers of a wrapper's shell are open. */
export function helpersKey(node) {
  return `${node.key} helpers`;
}

// What is conspicuous comes first and is shown; of ordinary file operations, of which npm makes thousands, a few are enough
// to see what a process does.
function pushEvents(rows, node, type, events, max) {
  const loud = [];
  const quiet = [];
  for (const event of events) (event.verdict !== 'allowed' || event.deviation || event.tracked && !event.expected ? loud : quiet).push(event);
  const shown = [...loud.slice(0, max), ...quiet.slice(0, type === 'file' ? QUIET_FILES : max)].slice(0, max);
  for (const event of shown) rows.push({type, node, event, level: node.level + 1});
  if (events.length > shown.length) rows.push({type: 'more', of: type, node, count: events.length - shown.length, level: node.level + 1});
}

/** The nodes at the given indexes, and all their ancestors. */
export function withAncestors(nodes, indexes) {
  const kept = new Set();
  for (const index of indexes) {
    for (let up = nodes[index]; up && !kept.has(up); up = up.parent) kept.add(up);
  }
  return kept;
}
