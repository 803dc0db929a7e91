// One search over the whole report: what of each section can be found, and under which names.

import {hostPort, packageLabel} from './format.js';
import {kindLabel} from './labels.js';
import {createFilter} from './query.js';
import {baseName} from './text.js';

const lineagesOf = row => row.lineages;

const SECTIONS = {
  findings: report => ({
    rows: report.findings, lineagesOf,
    textOf: row => [row.severity, row.kind, kindLabel(row.kind), row.message, row.explanation, row.remedy, row.endpoint, row.path, row.rule].join('\n'),
    fieldsOf: {kind: row => row.kind, severity: row => row.severity, rule: row => row.rule, path: row => row.path},
  }),
  endpoints: report => ({
    rows: report.endpoints, lineagesOf,
    // With the ports, name and address are in it as well.
    textOf: row => `${hostPort(row)}\n${row.name && row.address && addressPort(row)}\n${row.protocol}\n${row.verdict}\n${row.rule}\n${row.baseline}`,
    fieldsOf: {
      name: row => row.name, address: row => row.address, port: row => String(row.port), protocol: row => row.protocol,
      verdict: row => row.verdict, rule: row => row.rule, baseline: row => row.baseline,
    },
  }),
  files: report => ({
    rows: report.files, lineagesOf,
    textOf: row => `${row.path}\n${row.to}\n${row.operation}\n${row.verdict}\n${row.rule}\n${row.before}\n${row.after}\n${row.baseline}`,
    fieldsOf: {
      is: row => row.tracked ? 'tracked' : 'other', path: row => row.path, operation: row => row.operation,
      verdict: row => row.verdict, rule: row => row.rule, baseline: row => row.baseline,
    },
  }),
  // Over the nodes of the tree: a process is found by what it did as well.
  processes: report => ({
    rows: report.tree().nodes,
    textOf: ({process, endpoints, files}) => [process.exe, process.argv.join(' '), process.cwd, process.pid, packageLabel(process), process.script,
      ...endpoints.flatMap(event => [hostPort(event), event.address, event.verdict]),
      ...files.flatMap(event => [event.path, event.operation, event.verdict])].join('\n'),
    fieldsOf: {
      process: ({process}) => baseName(process.exe || process.argv[0]), package: ({process}) => packageLabel(process),
      script: ({process}) => process.script, launch: ({process}) => process.launch,
      verdict: ({endpoints, files}) => [...endpoints, ...files].map(event => event.verdict).join('\n'),
      path: ({files}) => files.map(event => event.path).join('\n'), name: ({endpoints}) => endpoints.map(event => event.name).join('\n'),
    },
  }),
};

/** The address with its port, whatever the name is. */
export function addressPort({address, port, protocol}) {
  return hostPort({name: '', address, port, protocol});
}

// Rows that a panel makes when it is first shown.
const GIVEN = {
  timeline: rows => ({
    rows, lineagesOf,
    textOf: ({kind, row}) => kind === 'endpoint' ? SECTIONS.endpoints({}).textOf(row) : SECTIONS.files({}).textOf(row),
    fieldsOf: {kind: event => event.kind, verdict: event => event.verdict, rule: ({row}) => row.rule, baseline: ({row}) => row.baseline,
      path: ({row}) => row.path ?? '', name: ({row}) => row.name ?? '', port: ({row}) => row.port === undefined ? '' : String(row.port),
      is: ({row}) => row.tracked ? 'tracked' : 'other', operation: ({row}) => row.operation ?? ''},
  }),
};

/**
 * `section(name)` is that section's filter (see query.js), made when first asked for; `has(name)` whether there is one;
 * `give(name, rows)` makes the filter of rows that are not in the report as they are.
 */
export function createSearch(report) {
  const filters = new Map();
  return {
    has: name => name in SECTIONS,
    give: (name, rows) => filters.set(name, createFilter(GIVEN[name](rows))),
    section(name) {
      let filter = filters.get(name);
      if (!filter) filters.set(name, filter = createFilter(SECTIONS[name](report)));
      return filter;
    },
  };
}
