// Where processes of the block listened, and who could connect there.

import {code, el} from './dom.js';
import {commandNode, packageNode} from './chain.js';
import {number} from './format.js';

const LOOPBACK = /^(127\.|::1$|::ffff:127\.)/;
const SHOWN = 100;

export function listeners(report) {
  const rows = report.listeners;
  if (!rows.length) return null;
  const columns = ['Address', 'Reachable from', 'Listened', 'Process'];
  const row = item => {
    const cells = [code(place(item)), reach(item), `${number(item.count)}×`, who(item.lineages[0])];
    return el('tr', {}, cells.map((cell, i) => el('td', {data: {label: columns[i]}}, cell)));
  };
  return el('section', {class: 'hr-section'}, el('h3', {}, 'Listeners'),
    el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain'},
      el('thead', {}, el('tr', {}, columns.map(name => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, rows.slice(0, SHOWN).map(row))),
    rows.length > SHOWN && el('p', {class: 'hr-muted'}, `${number(rows.length - SHOWN)} more listeners are in the report's data.`));
}

export function who(lineage) {
  const process = lineage?.processes[0];
  return process ? [commandNode(process.argv, process.exe, 200), ' ', packageNode(lineage)] : '–';
}

const place = ({protocol, address, port}) => protocol === 'unix' ? address : addressAndPort(address, port);

export const addressAndPort = (address, port) => `${address.includes(':') ? `[${address}]` : address}:${port}`;

function reach({protocol, address, rule, verdict}) {
  if (verdict === 'blocked') return 'refused';
  if (protocol === 'unix') return 'this machine';
  if (rule === 'inbound') return 'this machine (inbound: loopback)';
  return LOOPBACK.test(address) ? 'this machine' : 'the network';
}
