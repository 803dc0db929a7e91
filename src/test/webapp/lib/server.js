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

/**
 * Starts on a free port of 127.0.0.1. `reports` maps a name to a report object, to a string sent as it is, or to a
 * function `(request) => {status?, body}`; other names are files of fixtures/. Returns `{url, reports, close()}`.
 *   /page/NAME[?live]   the page as in Jenkins: data-report-url, first heading outside
 *   /alone/NAME         the page with the data embedded, no other heading
 */
export async function startServer(port = 0) {
  const reports = new Map();
  const server = createServer(async (request, response) => {
    try {
      const {pathname, searchParams} = new URL(request.url, 'http://localhost');
      const [, area, ...rest] = decodeURIComponent(pathname).split('/');
      const name = rest.join('/');
      if (area === 'webapp') return send(response, 200, await readFile(inside(WEBAPP, name)), TYPES[extname(name)]);
      if (area === 'report') return send(response, ...await report(name, request), TYPES['.json']);
      if (area === 'page') return send(response, 200, jenkinsPage(name, searchParams.has('live')), TYPES['.html']);
      if (area === 'alone') return send(response, 200, alonePage((await report(name, request))[1]), TYPES['.html']);
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

  await new Promise(resolve => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`, reports,
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

const HEAD = '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Harden Runner</title>'
  + '<meta name="viewport" content="width=device-width, initial-scale=1">'
  + '<link rel="icon" href="data:,">' + ['standalone', ...STYLES].map(name => `<link rel="stylesheet" href="/webapp/css/${name}.css">`).join('')
  + '<script type="module" src="/webapp/js/main.js"></script></head>';

function jenkinsPage(name, live) {
  return `${HEAD}<body><main><h1>Harden Runner</h1><div id="harden-runner-report" data-report-url="../report/${encodeURIComponent(name)}"`
    + `${live ? ' data-live="true"' : ''}></div></main></body></html>`;
}

/** JSON inside a script element: `<` cannot end it, and the two separators that HTML and JSON treat differently. */
export function embed(json) {
  return json.replace(/[<\u2028\u2029]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function alonePage(json) {
  return `${HEAD}<body><main><div id="harden-runner-report"></div></main>`
    + `<script type="application/json" id="harden-runner-data">${embed(json)}</script></body></html>`;
}
