// Entry of the job page: <div id="harden-runner-job" data-url="data"></div>. See docs/baseline.md.

import {el, raw} from './dom.js';
import {fetched} from './source.js';
import {jobModel} from './jobmodel.js';
import {mountJobPage} from './jobpage.js';
import {ReportError} from './model.js';

const root = document.getElementById('harden-runner-job');
if (root) start(root);

async function start(place) {
  const address = new URL(place.dataset.url, document.baseURI);
  // POST actions and builds are named relative to the page, which Stapler serves with and without a slash at its end.
  const base = new URL('.', address);
  const page = mountJobPage(place, base, load);
  await load();

  async function load() {
    try {
      page.show(jobModel((await fetched(address)).json, base));
    } catch (error) {
      if (!(error instanceof ReportError)) console.error(error);
      page.fail(el('p', {class: 'hr-callout hr-bad', role: 'alert'}, el('strong', {}, 'The page cannot be shown. '), raw(error.message)));
    }
  }
}
