// The job page and the view of all jobs in headless Chromium, under an enforced Content-Security-Policy.

import assert from 'node:assert/strict';
import {after, before, beforeEach, describe, it} from 'node:test';
import {accessibility, launch, open} from './lib/browser.js';
import {INVISIBLE, MARKUP, REVERSED} from './lib/generate.js';
import {job, jobs, recommendation, shop, verification} from './lib/jobs.js';
import {startServer} from './lib/server.js';

let browser;
let server;

before(async () => {
  browser = await launch();
  server = await startServer();
});
beforeEach(() => {
  server.posts.length = 0;
  server.control.answer = () => [200, {revision: 18, message: 'Accepted'}];
  server.reports.set('job:shop', job()).set('recommendation:10', recommendation()).set('evidence/0123456789abcdef/verification', verification()).set('jobs', jobs()).set('shop', shop({deviating: true})).set('shop#29', shop());
});
after(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(path, use, options) {
  const {page, faults, close} = await open(browser, server.url + path, options);
  try {
    await use(page);
    assert.deepEqual(faults, []);
  } finally {
    await close();
  }
}

const JOB = '/job/shop/harden-runner/';
const tab = (page, name) => page.getByRole('tab', {name});
const panel = page => page.locator('.hr-panel:not([hidden])');
const rows2 = page => page.locator('.hr-table--recommend tbody tr');
const rows = page => page.locator('.hr-panel:not([hidden]) .hr-row');

describe('the job page', () => {
  it('says the state, the trend and what waits', () => visit(JOB, async page => {
    assert.match(await page.locator('.hr-job__head').innerText(), /Unstable[\s\S]*30 builds compared/);
    assert.deepEqual(await page.locator('.hr-chart__label').allInnerTexts(), ['Endpoints', 'New', 'Blocked', 'Files']);
    assert.equal(await page.locator('.hr-chart').first().locator('.hr-chart__bar').count(), 30);
    assert.match(await panel(page).innerText(), /pastebin\.test:443[\s\S]*curl \(left-pad postinstall\) → registry\.test:443/);
    assert.match(await page.locator('.hr-review__item').first().innerText(), /By curl \(left-pad postinstall\), node/);
    assert.equal(await page.locator('.hr-chart a').last().getAttribute('href'), `${server.url}/job/shop/30/harden-runner/`);
  }));
  it('accepts a deviation with the crumb, a comment and an end, and shows the answer', () => visit(JOB, async page => {
    server.control.answer = () => {
      const data = job();
      data.blocks[0].deviations.shift();
      server.reports.set('job:shop', data);
      return [200, {revision: 18, message: '1 deviation was accepted'}];
    };
    await page.getByRole('button', {name: 'Accept…'}).first().click();
    await page.getByLabel('Comment').fill('the new paste service, OPS-7');
    await page.getByLabel('Until (optional)').fill('2027-01-31');
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    await page.locator('.hr-message').getByText('1 deviation was accepted').waitFor();
    assert.deepEqual(server.posts, [{action: 'accept', crumb: 'test-crumb', form: {block: 'default', id: '9f2c41d07ab35e18', comment: 'the new paste service, OPS-7', until: '2027-01-31'}}]);
    assert.equal(await page.locator('.hr-review__item').count(), 1);
  }));
  it('blocks one, and accepts as a pattern', () => visit(JOB, async page => {
    await page.getByRole('button', {name: 'Block…'}).first().click();
    await page.getByRole('button', {name: 'Block', exact: true}).click();
    await page.locator('.hr-message').getByText('Accepted').waitFor();
    await page.getByRole('button', {name: 'Accept…'}).first().click();
    await page.getByLabel('Accept as a pattern instead (optional)').fill('*.pastebin.test:443');
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    await page.waitForFunction(() => document.querySelector('.hr-form') === null);
    assert.deepEqual(server.posts.map(({action, form}) => [action, form.id, form.pattern]), [['unwanted', '9f2c41d07ab35e18', undefined], ['accept', '9f2c41d07ab35e18', '*.pastebin.test:443']]);
  }));
  it('decides on several at once where all allow it', () => visit(JOB, async page => {
    await page.getByLabel('All deviations').check();
    assert.equal(await page.getByRole('button', {name: 'Block 2…'}).isDisabled(), true);
    await page.getByRole('button', {name: 'Accept 2…'}).click();
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    await page.locator('.hr-message').getByText('Accepted').waitFor();
    assert.equal(server.posts.length, 1);
  }));
  it('shows why an action was refused and keeps what was typed', () => visit(JOB, async page => {
    server.control.answer = () => [409, {error: `A change request has no baseline ${MARKUP}`}];
    await page.getByRole('button', {name: 'Accept…'}).first().click();
    await page.getByLabel('Comment').fill('kept');
    const failed = page.waitForResponse(response => response.status() === 409);
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    await failed;
    await page.getByRole('alert').getByText(`A change request has no baseline ${MARKUP}`).waitFor();
    assert.equal(await page.getByLabel('Comment').inputValue(), 'kept');
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('form').count(), 0);
  }, {expected: [/409/]}));
  it('offers no action without the permission, nor on a change request', async () => {
    server.reports.set('job:shop', job(30, {mayReview: false}));
    await visit(JOB, async page => assert.equal(await page.locator('.hr-action').count(), 0));
    server.reports.set('job:shop', {...job(), baselineOf: {name: 'team/shop/main', url: '/jenkins/job/team/job/shop/job/main/', exists: true}});
    await visit(JOB, async page => {
      assert.equal(await page.locator('.hr-action').count(), 0);
      assert.match(await page.locator('.hr-job__head').innerText(), /change request[\s\S]*team\/shop\/main[\s\S]*never changes it/);
    });
  });
  it('lists the baseline, the block list and the changelog, removes an entry', () => visit(`${JOB}#baseline`, async page => {
    assert.equal(await rows(page).count(), 6);
    await page.getByRole('button', {name: /^expired/}).click();
    assert.match(await rows(page).innerText(), /fonts\.test:443[\s\S]*expired[\s\S]*jonas until 2026-11-20/);
    await rows(page).first().click();
    await page.getByRole('button', {name: 'Remove from the baseline…'}).click();
    await page.getByRole('button', {name: 'Remove', exact: true}).click();
    await page.locator('.hr-message').getByText('Accepted').waitFor();
    assert.equal(server.posts[0].action, 'remove');
    await tab(page, 'Block list').click();
    assert.match(await panel(page).innerText(), /telemetry\.test:443[\s\S]*mara/);
    await tab(page, 'Changelog').click();
    assert.equal(await rows(page).count(), 4);
    assert.match((await rows(page).allInnerTexts())[0], /mara[\s\S]*blocked[\s\S]*telemetry/);
  }));
  it('imports, seeds and resets', () => visit(`${JOB}#manage`, async page => {
    await page.getByRole('button', {name: 'Seed from another job…'}).click();
    await page.getByLabel('Full name of the job').fill('team/other');
    await page.getByRole('button', {name: 'Copy', exact: true}).click();
    await page.locator('.hr-message').getByText('Accepted').waitFor();
    await page.getByRole('button', {name: 'Import…'}).click();
    await page.getByLabel('baseline.json').setInputFiles({name: 'baseline.json', mimeType: 'application/json', buffer: Buffer.from('{"format": 1}')});
    await page.getByRole('button', {name: 'Import', exact: true}).click();
    await page.waitForFunction(() => document.querySelector('.hr-form') === null);
    assert.deepEqual(server.posts.map(({action, form}) => [action, form.from ?? form.document]), [['seed', 'team/other'], ['importBaseline', '{"format": 1}']]);
  }));
  it('recommends a policy for the last builds, with the evidence, in forms to copy', () => visit(`${JOB}#recommend`, async page => {
    await rows2(page).first().waitFor();
    assert.match(await panel(page).innerText(), /10 builds, #21 to #30[\s\S]*Without a report: #19/);
    assert.match(await rows2(page).nth(0).innerText(), /\*\.cdn\.test:443[\s\S]*for 4 names, new ones in each build[\s\S]*31[\s\S]*9 of 10/);
    assert.match(await rows2(page).nth(2).innerText(), /pastebin\.test:443[\s\S]*Left out: new to the baseline, waits for a review[\s\S]*exfil-capable/);
    assert.deepEqual(await panel(page).locator('.hr-block h4').allInnerTexts(), ['Allowed endpoints', 'Jenkinsfile', 'Configuration as Code', 'GitHub action']);
    await page.getByText('for 4 names, new ones in each build').click();
    assert.match(await rows2(page).nth(0).innerText(), /c9\.cdn\.test/);
    server.reports.set('recommendation:5', {builds: [{n: 30}], entries: []});
    await page.getByLabel('Last builds').selectOption('5');
    await panel(page).getByText('Nothing to allow').waitFor();
    await page.waitForFunction(() => location.hash === '#recommend?builds=5');
  }));
  it('recommends by keyboard alone, and says the answer to a screen reader', () => visit(`${JOB}#recommend`, async page => {
    server.reports.set('recommendation:20', {builds: [{n: 30}], entries: []});
    await rows2(page).first().waitFor();
    await tab(page, 'Recommended policy').focus();
    await page.keyboard.press('Tab'); // the panel
    await page.keyboard.press('Tab'); // the number of builds
    assert.equal(await page.evaluate(() => document.activeElement.dataset.key), 'recommend-builds');
    await page.keyboard.press('ArrowDown');
    await panel(page).getByText('Nothing to allow').waitFor();
    await page.waitForFunction(() => [...document.querySelectorAll('[aria-live]')].some(node => node.textContent.includes('Recommendation of 1 build: 0 endpoints')));
  }));
  it('says why there is no recommendation, asks again, and shows hostile names as text', () => {
    server.reports.set('recommendation:10', () => ({status: 500, body: {}}));
    return visit(`${JOB}#recommend`, async page => {
      await panel(page).getByRole('alert').getByText('HTTP 500').waitFor();
      const hostile = recommendation();
      for (const item of hostile.entries) Object.assign(item, {endpoint: MARKUP, note: REVERSED, risk: MARKUP, collapsed: [INVISIBLE, MARKUP]});
      server.reports.set('recommendation:10', {...hostile, jenkinsfile: `${MARKUP}${REVERSED}`});
      await page.getByRole('button', {name: 'Try again'}).click();
      await rows2(page).first().waitFor();
      assert.equal(await page.locator('.hr-report img').count(), 0);
      assert.match(await panel(page).innerText(), /This text holds 1 characters that cannot be seen/);
      assert.match(await rows2(page).first().innerText(), /‹U\+202E›/);
    }, {expected: [/500/]});
  });
  it('draws 1,000 builds as few bars and lists all of them', () => {
    server.reports.set('job:shop', job(1000));
    return visit(`${JOB}#builds`, async page => {
      await page.getByRole('button', {name: 'All 1,000'}).click();
      const drawn = await page.locator('.hr-chart').first().locator('.hr-chart__bar').count();
      assert.ok(drawn <= 200, `${drawn} bars`);
      assert.equal(await panel(page).locator('table').getAttribute('aria-rowcount'), '1001');
      assert.ok(await rows(page).count() <= 200);
    });
  });
  it('says so where there is nothing yet', () => {
    server.reports.set('job:shop', {schema: 1, job: {name: 'new'}});
    return visit(JOB, async page => {
      assert.match(await page.locator('.hr-job__head').innerText(), /None[\s\S]*No build has been compared yet/);
      for (const [name, text] of [['To review', 'Nothing waits'], ['Baseline', 'Nothing is known'], ['Block list', 'No endpoint is unwanted'], ['Changelog', 'Nobody has decided'], ['Builds', 'No build yet']]) {
        await tab(page, name).click();
        assert.match(await panel(page).innerText(), new RegExp(text));
      }
    });
  });
  it('shows hostile names as text and links nowhere else', () => {
    const data = job();
    const block = data.blocks[0];
    data.job.displayName = MARKUP;
    data.baselineOf = null;
    for (const item of [...block.deviations, ...block.entries]) Object.assign(item, {host: REVERSED, label: `${REVERSED}${MARKUP}`});
    for (const item of block.entries) Object.assign(item, {programs: [MARKUP, INVISIBLE], accepted: {by: MARKUP, comment: `${MARKUP}\u202E`, until: MARKUP}});
    block.name = MARKUP;
    block.unwanted[0] = {id: MARKUP, endpoint: MARKUP, by: REVERSED, comment: MARKUP};
    for (const line of data.changelog) Object.assign(line, {user: MARKUP, subject: REVERSED, comment: MARKUP, action: MARKUP});
    data.blocks.push({...block, name: REVERSED});
    server.reports.set('job:shop', data);
    return visit(JOB, async page => {
      for (const name of ['To review', 'Baseline', 'Block list', 'Changelog', 'Builds', 'Manage']) {
        await tab(page, name).click();
        for (const toggle of await page.locator('.hr-panel:not([hidden]) .hr-toggle').all()) if (name !== 'Builds') await toggle.click();
      }
      assert.equal(await page.evaluate(() => window.pwned), undefined);
      assert.equal(await page.locator('.hr-report img').count(), 0);
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('.hr-report *')].filter(node => [...node.childNodes].some(child => child.nodeType === 3 && /[\u200B-\u200F\u202A-\u202E]/.test(child.data))).map(node => node.outerHTML.slice(0, 150))
        .filter(text => !text.startsWith('<option'))), []);
    });
  });
});

describe('the view of all jobs', () => {
  it('counts what matters and leads to it', () => visit('/jobs', async page => {
    assert.equal(await panel(page).locator('table').getAttribute('aria-rowcount'), '2001');
    await page.getByRole('button', {name: 'wait for a review'}).click();
    const count = Number(await page.getByRole('button', {name: 'wait for a review'}).locator('.hr-tile__value').innerText());
    assert.match(await page.locator('.hr-toolbar__count').first().innerText(), new RegExp(`^${count} of 2,000 jobs`));
    assert.equal(await page.locator('.hr-row .hr-strong').first().getAttribute('href').then(href => href.endsWith('/harden-runner/')), true);
    await page.getByRole('button', {name: 'agents lack protections'}).click();
    assert.match(await panel(page).innerText(), /agent-old-3[\s\S]*landlock: kernel 5\.10 has no Landlock/);
    await page.goBack();
    assert.equal(await tab(page, 'Jobs').getAttribute('aria-selected'), 'true');
  }));
  it('shows hostile names as text and refuses links that leave the site', () => {
    const data = jobs(10);
    for (const item of data.jobs) Object.assign(item, {displayName: `${MARKUP}${REVERSED}`, url: 'javascript:window.pwned=1'});
    data.agents[0] = {name: MARKUP, state: MARKUP, missing: [{protection: MARKUP, reason: REVERSED}], job: MARKUP};
    server.reports.set('jobs', data);
    return visit('/jobs', async page => {
      assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('a')].map(a => a.protocol).filter(protocol => protocol !== 'http:')), []);
      await tab(page, 'Agents').click();
      assert.equal(await page.evaluate(() => window.pwned), undefined);
    });
  });
});

describe('the build page with a baseline', () => {
  it('says what is new, and accepts it from the finding', () => visit('/page/shop', async page => {
    assert.match(await page.locator('.hr-headline').innerText(), /Deviates[\s\S]*1 deviation from the baseline[\s\S]*left-pad@1\.3\.1 in its postinstall script[\s\S]*New\s+pastebin\.test:443[\s\S]*Baseline\s+Stable/);
    await page.locator('.hr-finding').first().getByRole('button', {name: 'Accept…'}).click();
    await page.getByLabel('Comment').fill('ok');
    await page.getByRole('button', {name: 'Accept', exact: true}).click();
    await page.getByText('It takes effect from the next build on.').waitFor();
    assert.deepEqual(server.posts, [{action: 'accept', crumb: 'test-crumb', form: {block: 'default', id: '9f2c41d07ab35e18', comment: 'ok'}}]);
    await tab(page, 'Endpoints').click();
    await page.getByRole('button', {name: 'Details of pastebin.test:443'}).click();
    assert.match(await page.locator('.hr-row-detail').innerText(), /Accepted It takes effect/);
  }));
  it('has a column, switches and a list of what is gone', () => visit('/page/shop#endpoints', async page => {
    assert.match((await rows(page).allInnerTexts())[0], /pastebin\.test[\s\S]*new/);
    await page.getByRole('button', {name: /^known/}).click();
    assert.equal(await rows(page).count(), 3);
    await page.getByText('Known, but not contacted by this build (1)').click();
    assert.match(await page.locator('.hr-gone').innerText(), /fonts\.test:443 last in #24/);
  }));
  it('does not alarm about an expected change', () => {
    server.reports.set('shop', shop());
    return visit('/page/shop#files', async page => {
      assert.match(await page.locator('.hr-headline').innerText(), /As usual[\s\S]*Nothing new against the baseline[\s\S]*no tracked file was changed/);
      assert.equal(await page.locator('.hr-panel:not([hidden]) .hr-bad').count(), 0);
    });
  });
  it('compares with an earlier build side by side', () => visit('/page/shop#compare', async page => {
    await rows(page).first().waitFor();
    assert.deepEqual((await rows(page).allInnerTexts()).slice(0, 2).map(text => text.split('\n')[0].trim() || text.trim().split(/\s+/)[0]).every(Boolean), true);
    assert.match((await rows(page).allInnerTexts()).join('\n'), /pastebin\.test:443[\s\S]*no[\s\S]*only in this build[\s\S]*left-pad@1\.3\.1 · postinstall/);
    await page.getByLabel('Build to compare with').selectOption('18');
    await page.waitForFunction(() => location.hash.includes('build=18'));
    await page.getByRole('columnheader', {name: '#18'}).waitFor();
  }));
  it('compares a stand-alone report with a file of the reader', () => visit('/alone/shop#compare', async page => {
    await page.getByLabel('report.json of another run').setInputFiles({name: 'other.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(shop()))});
    await rows(page).first().waitFor();
    assert.match(await panel(page).innerText(), /only in this build/);
  }));
  it('draws the launches by stage and lists events in time; a launch narrows the list', () => visit('/page/shop#timeline', async page => {
    assert.deepEqual(await page.locator('.hr-time__stage').allInnerTexts(), ['Install', 'Test', 'Publish']);
    assert.equal(await rows(page).count(), 8);
    await page.getByRole('button', {name: /^sh \(17\)/}).click();
    await page.waitForFunction(() => location.hash.includes('launch'));
    assert.equal(await rows(page).count(), 2);
    assert.match(await tab(page, 'Endpoints').innerText(), /1 of 5/);
  }));
  it('folds what Jenkins itself starts, and opens it on demand', () => visit('/page/shop#processes', async page => {
    const texts = () => page.locator('[role=treeitem]').allInnerTexts();
    assert.ok((await texts()).some(text => text.includes('3 processes of Jenkins’ own wrapper, not shown')));
    assert.ok(!(await texts()).some(text => text.startsWith('touch')));
    await page.getByText('3 processes of Jenkins’ own wrapper').first().click();
    assert.ok((await texts()).some(text => text.startsWith('touch')));
  }));
});

describe('access for everyone', () => {
  const views = [[JOB, ['To review', 'Baseline', 'Block list', 'Changelog', 'Builds', 'Recommended policy', 'Manage']], ['/jobs', ['Jobs', 'Agents']], ['/page/shop', ['Findings', 'Endpoints', 'Processes', 'Files', 'Timeline', 'Policy', 'Coverage', 'Compare']]];
  for (const [path, names] of views) {
    for (const [scheme, width] of [['light', 1440], ['dark', 1440], ['light', 375]]) {
      it(`axe finds nothing on ${path}, ${scheme}, ${width} px, on every tab`, () => visit(path, async page => {
        for (const name of names) {
          await tab(page, name).click();
          if (name === 'Compare') await rows(page).first().waitFor();
          if (name === 'Recommended policy') await rows2(page).first().waitFor();
          const toggle = page.locator('.hr-panel:not([hidden]) .hr-toggle').first();
          if (await toggle.count()) await toggle.click();
          const action = page.locator('.hr-panel:not([hidden]) .hr-action').first();
          if (await action.count() && name !== 'Manage') await action.click();
          if (name === 'Coverage') await page.locator('.hr-verification li').first().waitFor();
          assert.deepEqual(await accessibility(page), [], name);
        }
      }, {colorScheme: scheme, viewport: {width, height: 900}}));
    }
  }
  it('fits from 320 px to 4k on every tab without scrolling sideways', async () => {
    for (const width of [320, 768, 1280, 3840]) {
      for (const [path, names] of views) {
        await visit(path, async page => {
          for (const name of names) {
            await tab(page, name).click();
            if (name === 'Compare') await rows(page).first().waitFor();
          if (name === 'Recommended policy') await rows2(page).first().waitFor();
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${path} ${name} at ${width}`);
          }
        }, {viewport: {width, height: 900}});
      }
    }
  });
});
