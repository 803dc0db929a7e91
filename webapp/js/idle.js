// Work that nobody waits for, in slices between frames.

const request = globalThis.requestIdleCallback ?? (task => setTimeout(() => task({timeRemaining: () => 10}), 30));

/** Calls `step(time)` when the browser is idle until it returns true; `time()` is how many milliseconds are left. */
export function whenIdle(step) {
  // A page that is never idle gets there as well.
  request(deadline => {
    if (!step(() => deadline.timeRemaining())) whenIdle(step);
  }, {timeout: 500});
}
