// The policy that applied, where each part of it came from, and the smallest one for what was seen.

import {code, el, raw} from './dom.js';
import {byText} from './sort.js';
import {number} from './format.js';
import {icon} from './icons.js';
import {badge} from './labels.js';
import {riskNode, textForms} from './textforms.js';

const ALLOW = {label: 'allow', tone: 'ok', icon: 'check'};
const BLOCK = {label: 'block', tone: 'bad', icon: 'cross'};
const RULES_SHOWN = 500;

export function policyPanel(report) {
  return {element: el('div', {class: 'hr-columns'},
    el('div', {class: 'hr-column'}, settings(report.policy), rules(report.policy)),
    el('div', {class: 'hr-column'}, recommended(report.recommendation)))};
}

function settings(policy) {
  const traced = new Set(policy.trace.map(entry => entry.setting));
  const untraced = ['egressPolicy', 'filePolicy', 'credentialPolicy', 'loopback', 'inbound', 'sni', 'metadata']
    .filter(name => policy[name] && !traced.has(name))
    .map(name => ({setting: name, value: policy[name], origin: '', overruled: []}));
  const rows = [...policy.trace, ...untraced];
  return el('section', {class: 'hr-section'}, el('h3', {}, 'Settings in effect'),
    rows.length ? el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain hr-table--settings'},
      el('thead', {}, el('tr', {}, ['Setting', 'Value', 'Decided by'].map(name => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, rows.map(entry => el('tr', {},
        el('th', {scope: 'row', data: {label: 'Setting'}}, code(entry.setting)),
        el('td', {data: {label: 'Value'}}, code(entry.value || 'none')),
        el('td', {data: {label: 'Decided by'}}, raw(entry.origin || 'not recorded'),
          entry.overruled.map(other => el('div', {class: 'hr-muted'}, 'overruled ', code(other.value), ' from ', raw(other.origin))))))))
      : el('p', {class: 'hr-muted'}, 'The report holds no policy settings.'),
    policy.sha256 && el('p', {class: 'hr-muted hr-note-line'}, 'Policy file SHA-256 ', code(policy.sha256)));
}

function rules(policy) {
  // Block rules decide first, so they stand first.
  const sorted = [...policy.rules].sort((a, b) => byText(b.action, a.action));
  const row = rule => el('tr', {},
    el('td', {data: {label: 'Action'}}, rule.action === 'allow' ? badge(ALLOW) : rule.action === 'block' ? badge(BLOCK) : raw(rule.action)),
    el('td', {data: {label: 'Endpoint'}}, code(rule.endpoint, {class: 'hr-strong'}), rule.reason && el('div', {class: 'hr-muted'}, raw(rule.reason)), riskNode(rule)),
    el('td', {data: {label: 'From'}}, raw(rule.origin || 'not recorded')),
    el('td', {data: {label: 'Rule'}}, code(rule.id)));
  return el('section', {class: 'hr-section'}, el('h3', {}, 'Endpoint rules'),
    sorted.length ? el('table', {class: 'jenkins-table jenkins-table--small hr-table hr-table--plain hr-table--rules'},
      el('thead', {}, el('tr', {}, ['Action', 'Endpoint', 'From', 'Rule'].map(name => el('th', {scope: 'col'}, name)))),
      el('tbody', {}, sorted.slice(0, RULES_SHOWN).map(row)))
      : el('p', {class: 'hr-muted'}, policy.egressPolicy === 'block' ? 'There is no endpoint rule: everything but loopback was refused.'
        : 'There is no endpoint rule.'),
    sorted.length > RULES_SHOWN && el('p', {class: 'hr-muted'}, `${number(sorted.length - RULES_SHOWN)} more rules are in the report's data.`));
}

function recommended(recommendation) {
  const forms = textForms(recommendation);
  const entries = recommendation.allowedEndpoints;
  const section = el('section', {class: 'hr-section'}, el('h3', {}, 'Recommended policy'),
    el('p', {class: 'hr-prose hr-muted'}, 'The smallest policy that allows what was seen here. Remove what should not be allowed before using it.'));
  if (!forms.length && !entries.length) {
    section.append(el('div', {class: 'hr-empty hr-empty--small'}, icon('shield'),
      el('p', {class: 'hr-empty__title'}, 'Nothing to allow'),
      el('p', {}, 'No endpoint was seen that a policy would have to allow.')));
    return section;
  }
  if (entries.length) {
    section.append(el('ul', {class: 'hr-recommended'}, entries.map(entry => el('li', {},
      code(entry.endpoint, {class: 'hr-strong'}), el('span', {class: 'hr-muted'}, ` × ${number(entry.count)}`),
      entry.note && el('div', {class: 'hr-muted'}, raw(entry.note)), riskNode(entry)))));
  }
  section.append(...forms);
  return section;
}
