// `npm run screenshots`: docs/images/page-*.png, each view in light, dark and narrow. The goat's reports are those of the
// last `scripts/goat-run` (out/goat); the others are the fixtures of the tests. pngquant makes the files small.

import {spawnSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {launch, open} from './browser.js';
import {large} from './generate.js';
import {job, jobs, shop} from './jobs.js';
import {startServer} from './server.js';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const OUT = `${ROOT}docs/images/`;
const LOOKS = {light: {colorScheme: 'light', width: 1280, height: 880}, dark: {colorScheme: 'dark', width: 1280, height: 880}, narrow: {colorScheme: 'light', width: 375, height: 812}};
const only = process.argv.slice(2);

const goat = name => {
  const file = `${ROOT}out/goat/${name}/report.json`;
  if (!existsSync(file)) throw new Error(`${file} is not there: run scripts/goat-run --no-serve first`);
  // The scenario runs in a folder with a random name.
  return readFileSync(file, 'utf8').replace(/\/tmp\/goat\.\w+/g, '/tmp/goat');
};

const browser = await launch();
const server = await startServer();
const report = JSON.stringify(large());
server.reports.set('goat-audit', () => ({body: goat('audit')})).set('goat-block', () => ({body: goat('block')})).set('large', () => ({body: report}))
  .set('deviating', shop({deviating: true})).set('stable', shop()).set('job:deviating', job(30)).set('jobs', jobs());
const views = {
  'goat-audit': '/page/goat-audit', 'goat-block': '/page/goat-block', deviating: '/page/deviating', stable: '/page/stable#endpoints',
  large: '/page/large#endpoints', job: '/job/deviating/harden-runner/', jobs: '/jobs', timeline: '/page/deviating#timeline', compare: '/page/deviating#compare', processes: '/page/goat-audit#processes',
};
for (const [name, path] of Object.entries(views).filter(([key]) => !only.length || only.includes(key))) {
  for (const [look, {colorScheme, width, height}] of Object.entries(LOOKS)) {
    if (look !== 'light' && ['timeline', 'compare', 'processes'].includes(name)) continue;
    const {page, faults, close} = await open(browser, server.url + path, {colorScheme, viewport: {width, height}});
    if (name === 'compare') await page.locator('.hr-panel:not([hidden]) .hr-row').first().waitFor();
    await page.waitForTimeout(300);
    const file = `${OUT}page-${name}-${look}.png`;
    await page.screenshot({path: file});
    if (faults.length) throw new Error(`${name}: ${faults}`);
    await close();
    const small = spawnSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--quality', '70-95', '--output', file, file]);
    if (small.error) console.warn(`${file} is not optimised: ${small.error.message}`);
  }
}
await server.close();
await browser.close();
