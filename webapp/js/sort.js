// Orders for tables. Pure; every order is stable, so that equal rows keep the report's order.

const COLLATOR = new Intl.Collator('en', {numeric: true, sensitivity: 'base'});

/** Natural order: 9.example before 10.example; empty texts last. */
export function byText(a, b) {
  if (a === b) return 0;
  if (!a) return 1;
  if (!b) return -1;
  return COLLATOR.compare(a, b);
}

/** Severest first. */
export const VERDICT_ORDER = ['blocked', 'would-block', 'unknown', 'allowed'];

/** `-count` → `{key: 'count', descending: true}`; an unknown key → null. */
export function parseSort(value, keys) {
  const descending = value?.startsWith('-') ?? false;
  const key = descending ? value.slice(1) : value;
  return keys.includes(key) ? {key, descending} : null;
}

/** A text whose plain order is the natural one: lower case, numbers padded. A collator is 20 times slower. */
export function naturalKey(text) {
  return text.toLowerCase().replace(/\d+/g, digits => digits.padStart(12, '0'));
}

/**
 * Sorts rows by columns `{value(row)}`, where a value is a text, a number or null. The whole order of a column is computed
 * once (16 comparisons for each of 50,000 rows); a filter's hits are then put in order by their rank. Empty values stay
 * last in both directions.
 */
export function createSorter(rows) {
  const orders = new Map();

  function orderOf(name, value, descending) {
    const id = `${descending ? '-' : ''}${name}`;
    let order = orders.get(id);
    if (!order) {
      const order32 = fullOrder(rows, value, descending);
      const rank = new Uint32Array(rows.length);
      order32.forEach((index, position) => { rank[index] = position; });
      orders.set(id, order = {order: order32, rank});
    }
    return order;
  }

  /** `found` (indexes) in the column's order. */
  return function sorted(found, {key, value}, descending) {
    const {order, rank} = orderOf(key, value, descending);
    if (found.length === rows.length) return order;
    return Uint32Array.from(found, index => rank[index]).sort().map(position => order[position]);
  };
}

function fullOrder(rows, value, descending) {
  const filled = [];
  const empty = [];
  const keys = new Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const key = value(rows[index]);
    if (key === null || key === '') empty.push(index);
    else {
      keys[index] = typeof key === 'string' ? naturalKey(key) : key;
      filled.push(index);
    }
  }
  const up = descending ? -1 : 1;
  filled.sort((a, b) => keys[a] < keys[b] ? -up : keys[a] > keys[b] ? up : a - b);
  return Uint32Array.from([...filled, ...empty]);
}
