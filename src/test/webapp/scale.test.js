// A build with 100,000 events' worth of rows: 50,000 endpoints, 20,000 processes, 2,000 files. What is asserted is what
// makes it fast, the number of rows in the document; the times are printed and not judged, because a shared machine
// would decide the test.

import assert from 'node:assert/strict';
import {after, before, describe, it} from 'node:test';
import {launch, open} from './lib/browser.js';
import {large} from './lib/generate.js';
import {startServer} from './lib/server.js';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await startServer();
  server.reports.set('large', JSON.stringify(large()));
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function at(hash, use) {
  const {page, faults, close} = await open(browser, `${server.url}/page/large${hash}`);
  await use(page);
  assert.deepEqual(faults, []);
  await close();
}

/** Milliseconds from the event to the end of the frame in which `done()` holds; both run in the page. */
async function timed(page, name, act, t) {
  const ms = await page.evaluate(async source => {
    const task = new Function(`return (${source})()`);
    const from = performance.now();
    task();
    await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
    return performance.now() - from;
  }, act.toString()).catch(error => { throw new Error(`${name}: ${error.message}`); });
  t.diagnostic(`${name}: ${Math.round(ms)} ms`);
  return ms;
}

describe('a very large report', () => {
  it('shows the headline and the first rows only', t => at('#endpoints', async page => {
    const ms = await page.evaluate(() => performance.getEntriesByName('hr-shown')[0]?.startTime);
    const paint = await page.evaluate(() => performance.now());
    t.diagnostic(`headline and first rows in the document after ${Math.round(ms)} ms (seen by the test at ${Math.round(paint)} ms)`);
    assert.ok(await page.locator('.hr-row').count() <= 400);
  }));
  it('keeps few rows in the document, wherever one scrolls', () => at('#endpoints', async page => {
    assert.equal(await page.getByRole('table').getAttribute('aria-rowcount'), '50001');
    for (const part of [0.5, 1, 0.1]) {
      await page.evaluate(p => scrollTo(0, document.documentElement.scrollHeight * p), part);
      await page.waitForFunction(() => {
        const row = document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('.hr-row');
        return row !== null && row !== undefined;
      });
      assert.ok(await page.locator('.hr-row').count() <= 400, `${await page.locator('.hr-row').count()} rows at ${part}`);
    }
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    await page.locator('[aria-rowindex="50001"]').waitFor();
  }));
  it('filters and sorts all rows, and draws those in view', t => at('#endpoints', async page => {
    const update = await page.evaluateHandle(() => document.querySelector('.hr-filter__input'));
    const filter = async (value, expected) => {
      const ms = await page.evaluate(async ([input, text, want]) => {
        const from = performance.now();
        input.value = text;
        input.dispatchEvent(new Event('input', {bubbles: true}));
        while (!document.querySelector('.hr-toolbar__count').textContent.startsWith(want)) {
          await new Promise(resolve => { const {port1, port2} = new MessageChannel(); port1.onmessage = resolve; port2.postMessage(0); });
          if (performance.now() - from > 10000) throw new Error(document.querySelector('.hr-toolbar__count').textContent);
        }
        return performance.now() - from;
      }, [update, value, expected]);
      t.diagnostic(`filter “${value}”: ${Math.round(ms)} ms, of which 80 ms wait for the next key`);
    };
    for (const [value, expected] of [['host-4999', '11 of'], ['package-7@', '170 of'], ['port:8080', '7,143 of'], ['', '50,000']]) {
      await filter(value, expected);
      assert.ok(await page.locator('.hr-row').count() <= 400);
    }
    await timed(page, 'sort by name', () => document.querySelector('.hr-sort').click(), t);
    assert.ok(await page.locator('.hr-row').count() <= 400);
  }));
  it('opens, expands and searches the process tree', t => at('#processes', async page => {
    await timed(page, 'expand all 20,000 processes', () => [...document.querySelectorAll('.hr-toolbar .jenkins-button')]
      .find(button => button.textContent === 'Expand all').click(), t);
    assert.ok(await page.locator('[role=treeitem]').count() <= 400);
    await page.locator('[role=treeitem]').first().focus();
    await page.keyboard.press('End');
    await page.waitForFunction(() => Number(document.activeElement.dataset.index) > 20000);
    assert.ok(await page.evaluate(() => {
      const {top, bottom} = document.activeElement.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight;
    }), 'the focused row is in view');
  }));
});
