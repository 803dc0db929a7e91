// `npm run serve`: the fixtures and the generated reports on a loopback address, for looking at them.

import {startServer} from './server.js';
import {hostile, large, running} from './generate.js';

const server = await startServer(Number(process.env.PORT ?? 8099));
server.reports.set('hostile', hostile()).set('large', large()).set('running', running());
for (const name of ['goat-audit', 'goat-block', 'clean', 'degraded', 'empty', 'hostile', 'large', 'running']) {
  console.log(`${server.url}/page/${name}`);
}
