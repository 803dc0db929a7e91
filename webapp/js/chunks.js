// Long lists. Items are rendered in chunks; a chunk far from the viewport is one empty spacer of its height. Rows may
// therefore have any height (open details, cards on a narrow screen), the markup stays a real table or list, and
// 50,000 rows cost about as much as 200.

const SIZE = 50;
const AHEAD = '1200px 0px';
const PRINT_LIMIT = 5000;

/**
 * Manages the children of `host`. `makeChunk()` makes an empty chunk element, `makeSpacer(height)` what stands in for
 * its items, `renderItem(index)` one or several nodes.
 */
export class Chunks {
  #host;
  #options;
  #chunks = [];
  #observer;
  #count = 0;
  #rowHeight;

  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    this.#rowHeight = options.rowHeight;
    this.#observer = new IntersectionObserver(entries => this.#seen(entries), {rootMargin: AHEAD});
  }

  /** Shows `count` items from the start; the first chunks appear at once, the others as they come near. */
  reset(count) {
    this.#observer.disconnect();
    for (const chunk of this.#chunks) chunk.element.remove();
    this.#count = count;
    this.#chunks = [];
    const all = document.createDocumentFragment();
    for (let from = 0; from < count; from += SIZE) {
      const chunk = {element: this.#options.makeChunk(), from, to: Math.min(from + SIZE, count), full: false, height: null};
      chunk.element.hrChunk = chunk;
      this.#chunks.push(chunk);
      if (from === 0) this.#fill(chunk);
      else this.#empty(chunk);
      all.append(chunk.element);
    }
    this.#host.append(all);
    for (const chunk of this.#chunks) this.#observer.observe(chunk.element);
  }

  /** Renders the chunk of an item and returns its element. */
  reveal(index) {
    const chunk = this.#chunks[Math.floor(index / SIZE)];
    if (chunk && !chunk.full) this.#fill(chunk);
    return chunk?.element ?? null;
  }

  /** Renders everything for print, at most 5,000 items; returns how many are left out. */
  renderAll() {
    for (const chunk of this.#chunks) {
      if (chunk.from < PRINT_LIMIT && !chunk.full) this.#fill(chunk);
    }
    return Math.max(0, this.#count - PRINT_LIMIT);
  }

  dispose() {
    this.#observer.disconnect();
  }

  #seen(entries) {
    for (const {target, isIntersecting, boundingClientRect, rootBounds} of entries) {
      const chunk = target.hrChunk;
      if (isIntersecting) {
        if (!chunk.full) this.#fill(chunk);
        // In a hidden panel nothing has a size and all chunks leave the viewport: keep what is there. Focus and an
        // open selection must not disappear under the reader either.
      } else if (chunk.full && chunk.from > 0 && rootBounds && boundingClientRect.height > 0
          && !target.contains(document.activeElement) && !selectionIn(target)) {
        chunk.height = boundingClientRect.height;
        this.#rowHeight = chunk.height / (chunk.to - chunk.from);
        this.#empty(chunk);
      }
    }
  }

  #fill(chunk) {
    const items = [];
    for (let index = chunk.from; index < chunk.to; index++) items.push(this.#options.renderItem(index));
    chunk.element.replaceChildren(...items.flat());
    chunk.full = true;
  }

  #empty(chunk) {
    const height = chunk.height ?? this.#rowHeight * (chunk.to - chunk.from);
    chunk.element.replaceChildren(this.#options.makeSpacer(height));
    chunk.full = false;
  }
}

function selectionIn(target) {
  const selection = document.getSelection();
  return selection && !selection.isCollapsed && selection.containsNode(target, true);
}
