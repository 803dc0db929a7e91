// Outline icons in the page's own text colour, built as nodes. 24 × 24, decorative: the text beside them says it.

const PATHS = {
  check: ['M4.5 12.5l5 5 10-11'],
  cross: ['M6 6l12 12', 'M18 6L6 18'],
  alert: ['M12 4l9 16H3z', 'M12 10v4.5', 'M12 17.2v.3'],
  minus: ['M6 12h12'],
  shield: ['M12 3l7.5 2.8v5.4c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.8z'],
  shieldCheck: ['M12 3l7.5 2.8v5.4c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.8z', 'M8.5 12l2.5 2.5 4.5-5'],
  shieldAlert: ['M12 3l7.5 2.8v5.4c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.8z', 'M12 8v4.5', 'M12 15.7v.3'],
  shieldOff: ['M12 3l7.5 2.8v5.4c0 4.6-3 8-7.5 9.8-4.5-1.8-7.5-5.2-7.5-9.8V5.8z', 'M9 9.5l6 6', 'M15 9.5l-6 6'],
  chevron: ['M9 5.5l6.5 6.5L9 18.5'],
  search: ['M10.5 4.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12', 'M15 15l5 5'],
  copy: ['M9 9h10.5v11H9z', 'M5.5 15.5h-1V4H15v1.5'],
  network: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17', 'M3.5 12h17', 'M12 3.5c5 5 5 12 0 17', 'M12 3.5c-5 5-5 12 0 17'],
  file: ['M6 3.5h8l4.5 4.5v12.5H6z', 'M13.5 3.5V8.5h5'],
  package: ['M12 3l8 4.3v9.4L12 21l-8-4.3V7.3z', 'M4 7.3l8 4.4 8-4.4', 'M12 11.7V21'],
  info: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17', 'M12 11v5.5', 'M12 7.6v.3'],
  download: ['M12 4v11', 'M7 11l5 5 5-5', 'M5 20h14'],
  spark: ['M12 3.5v4', 'M12 16.5v4', 'M3.5 12h4', 'M16.5 12h4', 'M6.2 6.2l2.6 2.6', 'M15.2 15.2l2.6 2.6', 'M17.8 6.2l-2.6 2.6', 'M8.8 15.2l-2.6 2.6'],
  gone: ['M5 12h14', 'M9 8l-4 4 4 4'],
  clock: ['M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17', 'M12 7.5V12l3 2'],
  person: ['M12 4a4 4 0 1 0 0 8a4 4 0 1 0 0-8', 'M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6'],
  sort: ['M8 10l4-4.5 4 4.5', 'M8 14l4 4.5 4-4.5'],
  up: ['M7 14l5-5.5 5 5.5'],
  down: ['M7 10l5 5.5 5-5.5'],
};

const SVG = 'http://www.w3.org/2000/svg';

export function icon(name, extra = '') {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('class', `hr-icon ${extra}`.trim());
  for (const d of PATHS[name]) {
    const path = document.createElementNS(SVG, 'path');
    path.setAttribute('d', d);
    svg.append(path);
  }
  return svg;
}
