// The filter box: words that must all occur, `field:value`, `"quoted words"`, and `-` before a term that must not.
// Pure. A term is compared in lower case with a row's own text and with the text of the lineages behind it.

import {packageLabel} from './format.js';
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
  const own = new Array(rows.length);
  const behind = new Map();
  let last = null;

  const ownText = index => own[index] ??= textOf(rows[index]).toLowerCase();

  function behindText(lineage) {
    let haystack = behind.get(lineage);
    if (haystack === undefined) behind.set(lineage, haystack = lineageText(lineage));
    return haystack;
  }

  function once(test) {
    const hits = new Map();
    return lineage => {
      let hit = hits.get(lineage);
      if (hit === undefined) hits.set(lineage, hit = test(lineage));
      return hit;
    };
  }

  function compile({field, value}) {
    if (field && fieldsOf[field]) return index => fieldsOf[field](rows[index]).toLowerCase().includes(value);
    if (field && !(lineagesOf && LINEAGE_FIELDS[field])) return () => false;
    const hit = once(field ? lineage => LINEAGE_FIELDS[field](lineage).toLowerCase().includes(value)
      : lineage => behindText(lineage).includes(value));
    const anyLineage = index => lineagesOf !== undefined && lineagesOf(rows[index]).some(hit);
    return field ? anyLineage : index => ownText(index).includes(value) || anyLineage(index);
  }

  /** The indexes of the rows that match the query and `also(row)`, in the rows' order. */
  function filter(query, also) {
    let found = last?.query === query ? last.found : null;
    if (!found) {
      const tests = parseQuery(query, FIELDS).map(term => [compile(term), term.not]);
      found = Array.from(rows.keys());
      if (tests.length) found = found.filter(index => tests.every(([test, not]) => test(index) !== not));
      last = {query, found};
    }
    return also ? found.filter(index => also(rows[index])) : found;
  }

  // Prepares the texts while nobody waits; `left()` says whether there is time. True when all is done.
  let warmed = 0;
  filter.warm = left => {
    while (warmed < rows.length) {
      for (const until = Math.min(rows.length, warmed + 500); warmed < until; warmed++) ownText(warmed);
      if (!left()) return false;
    }
    return true;
  };
  return filter;
}
