// The pure modules of the page: text, formats, filter, order, tree, model, summary.

import assert from 'node:assert/strict';
import {readdirSync, readFileSync} from 'node:fs';
import {describe, it} from 'node:test';
import {deep, fixture, hostile} from './lib/generate.js';
import {job, jobs, shop} from './lib/jobs.js';
import {load} from './lib/modules.js';
import {WEBAPP} from './lib/server.js';

const {clip, commandLine, hiddenCount, quote, relativePath, runs, visible} = await load('text');
const {bytes, duration, hostPort, instant, number, offset, plural, timestamp} = await load('format');
const {createFilter, parseQuery} = await load('query');
const {Haystack} = await load('haystack');
const {byText, createSorter, naturalKey, parseSort, VERDICT_ORDER} = await load('sort');
const {buildTree, defaultOpen, visibleRows, withAncestors} = await load('tree');
const {normalise, ReportError} = await load('model');
const {actors, sentence, tally} = await load('summary');
const {lineKinds} = await load('diff');
const {csvLine} = await load('csv');
const {createSearch} = await load('search');
const {wrapperDepth} = await load('wrapper');
const {ticks, timeline} = await load('events');
const {difference} = await load('difference');
const {builds} = await load('compare');
const {subjectLabel} = await load('baseline');
const {jobModel, jobsModel, safeUrl} = await load('jobmodel');
const {bars, niceMax} = await load('chart');
const {splitRemedy} = await load('findings');
const {formatHash, parseHash, viewHref} = await load('state');

describe('text that a build chose', () => {
  it('names what cannot be seen', () => {
    const cases = {
      'good.test\u202Ehsab': 'good.test‹U+202E›hsab', 'regi\u200Bstry': 'regi‹U+200B›stry', 'a\nb\tc\0': 'a‹\\n›b‹\\t›c‹\\0›',
      '\u001b[31m': '‹\\e›[31m', 'x\u00A0y': 'x‹U+00A0›y', '\uD800': '‹U+D800›', 'a\u{E0041}b': 'a‹U+E0041›b', '\uFEFF': '‹U+FEFF›',
      '\u2066\u2069': '‹U+2066›‹U+2069›', '\u200B\u200B\u200B': '‹U+200B ×3›', '\u007f\u0085': '‹U+007F›‹U+0085›',
    };
    for (const [input, shown] of Object.entries(cases)) assert.equal(visible(input), shown);
  });
  it('leaves ordinary text of any script alone', () => {
    for (const text of ['plain', 'é', 'e\u0301', 'Ελληνικά', '日本語', 'עברית', '😀', '<img src=x onerror=1>', "a'b\"c&d", '']) assert.equal(visible(text), text);
  });
  it('keeps line feeds and tabs of preformatted blocks, nothing else', () => {
    assert.deepEqual(runs('a\n\tb\r', {keepLines: true}), [{text: 'a\n\tb'}, {escape: '\\r', times: 1}]);
    assert.equal(hiddenCount('line\nline\u200B\u200B'), 2);
  });
  it('cuts piles of combining marks', () => {
    assert.equal(visible(`z${'\u0301'.repeat(60)}`), `z${'\u0301'.repeat(3)}‹U+0301 ×57›`);
  });
  it('quotes arguments so that their borders show', () => {
    assert.equal(commandLine(['sh', '-c', 'node ./a.js && rm b'], ''), "sh -c 'node ./a.js && rm b'");
    assert.equal(quote("it's"), "'it'\\''s'");
    assert.equal(quote(''), "''");
    assert.equal(commandLine([], '/bin/true'), '/bin/true');
  });
  it('never cuts a surrogate pair', () => {
    assert.deepEqual(clip('ab😀cd', 3), {head: 'ab', rest: 4});
    assert.deepEqual(clip('abc', 3), {head: 'abc', rest: 0});
  });
  it('shortens only paths that are really below the folder', () => {
    assert.equal(relativePath('/ws/a/b', '/ws/'), 'a/b');
    assert.equal(relativePath('/wsx/a', '/ws'), '/wsx/a');
    assert.equal(relativePath('/a', '/'), '/a');
    assert.equal(relativePath('/a', ''), '/a');
  });
});

describe('formats', () => {
  it('writes durations, offsets and sizes', () => {
    assert.deepEqual([0, 840, 4210, 59960, 185000, 7800000, -1, NaN].map(duration),
      ['0 ms', '840 ms', '4.2 s', '1 min', '3 min 5 s', '2 h 10 min', 'unknown', 'unknown']);
    assert.deepEqual([offset(1540, 0), offset(185000, 0), offset(3723000, 0), offset(0, 500), offset(null, 0)],
      ['+1.54 s', '+3:05', '+1:02:03', '−0.50 s', '']);
    assert.deepEqual([512, 1024, 102400, 5 * 2 ** 40].map(bytes), ['512 B', '1.0 KiB', '100.0 KiB', '5120.0 GiB']);
  });
  it('takes only dates for dates', () => {
    assert.equal(instant('2026-11-23T08:47:12.345Z'), 1795423632345);
    for (const value of [null, undefined, 5, '', 'soon', {}]) assert.equal(instant(value), null);
    assert.equal(timestamp(1795423632345), '2026-11-23 08:47:12.345 UTC');
  });
  it('puts IPv6 addresses in brackets and leaves port 0 out', () => {
    assert.equal(hostPort({name: '', address: '2001:db8::1', port: 443, protocol: 'tcp'}), '[2001:db8::1]:443');
    assert.equal(hostPort({name: 'a.test', address: '192.0.2.1', port: 80, protocol: 'tcp'}), 'a.test:80');
    assert.equal(hostPort({name: '', address: '/run/x.sock', port: 0, protocol: 'unix'}), '/run/x.sock');
  });
  it('counts in words', () => {
    assert.deepEqual([plural(1, 'process', 'processes'), plural(50000, 'endpoint'), number(1234567)], ['1 process', '50,000 endpoints', '1,234,567']);
  });
});

describe('filter', () => {
  const heavy = {package: 'evil-dep', packageVersion: '1.0.0', script: 'preinstall', step: 'sh', stage: 'Build', processes: [{exe: '/usr/bin/node', argv: ['node', 'a.js', 'x'.repeat(1e5) + 'needle'], cwd: '/ws'}]};
  const rows = [{host: 'attacker.test', port: 443, lineages: [heavy]}, {host: 'registry.test', port: 443, lineages: []}, {host: '10.0.0.1', port: 8443, lineages: []}];
  const filter = createFilter({rows, textOf: row => `${row.host}:${row.port}`, fieldsOf: {port: row => String(row.port)}, lineagesOf: row => row.lineages});

  it('parses words, fields, quotes and negation', () => {
    assert.deepEqual(parseQuery('Evil -port:443 "two words" attacker.test:443 port:"8 0"', ['port']), [
      {field: null, value: 'evil', not: false}, {field: 'port', value: '443', not: true}, {field: null, value: 'two words', not: false},
      {field: null, value: 'attacker.test:443', not: false}, {field: 'port', value: '8 0', not: false}]);
    assert.deepEqual(parseQuery('   '), []);
    assert.deepEqual(parseQuery('process:"node', ['process']), [{field: 'process', value: 'node', not: false}]);
  });
  it('finds by own text, by lineage, to the end of long command lines', () => {
    assert.deepEqual(filter('ATTACKER'), [0]);
    assert.deepEqual(filter('evil-dep@1.0.0'), [0]);
    assert.deepEqual(filter('needle'), [0]);
    assert.deepEqual(filter('-needle'), [1, 2]);
    assert.deepEqual(filter('test 443'), [0, 1]);
    assert.deepEqual(filter('port:8443'), [2]);
    assert.deepEqual(filter('nothing'), []);
    assert.deepEqual(filter('', row => row.port === 443), [0, 1]);
  });
  it('finds what a search of each row by itself finds, warmed in slices or not', () => {
    let seed = 7;
    const random = n => (seed = seed * 1103515245 + 12345 & 0x7fffffff) % n;
    const word = () => Array.from({length: random(6)}, () => 'ab.\n\0İ'[random(6)]).join('');
    for (let round = 0; round < 300; round++) {
      const texts = Array.from({length: random(9)}, word);
      const stack = new Haystack(texts.length, index => texts[index]);
      while (round % 2 && !stack.prepare(1 + random(3))) ;
      for (let i = 0; i < 10; i++) {
        const term = word().toLowerCase() || 'a';
        assert.deepEqual([...stack.find(term)], texts.map(text => Number(text.toLowerCase().includes(term))), JSON.stringify([texts, term]));
      }
    }
  });
  it('finds rows behind any of their lineages, in several blocks of text', () => {
    const lineages = Array.from({length: 60}, (_, i) => ({processes: [{exe: `/bin/tool-${i}`, argv: [`tool-${i}`, i % 7 ? '' : 'x'.repeat(400000)], cwd: '/'}], package: `p${i}`, launch: ''}));
    const many = Array.from({length: 300}, (_, i) => ({host: `h${i}.test`, lineages: i % 3 ? [lineages[i % 60]] : i % 2 ? [] : [lineages[i % 60], lineages[(i + 1) % 60]]}));
    const search = createFilter({rows: many, textOf: row => row.host, fieldsOf: {name: row => row.host}, lineagesOf: row => row.lineages});
    for (let left = 3; !search.warm(() => left-- > 0); left = 3) ;
    const naive = test => many.flatMap((row, i) => test(row) ? [i] : []);
    for (const i of [0, 7, 59]) {
      assert.deepEqual(search(`package:p${i}`), naive(row => row.lineages.some(({package: name}) => name.includes(`p${i}`))));
      assert.deepEqual(search(`tool-${i}`), naive(row => row.lineages.some(({processes: [{exe}]}) => exe.includes(`tool-${i}`))));
      assert.deepEqual(search(`-tool-${i} name:h1`), naive(row => row.host.includes('h1') && !row.lineages.some(({processes: [{exe}]}) => exe.includes(`tool-${i}`))));
    }
    assert.deepEqual(search('xxx'), naive(row => row.lineages.some(({processes: [{argv}]}) => argv[1])));
    assert.deepEqual(search('verdict:blocked'), []);
  });
});

describe('order', () => {
  it('is natural, severe first, empty last in both directions, and stable', () => {
    assert.deepEqual(['b10', 'b9', '', 'a'].sort(byText), ['a', 'b9', 'b10', '']);
    assert.deepEqual(VERDICT_ORDER, ['blocked', 'would-block', 'unknown', 'allowed']);
    assert.deepEqual(['b10', 'B9', 'a'].sort((a, b) => naturalKey(a) < naturalKey(b) ? -1 : 1), ['a', 'B9', 'b10']);
    const rows = [{n: 2, s: 'x10'}, {n: null, s: ''}, {n: 1, s: 'x9'}, {n: 2, s: 'X10'}];
    const sorted = createSorter(rows);
    const n = {key: 'n', value: row => row.n};
    const order = (found, column, descending) => [...sorted(found, column, descending)];
    assert.deepEqual(order([0, 1, 2, 3], n, false), [2, 0, 3, 1]);
    assert.deepEqual(order([0, 1, 2, 3], n, true), [0, 3, 2, 1]);
    assert.deepEqual(order([1, 2, 3], n, true), [3, 2, 1]);
    assert.deepEqual(order([0, 1, 2, 3], {key: 's', value: row => row.s}, false), [2, 0, 3, 1]);
  });
  it('accepts known columns only', () => {
    assert.deepEqual(parseSort('-count', ['count']), {key: 'count', descending: true});
    for (const value of ['', 'other', undefined, '--count']) assert.equal(parseSort(value, ['count']), null);
  });
});

describe('CSV', () => {
  it('quotes what would end a cell and disarms what a spreadsheet would run', () => {
    assert.equal(csvLine(['a,b', 'say "hi"', 'x\ny', '=1+1', '-a', '@x', -3, null, 0]), '"a,b","say ""hi""","x\ny",\'=1+1,\'-a,\'@x,-3,,0');
  });
});

describe('search over everything', () => {
  const report = normalise(fixture('goat-audit'));
  const search = createSearch(report);
  const found = query => Object.fromEntries(['findings', 'endpoints', 'processes', 'files'].map(name => [name, search.section(name)(query).length]));
  it('looks in each section for words and for fields that all know', () => {
    assert.deepEqual(found('evil-dep'), {findings: 2, endpoints: 1, processes: 3, files: 1});
    assert.deepEqual(found('package:evil-dep@1.0.0 -verdict:allowed'), {findings: 2, endpoints: 1, processes: 0, files: 0});
    assert.deepEqual(found(''), {findings: 3, endpoints: 3, processes: 9, files: 4});
  });
  it('finds nothing under a field that a section does not have', () => {
    assert.deepEqual(found('port:443'), {findings: 0, endpoints: 3, processes: 0, files: 0});
  });
});

describe('Jenkins\u2019 wrapper around a script', () => {
  const wrapper = {argv: ['nohup', 'sh', '-c', "(cp '/w@tmp/durable-1/script.sh' …; echo $? > '/w@tmp/durable-1/jenkins-result.txt'"]};
  const other = {argv: ['npm', 'install']};
  it('is the outermost processes only, and never the evidence itself', () => {
    assert.equal(wrapperDepth([wrapper, wrapper, other]), 2);
    assert.equal(wrapperDepth([other, wrapper, other]), 0);
    assert.equal(wrapperDepth([wrapper, wrapper]), 1);
    assert.equal(wrapperDepth([]), 0);
  });
});

describe('process tree', () => {
  const keys = rows => rows.map(row => row.type === 'process' ? row.node.key : `${row.type}:${row.event?.name ?? row.event?.path ?? row.count}`);

  it('hangs endpoints and files from the process that did it', () => {
    const tree = buildTree(normalise(fixture('goat-audit')));
    assert.equal(tree.unplaced, 0);
    assert.deepEqual(tree.byId.get('1:5').endpoints.map(event => event.name), ['attacker.test']);
    assert.deepEqual(tree.byId.get('1:6').files.map(event => event.tracked), [true]);
    assert.deepEqual([tree.byId.get('1:4').alarms, tree.byId.get('1:9').alarms, tree.roots[0].alarms], [2, 0, 3]);
    assert.equal(tree.byId.get('1:5').level, 5);
  });
  it('finds the process without image ids, by pid and command line', () => {
    const json = fixture('goat-audit');
    for (const lineage of json.lineages) for (const process of lineage.processes) delete process.id;
    const tree = buildTree(normalise(json));
    assert.deepEqual([tree.unplaced, tree.byId.get('1:5').endpoints.length], [0, 1]);
  });
  it('loses no process to unknown parents and cycles', () => {
    const tree = buildTree(normalise(hostile()));
    const rows = visibleRows(tree, {has: () => true}).filter(row => row.type === 'process');
    assert.deepEqual(rows.map(row => row.node.process.exe).sort(), ['/bin/cycle-a', '/bin/cycle-b', '/bin/self-parent', '/bin/sh', '/tmp/\u202Egpj.exe'].sort());
    assert.equal(buildTree(normalise({processes: [{id: 'a', parent: 'gone'}]})).roots.length, 1);
  });
  it('bears a chain of 100,000 processes', () => {
    const tree = buildTree(normalise({processes: deep(100000)}));
    assert.equal(visibleRows(tree, {has: () => true}).length, 100000);
    assert.equal(tree.nodes.at(-1).level, 100000);
    assert.equal(withAncestors(tree.nodes, [99999]).size, 100000);
  });
  it('hides what is below a closed process, and all but matches with their ancestors', () => {
    const tree = buildTree(normalise(fixture('goat-audit')));
    assert.deepEqual(keys(visibleRows(tree, new Set())), ['1:1']);
    const keep = withAncestors(tree.nodes, [tree.nodes.findIndex(node => node.key === '1:5')]);
    assert.deepEqual(keys(visibleRows(tree, {has: () => true}, keep)).filter(key => key.startsWith('1:')), ['1:1', '1:2', '1:3', '1:4', '1:5']);
    assert.deepEqual(keys(visibleRows(tree, {has: () => true}, null, 1)).filter(key => key.startsWith('more')), ['more:1']);
  });
  it('opens small trees, and of large ones the ways to alarms', () => {
    const tree = buildTree(normalise(fixture('goat-audit')));
    assert.equal(defaultOpen(tree).size, 9);
    assert.deepEqual([...defaultOpen(tree, 5)].sort(), ['1:1', '1:2', '1:3', '1:4', '1:5', '1:6', '1:7', '1:8']);
  });
});

describe('model', () => {
  it('takes any JSON value for a field without throwing, and never reads protection into nothing', () => {
    const full = fixture('goat-audit');
    for (const name of Object.keys(full)) {
      for (const value of [null, 0, 'x', true, [], {}, [null, 1, 'x', [[]]], {a: 1}]) {
        const report = normalise({...full, [name]: value});
        buildTree(report);
        assert.ok(sentence(report).endsWith('.'));
        actors(report);
      }
    }
    const nothing = normalise({});
    assert.deepEqual([nothing.state, nothing.verdict, nothing.integrity.known, nothing.coverage], ['off', 'not-supervised', false, []]);
    assert.equal(normalise({state: 'ENFORCED', verdict: 'fine'}).state, 'off');
  });
  it('refuses what is not an object', () => {
    for (const value of [null, 5, 'x', []]) assert.throws(() => normalise(value), ReportError);
  });
  it('ignores unknown fields and resolves lineages', () => {
    const report = normalise({...fixture('goat-audit'), future: {x: 1}});
    assert.equal('future' in report, false);
    assert.equal(report.endpoints[1].lineages[0].package, 'evil-dep');
    assert.equal(report.findings[0].lineages[0].processes[0].argv[1], './patch.js');
  });
  it('is running while neither end nor status is known', () => {
    assert.equal(normalise({ended: null, exitCode: null}).running, true);
    assert.equal(normalise({ended: null, exitCode: 1}).running, false);
  });
});

describe('summary', () => {
  const say = (name, change = {}) => sentence(normalise({...fixture(name), ...change}));

  it('says what happened in one sentence', () => {
    assert.equal(say('goat-audit'), 'The tracked file index.js was changed; attacker.test:443 and downloads.registry.test:443 are outside the policy '
      + 'and were reached, because egress is only audited; 1 other was allowed.');
    assert.equal(say('goat-block'), 'attacker.test:443 and downloads.registry.test:443 were blocked; 1 other was allowed; 1 file operation was refused.');
    assert.equal(say('clean'), '1 endpoint was contacted and allowed; no tracked file was changed.');
    assert.equal(say('clean', {endpoints: []}), 'No endpoint was contacted; no tracked file was changed.');
    const tampered = ['output-tampered', 'package-tampered'].map(kind => ({...fixture('goat-audit').findings[0], kind}));
    assert.match(say('clean', {findings: tampered}), /; an install script changed another package and what the build has made\.$/);
    assert.match(say('clean', {findings: tampered.slice(0, 1)}), /; an install script changed what the build has made\.$/);
    assert.match(say('goat-audit', {policy: {egressPolicy: 'audit', rules: []}}), /2 endpoints were contacted and recorded, without an allow-list/);
    assert.match(say('degraded'), /^The evidence is not intact; /);
    assert.match(say('empty'), /proves nothing\.$/);
  });
  it('does not call a refused write a change', () => {
    assert.deepEqual([tally(normalise(fixture('goat-audit'))).tracked, tally(normalise(fixture('goat-block'))).tracked], [1, 0]);
  });
  it('names who did it, once', () => {
    assert.deepEqual(actors(normalise(fixture('goat-audit'))), [{package: 'evil-dep@1.0.0', script: 'preinstall', step: 'sh', process: 'node'}]);
    assert.deepEqual(actors(normalise(fixture('clean'))), []);
  });
});

describe('small parts', () => {
  it('reads the lines of a diff by hunk', () => {
    assert.deepEqual(lineKinds('--- a\n+++ b\n@@ -1 +1,2 @@\n---x\n+y\n z\n\\ No newline at end of file\n').map(({kind}) => kind),
      ['meta', 'meta', 'hunk', 'remove', 'add', 'same', 'meta']);
  });
  it('finds the configuration to copy in a remedy', () => {
    assert.equal(splitRemedy('Add:\nattacker.test:443').line, 'attacker.test:443');
    assert.equal(splitRemedy("If it is meant, add it: allowedEndpoints: ['a.test:443'] or --allow 'a.test:443'.").line, "allowedEndpoints: ['a.test:443']");
    assert.equal(splitRemedy('Set `x: 1`.').line, 'x: 1');
    assert.deepEqual(splitRemedy('Remove it.'), {prose: 'Remove it.', line: ''});
  });
  it('keeps the view in the fragment', () => {
    const href = viewHref('endpoints', {q: 'a&b=c#d', verdict: '', sort: '-count'});
    const {tab, params} = parseHash(href, ['endpoints']);
    assert.deepEqual([tab, params.get('q'), params.get('sort'), params.has('verdict')], ['endpoints', 'a&b=c#d', '-count', false]);
    assert.equal(parseHash('#__proto__?q=1', ['endpoints']).tab, null);
    assert.equal(formatHash('policy', []), '#policy');
  });
});

describe('rules of the house', () => {
  const sources = readdirSync(`${WEBAPP}js`).map(name => [name, readFileSync(`${WEBAPP}js/${name}`, 'utf8')]);

  it('modules import statically from this folder, so that the command line can inline them', () => {
    for (const [name, source] of sources) {
      for (const [line] of source.matchAll(/^(?:import|export .* from)\b.*$/gm)) {
        assert.match(line, /^(?:import|export) (?:\{[\w, ]+\} from )?'\.\/[\w-]+\.js';$/, `${name}: ${line}`);
      }
      assert.doesNotMatch(source, /import\s*\(|import\.meta|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|setAttribute\('style'/, name);
    }
  });
  it('sources hold no unseen characters themselves', () => {
    for (const [name, source] of sources) assert.equal(hiddenCount(source), 0, name);
  });
  it('report.css takes its colours from variables', () => {
    assert.doesNotMatch(readFileSync(`${WEBAPP}css/report.css`, 'utf8'), /#[0-9a-f]{3,8}\b|rgba?\(|hsla?\(|url\(|@import/i);
  });
});

describe('timeline', () => {
  const report = normalise(shop({deviating: true}));
  const {start, end, stages} = timeline(report, report.events());
  it('puts launches into their stages, in the order in which they ran', () => {
    assert.deepEqual(stages.map(({name, spans}) => [name, spans.length]), [['Install', 1], ['Test', 1], ['Publish', 1]]);
    assert.equal(end - start, 29000);
  });
  it('lets a launch last until its processes did the last thing, whatever its wrapper says', () => {
    const [{launch, to}] = stages[0].spans;
    assert.equal(launch.ended - launch.started, 12);
    assert.equal(Math.round(to * 29000), 9400);
  });
  it('marks the worst of what happened at a time, on top', () => {
    assert.deepEqual(stages[0].spans[0].marks.map(({tone}) => tone), ['mute', 'mute', 'mute', 'mute', 'warn']);
    const many = timeline(report, report.events(), 1).stages[0].spans[0].marks;
    assert.deepEqual(many.map(({count, tone}) => [count, tone]), [[5, 'warn']]);
  });
  it('has round ticks from a millisecond to days', () => {
    assert.deepEqual(ticks(29000), [0, 5000, 10000, 15000, 20000, 25000]);
    for (const length of [1, 7, 950, 61000, 4e6, 9e7, 5e9]) assert.ok(ticks(length).length <= 7, `${length}`);
  });
  it('survives a report without times', () => {
    const bare = normalise({launchDetails: [{id: 'x'}], endpoints: [{name: 'a'}]});
    assert.equal(timeline(bare, bare.events()), null);
  });
});

describe('comparison with another build', () => {
  const rows = difference(normalise(shop({deviating: true})), normalise(shop()));
  const change = name => rows.find(row => row.name === name)?.change;
  it('finds what only one of them did, by name and package version', () => {
    assert.equal(change('pastebin.test:443'), 'only here');
    assert.equal(change('left-pad@1.3.1 · postinstall'), 'only here');
    assert.equal(change('registry.test:443'), 'same');
    assert.equal(change('package-lock.json'), 'same');
  });
  it('is the same from the other side', () => {
    const back = difference(normalise(shop()), normalise(shop({deviating: true})));
    const mirror = {'only here': 'only there', 'only there': 'only here', same: 'same', verdict: 'verdict'};
    assert.deepEqual(Object.fromEntries(back.map(({name, change: c}) => [name, mirror[c]])), Object.fromEntries(rows.map(({name, change: c}) => [name, c])));
  });
  it('tells a name on another address from another destination', () => {
    const at = (name, address) => normalise({endpoints: [{name, address, port: 443, protocol: 'tcp', verdict: 'allowed', count: 1}]});
    assert.deepEqual(difference(at('a.test', '192.0.2.1'), at('a.test', '192.0.2.9')).map(row => row.change), ['same']);
    assert.deepEqual(difference(at('', '192.0.2.1'), at('', '192.0.2.9')).map(row => row.change), ['only here', 'only there']);
  });
  it('offers other builds with a report, the latest first, and the block of the same name', () => {
    const trend = [{n: 1, blocks: [{id: 'a', name: 'x'}]}, {n: 2, blocks: []}, {n: 3, t: 'no', blocks: [{id: 'b', name: 'x'}, {id: 'c', name: 'y'}]}, {n: 4, blocks: [{id: 'd'}]}, null, {n: 'five'}];
    assert.deepEqual(builds({trend}, 4, 'y').map(({n, block, time}) => [n, block, time]), [[3, 'c', null], [1, 'a', null]]);
    assert.deepEqual(builds(null, 1, ''), []);
  });
});

describe('baseline and job data', () => {
  it('names subjects as people write them', () => {
    assert.equal(subjectLabel({kind: 'endpoint', protocol: 'tcp', host: '2001:db8::1', port: 443, path: '', program: ''}), '[2001:db8::1]:443');
    assert.equal(subjectLabel({kind: 'program', protocol: 'udp', host: 'a.test', port: 53, path: '', program: 'dig'}), 'dig → udp://a.test:53');
    assert.equal(subjectLabel({kind: 'endpoint', protocol: 'dns', host: 'a.test', port: 53, path: '', program: ''}), 'a.test (DNS)');
    assert.equal(subjectLabel({kind: 'file', protocol: '', host: '', port: 0, path: 'a/b', program: ''}), 'a/b');
  });
  it('links only to this site', () => {
    const base = new URL('https://ci.test/jenkins/job/a/harden-runner/');
    assert.equal(safeUrl('/jenkins/job/b/', base), 'https://ci.test/jenkins/job/b/');
    for (const bad of ['javascript:alert(1)', 'https://evil.test/', '//evil.test/', 'data:text/html,x', 'http://ci.test/']) assert.equal(safeUrl(bad, base), '', bad);
  });
  it('survives wrong types anywhere', () => {
    const base = new URL('https://ci.test/');
    const mutate = value => {
      if (Array.isArray(value)) return [null, 7, 'x', [], ...value.map(mutate)];
      if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item], i) => [key, i % 3 ? mutate(item) : i % 2 ? {} : [item]]));
      return {value};
    };
    for (const [model, data] of [[jobModel, job()], [jobsModel, jobs(20)]]) {
      for (const broken of [{}, mutate(data), Object.fromEntries(Object.keys(data).map(key => [key, 'x']))]) model(broken, base);
      assert.throws(() => model(null, base), ReportError);
      assert.throws(() => model([], base), ReportError);
    }
  });
  it('keeps an unknown state from looking like protection', () => {
    const {jobs: [first]} = jobsModel({jobs: [{name: 'a', supervision: 'yes', state: 'perfect', verdict: 'great', baseline: 'x'}]}, new URL('https://ci.test/'));
    assert.deepEqual([first.supervision, first.state, first.verdict, first.baseline], ['never', 'off', 'not-supervised', 'none']);
  });
  it('draws many builds as few bars, each the greatest of its builds', () => {
    const points = Array.from({length: 1000}, (_, i) => ({n: i + 1, v: i === 502 ? 9 : 1}));
    const drawn = bars(points, point => point.v, 200);
    assert.equal(drawn.length, 200);
    assert.deepEqual(drawn.filter(bar => bar.value === 9).map(({first, last, point}) => [first, last, point.n]), [[501, 505, 503]]);
    assert.deepEqual([0, 1, 2, 3, 7, 12, 99, 101].map(niceMax), [1, 1, 2, 5, 10, 20, 100, 200]);
    assert.deepEqual(bars([], () => 1, 10), []);
  });
  it('knows an expected change from a deviation', () => {
    const of = files => normalise({files}).files[0];
    assert.equal(of([{baseline: 'accepted'}]).expected, true);
    assert.equal(of([{baseline: 'known', deviation: 'a'}]).expected, false);
    assert.equal(of([{baseline: 'learning'}]).expected, false);
    assert.equal(of([{}]).expected, false);
  });
});
