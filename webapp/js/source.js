// Where the report comes from: an address of the same origin, or the JSON inside a stand-alone file.

import {early, REQUEST} from './early.js';
import {ReportError} from './model.js';

/** The JSON embedded as `#harden-runner-data`. */
export function embedded() {
  const script = document.getElementById('harden-runner-data');
  if (!script) throw new ReportError('This file holds no report. Write it again with “harden-runner run --report DIR”.');
  return parse(script.textContent, 'The report in this file');
}

/** Fetches the report; null if it is the same as `previous` (compared as text). `{text, json}` otherwise. */
export async function fetched(url, previous = null) {
  const address = new URL(url, document.baseURI);
  // The report is evidence; it is never read from elsewhere, whatever the page's markup says.
  if (address.origin !== location.origin) throw new ReportError(`The report's address is not of this site: ${address.origin}`);
  let response;
  try {
    response = await (early(address.href) ?? fetch(address, REQUEST));
  } catch (cause) {
    throw new ReportError('The server could not be reached. Check the connection and try again.', {cause});
  }
  if (!response.ok) throw new ReportError(explain(response));
  const text = await response.text();
  return text === previous ? null : {text, json: parse(text, 'The report')};
}

/** The JSON of a file that the reader chose. */
export async function local(file) {
  return parse(await file.text(), `The file ${file.name}`);
}

function explain({status, statusText}) {
  switch (status) {
    case 401:
    case 403: return 'You may not read this report (HTTP ' + status + '). Log in, or ask for permission to read this job.';
    case 404: return 'There is no report of this build (HTTP 404). It may have been deleted with the build’s data.';
    default: return `The server answered HTTP ${status} ${statusText}`.trimEnd() + '. Try again; if it stays, see the server’s log.';
  }
}

function parse(text, what) {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ReportError(`${what} is not valid JSON: ${cause.message}`, {cause});
  }
}
