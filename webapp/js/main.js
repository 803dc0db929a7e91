// Entry: finds the report's place in the page, loads the report, shows it, and follows a build that still runs.
//
//   <div id="harden-runner-report" data-report-url="report" data-live="true"></div>
//   or, in a stand-alone file, with the data beside it:
//   <div id="harden-runner-report"></div> <script type="application/json" id="harden-runner-data">{…}</script>

import {append, el, raw} from './dom.js';
import {announce} from './announce.js';
import {mountPage} from './page.js';
import {normalise, ReportError} from './model.js';
import {embedded, fetched} from './source.js';

const POLL_MIN = 2000;
const POLL_MAX = 10000;

async function start(root) {
  const page = mountPage(root);
  const {reportUrl, live} = root.dataset;
  if (!reportUrl) {
    attempt(page, () => page.show(normalise(embedded())));
    return;
  }
  page.message(el('p', {class: 'hr-muted'}, 'Loading the report…'), 'status');
  follow(page, reportUrl, live === 'true');
}

async function follow(page, url, live) {
  let text = null;
  let wait = POLL_MIN;
  for (;;) {
    let running = live;
    try {
      const answer = await fetched(url, text);
      page.message(null);
      if (answer) {
        const report = normalise(answer.json);
        page.show(report);
        if (text !== null) announce(report.running ? 'The report was updated' : 'The build block has ended; the report is complete');
        ({text} = answer);
        running = live && report.running;
        wait = POLL_MIN;
      } else {
        wait = Math.min(wait * 1.5, POLL_MAX);
      }
    } catch (error) {
      // While a build runs, its agent or the controller may be away for a while: keep asking, slowly.
      const again = live && error instanceof ReportError;
      failed(page, error, again ? null : () => follow(page, url, live));
      if (!again) return;
      text = null;
      wait = POLL_MAX;
    }
    if (!running) return;
    await pause(wait);
  }
}

// A hidden page asks nothing; it asks at once when it is looked at again.
function pause(ms) {
  return new Promise(resolve => {
    const wake = () => {
      if (document.hidden) return;
      document.removeEventListener('visibilitychange', wake);
      resolve();
    };
    setTimeout(() => document.hidden ? document.addEventListener('visibilitychange', wake) : resolve(), ms);
  });
}

function attempt(page, task) {
  try {
    task();
  } catch (error) {
    failed(page, error, null);
  }
}

function failed(page, error, retry) {
  const known = error instanceof ReportError;
  if (!known) console.error(error);
  const box = el('div', {class: 'hr-callout hr-bad'},
    el('strong', {}, 'The report cannot be shown. '),
    raw(known ? error.message : `The page failed: ${error.message}. Please report this with the report's data.`));
  if (retry) append(box, [' ', el('button', {type: 'button', class: 'jenkins-button', on: {click: retry}}, 'Try again')]);
  page.message(box);
}

const root = document.getElementById('harden-runner-report');
if (root) start(root);
