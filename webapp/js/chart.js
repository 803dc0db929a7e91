// A small chart over builds: bars in plain SVG, as wide as its place, readable without colour. Each bar is a link to its
// build; the numbers are in the table of builds as well, which is what a screen reader gets.

import {el, uid} from './dom.js';
import {number, plural, timestamp} from './format.js';
import {VERDICT} from './labels.js';
import {percent, svg} from './svg.js';

const HEIGHT = 88;
const GAP = 0.18;

/** The greatest value of an axis: 1, 2, 5, 10, 20, … not below `max`. */
export function niceMax(max) {
  if (max <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(max));
  return [1, 2, 5, 10].find(factor => factor * power >= max) * power;
}

/** `points` of the trend (oldest first), at most `max` bars: several builds in one bar show the greatest value. */
export function bars(points, value, max) {
  const each = Math.ceil(points.length / max) || 1;
  const found = [];
  for (let i = 0; i < points.length; i += each) {
    const group = points.slice(i, i + each);
    const top = group.reduce((a, b) => value(b) > value(a) ? b : a);
    found.push({value: value(top), point: top, first: group[0].n, last: group.at(-1).n});
  }
  return found;
}

/** `spec`: `label`, `noun` [one, many], `tone`, `value(point)`, `href(point)`. */
export function barChart(points, {label, noun, tone, value, href}, max = 200) {
  const shown = bars(points, value, max);
  const top = niceMax(shown.reduce((most, bar) => Math.max(most, bar.value), 0));
  const width = 1 / Math.max(shown.length, 8);
  const now = points.at(-1);
  const title = uid('chart');
  const line = at => svg('line', {class: 'hr-chart__grid', x1: 0, x2: '100%', y1: at, y2: at});
  return el('figure', {class: `hr-chart hr-${tone}`, 'aria-labelledby': title},
    el('figcaption', {class: 'hr-chart__head', id: title}, el('span', {class: 'hr-chart__label'}, label),
      el('span', {class: 'hr-chart__now'}, now ? number(value(now)) : '–', el('span', {class: 'hr-muted'}, now ? ` in #${now.n}` : ''))),
    el('div', {class: 'hr-chart__plot'},
      el('div', {class: 'hr-chart__scale', 'aria-hidden': 'true'}, el('span', {}, number(top)), el('span', {}, '0')),
      svg('svg', {class: 'hr-chart__svg', width: '100%', height: HEIGHT, 'aria-hidden': 'true', focusable: 'false'},
        line(0.5), line(HEIGHT / 2), line(HEIGHT - 0.5),
        shown.map((bar, i) => {
          const height = bar.value === 0 ? 1 : Math.max(3, bar.value / top * (HEIGHT - 2));
          const name = `${bar.first === bar.last ? `#${bar.first}` : `#${bar.first}–#${bar.last}, most in #${bar.point.n}`}: ${plural(bar.value, ...noun)}, ${VERDICT[bar.point.verdict].title.toLowerCase()}, ${timestamp(bar.point.time).slice(0, 16)}`;
          // The link is for a pointer; the table of builds has it for the keyboard.
          return svg('a', {href: href(bar.point), tabindex: -1},
            svg('rect', {class: 'hr-chart__hit', x: percent(i * width), width: percent(width), y: 0, height: HEIGHT}),
            svg('rect', {class: `hr-chart__bar${bar.value ? '' : ' hr-chart__bar--zero'}`, x: percent((i + GAP / 2) * width), width: percent(width * (1 - GAP)), y: HEIGHT - height, height, rx: shown.length > 60 ? 0 : 2}),
            svg('title', {}, name));
        }))),
    el('div', {class: 'hr-chart__foot hr-muted', 'aria-hidden': 'true'}, el('span', {}, points.length ? `#${points[0].n}` : ''), el('span', {}, points.length > 1 ? `#${now.n}` : '')));
}

/** One cell a build in the tone of its verdict: the whole job at a glance. */
export function verdictStrip(points, href, max = 200) {
  const order = ['ok', 'not-supervised', 'deviates', 'violated'];
  const shown = bars(points, point => order.indexOf(point.verdict), max);
  const width = 1 / Math.max(shown.length, 8);
  return svg('svg', {class: 'hr-strip', width: '100%', height: 16, 'aria-hidden': 'true', focusable: 'false'}, shown.map(({point, first, last}, i) =>
    svg('a', {href: href(point), tabindex: -1},
      svg('rect', {class: `hr-strip__cell hr-${VERDICT[point.verdict].tone}`, x: percent((i + GAP / 2) * width), width: percent(width * (1 - GAP)),
        y: point.verdict === 'ok' ? 6 : 0, height: point.verdict === 'ok' ? 10 : 16, rx: 2}),
      svg('title', {}, `${first === last ? `#${first}` : `#${first}–#${last}, worst #${point.n}`}: ${VERDICT[point.verdict].title}`))));
}
