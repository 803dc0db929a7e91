// Loads a module of the page in Node. Node 18 (Debian 12) takes a .js file for CommonJS unless a package.json beside or
// above it says otherwise, and webapp/ is served as it stands, so a copy gets that file.

import {cpSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {WEBAPP} from './server.js';

const copy = mkdtempSync(join(tmpdir(), 'harden-runner-webapp-'));
process.on('exit', () => rmSync(copy, {recursive: true, force: true}));
cpSync(join(WEBAPP, 'js'), copy, {recursive: true});
writeFileSync(join(copy, 'package.json'), '{"type":"module"}');

export const load = name => import(pathToFileURL(join(copy, `${name}.js`)));
