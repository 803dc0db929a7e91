// The report in one sentence, and who did it. Pure: numbers come from the rows themselves, not from other sentences.

import {hostPort, packageLabel, plural} from './format.js';
import {baseName, commandLine, relativePath} from './text.js';
import {isWrapper, shortScript} from './wrapper.js';

/** How many endpoints have each verdict, and how many tracked files changed. */
export function tally(report) {
  const counts = {allowed: 0, 'would-block': 0, blocked: 0, unknown: 0};
  for (const endpoint of report.endpoints) counts[endpoint.verdict]++;
  return {...counts, endpoints: report.endpoints.length, tracked: report.files.filter(isTamper).length,
    refusedFiles: report.files.filter(file => file.verdict === 'blocked').length};
}

// A refused write of a tracked file is recorded, but the file did not change; a change that a person accepted is none to
// worry about.
function isTamper(file) {
  return file.tracked && !file.expected && file.verdict !== 'blocked' && !['read', 'mkdir'].includes(file.operation);
}

/** One sentence on what happened, in plain text (names in it are hostile: show it with dom.raw). */
export function sentence(report) {
  if (report.verdict === 'not-supervised') {
    return report.running && !report.launches ? 'No process has been supervised yet.'
      : 'No process of this block is known to have run under the supervisor: an empty list below proves nothing.';
  }
  const total = tally(report);
  const changed = total.tracked > 0;
  const parts = [...deviationParts(report), ...changed ? fileParts(report, total) : [], ...egressParts(report, total), ...changed ? [] : fileParts(report, total)];
  if (report.integrity.known && !report.integrity.intact) parts.unshift('the evidence is not intact');
  const text = `${parts.join('; ')}.`;
  // A sentence that begins with a host name keeps it as it is written.
  return report.endpoints.some(endpoint => text.startsWith(hostPort(endpoint))) ? text : text[0].toUpperCase() + text.slice(1);
}

function deviationParts({deviations, baseline}) {
  if (deviations.length) return [`${plural(deviations.length, 'deviation')} from the baseline`];
  return baseline?.state === 'stable' || baseline?.state === 'unstable' ? ['nothing new against the baseline'] : [];
}

function egressParts(report, total) {
  const parts = [];
  const phrase = (verdict, one, many) => {
    const names = report.endpoints.filter(endpoint => endpoint.verdict === verdict).slice(0, 2).map(hostPort);
    if (total[verdict] === 1) parts.push(`${names[0]} ${one}`);
    else if (total[verdict] === 2) parts.push(`${names.join(' and ')} ${many}`);
    else if (total[verdict]) parts.push(`${plural(total[verdict], 'endpoint')} ${many}`);
  };
  const allowList = report.policy.rules.some(rule => rule.action === 'allow');
  phrase('blocked', 'was blocked', 'were blocked');
  if (allowList) {
    phrase('would-block', 'is outside the policy and was reached, because egress is only audited',
      'are outside the policy and were reached, because egress is only audited');
  } else if (total['would-block']) {
    parts.push(`${plural(total['would-block'], 'endpoint was', 'endpoints were')} contacted and recorded, `
      + 'without an allow-list to judge by');
  }
  if (total.allowed) {
    parts.push(parts.length ? `${plural(total.allowed, 'other was', 'others were')} allowed`
      : `${plural(total.allowed, 'endpoint was contacted and', 'endpoints were contacted, all')} allowed`);
  }
  return parts.length ? parts : [total.unknown ? `${plural(total.unknown, 'endpoint')} without a known verdict`
    : 'no endpoint was contacted'];
}

const TAMPERED = {'package-tampered': 'another package', 'output-tampered': 'what the build has made'};

function fileParts(report, total) {
  if (total.tracked === 1) {
    const {path} = report.files.find(isTamper);
    return [`the tracked file ${relativePath(path, report.cwd)} was changed`];
  }
  if (total.tracked) return [`${plural(total.tracked, 'tracked file was', 'tracked files were')} changed`];
  if (total.refusedFiles) return [`${plural(total.refusedFiles, 'file operation was', 'file operations were')} refused`];
  // What no version control knows, and yet the reason for the verdict.
  const touched = Object.entries(TAMPERED).filter(([kind]) => report.findings.some(finding => finding.kind === kind));
  if (touched.length) return [`an install script changed ${touched.map(([, what]) => what).join(' and ')}`];
  // Contents are compared at the end: until then, that nothing is known to have changed says little.
  return [report.running ? 'no change of a tracked file is known yet' : 'no tracked file was changed'];
}

/** Those behind the findings of critical, high and medium severity: `[{package, script, process, step}]`, distinct. */
export function actors(report, max = 3) {
  const found = new Map();
  for (const finding of report.findings) {
    if (!['critical', 'high', 'medium'].includes(finding.severity)) continue;
    for (const lineage of finding.lineages) {
      const nearest = lineage.processes[0];
      const actor = {package: packageLabel(lineage), script: lineage.script, step: lineage.step,
        process: nearest ? baseName(nearest.exe || nearest.argv[0]) : ''};
      // Without a package, the process says who it was; with one, its install script is the same actor in any process.
      const key = JSON.stringify(actor.package ? [actor.package, actor.script] : [actor.process, actor.step]);
      if ((actor.package || actor.process) && !found.has(key)) found.set(key, actor);
      if (found.size >= max) return [...found.values()];
    }
  }
  return [...found.values()];
}

/** Milliseconds from start to end, or null. */
export function elapsed(report) {
  return report.started !== null && report.ended !== null ? report.ended - report.started : null;
}

/**
 * The command lines that a person wrote: of a command run directly, itself; of `sh` steps, what their scripts started.
 * At most `max` are looked for.
 */
export function mainCommands(report, max = 20) {
  const own = [report.command, ...report.command.length ? [] : report.launchDetails.map(launch => launch.command)]
    .filter(command => command.length && !isWrapper(command));
  if (own.length) return own.slice(0, max).map(command => commandLine(command));
  const scripts = report.tree().nodes.filter(node => node.parent?.wrapper && !node.wrapper && !node.helper).slice(0, max);
  return scripts.flatMap(node => node.children.length ? node.children.slice(0, max).map(child => commandLine(child.process.argv, child.process.exe))
    : [commandLine(shortScript(node.process.argv), node.process.exe)]).slice(0, max);
}
