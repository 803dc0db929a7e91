// The rows that come by the ten thousand: views of the report's JSON that read a field when it is asked for. A report of
// 100,000 events is thus shown before most of it has been looked at. Wrong types read as the field's empty value.

import {instant} from './format.js';
import {count, object, objects, oneOf, text, texts} from './types.js';

const VERDICTS = ['allowed', 'would-block', 'blocked'];
const BASELINE = ['new', 'learning', 'known', 'accepted', 'unwanted'];

class Image {
  #json;
  #argv;

  constructor(json) {
    this.#json = object(json);
  }

  get id() { return text(this.#json.id); }
  get pid() { return text(this.#json.pid); }
  get exe() { return text(this.#json.exe); }
  get argv() { return this.#argv ??= texts(this.#json.argv); }
  get cwd() { return text(this.#json.cwd); }
}

export class Process extends Image {
  #json;

  constructor(json) {
    super(json);
    this.#json = object(json);
  }

  get parent() { return text(this.#json.parent); }
  get launch() { return text(this.#json.launch); }
  // Written by the helper as an object in events; the report has the name.
  get package() { return text(this.#json.package) || text(object(this.#json.package).name); }
  get packageVersion() { return text(this.#json.packageVersion) || text(object(this.#json.package).version); }
  get script() { return text(this.#json.script) || text(object(this.#json.package).script); }
}

export class Lineage {
  #json;
  #processes;

  constructor(json) {
    this.#json = object(json);
    this.id = text(this.#json.id);
  }

  /** Nearest first. */
  get processes() { return this.#processes ??= objects(this.#json.processes, item => new Image(item)); }
  get launch() { return text(this.#json.launch); }
  get package() { return text(this.#json.package); }
  get packageVersion() { return text(this.#json.packageVersion); }
  get script() { return text(this.#json.script); }
  get step() { return text(this.#json.step); }
  get stage() { return text(this.#json.stage); }
}

// What is counted and has times and lineages behind it.
class Observation {
  #json;
  #resolve;
  #lineages;
  #first;
  #last;

  constructor(json, resolve) {
    this.#json = json;
    this.#resolve = resolve;
  }

  get verdict() { return oneOf(this.#json.verdict, VERDICTS, 'unknown'); }
  get rule() { return text(this.#json.rule); }
  get count() { return count(this.#json.count); }
  get firstSeen() { return this.#first === undefined ? this.#first = instant(this.#json.firstSeen) : this.#first; }
  get lastSeen() { return this.#last === undefined ? this.#last = instant(this.#json.lastSeen) : this.#last; }
  get lineages() { return this.#lineages ??= this.#resolve(this.#json.lineages); }
  /** How it stands to the baseline, or empty where there was no comparison. */
  get baseline() { return oneOf(this.#json.baseline, BASELINE, ''); }
  /** Whether the baseline has it, this program's part in it included. */
  get expected() { return (this.baseline === 'known' || this.baseline === 'accepted') && !this.deviation; }
  /** The id of the report's deviation that it belongs to, or empty. */
  get deviation() { return text(this.#json.deviation); }
}

export class Endpoint extends Observation {
  #json;

  constructor(json, resolve) {
    super(json = object(json), resolve);
    this.#json = json;
  }

  get name() { return text(this.#json.name); }
  get address() { return text(this.#json.address); }
  get port() { return count(this.#json.port); }
  get protocol() { return text(this.#json.protocol); }
}

export class FileOperation extends Observation {
  #json;

  constructor(json, resolve) {
    super(json = object(json), resolve);
    this.#json = json;
  }

  get path() { return text(this.#json.path); }
  get operation() { return text(this.#json.operation); }
  get to() { return text(this.#json.to); }
  get tracked() { return this.#json.tracked === true; }
  get before() { return text(this.#json.before); }
  get after() { return text(this.#json.after); }
  get diff() { return text(this.#json.diff); }
}
