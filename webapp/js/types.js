// Reading JSON that may be anything: a value of the wrong type becomes the empty value of the right one. Pure.

export const text = value => typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
export const list = value => Array.isArray(value) ? value : [];
export const object = value => value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {};
export const count = value => Number.isFinite(value) && value >= 0 ? value : 0;
export const objects = (value, map) => list(value).map(item => map(object(item)));
export const texts = value => list(value).map(text);
export const oneOf = (value, allowed, fallback) => allowed.includes(value) ? value : fallback;
/** A number, or null for anything else. */
export const whole = value => Number.isInteger(value) ? value : null;
