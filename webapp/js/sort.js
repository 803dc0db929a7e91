// Orders for tables. Pure; every sort is stable, so that sorting by a second column keeps the first within it.

const COLLATOR = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

/** Natural order: 9.example before 10.example; empty texts last. */
export function byText(a, b) {
  if (a === b) return 0;
  if (!a) return 1;
  if (!b) return -1;
  return COLLATOR.compare(a, b);
}

/** Numeric order; null last. */
export function byNumber(a, b) {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a - b;
}

/** Severest first. */
export const VERDICT_ORDER = ['blocked', 'would-block', 'unknown', 'allowed'];

export function byVerdict(a, b) {
  return VERDICT_ORDER.indexOf(a) - VERDICT_ORDER.indexOf(b);
}

/** `-count` → `{key: 'count', descending: true}`; an unknown key → null. */
export function parseSort(value, keys) {
  const descending = value?.startsWith('-') ?? false;
  const key = descending ? value.slice(1) : value;
  return keys.includes(key) ? {key, descending} : null;
}

/**
 * Sorts indexes of `rows` by `columns[key] = {value, compare}`. Keys are computed once for each row: with 50,000 rows a
 * comparison runs 800,000 times. Empty values stay last in both directions.
 */
export function sortIndexes(indexes, rows, column, descending) {
  const keys = new Array(rows.length);
  for (const index of indexes) keys[index] = column.value(rows[index]);
  const empty = key => key === null || key === '';
  return [...indexes].sort((a, b) => {
    const x = keys[a];
    const y = keys[b];
    if (empty(x) || empty(y)) return empty(x) - empty(y) || a - b;
    return (descending ? column.compare(y, x) : column.compare(x, y)) || a - b;
  });
}
