// The self-contained report.html, as the command line writes it: modules as data: URLs behind an import map. This copy
// exists to prove that the modules bear it (static relative imports only); the product's one is the command line's.

import {createHash} from 'node:crypto';
import {readdirSync, readFileSync} from 'node:fs';
import {embed, STYLES, WEBAPP} from './server.js';

export function selfContained(report) {
  const modules = readdirSync(`${WEBAPP}js`).filter(name => name.endsWith('.js'));
  const imports = Object.fromEntries(modules.map(name => {
    const source = readFileSync(`${WEBAPP}js/${name}`, 'utf8').replace(/(from\s+|import\s+)'\.\/([\w-]+\.js)'/g, "$1'harden-runner/$2'");
    return [`harden-runner/${name}`, `data:text/javascript;base64,${Buffer.from(source).toString('base64')}`];
  }));
  const map = JSON.stringify({imports});
  const entry = "import 'harden-runner/main.js';";
  const css = ['standalone', ...STYLES].map(name => readFileSync(`${WEBAPP}css/${name}.css`, 'utf8')).join('\n');
  const sha = text => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harden Runner report</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src data: ${sha(map)} ${sha(entry)}; style-src ${sha(css)}; img-src data:">
<style>${css}</style><script type="importmap">${map}</script></head><body><main><div id="harden-runner-report"></div></main>
<script type="application/json" id="harden-runner-data">${embed(JSON.stringify(report))}</script>
<script type="module">${entry}</script></body></html>`;
}
