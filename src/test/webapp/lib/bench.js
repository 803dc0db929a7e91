// `npm run bench`: how long the page takes with the report of a build of 100,000 events, into bench/RESULTS.md. Wall time
// is what a person waits; the CPU time of the page's main thread says the same on a machine that is busy with other work.

import {readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {launch} from './browser.js';
import {large} from './generate.js';
import {job} from './jobs.js';
import {startServer} from './server.js';

const ROUNDS = Number(process.env.ROUNDS ?? 5);
const RESULTS = fileURLToPath(new URL('../../../../bench/RESULTS.md', import.meta.url));
const TITLE = '## The report page of a build with 100,000 events';
const results = new Map();

const report = JSON.stringify(large());
const browser = await launch();
const server = await startServer();
server.reports.set('large', () => ({body: report})).set('job:large', job(1000));
async function reportPage() {
  await visit('/page/large#endpoints', async ({page, cpu, step}) => {
    await page.waitForSelector('.hr-row');
    const marks = await page.evaluate(() => [performance.getEntriesByName('first-contentful-paint')[0].startTime, performance.getEntriesByName('hr-shown')[0].startTime]);
    note('first paint (the frame of the page)', marks[0], null);
    note('headline and first rows, from the click on the link', marks[1], await cpu());
    // What is prepared while nobody waits is prepared.
    await page.waitForTimeout(1500);
    await step('filter 50,000 endpoints by package', search, 'package-7@');
    await step('filter by name', search, 'host-4999');
    await step('clear the filter', search, '');
    await step('sort 50,000 endpoints by name', click, '.hr-sort');
    await step('open a row', click, '.hr-toggle');
    for (const name of ['Processes', 'Files', 'Timeline', 'Findings']) await step(`open the tab ${name}`, tab, name);
    await tab(page, 'Processes');
    await step('expand all 20,000 processes', page_ => page_.evaluate(() => {
      const button = [...document.querySelectorAll('.hr-panel:not([hidden]) .jenkins-button')].find(node => node.textContent === 'Expand all');
      return globalThis.timed(() => button.click());
    }));
  });
}

async function jobPage() {
  await visit('/job/large/harden-runner/', async ({page, cpu, step}) => {
    await page.waitForSelector('.hr-job__head');
    note('job page of 1,000 builds, shown', await page.evaluate(() => performance.getEntriesByName('hr-shown')[0].startTime), await cpu());
    await step('its table of 1,000 builds', tab, 'Builds');
  });
}

/** Opens a page; `step(name, act, argument)` notes what `act(page, argument)` measured, and the CPU time it took. */
async function visit(path, use) {
  const context = await browser.newContext({viewport: {width: 1440, height: 900}, reducedMotion: 'reduce'});
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Performance.enable', {timeDomain: 'threadTicks'});
  const cpu = async () => (await session.send('Performance.getMetrics')).metrics.find(({name}) => name === 'TaskDuration').value * 1000;
  await page.addInitScript(() => {
    // Until the frame after the one with the result has begun.
    globalThis.timed = async task => {
      const from = performance.now();
      await task();
      await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
      return performance.now() - from;
    };
  });
  await page.goto(server.url + path);
  await use({page, cpu, async step(name, act, argument) {
    const before = await cpu();
    const wall = await act(page, argument);
    note(name, wall, await cpu() - before);
    await page.waitForTimeout(200);
  }});
  await context.close();
}

const click = (page, selector) => page.evaluate(value => {
  const node = document.querySelector(`.hr-panel:not([hidden]) ${value}`);
  return globalThis.timed(() => node.click());
}, selector);

const tab = (page, name) => page.evaluate(value => {
  const node = [...document.querySelectorAll('[role=tab]')].find(item => item.textContent.startsWith(value));
  return globalThis.timed(() => node.click());
}, name);

/** From the last key to the rows, the 60 ms in which another key could follow left out. */
const search = async (page, text) => await page.evaluate(value => {
  const panel = document.querySelector('.hr-panel:not([hidden])');
  const input = panel.querySelector('.hr-filter__input');
  const before = panel.querySelector('.hr-toolbar__count').textContent;
  return globalThis.timed(async () => {
    input.value = value;
    input.dispatchEvent(new Event('input', {bubbles: true}));
    while (panel.querySelector('.hr-toolbar__count').textContent === before) await new Promise(resolve => setTimeout(resolve, 1));
  });
}, text) - 60;

function note(name, wall, cpu) {
  if (!results.has(name)) results.set(name, []);
  results.get(name).push({wall, cpu});
}

function write() {
  const column = (rounds, key) => {
    const values = rounds.map(round => round[key]).filter(value => value !== null).sort((a, b) => a - b).map(Math.round);
    return values.length ? `${values[values.length >> 1]} (${values[0]}–${values.at(-1)})` : '';
  };
  const section = `${TITLE}

Written by \`npm --prefix src/test/webapp run bench\`: 50,000 endpoints, 20,000 processes, 2,000 files, 200 findings,
${(report.length / 1e6).toFixed(0)} MB of JSON from a server on this machine, headless ${`Chromium ${browser.version()}`.split('.')[0]}, 2 shared cores. Milliseconds as median
(smallest–largest) of ${ROUNDS} rounds after one warm-up. CPU is that of the page's main thread alone.
Load average of the machine while it was measured: ${readFileSync('/proc/loadavg', 'utf8').split(' ')[0]}.

| | wall, ms | CPU, ms |
|---|---|---|
${[...results].map(([name, rounds]) => `| ${name} | ${column(rounds, 'wall')} | ${column(rounds, 'cpu')} |`).join('\n')}
`;
  const old = readFileSync(RESULTS, 'utf8');
  const start = old.indexOf(TITLE);
  const next = start < 0 ? -1 : old.indexOf('\n## ', start);
  const head = start < 0 ? `${old.trimEnd()}\n\n` : old.slice(0, start);
  writeFileSync(RESULTS, head + section + (next < 0 ? '' : old.slice(next)));
  console.log(section);
}

for (let round = 0; round <= ROUNDS; round++) {
  if (round === 1) results.clear(); // the first one warms up
  await reportPage();
  await jobPage();
}
await server.close();
await browser.close();
write();
