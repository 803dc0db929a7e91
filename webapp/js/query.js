// The filter box: words that must all occur, `field:value`, `"quoted words"`, and `-` before a term that must not.
// Pure. A term is compared in lower case with a row's own text and with the text of the lineages behind it.

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

/**
 * A filter over rows. `textOf(row)` is the row's own searchable text, `fieldsOf` maps a field's name to a function
 * from row to text, `lineagesOf(row)` the lineages. Texts are computed once for each row and lineage: a lineage with a
 * command line of 100 KiB is shared by thousands of rows, so that a term is looked up in it once for each query.
 */
export function createFilter({rows, textOf, fieldsOf = {}, lineagesOf = () => []}) {
  const own = [];
  const behind = new Map();
  const fieldNames = Object.keys(fieldsOf);

  function ownText(index) {
    return own[index] ??= textOf(rows[index]).toLowerCase();
  }

  function lineageHits(value) {
    const hits = new Map();
    return lineage => {
      let hit = hits.get(lineage);
      if (hit === undefined) {
        let haystack = behind.get(lineage);
        if (haystack === undefined) behind.set(lineage, haystack = lineageText(lineage));
        hits.set(lineage, hit = haystack.includes(value));
      }
      return hit;
    };
  }

  function compile(term) {
    if (term.field) {
      const field = fieldsOf[term.field];
      return index => field(rows[index]).toLowerCase().includes(term.value);
    }
    const hit = lineageHits(term.value);
    return index => ownText(index).includes(term.value) || lineagesOf(rows[index]).some(hit);
  }

  /** The indexes of the rows that match the query and `also(row)`, in the rows' order. */
  return function filter(query, also = () => true) {
    const tests = parseQuery(query, fieldNames).map(term => [compile(term), term.not]);
    const found = [];
    for (let index = 0; index < rows.length; index++) {
      if (also(rows[index]) && tests.every(([test, not]) => test(index) !== not)) found.push(index);
    }
    return found;
  };
}
