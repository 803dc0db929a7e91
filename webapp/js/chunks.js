// Long lists. Near the viewport, items are rendered in chunks of 50; everything else is a few empty spacers of the
// items' height, which are split where they come near and grow where chunks leave. Rows may therefore have any height
// (open details, cards on a narrow screen), the markup stays a real table or list, and 50,000 rows cost as much as 200.

import {whenIdle} from './idle.js';

const SIZE = 50;
const LEAST = 10;
const AHEAD = 1200;
const PRINT_LIMIT = 5000;

/**
 * Manages the children of `host`. `makeChunk()` makes an empty chunk element, `makeSpacer(height)` what stands in for
 * its items, `renderItem(index)` one or several nodes, `rowHeight` their height at first guess.
 */
export class Chunks {
  #host;
  #options;
  #observer;
  #segments = [];
  #count = 0;
  #rowHeight;
  #measured = false;

  constructor(host, options) {
    this.#host = host;
    this.#options = options;
    this.#rowHeight = options.rowHeight;
    this.#observer = new IntersectionObserver(entries => this.#seen(entries), {rootMargin: `${AHEAD}px 0px`});
  }

  /** Shows `count` items from the start; the first ones appear at once, the others as they come near. */
  reset(count) {
    this.#observer.disconnect();
    for (const {element} of this.#segments) element.remove();
    this.#count = count;
    this.#measured = false;
    this.#segments = [];
    if (!count) return;
    // What the window can show at the most; laying out more would keep people waiting for rows that they do not see.
    const first = Math.min(count, SIZE, Math.max(LEAST, Math.ceil(innerHeight / this.#rowHeight)));
    this.#segments.push(this.#chunk(0, first));
    if (count > first) this.#segments.push(this.#spacer(first, count));
    this.#host.append(...this.#segments.map(segment => segment.element));
    for (const {element} of this.#segments) this.#observer.observe(element);
  }

  /** Renders the chunk of an item and returns its element; null if there is no such item. */
  reveal(index) {
    const segment = this.#segments.find(({from, to}) => index >= from && index < to);
    if (!segment || segment.full) return segment?.element ?? null;
    this.#split(segment, index, index + 1);
    return this.reveal(index);
  }

  /** Renders everything for print, at most 5,000 items; returns how many are left out. */
  renderAll() {
    for (const segment of this.#segments.filter(({full, from}) => !full && from < PRINT_LIMIT)) {
      this.#split(segment, segment.from, Math.min(segment.to, PRINT_LIMIT));
    }
    return Math.max(0, this.#count - PRINT_LIMIT);
  }

  #chunk(from, to) {
    const element = this.#options.makeChunk();
    const items = [];
    for (let index = from; index < to; index++) items.push(this.#options.renderItem(index));
    element.append(...items.flat());
    return element.hrSegment = {element, from, to, full: true};
  }

  #spacer(from, to, height = (to - from) * this.#rowHeight) {
    const element = this.#options.makeChunk();
    element.append(this.#options.makeSpacer(height));
    return element.hrSegment = {element, from, to, full: false, height};
  }

  /** Renders the items `from`–`to` of a spacer, in whole chunks. */
  #split(spacer, from, to) {
    const start = Math.max(spacer.from, from - from % SIZE);
    const end = Math.min(spacer.to, Math.ceil(to / SIZE) * SIZE);
    const parts = [];
    if (start > spacer.from) parts.push(this.#spacer(spacer.from, start));
    for (let at = start; at < end; at = Math.min(end, at - at % SIZE + SIZE)) {
      parts.push(this.#chunk(at, Math.min(end, at - at % SIZE + SIZE)));
    }
    if (end < spacer.to) parts.push(this.#spacer(end, spacer.to));
    this.#replace(spacer, 1, parts);
  }

  #replace(first, number, parts) {
    const at = this.#segments.indexOf(first);
    const old = this.#segments.splice(at, number, ...parts);
    old[0].element.before(...parts.map(part => part.element));
    for (const {element} of old) {
      this.#observer.unobserve(element);
      element.remove();
    }
    for (const {element} of parts) this.#observer.observe(element);
  }

  #seen(entries) {
    this.#measure();
    for (const {target, isIntersecting, boundingClientRect, rootBounds} of entries) {
      const segment = target.hrSegment;
      if (!target.isConnected) continue;
      if (isIntersecting && !segment.full) {
        // What is only near is laid out after the frame with what somebody waits for.
        if (boundingClientRect.top < innerHeight && boundingClientRect.bottom > 0) this.#fill(segment);
        else this.#soon(segment);
      }
      // In a hidden panel nothing has a size and all chunks leave the viewport: keep what is there. Focus and an open
      // selection must not disappear under the reader either.
      else if (!isIntersecting && segment.full && segment.from > 0 && rootBounds && boundingClientRect.height > 0
        && !target.contains(document.activeElement) && !selectionIn(target)) this.#empty(segment, boundingClientRect.height);
    }
  }

  #soon(segment) {
    whenIdle(() => {
      if (segment.element.isConnected) this.#fill(segment);
      return true;
    });
  }

  // The real height of a row is known once the first ones have been laid out.
  #measure() {
    const first = this.#segments[0];
    const height = this.#measured || !first?.full ? 0 : first.element.getBoundingClientRect().height;
    if (!height) return;
    this.#measured = true;
    this.#rowHeight = height / (first.to - first.from);
    const last = this.#segments.at(-1);
    if (this.#segments.length === 2 && !last.full) {
      last.element.replaceChildren(this.#options.makeSpacer(last.height = (last.to - last.from) * this.#rowHeight));
    }
  }

  #fill(segment) {
    const {top, height} = segment.element.getBoundingClientRect();
    if (!height) return;
    const perItem = height / (segment.to - segment.from);
    const item = y => segment.from + Math.floor(Math.max(0, Math.min(height - 1, y - top)) / perItem);
    this.#split(segment, item(-AHEAD), item(innerHeight + AHEAD) + 1);
  }

  #empty(segment, height) {
    const at = this.#segments.indexOf(segment);
    const [before, after] = [this.#segments[at - 1], this.#segments[at + 1]];
    const merged = [before, segment, after].filter(part => part && (part === segment || !part.full));
    const total = merged.reduce((sum, part) => sum + (part === segment ? height : part.height), 0);
    this.#replace(merged[0], merged.length, [this.#spacer(merged[0].from, merged.at(-1).to, total)]);
  }
}

function selectionIn(target) {
  const selection = document.getSelection();
  return selection && !selection.isCollapsed && selection.containsNode(target, true);
}
