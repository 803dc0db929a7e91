// Exports of a real run, and of reports that hostile programs had a hand in, read by tools that are not ours.

import assert from 'node:assert/strict';
import {execFileSync, spawnSync} from 'node:child_process';
import {createPublicKey, generateKeyPairSync} from 'node:crypto';
import {chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {after, before, describe, it} from 'node:test';
import {fileURLToPath} from 'node:url';
import {crypto, dsse} from '@sigstore/core';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const multitool = join(root, 'src/test/exports/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool');
let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'exports-'));
  chmodSync(multitool, 0o755); // its own install script would do this, and install scripts do not run here
});
after(() => rmSync(folder, {recursive: true, force: true}));

const harden = (...args) => execFileSync(join(root, 'bin/harden-runner'), args, {cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28});

function keys() {
  const {privateKey, publicKey} = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, 'key.pem'), privateKey.export({type: 'pkcs8', format: 'pem'}));
  return publicKey.export({type: 'spki', format: 'pem'});
}

describe('SARIF', () => {
  // Its own parser and the JSON schema of OASIS; says what it finds and always ends with 0.
  function validate(sarif) {
    const file = join(folder, 'log.sarif');
    writeFileSync(file, typeof sarif === 'string' ? sarif : JSON.stringify(sarif, null, 2));
    const {stdout, stderr} = spawnSync(multitool, ['validate', file], {
      encoding: 'utf8',
      env: {...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1'},
    });
    assert.match(stdout, /Analysis completed successfully/, stdout + stderr);
    return stdout.split('\n').filter((line) => /: (error|warning) /.test(line));
  }

  it('is valid for a run with findings', () => {
    writeFileSync(join(folder, 'made.txt'), 'made');
    spawnSync(join(root, 'bin/harden-runner'), ['run', '-q', '--egress-policy', 'block', '--loopback', 'own', '--report', 'out', '--',
      'curl', '-sS', 'http://127.0.1.9:8080/'], {cwd: folder});
    const sarif = harden('report', '--format', 'sarif', 'out');
    assert.equal(JSON.parse(sarif).runs[0].results[0].ruleId, 'egress-blocked');
    assert.deepEqual(validate(sarif), []);
  });

  for (const fixture of ['clean', 'degraded', 'empty', 'goat-audit', 'goat-block']) {
    it(`is valid for ${fixture}`, () => {
      assert.deepEqual(validate(harden('report', '--format', 'sarif', join(root, `src/test/webapp/fixtures/${fixture}.json`))), []);
    });
  }

  it('is valid whatever files and processes are called', () => {
    const report = JSON.parse(readFileSync(join(root, 'src/test/webapp/fixtures/goat-audit.json'), 'utf8'));
    const names = ['/ws/a b%20c#d?e', '/ws/ä\u202e\u200b"<img>', 'C:/x', '/ws/../..//x', '/ws/\ud83d\ude00', '/'];
    report.cwd = '/ws';
    report.findings = names.map((path) => ({...report.findings[0], message: path, evidence: {...report.findings[0].evidence, path}}));
    report.lineages[0].processes[0].argv = ['sh', '-c', '\u0007"<script>', ''];
    const file = join(folder, 'hostile.json');
    writeFileSync(file, JSON.stringify(report));
    assert.deepEqual(validate(harden('report', '--format', 'sarif', file)), []);
  });

  it('would be refused without a message', () => {
    const sarif = JSON.parse(harden('report', '--format', 'sarif', join(root, 'src/test/webapp/fixtures/goat-audit.json')));
    delete sarif.runs[0].results[0].message;
    assert.match(validate(sarif).join('\n'), /required property 'message' is missing/);
  });
});

describe('signatures', () => {
  // DSSE as sigstore implements it.
  const verifies = (envelope, pem) =>
    crypto.verify(dsse.preAuthEncoding(envelope.payloadType, Buffer.from(envelope.payload, 'base64')), createPublicKey(pem),
      Buffer.from(envelope.signatures[0].sig, 'base64'));

  it('of a seal and of an in-toto statement are DSSE', () => {
    const pem = keys();
    writeFileSync(join(folder, 'made.txt'), 'made');
    harden('run', '-q', '--seal-key', 'key.pem', '--report', 'sealed', '--', 'true');
    const seal = JSON.parse(readFileSync(join(folder, 'sealed/seal.json'), 'utf8'));
    assert.equal(verifies(seal, pem), true);
    const envelope = JSON.parse(harden('report', '--format', 'in-toto', '--subject', 'made.txt', '--seal-key', 'key.pem', 'sealed'));
    assert.equal(envelope.payloadType, 'application/vnd.in-toto+json');
    assert.equal(verifies(envelope, pem), true);
    assert.equal(verifies(seal, keys()), false);

    const statement = JSON.parse(Buffer.from(envelope.payload, 'base64'));
    assert.equal(statement._type, 'https://in-toto.io/Statement/v1');
    assert.equal(statement.predicateType, 'https://in-toto.io/attestation/runtime-trace/v0.1');
    assert.deepEqual(statement.subject, [{
      name: 'made.txt',
      digest: {sha256: execFileSync('sha256sum', ['made.txt'], {cwd: folder, encoding: 'utf8'}).slice(0, 64)},
    }]);
    assert.ok(statement.predicate.monitorLog.process.length > 0);
  });
});
