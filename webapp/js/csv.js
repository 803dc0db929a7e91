// The rows in view as a CSV file (RFC 4180), made in the browser.

import {el, hiddenText} from './dom.js';
import {icon} from './icons.js';

/** One record. Spreadsheets run cells that begin like a formula, and a build chooses its host and file names. */
export function csvLine(values) {
  return values.map(value => {
    const text = value === null || value === undefined ? '' : String(value);
    const safe = typeof value !== 'number' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  }).join(',');
}

/** A button that saves `rows()` (arrays of values, the heading first) as `name`. */
export function csvButton(name, rows, what) {
  return el('button', {type: 'button', class: 'jenkins-button hr-copy', title: `Save the ${what} shown as CSV`, on: {click: () => {
    const blob = new Blob([rows().map(csvLine).join('\r\n'), '\r\n'], {type: 'text/csv;charset=utf-8'});
    const link = el('a', {href: URL.createObjectURL(blob), download: `harden-runner-${name}`});
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }}}, icon('download'), 'CSV', hiddenText(` of the ${what} shown`));
}
