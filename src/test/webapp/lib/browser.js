// Chromium for the tests: the system's, headless, alone with itself. It must be there: a page nobody opened is untested.

import {existsSync} from 'node:fs';
import {createRequire} from 'node:module';
import {chromium} from 'playwright-core';

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const CANDIDATES = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export async function launch() {
  const executablePath = CANDIDATES.find(path => path && existsSync(path));
  if (!executablePath) {
    throw new Error('Chromium is needed for the page tests: apt-get install chromium, or set CHROMIUM to its path');
  }
  // Playwright gives each launch a fresh profile folder and removes it.
  return chromium.launch({executablePath, headless: true, args: ['--no-sandbox', '--disable-gpu', '--no-first-run',
    '--disable-background-networking', '--disable-component-update', '--disable-sync']});
}

/** Opens a page that records everything that must not happen: script errors, CSP violations, foreign requests; `expected` are
 *  patterns of console errors that belong to the test (Chromium reports each HTTP error there). */
const READY = '.hr-headline, .hr-callout, .hr-job__head, .hr-tiles';

export async function open(browser, url, {expected = [], ...options} = {}) {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, reducedMotion: 'reduce', ...options});
  const page = await context.newPage();
  const faults = [];
  page.on('pageerror', error => faults.push(`error: ${error.message}`));
  page.on('console', message => message.type() === 'error' && !expected.some(pattern => pattern.test(message.text())) && faults.push(`console: ${message.text()}`));
  page.on('request', request => {
    const address = new URL(request.url());
    if (!['127.0.0.1', ''].includes(address.hostname) && address.protocol !== 'data:') faults.push(`request: ${address}`);
  });
  await page.addInitScript(() => addEventListener('securitypolicyviolation', event =>
    console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)));
  await page.goto(url);
  await page.waitForSelector(READY);
  return {page, faults, close: () => context.close()};
}

/** axe-core's violations `within` a selector, one line each; run through the debugger, so that the page's own CSP stays as it is. */
export async function accessibility(page, within = 'html') {
  await page.evaluate(`${(await import('node:fs')).readFileSync(AXE, 'utf8')}; undefined`);
  const {violations} = await page.evaluate(selector => globalThis.axe.run(selector, {resultTypes: ['violations']}), within);
  return violations.flatMap(({id, help, nodes}) => nodes.slice(0, 3).map(node => `${id}: ${help}: ${node.html.slice(0, 160)} ${node.failureSummary?.split('\n')[1] ?? ''}`));
}
