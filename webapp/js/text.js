// Text from builds is hostile: file names, arguments and host names are chosen by the code under supervision.
// Everything here is pure; the page shows the results with textContent only.

// Characters that change how other characters look, or that cannot be seen: controls, formats (bidi overrides,
// zero-width), surrogates, unassigned, private use, line separators, default ignorables (variation selectors, tags),
// and every space other than U+0020. Shown raw, a host after U+202E could pass for another host.
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{DI}\u00A0\u1680\u2000-\u200A\u202F\u205F\u3000]/gu;
// A pile of combining marks paints over the neighbouring lines; three are enough for every living script.
const PILE = /(?<=\p{M}{3})\p{M}+/gu;
const SHORT = new Map([['\t', '\\t'], ['\n', '\\n'], ['\r', '\\r'], ['\0', '\\0'], ['\x1b', '\\e']]);

/** The visible name of one character: `\n` for the common controls, otherwise `U+202E`. */
export function escapeName(char) {
  return SHORT.get(char) ?? `U+${char.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Splits text into runs: `{text}` is safe to show as it is, `{escape, times}` names an unseen character and how often
 * it stands there in a row.
 * With `keepLines`, line feeds and tabs stay text (for blocks that are shown preformatted).
 */
export function runs(value, {keepLines = false} = {}) {
  const text = String(value ?? '');
  const marks = [];
  for (const match of text.matchAll(UNSEEN)) {
    if (keepLines && (match[0] === '\n' || match[0] === '\t')) continue;
    marks.push([match.index, match[0]]);
  }
  for (const match of text.matchAll(PILE)) {
    let at = match.index;
    for (const char of match[0]) {
      marks.push([at, char]);
      at += char.length;
    }
  }
  marks.sort((a, b) => a[0] - b[0]);
  const out = [];
  let from = 0;
  for (const [at, char] of marks) {
    if (at < from) continue;
    if (at > from) out.push({text: text.slice(from, at)});
    const escape = escapeName(char);
    const last = out.at(-1);
    if (last?.escape === escape) last.times++;
    else out.push({escape, times: 1});
    from = at + char.length;
  }
  if (from < text.length) out.push({text: text.slice(from)});
  return out;
}

/** The same as one string, for attributes such as title: `‹U+202E›`. */
export function visible(value) {
  return runs(value).map(run => run.text ?? escapeLabel(run)).join('');
}

/** `‹U+202E›`, `‹U+0301 ×57›`. */
export function escapeLabel({escape, times}) {
  return times > 1 ? `‹${escape} ×${times}›` : `‹${escape}›`;
}

/** How many characters of the text cannot be seen; line feeds and tabs do not count. */
export function hiddenCount(value) {
  return runs(value, {keepLines: true}).reduce((sum, run) => sum + (run.times ?? 0), 0);
}

/** One argument as a POSIX shell would need it, so that the borders between arguments can be seen. */
export function quote(argument) {
  const text = String(argument ?? '');
  return /^[\w@%+=:,./^~…-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** The command line of an argv array; the executable's path where argv is missing. */
export function commandLine(argv, exe = '') {
  return argv.length ? argv.map(quote).join(' ') : exe;
}

/** Cuts at `max` UTF-16 units without splitting a surrogate pair; `rest` is what was cut, in units. */
export function clip(text, max) {
  if (text.length <= max) return {head: text, rest: 0};
  const end = /[\uD800-\uDBFF]/.test(text[max - 1]) ? max - 1 : max;
  return {head: text.slice(0, end), rest: text.length - end};
}

/** The last component of a path; the whole text where there is none. */
export function baseName(path) {
  const text = String(path ?? '');
  return text.slice(text.lastIndexOf('/') + 1) || text;
}

/** A path below `folder` as a relative one, otherwise unchanged. */
export function relativePath(path, folder) {
  const base = folder ? folder.replace(/\/+$/, '') + '/' : '';
  return base.length > 1 && path.startsWith(base) ? path.slice(base.length) : path;
}
