// Numbers, times and names as people read them. Pure. Times come as ISO-8601 in UTC.

const NUMBER = new Intl.NumberFormat('en');

export function number(value) {
  return NUMBER.format(value);
}

/** `1 endpoint`, `1,204 endpoints`. */
export function plural(count, one, many = `${one}s`) {
  return `${number(count)} ${count === 1 ? one : many}`;
}

/** Milliseconds since the epoch, or null for anything that is not a date. */
export function instant(iso) {
  const ms = typeof iso === 'string' ? Date.parse(iso) : NaN;
  return Number.isFinite(ms) ? ms : null;
}

/** `840 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`. */
export function duration(ms) {
  if (!Number.isFinite(ms) || ms < 0) return 'unknown';
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 59950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  return joined(Math.floor(seconds / 3600), 'h', Math.floor(seconds % 3600 / 60), 'min');
}

function joined(major, majorUnit, minor, minorUnit) {
  return minor ? `${major} ${majorUnit} ${minor} ${minorUnit}` : `${major} ${majorUnit}`;
}

/** Time since the block's start: `+0.84 s`, `+3:05`, `+1:02:03`. Empty if either end is unknown. */
export function offset(ms, start) {
  if (ms === null || start === null) return '';
  const delta = ms - start;
  const sign = delta < 0 ? '−' : '+';
  const abs = Math.abs(delta);
  if (abs < 60000) return `${sign}${(abs / 1000).toFixed(2)} s`;
  const seconds = Math.floor(abs / 1000);
  const two = n => String(n).padStart(2, '0');
  const hours = Math.floor(seconds / 3600);
  const tail = `${two(seconds % 60)}`;
  return hours ? `${sign}${hours}:${two(Math.floor(seconds % 3600 / 60))}:${tail}`
    : `${sign}${Math.floor(seconds / 60)}:${tail}`;
}

/** `2026-11-23 08:47:12.345 UTC`: one form everywhere, so that it can be compared with logs. */
export function timestamp(ms) {
  return ms === null ? 'unknown' : `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC`;
}

/** `512 B`, `98.3 KiB`. */
export function bytes(count) {
  if (count < 1024) return `${count} B`;
  const units = ['KiB', 'MiB', 'GiB'];
  let value = count;
  let unit = -1;
  do {
    value /= 1024;
    unit++;
  } while (value >= 1024 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** `host:port`, with brackets around IPv6; the name where there is one. */
export function hostPort(endpoint) {
  const host = endpoint.name || endpoint.address;
  if (endpoint.protocol === 'unix' || !endpoint.port) return host;
  return host.includes(':') ? `[${host}]:${endpoint.port}` : `${host}:${endpoint.port}`;
}

/** `evil-dep@1.0.0`, or the name alone. */
export function packageLabel(lineage) {
  if (!lineage?.package) return '';
  return lineage.packageVersion ? `${lineage.package}@${lineage.packageVersion}` : lineage.package;
}

/** A digest short enough for a table. */
export function shortDigest(digest) {
  return digest.length > 16 ? `${digest.slice(0, 12)}…` : digest;
}
