// Asks for the report before the page's other modules are here. A module without imports runs at once; the page links it
// before main.js, which finds the answer under way. Without that link it is loaded with the others and changes nothing.

const root = globalThis.document?.getElementById('harden-runner-report');
const url = root?.dataset.reportUrl ? new URL(root.dataset.reportUrl, document.baseURI).href : null;

/** What is said with each request for a report. */
export const REQUEST = {headers: {Accept: 'application/json'}, cache: 'no-cache', credentials: 'same-origin'};

// The report is evidence; it is never read from elsewhere, whatever the page's markup says.
let answer = url && new URL(url).origin === location.origin ? fetch(url, REQUEST) : null;
// Who asks for it hears of the failure; until then it is no unhandled one.
answer?.catch(() => {});

/** The answer from that address, once; null for any other. */
export function early(address) {
  if (address !== url) return null;
  const taken = answer;
  answer = null;
  return taken;
}
