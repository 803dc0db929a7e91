// `npm run screenshots:jenkins`: docs/images/page-*.png from a running Jenkins, each view in light, dark and narrow. That
// Jenkins needs the dark theme of the plugin dark-theme (following the browser), and the jobs named below; JENKINS is its
// address, JENKINS_AUTH a USER:TOKEN of an administrator, JENKINS_VIEWS `NAME=PATH,…` what to take beside or instead of them.

import {spawnSync} from 'node:child_process';
import {fileURLToPath} from 'node:url';
import {launch} from './browser.js';

const OUT = fileURLToPath(new URL('../../../../docs/images/', import.meta.url));
const LOOKS = {light: {colorScheme: 'light', viewport: {width: 1280, height: 880}}, dark: {colorScheme: 'dark', viewport: {width: 1280, height: 880}},
  narrow: {colorScheme: 'light', viewport: {width: 375, height: 812}}};
const VIEWS = {
  'goat-audit': 'job/goat-audit/lastBuild/harden-runner/', 'goat-block': 'job/goat-block/lastBuild/harden-runner/',
  deviating: 'job/shop/lastBuild/harden-runner/', stable: 'job/shop/29/harden-runner/#endpoints', large: 'job/large/lastBuild/harden-runner/#endpoints',
  job: 'job/shop/harden-runner/', jobs: 'manage/harden-runner/', recommend: 'job/shop/harden-runner/#recommend', verification: 'job/shop/29/harden-runner/#coverage',
};
const {JENKINS, JENKINS_AUTH, JENKINS_VIEWS} = process.env;
if (!JENKINS || !JENKINS_AUTH) throw new Error('JENKINS and JENKINS_AUTH must be set');
const only = process.argv.slice(2);
const views = {...VIEWS, ...Object.fromEntries((JENKINS_VIEWS ?? '').split(',').filter(Boolean).map(view => view.split(/=(.*)/s)))};

const browser = await launch();
for (const [name, path] of Object.entries(views).filter(([key]) => !only.length || only.includes(key))) {
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext({...options, reducedMotion: 'reduce', extraHTTPHeaders: {Authorization: `Basic ${Buffer.from(JENKINS_AUTH).toString('base64')}`}});
    const page = await context.newPage();
    await page.goto(new URL(path, JENKINS).href);
    await page.locator('.hr-headline, .hr-job__head, .hr-tiles').first().waitFor();
    if (name === 'recommend') await page.locator('.hr-table--recommend').waitFor();
    if (name === 'verification') {
      await page.getByRole('button', {name: 'Verify now'}).click();
      await page.locator('.hr-verification li').first().waitFor();
    }
    // On a narrow screen Jenkins' own menu fills the first one.
    if (look === 'narrow') await page.locator('.hr-headline, .hr-job__head, .hr-tiles').first().evaluate(node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 84));
    if (name === 'recommend' || name === 'verification') await page.locator('[role=tablist]').evaluate(node => scrollTo(0, node.getBoundingClientRect().top + scrollY - 60));
    await page.waitForTimeout(500);
    const file = `${OUT}page-${name}-${look}.png`;
    await page.screenshot({path: file});
    await context.close();
    const small = spawnSync('pngquant', ['--force', '--skip-if-larger', '--strip', '--quality', '70-95', '--output', file, file]);
    if (small.error) console.warn(`${file} is not optimised: ${small.error.message}`);
  }
}
await browser.close();
