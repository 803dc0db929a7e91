// The page in headless Chromium, served under an enforced Content-Security-Policy.

import assert from 'node:assert/strict';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import {after, before, describe, it} from 'node:test';
import {accessibility, launch, open} from './lib/browser.js';
import {fixture, hostile, running} from './lib/generate.js';
import {selfContained} from './lib/inline.js';
import {verification} from './lib/jobs.js';
import {startServer} from './lib/server.js';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await startServer();
  server.reports.set('hostile', hostile());
});
after(async () => {
  await browser?.close();
  await server?.close();
});

/** Runs `use(page)` on a page and fails on any script error, CSP violation or foreign request. */
async function visit(path, use, options) {
  const {page, faults, close} = await open(browser, path.startsWith('file:') ? path : server.url + path, options);
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

const texts = (page, selector) => page.locator(selector).allInnerTexts();
const tab = (page, name) => page.getByRole('tab', {name});
const shownRows = page => page.locator('.hr-panel:not([hidden]) .hr-row');

describe('the sealed evidence', () => {
  const EVIDENCE = 'evidence/0123456789abcdef/verification';
  const answer = page => page.locator('.hr-verification');
  it('is verified when somebody asks, in words, with what to download', () => visit('/page/goat-audit#coverage', async page => {
    let asked = 0;
    server.reports.set(EVIDENCE, () => ({body: asked++ ? verification({altered: true}) : verification()}));
    assert.equal(await answer(page).innerText(), '');
    await page.getByRole('button', {name: 'Verify now'}).click();
    await answer(page).getByText('Nothing is wrong, but 1 thing could not be checked; 4 checks held.').waitFor();
    assert.match(await answer(page).innerText(), /Checked 2026-11-23 12:00:00\.000 UTC, sealed 2026-11-23 09:00:30\.000 UTC\./);
    assert.match((await texts(page, '.hr-verification li'))[0], /not checked\s+l-1\.events\.gz\s+it was removed on/);
    const folder = `${server.url}/report/evidence/0123456789abcdef/`;
    assert.deepEqual(await page.locator('.hr-verification a').evaluateAll(links => links.map(link => link.href)), ['l-1.events.gz', 'report.json.gz'].map(name => folder + name));
    assert.equal(await page.getByRole('link', {name: 'seal.json'}).getAttribute('href'), `${folder}seal.json`);
    await page.getByText('Verify on another machine').click();
    assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), new RegExp(`harden-runner verify --key harden-runner-keys\\.pem '${folder}'`));
    await page.getByRole('button', {name: 'Verify again'}).click();
    await answer(page).getByText('The evidence is not intact: 1 check of 5 failed.').waitFor();
    assert.match((await texts(page, '.hr-verification li'))[0], /does not hold\s+report\.json\.gz\s+it has 912 bytes/);
    assert.equal(await answer(page).locator('.hr-callout.hr-bad').count(), 1);
  }));
  it('is never said to hold by an answer that does not show it, and hostile texts are text', () => visit('/page/goat-audit#coverage', async page => {
    const hostileCheck = {subject: '../../x<img src=x onerror="window.pwned=1">', result: 'fine', detail: 'a\u202Eb'};
    const answers = [{holds: true, checks: []}, {holds: true, checks: [{subject: 'seal', result: 'fails', detail: ''}]}, {holds: 'yes', checks: [{subject: 'seal', result: 'holds'}]}, null, {holds: true, checks: [hostileCheck]}];
    for (const body of answers) {
      server.reports.set(EVIDENCE, () => ({body}));
      const got = page.waitForResponse(response => response.url().endsWith('/verification'));
      await page.getByRole('button', {name: /^Verify/}).click();
      await got;
      await page.locator('.hr-verification .hr-callout').waitFor();
      assert.doesNotMatch(await answer(page).innerText(), /held/, JSON.stringify(body));
    }
    assert.match(await answer(page).innerText(), /does not hold\s+\.\.\/\.\.\/x<img src=x[\s\S]*a‹U\+202E›b/);
    assert.equal(await answer(page).locator('img, a').count(), 0);
    server.reports.set(EVIDENCE, () => ({status: 403, body: {}}));
    await page.getByRole('button', {name: /^Verify/}).click();
    await answer(page).getByRole('alert').getByText('HTTP 403').waitFor();
  }, {expected: [/403/]}));
  it('is not asked for while the build runs, nor by a file of its own', async () => {
    server.reports.set('running', running());
    for (const path of ['/page/running?live#coverage', '/alone/goat-audit#coverage']) {
      await visit(path, async page => assert.equal(await page.getByRole('button', {name: /^Verify/}).count(), 0));
    }
  });
});

describe('what a person sees first', () => {
  it('state, verdict, sentence, actor and findings of the goat in audit', () => visit('/page/goat-audit', async page => {
    assert.equal(await page.locator('.hr-headline__title').innerText(), 'Policy violated');
    assert.match(await page.locator('.hr-headline__badges').innerText(), /State: enforced[\s\S]*Egress:\s+audit/);
    assert.match(await page.locator('.hr-who').innerText(), /evil-dep@1\.0\.0 in its preinstall script/);
    const findings = await texts(page, '.hr-finding');
    assert.equal(findings.length, 3);
    assert.match(findings[0], /critical[\s\S]*overwrote the tracked file index\.js[\s\S]*sh -xe[\s\S]*npm install[\s\S]*sh -c 'node \.\/collect\.js[\s\S]*node \.\/patch\.js[\s\S]*index\.js/);
  }));
  it('missing protections by name, and evidence that is not intact', () => visit('/page/degraded', async page => {
    assert.match(await page.locator('.hr-headline').innerText(), /State: degraded[\s\S]*evidence is not intact[\s\S]*Landlock: kernel 5\.4 has no Landlock/);
    await tab(page, 'Coverage').click();
    const listeners = page.locator('section.hr-section', {has: page.getByRole('heading', {name: 'Listeners'})});
    assert.match(await listeners.innerText(), /0\.0\.0\.0:8080\s+the network\s+2×[\s\S]*\[::\]:9229\s+this machine \(inbound: loopback\)/);
    const peers = page.locator('section.hr-section', {has: page.getByRole('heading', {name: 'Connections from outside'})});
    assert.match(await peers.innerText(), /198\.51\.100\.9\s+192\.0\.2\.1:8080\s+977\s[\s\S]*2001:db8::9\s+\[2001:db8::1\]:9229\s+1\s/);
    assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), /not intact[\s\S]*missing-end in launch 1, line 287[\s\S]*1,240 events were counted[\s\S]*truncated/);
  }));
  it('never protection where there was none', () => visit('/page/empty', async page => {
    assert.match(await page.locator('.hr-headline').innerText(), /Not supervised[\s\S]*State: off[\s\S]*Nothing was enforced/);
    for (const [name, message] of [['Findings', 'no supervision'], ['Endpoints', 'No endpoint was contacted'], ['Processes', 'No process is recorded'],
      ['Files', 'file policy is off'], ['Policy', 'Nothing to allow'], ['Coverage', 'does not say what was covered']]) {
      await tab(page, name).click();
      assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), new RegExp(message), name);
    }
  }));
  it('a report of almost nothing, with a warning about its schema', async () => {
    server.reports.set('bare', {schema: 9, future: [1]});
    await visit('/page/bare', async page => {
      assert.match(await page.locator('.hr-report').innerText(), /knows report schema 1; the report says 9/);
      for (const name of ['Endpoints', 'Processes', 'Files', 'Policy', 'Coverage']) await tab(page, name).click();
    });
  });
});

describe('endpoints', () => {
  it('filters by text and verdict, keeps both in the address, and opens the same view from it', () => visit('/page/goat-audit#endpoints', async page => {
    assert.equal(await shownRows(page).count(), 3);
    await page.getByLabel('Filter endpoints').fill('evil-dep');
    await page.waitForFunction(() => location.hash === '#endpoints?q=evil-dep');
    assert.deepEqual(await texts(page, '.hr-row .hr-strong'), ['attacker.test']);
    assert.equal(await page.locator('.hr-toolbar__count').innerText(), '1 of 3 endpoints');
    await page.getByLabel('Filter endpoints').fill('');
    await page.getByRole('button', {name: /^allowed/}).click();
    await page.waitForFunction(() => location.hash === '#endpoints?verdict=allowed');
    assert.deepEqual(await texts(page, '.hr-row .hr-strong'), ['registry.test']);
    await page.reload();
    await shownRows(page).first().waitFor();
    assert.deepEqual(await texts(page, '.hr-row .hr-strong'), ['registry.test']);
    assert.equal(await page.getByRole('button', {name: /^allowed/}).getAttribute('aria-pressed'), 'true');
  }));
  it('says when nothing matches and clears the filter', () => visit('/page/goat-audit#endpoints?q=zzz', async page => {
    assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), /No endpoint matches this filter/);
    await page.getByRole('button', {name: 'Clear filter'}).click();
    assert.equal(await shownRows(page).count(), 3);
  }));
  it('sorts by each column in both directions', () => visit('/page/goat-audit#endpoints', async page => {
    const header = page.getByRole('columnheader', {name: 'Count'});
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'ascending');
    assert.deepEqual(await texts(page, '.hr-row .hr-strong'), ['attacker.test', 'downloads.registry.test', 'registry.test']);
    await header.getByRole('button').click();
    assert.equal(await header.getAttribute('aria-sort'), 'descending');
    assert.deepEqual((await texts(page, '.hr-row .hr-strong'))[0], 'registry.test');
  }));
  it('opens a row with its process chain, by keyboard', () => visit('/page/goat-audit#endpoints', async page => {
    await page.getByRole('button', {name: 'Details of attacker.test:443'}).press('Enter');
    assert.match(await page.locator('.hr-row-detail').innerText(), /npm install[\s\S]*node \.\/collect\.js[\s\S]*attacker\.test:443[\s\S]*rule default/);
    await page.getByRole('button', {name: 'Details of attacker.test:443'}).press('Enter');
    assert.equal(await page.locator('.hr-row-detail').count(), 0);
  }));
  it('is reached from a finding', () => visit('/page/goat-audit', async page => {
    await page.locator('.hr-finding a', {hasText: 'attacker.test:443'}).click();
    assert.equal(await tab(page, 'Endpoints').getAttribute('aria-selected'), 'true');
    assert.deepEqual(await texts(page, '.hr-panel:not([hidden]) .hr-row .hr-strong'), ['attacker.test']);
    await page.goBack();
    assert.equal(await tab(page, 'Findings').getAttribute('aria-selected'), 'true');
  }));
});

describe('processes and files', () => {
  it('shows events below their process; arrows move, close and open', () => visit('/page/goat-audit#processes', async page => {
    const rows = page.locator('[role=treeitem]');
    const all = await rows.count();
    assert.equal(all, 9 + 3 + 4);
    const names = await rows.allInnerTexts();
    const collect = names.findIndex(name => name.startsWith('node ./collect.js'));
    assert.match(names[collect + 1], /attacker\.test:443[\s\S]*would block/);
    await rows.first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await rows.count(), 2);
    assert.match(await page.evaluate(() => document.activeElement.innerText), /^sh -xe[\s\S]*3 inside/);
    await page.keyboard.press('ArrowRight');
    assert.equal(await rows.count(), all);
    await page.keyboard.press('End');
    assert.match(await page.evaluate(() => document.activeElement.innerText), /--self-test/);
    await page.keyboard.press('ArrowLeft');
    assert.match(await page.evaluate(() => document.activeElement.innerText), /^sh -xe/);
  }));
  it('searches the tree and keeps the way to each hit', () => visit('/page/goat-audit#processes', async page => {
    await page.getByLabel('Filter processes').fill('attacker.test');
    await page.waitForFunction(() => document.querySelector('.hr-panel:not([hidden]) .hr-toolbar__count').textContent === '1 of 9 processes');
    const names = await texts(page, '[role=treeitem]');
    assert.ok(names.some(name => name.startsWith('npm install')) && names.some(name => name.startsWith('node ./collect.js')));
    assert.ok(!names.some(name => name.startsWith('node ./patch.js')));
  }));
  it('shows a tracked file first, with digests and diff', () => visit('/page/goat-audit#files', async page => {
    assert.match((await texts(page, '.hr-row'))[0], /index\.js[\s\S]*tracked/);
    await shownRows(page).first().click();
    assert.equal(await page.locator('.hr-diff__line--add').count(), 2);
    assert.match(await page.locator('.hr-row-detail').innerText(), /c81e728d9d4c2f636f067f89cc14862c65d2f9e1b0a97743f8a5e6d1c4b39207/);
    assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), /213 written, 188 created[\s\S]*205 of them are counted here but not listed/);
  }));
});

describe('policy', () => {
  it('shows origins and what was overruled, and copies the recommendation as it is', () => visit('/page/goat-block#policy', async page => {
    const panel = page.locator('.hr-panel:not([hidden])');
    assert.match(await panel.innerText(), /egressPolicy\s+block\s+step\s+overruled audit from global default/);
    assert.match(await panel.innerText(), /\*\.pastebin\.test:\*[\s\S]*SEC-118/);
    await page.getByRole('button', {name: 'Copy the Jenkinsfile lines'}).click();
    await page.getByText('Copied', {exact: true}).waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), fixture('goat-block').recommendation.jenkinsfile);
  }, {permissions: ['clipboard-read', 'clipboard-write']}));
  it('copies without the clipboard API, as on plain HTTP', () => visit('/page/goat-audit', async page => {
    await page.evaluate(() => {
      Object.defineProperty(navigator, 'clipboard', {value: undefined});
      document.addEventListener('copy', () => { window.copied = document.activeElement.value; });
    });
    await page.getByRole('button', {name: 'Copy the configuration line'}).first().click();
    await page.getByText('Copied', {exact: true}).waitFor();
    assert.equal(await page.evaluate(() => window.copied), "filePolicy: 'block'");
  }));
});

describe('hostile reports', () => {
  it('show markup, reversed and invisible text as text, on every tab', () => visit('/page/hostile', async page => {
    for (const name of ['Findings', 'Endpoints', 'Processes', 'Files', 'Timeline', 'Policy', 'Coverage', 'Compare']) {
      await tab(page, name).click();
      if (name === 'Compare') await shownRows(page).first().waitFor();
      for (const toggle of await page.locator('.hr-panel:not([hidden]) .hr-toggle').all()) await toggle.click();
      assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), /<img src=x onerror=/, name);
    }
    assert.equal(await page.evaluate(() => window.pwned), undefined);
    assert.equal(await page.locator('.hr-report img, .hr-report script, .hr-report b').count(), 0);
    // Nothing that reverses or hides reaches the page's text or its attributes.
    const leaked = await page.evaluate(() => {
      const bad = /[\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF\u0000\u001b]/;
      const nodes = [...document.querySelectorAll('.hr-report *')];
      return nodes.filter(node => [...node.attributes].some(({name, value}) => !['data-key'].includes(name) && bad.test(value))
        || [...node.childNodes].some(child => child.nodeType === 3 && bad.test(child.data))).map(node => node.outerHTML.slice(0, 200));
    });
    assert.deepEqual(leaked, []);
  }));
  it('name hidden characters that would be copied', () => visit('/page/hostile#policy', async page => {
    assert.match(await page.locator('.hr-panel:not([hidden])').innerText(), /holds 1 characters that cannot be seen/);
  }));
  it('keep a command line of 100 KiB small until it is opened', () => visit('/page/hostile#processes', async page => {
    const row = page.locator('[role=treeitem]').nth(1);
    assert.ok((await row.innerText()).length < 1000);
    await row.getByRole('button', {name: /KiB more/}).click();
    assert.ok((await row.innerText()).length > 100 * 1024);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }));
  it('embedded in a stand-alone page stay data', () => visit('/alone/hostile', async page => {
    assert.equal(await page.locator('h1').innerText(), 'Policy violated');
    assert.equal(await page.evaluate(() => window.pwned), undefined);
  }));
});

describe('loading', () => {
  it('follows a running build until it ends, and keeps what the reader was doing', async () => {
    let ended = false;
    let requests = 0;
    server.reports.set('live', () => ({body: (requests++, ended ? fixture('goat-audit') : running())}));
    await visit('/page/live?live#endpoints', async page => {
      assert.match(await page.locator('.hr-headline').innerText(), /As usual so far[\s\S]*still running[\s\S]*no change of a tracked file is known yet/);
      await page.getByLabel('Filter endpoints').fill('registry');
      ended = true;
      await page.waitForFunction(() => document.querySelector('.hr-toolbar__count').textContent === '2 of 3 endpoints', null, {timeout: 10000});
      assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Filter endpoints');
      assert.equal(await page.getByLabel('Filter endpoints').inputValue(), 'registry');
      const before = requests;
      await page.waitForTimeout(2500);
      assert.equal(requests, before, 'a report that has ended is not polled');
    });
  });
  it('explains a failure with its remedy, and tries again', async () => {
    let status = 403;
    server.reports.set('flaky', () => ({status, body: status === 200 ? fixture('clean') : 'no'}));
    const {page, close} = await open(browser, `${server.url}/page/flaky`);
    await page.getByText('You may not read this report (HTTP 403)').waitFor();
    status = 200;
    await page.getByRole('button', {name: 'Try again'}).click();
    await page.getByText('As usual').waitFor();
    await close();
  });
  it('names the place of broken JSON, and refuses another origin', async () => {
    server.reports.set('broken', '{"schema": 1,');
    for (const [path, message] of [['/page/broken', /not valid JSON/], ['/alone/broken', /report in this file is not valid JSON/]]) {
      await visit(path, async page => assert.match(await page.locator('.hr-message').innerText(), message));
    }
    await visit('/page/clean', async page => {
      const answer = await page.evaluate(() => import('/webapp/js/source.js').then(source => source.fetched('http://192.0.2.1/x')).catch(error => error.message));
      assert.match(answer, /not of this site: http:\/\/192\.0\.2\.1/);
    });
  });
  it('works as one self-contained file from disk', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'harden-runner-page-'));
    try {
      writeFileSync(join(folder, 'report.html'), selfContained(fixture('goat-audit')));
      await visit(pathToFileURL(join(folder, 'report.html')).href, async page => {
        assert.equal(await page.locator('.hr-finding').count(), 3);
        await tab(page, 'Endpoints').click();
        assert.equal(await shownRows(page).count(), 3);
        await page.waitForFunction(() => location.hash === '#endpoints');
      });
    } finally {
      rmSync(folder, {recursive: true});
    }
  });
});

describe('access for everyone', () => {
  for (const [name, scheme, width] of [['goat-audit', 'light', 1440], ['goat-block', 'dark', 1440], ['hostile', 'dark', 375], ['degraded', 'light', 375], ['empty', 'light', 800]]) {
    it(`axe finds nothing in ${name}, ${scheme}, ${width} px, on every tab`, () => visit(`/page/${name}`, async page => {
      for (const section of ['Findings', 'Endpoints', 'Processes', 'Files', 'Timeline', 'Policy', 'Coverage', 'Compare']) {
        await tab(page, section).click();
        const toggle = page.locator('.hr-panel:not([hidden]) .hr-toggle').first();
        if (await toggle.count()) await toggle.click();
        assert.deepEqual(await accessibility(page), [], section);
      }
    }, {colorScheme: scheme, viewport: {width, height: 900}}));
  }
  it('fits from 320 px to 4k on every tab without scrolling sideways', async () => {
    for (const width of [320, 375, 768, 1024, 1440, 3840]) {
      await visit('/page/hostile', async page => {
        for (const section of ['Findings', 'Endpoints', 'Processes', 'Files', 'Timeline', 'Policy', 'Coverage', 'Compare']) {
          await tab(page, section).click();
          const toggle = page.locator('.hr-panel:not([hidden]) .hr-toggle').first();
          if (await toggle.count()) await toggle.click();
          const [wide, spilt] = await page.evaluate(() => [document.documentElement.scrollWidth - innerWidth,
            [...document.querySelectorAll('.hr-panel:not([hidden]) :is(td, .hr-finding, .hr-tree__row, .hr-block)')]
              .filter(node => node.scrollWidth > node.clientWidth + 2 && node.clientWidth > 0).map(node => node.className)]);
          assert.deepEqual([wide > 0, spilt], [false, []], `${section} at ${width}`);
          // Columns that are left out on a narrow page must leave no gap, not even beside an open row.
          const gap = await page.evaluate(() => {
            const row = document.querySelector('.hr-panel:not([hidden]) .hr-row');
            return row ? row.closest('table').getBoundingClientRect().right - Math.max(...[...row.cells].map(cell => cell.getBoundingClientRect().right)) : 0;
          });
          assert.ok(gap < 8, `${section} at ${width}: ${gap} px`);
        }
      }, {viewport: {width, height: 900}});
    }
  });
  it('moves between tabs with the arrow keys and to the filter with a slash', () => visit('/page/goat-audit', async page => {
    await tab(page, 'Findings').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await tab(page, 'Endpoints').getAttribute('aria-selected'), 'true');
    assert.equal(new URL(page.url()).hash, '#endpoints');
    await page.keyboard.press('/');
    assert.equal(await page.evaluate(() => document.activeElement.getAttribute('aria-label')), 'Filter endpoints');
    await page.keyboard.type('a/b');
    assert.equal(await page.getByLabel('Filter endpoints').inputValue(), 'a/b');
  }));
  it('prints all sections, opened', () => visit('/page/goat-audit#processes', async page => {
    await page.getByRole('button', {name: 'Collapse all'}).click();
    const during = await page.evaluate(() => {
      dispatchEvent(new Event('beforeprint'));
      return {items: document.querySelectorAll('[role=treeitem]').length, rows: document.querySelectorAll('.hr-row').length, details: document.querySelectorAll('.hr-row-detail').length,
        closed: document.querySelectorAll('details:not([open])').length};
    });
    // Rows: 3 endpoints, 4 files, 7 events of the timeline.
    assert.deepEqual(during, {items: 16, rows: 14, details: 14, closed: 0});
    await page.emulateMedia({media: 'print'});
    for (const section of await page.locator('.hr-panel').all()) assert.ok(await section.isVisible());
    assert.equal(await page.locator('.hr-toolbar').first().isVisible(), false);
    await page.evaluate(() => dispatchEvent(new Event('afterprint')));
    assert.equal(await page.locator('[role=treeitem]').count(), 1);
    assert.equal(await page.locator('.hr-row-detail').count(), 0);
  }));
});
