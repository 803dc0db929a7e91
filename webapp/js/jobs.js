// Entry of the view of all jobs: <div id="harden-runner-jobs" data-url="data"></div>. See docs/baseline.md.

import {el, raw} from './dom.js';
import {fetched} from './source.js';
import {jobsModel} from './jobmodel.js';
import {mountJobsPage} from './jobspage.js';
import {ReportError} from './model.js';

const root = document.getElementById('harden-runner-jobs');
if (root) start(root);

async function start(place) {
  const address = new URL(place.dataset.url, document.baseURI);
  try {
    mountJobsPage(place, jobsModel((await fetched(address)).json, new URL('.', address)));
  } catch (error) {
    if (!(error instanceof ReportError)) console.error(error);
    place.replaceChildren(el('p', {class: 'hr-report hr-callout hr-bad', role: 'alert'}, el('strong', {}, 'The page cannot be shown. '), raw(error.message)));
  }
}
