// The filter box: words that must all occur, `field:value`, `"quoted words"`, and `-` before a term that must not.
// Pure. A term is compared in lower case with a row's own text and with the text of the lineages behind it.

import {packageLabel} from './format.js';
import {Haystack} from './haystack.js';
import {baseName} from './text.js';

/** Parses a query into `[{field, value, not}]`; `fields` are the names that may stand before a colon. */
export function parseQuery(query, fields = []) {
  const terms = [];
  const pattern = /(-)?(?:([\w-]+):)?(?:"([^"]*)"?|(\S+))/g;
  for (const [whole, minus, name, quoted, plain] of String(query ?? '').matchAll(pattern)) {
    const not = Boolean(minus);
    const field = name && fields.includes(name.toLowerCase()) ? name.toLowerCase() : null;
    // `attacker.test:443` is a name and a port, not a field: unknown fields are part of the text.
    const value = field || quoted !== undefined && !name ? quoted ?? plain : whole.slice(not ? 1 : 0).replaceAll('"', '');
    if (value) terms.push({field, value: value.toLowerCase(), not});
  }
  return terms;
}

/** The text of a lineage that a filter searches: complete command lines, package, script, step, stage. */
export function lineageText(lineage) {
  return [
    lineage.package, lineage.packageVersion && `${lineage.package}@${lineage.packageVersion}`, lineage.script,
    lineage.step, lineage.stage,
    ...lineage.processes.flatMap(process => [process.exe, process.argv.join(' '), process.cwd]),
  ].filter(Boolean).join('\n').toLowerCase();
}

/** Every name that may stand before a colon, whatever list is searched. */
export const FIELDS = ['address', 'baseline', 'is', 'kind', 'launch', 'name', 'operation', 'package', 'path', 'port', 'process',
  'protocol', 'rule', 'script', 'severity', 'stage', 'step', 'verdict'];

const LINEAGE_FIELDS = {
  process: lineage => baseName(lineage.processes[0]?.exe || lineage.processes[0]?.argv[0]),
  package: packageLabel, script: lineage => lineage.script, step: lineage => lineage.step, stage: lineage => lineage.stage,
  launch: lineage => lineage.launch,
};

/**
 * A filter over rows. `textOf(row)` is the row's own searchable text, `fieldsOf` maps a field's name to a function
 * from row to text, `lineagesOf(row)` the lineages, which bring their own fields. Texts are computed once for each row and
 * lineage: a lineage with a command line of 100 KiB is shared by thousands of rows, so that a term is looked up in it once
 * for each query. A field that these rows do not have matches none of them.
 */
export function createFilter({rows, textOf, fieldsOf = {}, lineagesOf}) {
  const own = new Haystack(rows.length, index => textOf(rows[index]));
  const behind = lineagesOf ? new Behind(rows, lineagesOf) : null;
  let last = null;

  /** For each row whether the term matches, as 1 or 0. */
  function matches({field, value}) {
    if (!field) {
      const hits = own.find(value);
      behind?.mark(hits, behind.texts().find(value));
      return hits;
    }
    if (fieldsOf[field]) return Uint8Array.from(rows, row => Number(fieldsOf[field](row).toLowerCase().includes(value)));
    const hits = new Uint8Array(rows.length);
    const of = LINEAGE_FIELDS[field];
    if (of && behind) behind.mark(hits, Uint8Array.from(behind.lineages(), lineage => Number(of(lineage).toLowerCase().includes(value))));
    return hits;
  }

  /** The indexes of the rows that match the query and `also(row)`, in the rows' order. */
  function filter(query, also) {
    let found = last?.query === query ? last.found : null;
    if (!found) {
      const left = new Uint8Array(rows.length).fill(1);
      for (const term of parseQuery(query, FIELDS)) {
        const hits = matches(term);
        const wanted = term.not ? 0 : 1;
        for (let index = 0; index < left.length; index++) left[index] &= Number(hits[index] === wanted);
      }
      found = [];
      for (let index = 0; index < left.length; index++) if (left[index]) found.push(index);
      last = {query, found};
    }
    return also ? found.filter(index => also(rows[index])) : found;
  }

  // Prepares what a first search needs while nobody waits; `left()` says whether there is time. True when all is done.
  const slices = [() => own.prepare(500), ...behind ? [() => behind.prepare(2000), () => behind.texts().prepare(100)] : []];
  filter.warm = left => {
    while (slices.length) {
      if (slices[0]()) slices.shift();
      if (!left()) return slices.length === 0;
    }
    return true;
  };
  return filter;
}

/** The lineages behind rows: each once, and which rows it is behind. */
class Behind {
  #rows;
  #of;
  #numbers = new Map();
  #texts = null;
  // The first lineage of each row, and of the few rows with several the others.
  #first;
  #others = [];
  #ready = 0;

  constructor(rows, of) {
    this.#rows = rows;
    this.#of = of;
    this.#first = new Int32Array(rows.length).fill(-1);
  }

  /** Looks at up to `count` further rows; true when all are known. */
  prepare(count) {
    const until = Math.min(this.#rows.length, this.#ready + count);
    for (; this.#ready < until; this.#ready++) {
      const lineages = this.#of(this.#rows[this.#ready]);
      for (let i = 0; i < lineages.length; i++) {
        const number = this.#number(lineages[i]);
        if (i === 0) this.#first[this.#ready] = number;
        else this.#others.push([this.#ready, number]);
      }
    }
    return this.#ready === this.#rows.length;
  }

  #number(lineage) {
    let number = this.#numbers.get(lineage);
    if (number === undefined) this.#numbers.set(lineage, number = this.#numbers.size);
    return number;
  }

  lineages() {
    this.prepare(Infinity);
    return [...this.#numbers.keys()];
  }

  texts() {
    if (!this.#texts) {
      const lineages = this.lineages();
      this.#texts = new Haystack(lineages.length, number => lineageText(lineages[number]));
    }
    return this.#texts;
  }

  /** Sets the rows behind which a lineage with a hit stands. */
  mark(rows, hits) {
    for (let index = 0; index < rows.length; index++) if (this.#first[index] >= 0 && hits[this.#first[index]]) rows[index] = 1;
    for (const [index, number] of this.#others) if (hits[number]) rows[index] = 1;
  }
}
