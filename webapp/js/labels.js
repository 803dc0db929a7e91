// The words, tones and icons of the report's enumerations. A tone is a class: hr-ok, hr-warn, hr-bad, hr-mute, hr-note.
// Meaning never rests on colour alone: every tone comes with its word and icon.

import {el} from './dom.js';
import {icon} from './icons.js';

export const VERDICT = {
  ok: {title: 'As usual', tone: 'ok', icon: 'shieldCheck'},
  deviates: {title: 'Deviates', tone: 'warn', icon: 'shieldAlert'},
  violated: {title: 'Policy violated', tone: 'bad', icon: 'shieldAlert'},
  'not-supervised': {title: 'Not supervised', tone: 'bad', icon: 'shieldOff'},
};

export const STATE = {
  enforced: {label: 'Enforced', tone: 'ok', icon: 'check', meaning: 'All protections that the policy asks for were in force.'},
  degraded: {label: 'Degraded', tone: 'warn', icon: 'alert', meaning: 'Some protections that the policy asks for were missing.'},
  off: {label: 'Off', tone: 'bad', icon: 'cross', meaning: 'Nothing was enforced and nothing is known to be complete.'},
};

export const EVENT = {
  allowed: {label: 'allowed', tone: 'ok', icon: 'check'},
  'would-block': {label: 'would block', tone: 'warn', icon: 'alert'},
  blocked: {label: 'blocked', tone: 'bad', icon: 'cross'},
  unknown: {label: 'unknown', tone: 'mute', icon: 'minus'},
};

/** How an endpoint or a file stands to what this job did before. */
export const BASELINE_STATUS = {
  new: {label: 'new', tone: 'warn', icon: 'spark', meaning: 'A deviation: not in the baseline, and nobody has accepted it yet.'},
  unwanted: {label: 'unwanted', tone: 'bad', icon: 'cross', meaning: 'A person marked it as unwanted: it is on the job’s block list.'},
  learning: {label: 'learning', tone: 'note', icon: 'clock', meaning: 'Not known yet; learned if this build succeeds.'},
  accepted: {label: 'accepted', tone: 'ok', icon: 'person', meaning: 'A person accepted it into the baseline.'},
  known: {label: 'known', tone: 'mute', icon: 'check', meaning: 'In the baseline, learned from earlier builds.'},
};

/** A known endpoint or file that a new program used. */
export const NEW_PROGRAM = {label: 'new program', tone: 'warn', icon: 'spark', meaning: 'Known, but this program has not used it before.'};

/** What the baseline is worth. */
export const BASELINE_STATE = {
  none: {label: 'None', tone: 'mute', icon: 'minus', meaning: 'There is no baseline to compare with.'},
  creating: {label: 'Creating', tone: 'note', icon: 'clock', meaning: 'Too few builds yet to say what is usual.'},
  stable: {label: 'Stable', tone: 'ok', icon: 'check', meaning: 'What is usual is known; nothing is added without a person.'},
  unstable: {label: 'Unstable', tone: 'warn', icon: 'alert', meaning: 'A person changed it within the last builds.'},
};

export const SEVERITY = {
  critical: {label: 'critical', tone: 'bad', icon: 'alert'},
  high: {label: 'high', tone: 'bad', icon: 'alert'},
  medium: {label: 'medium', tone: 'warn', icon: 'alert'},
  low: {label: 'low', tone: 'note', icon: 'info'},
  info: {label: 'info', tone: 'mute', icon: 'info'},
};

export const COVERED = {
  yes: {label: 'covered', tone: 'ok', icon: 'check'},
  partly: {label: 'partly', tone: 'warn', icon: 'alert'},
  no: {label: 'not covered', tone: 'bad', icon: 'cross'},
};

const KINDS = {
  'egress-blocked': 'Egress blocked',
  'egress-would-block': 'Egress outside the policy',
  'lifecycle-script-egress': 'Install script contacted the network',
  'source-tampered': 'Source changed by the build',
  'source-restored': 'Source changed and put back',
  'unattributed-change': 'Change without a known process',
  'build-definition-changed': 'Build definition changed',
  'git-tampered': 'Git metadata changed',
  'package-tampered': 'Package changed by another one',
  'output-tampered': 'Build product changed by a package',
  'install-script-confined': 'Install script beyond its own package',
  'install-script-would-confine': 'Install script beyond its own package',
  'write-refused': 'Write outside the writable folders',
  'dns-tunnelling': 'Data sent in DNS names',
  'metadata-access': 'Cloud metadata access',
  'credential-access': 'Credential access',
  'syscall-refused': 'System call refused',
  'evidence-tampered': 'Evidence altered',
  'evidence-missing': 'Evidence missing',
  'not-supervised': 'Not supervised',
  'baseline-deviation': 'Deviates from the baseline',
  degraded: 'Protection missing',
  truncated: 'Record truncated',
};

/** The name of a finding's kind; an unknown kind stands as it is. */
export function kindLabel(kind) {
  return KINDS[kind] ?? kind;
}

/** A badge in Jenkins' form, with icon. */
export function badge({label, tone, icon: name}, title = null) {
  return el('span', {class: `jenkins-badge hr-badge hr-${tone}`, title}, icon(name), label);
}
