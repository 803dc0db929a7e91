// Who connected from outside of the machine to where processes of the block listened.

import {code, el} from './dom.js';
import {addressAndPort, who} from './listeners.js';
import {number, timestamp} from './format.js';

const SHOWN = 100;
const COLUMNS = ['From', 'To', 'Connections', 'First', 'Listening process'];

export function peers(report) {
  const rows = report.peers;
  if (!rows.length) return null;
  const row = item => {
    const cells = [code(item.address), code(addressAndPort(item.local, item.localPort)), number(item.count), timestamp(item.firstSeen), who(item.lineages[0])];
    return el('tr', {}, cells.map((cell, i) => el('td', {data: {label: COLUMNS[i]}}, cell)));
  };
  return el('section', {class: 'hr-section'}, el('h3', {}, 'Connections from outside'),
    el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain'},
      el('thead', {}, el('tr', {}, COLUMNS.map(name => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, rows.slice(0, SHOWN).map(row))),
    rows.length > SHOWN && el('p', {class: 'hr-muted'}, `${number(rows.length - SHOWN)} more are in the report's data.`));
}
