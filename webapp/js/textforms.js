// A recommended policy as texts to copy, of one build or of a job's last builds.

import {el, raw} from './dom.js';
import {copyButton} from './copy.js';
import {hiddenCount} from './text.js';
import {icon} from './icons.js';

const FORMS = [['Allowed endpoints', 'text', 'the allowed endpoints'], ['Jenkinsfile', 'jenkinsfile', 'the Jenkinsfile lines'],
  ['Configuration as Code', 'jcasc', 'the JCasC lines'], ['GitHub action', 'github', 'the GitHub action’s inputs']];

/** One block for each form that the recommendation has. */
export function textForms(recommendation) {
  return FORMS.filter(([, name]) => recommendation[name]).map(([title, name, what]) => block(title, recommendation[name], what));
}

/** A host through which data can reach anybody is a weak place in any allow-list. */
export function riskNode({risk}) {
  return risk ? el('div', {class: 'hr-risk hr-warn'}, icon('alert'), raw(risk)) : null;
}

function block(title, value, what) {
  const hidden = hiddenCount(value);
  return el('figure', {class: 'hr-block'},
    el('figcaption', {class: 'hr-block__head'}, el('h4', {}, title), copyButton(value, what)),
    hidden > 0 && el('p', {class: 'hr-callout hr-warn'}, `This text holds ${hidden} characters that cannot be seen; they would be copied too.`),
    el('pre', {class: 'hr-code', tabindex: '0', 'aria-label': title}, raw(value, {}, {keepLines: true})));
}
