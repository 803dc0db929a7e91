// The pages in a Jenkins, in a real browser: `node lib/injenkins.js SCENARIO URL…`. Started by BrowserTest of the canonical
// build, which has the Jenkins; exits with 1 and says what is wrong. Whatever the browser complains of on a page of ours is
// a fault: script errors, violations of the Content-Security-Policy that Jenkins sends, requests that leave Jenkins.

import assert from 'node:assert/strict';
import {accessibility, launch} from './browser.js';

const [scenario, ...urls] = process.argv.slice(2);
const AUTH = process.env.JENKINS_AUTH;
const faults = [];
const browser = await launch();
const context = await browser.newContext({viewport: {width: Number(process.env.WIDTH ?? 1280), height: 900}, reducedMotion: 'reduce', colorScheme: process.env.SCHEME ?? 'light',
  // For a Jenkins that knows its users: USER:TOKEN.
  ...AUTH ? {extraHTTPHeaders: {Authorization: `Basic ${Buffer.from(AUTH).toString('base64')}`}} : {}});
const page = await context.newPage();
page.setDefaultTimeout(120000);
page.on('pageerror', error => faults.push(`error: ${error.message}`));
page.on('console', message => message.type() === 'error' && faults.push(`console: ${message.text()} (${message.location().url})`));
page.on('request', request => {
  const {protocol, host} = new URL(request.url());
  if (protocol !== 'data:' && host !== new URL(urls[0]).host) faults.push(`request: ${request.url()}`);
});
await page.addInitScript(() => addEventListener('securitypolicyviolation', event =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));

/** Opens a page; its policy must be enforced, and must be one that lets nothing run that is not a file of this Jenkins. */
async function open(url, ready, state = 'visible') {
  const response = await page.goto(url);
  const policy = response.headers()['content-security-policy'] ?? '';
  assert.match(policy, /script-src [^;]*'self'/, `${url}: the policy is not enforced`);
  assert.doesNotMatch(policy.match(/script-src[^;]*/)[0], /unsafe-inline|unsafe-eval/, url);
  await page.locator(ready).first().waitFor({state});
}

const tab = name => page.getByRole('tab', {name: new RegExp(`^${name}`)});
const panel = () => page.locator('.hr-panel:not([hidden])');

// Only what is ours: the rest of the page is Jenkins'.
async function accessible(names) {
  for (const name of names) {
    await tab(name).click();
    await panel().waitFor();
    assert.deepEqual(await accessibility(page, '.hr-report'), [], `axe on ${name}`);
  }
}

const SCENARIOS = {
  /** Reads the report of a build with one deviation, accepts it, and finds it on the job's page. */
  async review([build, job]) {
    await open(`${build}harden-runner/`, '.hr-headline');
    assert.match(await page.locator('.hr-headline').innerText(), /1 deviation from the baseline/);
    await accessible(['Findings', 'Endpoints', 'Processes', 'Files', 'Timeline', 'Policy', 'Coverage']);
    await tab('Findings').click();
    await panel().getByRole('button', {name: 'Accept…'}).first().click();
    await page.getByLabel('Comment').fill('seen in the browser');
    const posted = page.waitForResponse(response => response.request().method() === 'POST' && response.url() === `${job}harden-runner/accept`);
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    assert.equal((await posted).status(), 200);
    await page.getByText('It takes effect from the next build on.').first().waitFor();
    await open(`${job}harden-runner/`, '.hr-job__head');
    await page.getByText('Nothing waits for a review').waitFor();
    await tab('Changelog').click();
    assert.match(await panel().locator('.hr-row').first().innerText(), /accepted[\s\S]*seen in the browser/);
    await tab('Recommended policy').click();
    await panel().getByRole('heading', {name: 'To copy'}).waitFor();
    await accessible(['To review', 'Baseline', 'Block list', 'Changelog', 'Builds', 'Recommended policy', 'Manage']);
  },
  /** Every tab of any pages of ours, for a Jenkins that somebody runs. */
  async look(pages) {
    for (const url of pages) {
      await open(url, '.hr-headline, .hr-job__head, .hr-tiles');
      const names = await page.getByRole('tab').allInnerTexts();
      await accessible(names.map(name => name.split('\n')[0].replace(/\s*[\d,]+( of [\d,]+)?$/, '').trim()));
    }
  },
  /** The view of all jobs, which has one. */
  async jobs([root]) {
    await open(`${root}manage/harden-runner/`, '.hr-tiles');
    assert.ok(await panel().locator('.hr-row').count() > 0);
    await accessible(['Jobs', 'Agents']);
  },
  /** Pastes the inputs of the GitHub action into the form of the only policy, and saves. */
  async paste([root]) {
    await open(`${root}manage/configureSecurity/`, '.hr-import', 'attached');
    const form = page.locator('.repeated-chunk', {has: page.locator('.hr-import')}).first();
    await form.getByRole('button', {name: 'Import from a GitHub workflow'}).click();
    await form.locator('.hr-import__text').fill('egress-policy: block\nallowed-endpoints: >\n  b.example\n  a.example:443\n  https://c.example/x\n');
    await form.getByRole('button', {name: 'Add to the allowed endpoints'}).click();
    await form.getByText('1 endpoint added, 1 there already; egress policy: block. Save to keep it.').waitFor();
    await form.getByText("line 5: endpoint 'https://c.example/x'").waitFor();
    assert.equal(await form.locator('[name="_.allowedEndpoints"]').inputValue(), 'a.example:443 # known\nb.example:443');
    await page.getByRole('button', {name: 'Save'}).click();
    await page.waitForURL(url => !url.pathname.endsWith('/configureSecurity/'));
  },
};

let failure = null;
try {
  await SCENARIOS[scenario](urls);
  assert.deepEqual(faults, []);
} catch (error) {
  failure = error;
  if (process.env.PICTURE) await page.screenshot({path: process.env.PICTURE, fullPage: true});
  console.error(`${scenario}: ${error.stack}\n${faults.join('\n')}`);
}
await browser.close();
process.exit(failure ? 1 : 0);
