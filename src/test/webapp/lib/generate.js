// Reports too large or too ugly to be files: hostile strings, 50,000 endpoints, a deep process tree, missing fields.

import {readFileSync} from 'node:fs';

const START = Date.UTC(2026, 10, 23, 8, 47, 12, 345);
const at = ms => new Date(START + ms).toISOString();

export function fixture(name) {
  return JSON.parse(readFileSync(new URL(`../fixtures/${name}.json`, import.meta.url), 'utf8'));
}

export const MARKUP = '<img src=x onerror="window.pwned=1">';
export const REVERSED = 'good.test\u202Ehsab.tset';
export const INVISIBLE = 'regi\u200Bstry.test';

/** Every string that a build can choose is hostile here. */
export function hostile() {
  const long = `--blob=${'A'.repeat(100 * 1024)}`;
  const processes = [
    {id: '1:1', parent: null, pid: 10, exe: '/bin/sh', argv: ['sh', '-c', `echo "${MARKUP}"; </script><script>window.pwned=2</script>`], cwd: `/ws/${MARKUP}`, launch: '1'},
    {id: '1:2', parent: '1:1', pid: 11, exe: `/tmp/\u202Egpj.exe`, argv: ['x', long, 'a\nb\tc\u001b[31mred\u0000', '\uD800'], cwd: '/ws', launch: '1', package: MARKUP, script: 'pre\u2066install'},
    {id: '1:3', parent: '1:3', pid: 12, exe: '/bin/self-parent', argv: ['self'], cwd: '/', launch: '1'},
    {id: '1:4', parent: '1:5', pid: 13, exe: '/bin/cycle-a', argv: ['cycle-a'], cwd: '/', launch: '1'},
    {id: '1:5', parent: '1:4', pid: 14, exe: '/bin/cycle-b', argv: ['cycle-b'], cwd: '/', launch: '1'},
  ];
  const lineages = [{id: 'a', processes: [processes[1], processes[0]], package: MARKUP, packageVersion: '1\u200D0', script: 'preinstall', step: MARKUP, stage: MARKUP, launch: '1'}];
  const event = {verdict: 'blocked', rule: MARKUP, count: 1, firstSeen: at(10), lastSeen: at(20), lineages: ['a', 'missing'], baseline: 'new', deviation: 'd'};
  return {
    schema: 1, tool: {name: MARKUP, version: MARKUP}, state: 'degraded', degraded: [{protection: MARKUP, reason: MARKUP}], verdict: 'violated',
    command: processes[0].argv, cwd: '/ws', started: at(0), ended: at(1000), exitCode: 1, launches: 1,
    launchDetails: [{id: MARKUP, step: MARKUP, node: MARKUP, command: [MARKUP], cwd: MARKUP, started: at(0), ended: null, exitCode: null, state: 'enforced', kernel: MARKUP, arch: MARKUP, uid: MARKUP, events: 3, dropped: 1}],
    processes, lineages,
    endpoints: [
      {name: MARKUP, address: '192.0.2.1', port: 443, protocol: 'tcp', ...event},
      {name: REVERSED, address: '192.0.2.2', port: 443, protocol: 'tcp', ...event},
      {name: INVISIBLE, address: '2001:db8::1', port: 8443, protocol: 'udp', ...event},
      {name: '\u05D0\u05D1\u05D2.test', address: '192.0.2.4', port: 443, protocol: 'tcp', ...event, verdict: 'would-block'},
      {name: `z${'\u0301'.repeat(60)}.test`, address: '', port: 53, protocol: 'dns', ...event},
      {name: `${'very-long-label-'.repeat(16)}.test`, address: '192.0.2.6', port: 443, protocol: 'tcp', ...event, verdict: 'allowed'},
    ],
    files: [{path: `/ws/${MARKUP}`, operation: 'rename', to: '/ws/\u202Etxt.exe', tracked: true, before: MARKUP, after: '', diff: `@@ -1 +1 @@\n-${MARKUP}\n+\u202E\u2066</script>\n`, ...event}],
    fileSummary: {written: 1, created: 0, removed: 0, renamed: 0, listed: 1, omitted: 0},
    findings: [
      {kind: MARKUP, severity: 'critical', message: `${MARKUP} \u202Edetrever`, explanation: `${MARKUP}\nsecond line`, remedy: `Add:\n${REVERSED}:443`, evidence: {lineages: ['a'], endpoint: MARKUP, path: `/ws/${MARKUP}`, rule: MARKUP, deviation: 'd'}},
      {kind: 'egress-blocked', severity: '"><b>', message: '', explanation: '', remedy: '', evidence: null},
    ],
    policy: {egressPolicy: 'block', filePolicy: MARKUP, rules: [{id: MARKUP, action: MARKUP, endpoint: MARKUP, origin: MARKUP, reason: MARKUP, risk: MARKUP}], trace: [{setting: MARKUP, value: [MARKUP, 'x'], origin: MARKUP, overruled: [{value: true, origin: MARKUP}]}], sha256: MARKUP},
    recommendation: {allowedEndpoints: [{endpoint: MARKUP, count: 1, note: MARKUP, risk: REVERSED}], text: `${INVISIBLE}:443\n`, jenkinsfile: `'${REVERSED}:443'\n`, jcasc: `${MARKUP}\n`},
    coverage: [{subject: MARKUP, covered: MARKUP, note: MARKUP}],
    integrity: {intact: false, problems: [{launch: MARKUP, kind: MARKUP, line: 3, detail: MARKUP}], chainHeads: [{launch: MARKUP, events: 3, hash: MARKUP}]},
    truncated: true, dropped: 5, redactions: 3,
    baseline: {block: MARKUP, job: REVERSED, role: 'target', state: 'unstable', builds: 5, required: 5, why: MARKUP, counts: {new: MARKUP}, gone: [{kind: 'endpoint', protocol: 'tcp', host: REVERSED, port: 443}, {kind: 'file', path: MARKUP}, null]},
    deviations: [{id: 'd', kind: 'program', protocol: 'tcp', host: INVISIBLE, port: 443, program: MARKUP, label: `${MARKUP}${REVERSED}`, actions: ['accept', 'unwanted', MARKUP], lineages: ['a'], message: MARKUP, expired: {by: MARKUP, until: MARKUP}}],
  };
}

/** The sizes of a build with 100,000 events: endpoints, lineages, processes, files, findings. */
export function large({endpoints = 50000, lineages = 5000, processes = 20000, files = 2000, findings = 200} = {}) {
  const base = fixture('goat-audit');
  const image = i => ({id: `1:${i + 1}`, parent: i ? `1:${Math.floor((i - 1) / 8) + 1}` : null, pid: 1000 + i, exe: `/usr/bin/tool-${i % 40}`,
    argv: [`tool-${i % 40}`, '--input', `src/module-${i}/index.ts`, '--flag', String(i)], cwd: base.cwd, launch: '1'});
  const verdicts = i => i % 997 === 0 ? 'blocked' : i % 101 === 0 ? 'would-block' : 'allowed';
  const images = Array.from({length: processes}, (_, i) => image(i));
  return {
    ...base, ended: at(3600000),
    processes: images,
    lineages: Array.from({length: lineages}, (_, i) => ({
      id: `l${i}`, processes: [images[i * 3 % processes], images[1], images[0]], package: `package-${i % 300}`, packageVersion: `1.${i % 20}.0`,
      script: 'install', step: 'sh', stage: `Stage ${i % 12}`, launch: '1',
    })),
    endpoints: Array.from({length: endpoints}, (_, i) => ({
      name: `host-${i}.zone-${i % 50}.test`, address: `10.${i >> 16 & 255}.${i >> 8 & 255}.${i & 255}`, port: i % 7 ? 443 : 8080, protocol: 'tcp',
      verdict: verdicts(i), rule: i % 101 ? 'global-3' : 'default', count: i % 13 + 1, firstSeen: at(i * 60), lastSeen: at(i * 61), lineages: [`l${i % lineages}`],
    })),
    files: Array.from({length: files}, (_, i) => ({
      path: `${base.cwd}/out/module-${i}/index.js`, operation: 'write', verdict: 'allowed', rule: 'default', tracked: i < 3, count: 1,
      firstSeen: at(i * 100), lastSeen: at(i * 100), lineages: [`l${i % lineages}`],
    })),
    findings: Array.from({length: findings}, (_, i) => ({...base.findings[i % base.findings.length], evidence: {lineages: [`l${i}`], endpoint: `host-${i}.test:443`}})),
  };
}

/** The goat while it still runs: the last endpoint and file have not been seen. */
export function running() {
  const report = fixture('goat-audit');
  return {...report, ended: null, exitCode: null, verdict: 'ok', endpoints: report.endpoints.slice(0, 1), files: [], findings: [], processes: report.processes.slice(0, 3)};
}

/** A chain of `n` processes, each the child of the one before. */
export function deep(n) {
  return Array.from({length: n}, (_, i) => ({id: `1:${i + 1}`, parent: i ? `1:${i}` : null, pid: i, exe: '/bin/sh', argv: ['sh', String(i)], cwd: '/', launch: '1'}));
}
