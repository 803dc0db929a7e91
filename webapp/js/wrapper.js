// What Jenkins itself starts around the script of an `sh` step (durable-task: nohup, a shell, cp, touch, sleep, mv). It is
// the same in every build, so the page says it in one line. Only the outermost processes of a launch can be taken for it:
// further down, a command line that looks like Jenkins' was chosen by the build. Pure.

const HELPERS = new Set(['cp', 'mv', 'touch', 'sleep', 'rm', 'cat', 'date']);

/** Whether a command line is the wrapper's own. */
export function isWrapper(argv) {
  return argv.some(argument => argument.includes('/durable-') && argument.includes('jenkins-result.txt'));
}

/** How many of the outermost processes of a chain (outermost first) are the wrapper. */
export function wrapperDepth(outermostFirst) {
  const end = outermostFirst.findIndex(process => !isWrapper(process.argv));
  // Where the wrapper itself did something, it is the evidence.
  return end === -1 ? Math.max(0, outermostFirst.length - 1) : end;
}

/** The script of an `sh` step as an argument: its folder is a new one in each build and says nothing. */
export function shortScript(argv) {
  return argv.map(argument => /@tmp\/durable-\w+\/script\.sh(\.copy)?$/.test(argument) ? `…/${argument.slice(argument.lastIndexOf('/') + 1)}` : argument);
}

/** Marks the wrapper's nodes in a process tree: `wrapper` for its shells, `helper` for what they start. */
export function markWrapper({roots}) {
  for (const root of roots) {
    for (let node = root; node && isWrapper(node.process.argv); node = node.children.find(child => isWrapper(child.process.argv))) {
      node.wrapper = true;
      for (const child of node.children) child.helper = isHelper(child);
    }
  }
}

function isHelper({process, children, endpoints, alarms}) {
  const {exe, argv} = process;
  return !children.length && !endpoints.length && !alarms && HELPERS.has(exe.slice(exe.lastIndexOf('/') + 1))
    && (argv.some(argument => argument.includes('/durable-')) || argv[0] === 'sleep');
}
