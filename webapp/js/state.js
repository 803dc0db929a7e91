// What a person is looking at, in the URL's fragment: `#endpoints?q=attacker&verdict=blocked&sort=-count`.
// A link to it opens the same view, and Back returns to the last tab.

export function parseHash(hash, tabs) {
  const [name, query = ''] = String(hash ?? '').replace(/^#/, '').split(/\?(.*)/s);
  return {tab: tabs.includes(name) ? name : null, params: new URLSearchParams(query)};
}

export function formatHash(tab, params) {
  const kept = new URLSearchParams([...params].filter(([, value]) => value !== ''));
  const query = kept.toString();
  return `#${tab}${query ? `?${query}` : ''}`;
}

/** The address of a view, for `href`. */
export function viewHref(tab, params = {}) {
  return formatHash(tab, new URLSearchParams(params));
}

// Asked for in every section at once: what a person looks for is looked for everywhere.
const SHARED = new Set(['q']);

/** The state of all tabs; the fragment holds the open one's and what they share. */
export class ViewState {
  #tabs;
  #params = new Map();
  #shared = new URLSearchParams();
  #pending = null;
  /** Called after a shared value has changed. */
  onShared = () => {};

  constructor(tabs) {
    this.#tabs = tabs;
    this.tab = null;
    this.read();
  }

  /** Takes over the fragment; true if it named a tab. No fragment is the first tab: Back may lead there. */
  read() {
    const {tab, params} = parseHash(location.hash || `#${this.#tabs[0]}`, this.#tabs);
    if (tab) {
      this.tab = tab;
      for (const name of SHARED) {
        this.#shared.set(name, params.get(name) ?? '');
        params.delete(name);
      }
      this.#params.set(tab, params);
    }
    return tab !== null;
  }

  get(tab, name) {
    return (SHARED.has(name) ? this.#shared : this.#params.get(tab))?.get(name) ?? '';
  }

  set(tab, name, value) {
    if (this.get(tab, name) === value) return;
    const params = SHARED.has(name) ? this.#shared : this.#params.get(tab) ?? new URLSearchParams();
    params.set(name, value);
    if (params === this.#shared) this.onShared();
    else this.#params.set(tab, params);
    // Browsers limit history calls (200 in 30 s in one of them); a person types faster than that matters.
    clearTimeout(this.#pending);
    this.#pending = setTimeout(() => this.#write('replaceState'), 150);
  }

  open(tab) {
    clearTimeout(this.#pending);
    this.tab = tab;
    this.#write('pushState');
  }

  #write(method) {
    const url = new URL(location.href);
    url.hash = formatHash(this.tab, [...this.#shared, ...this.#params.get(this.tab) ?? []]);
    if (url.href !== location.href) history[method](null, '', url);
  }
}
