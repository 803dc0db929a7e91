// Endpoints and files as one list in time, and the launches as spans of a time line. Pure.

/** `{kind, row}` of all endpoints and files that have a time, earliest first. */
export function eventsOf(report) {
  const events = [];
  for (const row of report.endpoints) if (row.firstSeen !== null) events.push(new Event('endpoint', row));
  for (const row of report.files) if (row.firstSeen !== null) events.push(new Event('file', row));
  return events.sort((a, b) => a.firstSeen - b.firstSeen);
}

class Event {
  constructor(kind, row) {
    this.kind = kind;
    this.row = row;
    this.firstSeen = row.firstSeen;
  }

  get lineages() { return this.row.lineages; }
  get verdict() { return this.row.verdict; }
  get deviation() { return this.row.deviation; }
  /** How bad it is: 3 refused, or a tracked file; 2 would have been refused, or new; 1 anything else. */
  get weight() {
    const {verdict, tracked, expected, deviation, baseline} = this.row;
    if (verdict === 'blocked' || tracked && !expected) return 3;
    return verdict === 'would-block' || deviation || baseline === 'new' ? 2 : 1;
  }
}

const TONE = ['', 'mute', 'warn', 'bad'];

/**
 * The launches by stage: `{start, end, stages: [{name, spans: [{launch, from, to, events, marks}]}]}`; `from`, `to` and the
 * marks' `at` are parts of the whole between 0 and 1. A mark stands for all events in one of `slots` slices; its tone is
 * that of the worst. A launch lasts until the last thing that its processes did: Jenkins' wrapper ends at once.
 */
export function timeline(report, events, slots = 300) {
  const byLaunch = new Map(report.launchDetails.map(launch => [launch.id, {launch, last: launch.ended ?? launch.started, events: []}]));
  for (const event of events) {
    const found = byLaunch.get(event.lineages[0]?.launch);
    if (!found) continue;
    found.events.push(event);
    found.last = Math.max(found.last ?? 0, event.row.lastSeen ?? event.firstSeen);
  }
  const times = [report.started, report.ended, ...[...byLaunch.values()].flatMap(({launch, last}) => [launch.started, last])].filter(time => time !== null);
  if (!times.length) return null;
  // Not Math.min(...times): a report may have more launches than a call has room for arguments.
  const start = times.reduce((a, b) => Math.min(a, b));
  const end = Math.max(start + 1, times.reduce((a, b) => Math.max(a, b)));
  const part = time => Math.min(1, Math.max(0, (time - start) / (end - start)));
  const stages = [];
  for (const {launch, last, events: own} of byLaunch.values()) {
    if (stages.at(-1)?.name !== launch.stage) stages.push({name: launch.stage, spans: []});
    stages.at(-1).spans.push({launch, from: part(launch.started ?? start), to: part(last ?? end), events: own.length, marks: marks(own, part, slots)});
  }
  return {start, end, stages};
}

function marks(events, part, slots) {
  const found = new Map();
  for (const event of events) {
    const slot = Math.round(part(event.firstSeen) * slots);
    const mark = found.get(slot) ?? {at: slot / slots, count: 0, weight: 0, first: event};
    mark.count++;
    if (event.weight > mark.weight) Object.assign(mark, {weight: event.weight, first: event});
    found.set(slot, mark);
  }
  // The worst last, so that it is drawn above the others.
  return [...found.values()].sort((a, b) => a.weight - b.weight).map(({at, count, weight, first}) => ({at, count, tone: TONE[weight], first}));
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5, 72e5, 144e5, 432e5, 864e5];

/** Times for an axis of `length` milliseconds: at most about `wanted`, at round distances, from zero. */
export function ticks(length, wanted = 6) {
  const step = STEPS.find(size => length / size <= wanted) ?? Math.ceil(length / wanted / 864e5) * 864e5;
  return Array.from({length: Math.floor(length / step) + 1}, (_, i) => i * step);
}
