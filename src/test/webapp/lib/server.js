// A server for the page under the policy that Jenkins enforces: nothing inline, nothing from elsewhere.

import {createServer} from 'node:http';
import {readFile} from 'node:fs/promises';
import {extname, join, normalize} from 'node:path';
import {fileURLToPath} from 'node:url';

export const WEBAPP = fileURLToPath(new URL('../../../../webapp/', import.meta.url));
const FIXTURES = fileURLToPath(new URL('../fixtures/', import.meta.url));
const TYPES = {'.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.html': 'text/html; charset=utf-8'};
const CSP = "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
  + "object-src 'none'; frame-ancestors 'self'";

/** The styles of the report's page, in order; standalone.css comes before them outside of Jenkins. */
export const STYLES = ['base', 'report', 'lists', 'panels', 'narrow', 'print'];
/** Those of the job page and of the view of all jobs. */
export const JOB_STYLES = ['base', 'report', 'lists', 'panels', 'job', 'narrow', 'print'];

/**
 * Starts on a free port of 127.0.0.1. `reports` maps a name to a report object, to a string sent as it is, or to a
 * function `(request) => {status?, body}`; other names are files of fixtures/. Returns `{url, reports, posts, answer, close()}`.
 *   /page/NAME[?live]                the page as in Jenkins: data-report-url, first heading outside
 *                                    its evidence: `reports` "evidence/0123456789abcdef/verification"
 *   /alone/NAME                      the page with the data embedded, no other heading
 *   /job/NAME/harden-runner/         the job page; data: `reports` "job:NAME"; POST ACTION goes to `posts` and to `answer`
 *   /job/NAME/N/harden-runner/report the report of build N: `reports` "NAME#N", otherwise NAME
 *                                    GET recommendation?builds=N is `reports` "recommendation:N"
 *   /jobs                            the view of all jobs; data: `reports` "jobs"
 */
export async function startServer(port = 0) {
  const reports = new Map();
  const posts = [];
  const control = {answer: () => [200, {revision: 18, message: 'Accepted'}]};
  const server = createServer(async (request, response) => {
    try {
      const {pathname, searchParams} = new URL(request.url, 'http://localhost');
      const [, area, ...rest] = decodeURIComponent(pathname).split('/');
      const name = rest.join('/');
      if (area === 'webapp') return send(response, 200, await readFile(inside(WEBAPP, name)), TYPES[extname(name)]);
      if (area === 'report') return send(response, ...await report(name, request), TYPES['.json']);
      if (area === 'page') return send(response, 200, jenkinsPage(name, searchParams.has('live')), TYPES['.html']);
      if (area === 'alone') return send(response, 200, alonePage((await report(name, request))[1]), TYPES['.html']);
      if (area === 'jobs') return send(response, 200, rest.length ? '' : jobsPage(), TYPES['.html']);
      if (area === 'jobs-data') return send(response, ...await report('jobs', request), TYPES['.json']);
      if (area === 'job') return await jobRequest(rest, searchParams, request, response);
      send(response, 404, 'not found', 'text/plain');
    } catch (error) {
      send(response, error.code === 'ENOENT' ? 404 : 500, String(error.message), 'text/plain');
    }
  });

  async function report(name, request) {
    let value = reports.get(name);
    if (typeof value === 'function') {
      const {status = 200, body} = value(request);
      return [status, typeof body === 'string' ? body : JSON.stringify(body)];
    }
    value ??= await readFile(inside(FIXTURES, `${name}.json`), 'utf8');
    return [200, typeof value === 'string' ? value : JSON.stringify(value)];
  }

  async function jobRequest([name, number, ...rest], searchParams, request, response) {
    if (number !== 'harden-runner') return send(response, ...await report(reports.has(`${name}#${number}`) ? `${name}#${number}` : name, request), TYPES['.json']);
    if (request.method === 'POST') {
      let body = '';
      for await (const chunk of request) body += chunk;
      const form = Object.fromEntries(new URLSearchParams(body));
      posts.push({action: rest[0], form, crumb: request.headers['jenkins-crumb'] ?? null});
      const [status, answer] = control.answer(rest[0], form);
      return send(response, status, JSON.stringify(answer), TYPES['.json']);
    }
    // A report without a job of its own stands beside itself.
    const alone = {schema: 1, trend: [{n: 29, t: '2026-11-22T09:00:00.000Z', verdict: 'ok', blocks: [{id: '0', name: 'default'}]}]};
    if (rest[0] === 'data') return send(response, ...reports.has(`job:${name}`) ? await report(`job:${name}`, request) : [200, JSON.stringify(alone)], TYPES['.json']);
    if (rest[0] === 'recommendation') return send(response, ...await report(`recommendation:${searchParams.get('builds')}`, request), TYPES['.json']);
    send(response, 200, jobPage(), TYPES['.html']);
  }

  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`, reports, posts, control,
    close: () => new Promise(resolve => {
      server.closeAllConnections();
      server.close(resolve);
    }),
  };
}

function inside(folder, name) {
  const path = normalize(join(folder, name));
  if (!path.startsWith(folder)) throw Object.assign(new Error('outside'), {code: 'ENOENT'});
  return path;
}

function send(response, status, body, type) {
  response.writeHead(status, {'Content-Type': type, 'Content-Security-Policy': CSP, 'X-Content-Type-Options': 'nosniff'});
  response.end(body);
}

const head = (entry, styles) => '<!DOCTYPE html><html lang="en"><head data-crumb-header="Jenkins-Crumb" data-crumb-value="test-crumb"><meta charset="utf-8"><title>Harden Runner</title>'
  + '<meta name="viewport" content="width=device-width, initial-scale=1">'
  + '<link rel="icon" href="data:,">' + ['standalone', ...styles].map(name => `<link rel="stylesheet" href="/webapp/css/${name}.css">`).join('')
  + `${entry === 'main' ? '<script type="module" src="/webapp/js/early.js"></script>' : ''}<script type="module" src="/webapp/js/${entry}.js"></script></head>`;
const HEAD = head('main', STYLES);

function jenkinsPage(name, live) {
  const id = encodeURIComponent(name);
  return `${HEAD}<body><main><h1>Harden Runner</h1><div id="harden-runner-report" data-report-url="../report/${id}?block=0123456789abcdef"`
    + ` data-review-url="../job/${id}/harden-runner/" data-may-review="true" data-job-url="../job/${id}/harden-runner/" data-build="30" data-keys-url="/keys/"`
    + `${live ? ' data-live="true"' : ''}></div></main></body></html>`;
}

function jobPage() {
  return `${head('job', JOB_STYLES)}<body><main><h1>Harden Runner</h1><div id="harden-runner-job" data-url="data"></div></main></body></html>`;
}

function jobsPage() {
  return `${head('jobs', JOB_STYLES)}<body><main><h1>Harden Runner</h1><div id="harden-runner-jobs" data-url="jobs-data"></div></main></body></html>`;
}

/** JSON inside a script element: `<` cannot end it, and the two separators that HTML and JSON treat differently. */
export function embed(json) {
  return json.replace(/[<\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function alonePage(json) {
  return `${HEAD}<body><main><div id="harden-runner-report"></div></main>`
    + `<script type="application/json" id="harden-runner-data">${embed(json)}</script></body></html>`;
}
