// Keyboard use of the tree after the ARIA pattern: one row is in the tab order; arrows move, open and close.

/**
 * `access`: `row(index)` gives `{level, open?}`, `count()` the number of rows, `element(index)` renders and returns a
 * row's element, `toggle(row)` opens or closes it.
 */
export function treeKeys(host, access) {
  let current = 0;

  function focus() {
    access.element(current)?.focus();
  }

  function move(index) {
    if (index < 0 || index >= access.count()) return;
    const before = access.element(current);
    if (before) before.tabIndex = -1;
    current = index;
    const item = access.element(current);
    if (!item) return;
    item.tabIndex = 0;
    item.focus();
    item.scrollIntoView({block: 'nearest'});
  }

  function parentIndex() {
    const {level} = access.row(current);
    for (let index = current - 1; index >= 0; index--) {
      if (access.row(index).level < level) return index;
    }
    return current;
  }

  const actions = {
    ArrowDown: () => move(current + 1),
    ArrowUp: () => move(current - 1),
    Home: () => move(0),
    End: () => move(access.count() - 1),
    ArrowRight: row => row.open === false ? access.toggle(row) : row.open && move(current + 1),
    ArrowLeft: row => row.open ? access.toggle(row) : move(parentIndex()),
    Enter: row => access.toggle(row),
    ' ': row => access.toggle(row),
  };

  host.addEventListener('keydown', event => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest('a, button')) return;
    const action = actions[event.key];
    const row = access.row(current);
    if (!action || !row) return;
    event.preventDefault();
    action(row);
  });
  host.addEventListener('focusin', event => {
    const item = event.target.closest('[data-index]');
    if (item) current = Number(item.dataset.index);
  });

  return {
    focus,
    reset(index) {
      current = Math.max(0, index);
    },
    tabIndex: index => index === current ? '0' : '-1',
  };
}
