import { factTable, PAGE_STYLE, pageOf, verdict } from '../html/page.ts';
import { escapeHtml, formatMs, legend, picture } from '../html/svg.ts';
import { formatBytes, formatCount, trafficBars } from '../html/traffic.ts';
import type { RecordedScene } from './flight-recorder.ts';
import { SEQUENCE_STYLE, SEQUENCE_WIDTH, sequencePicture } from './sequence-picture.ts';
import type { StudyMeasures } from './study-measures.ts';
import type { StudyReport } from './study-report.ts';
import type { FinishedStudy } from './study-run.ts';

/** The report of a run as one page of HTML: no scripts, nothing that is loaded from elsewhere. */
export function studyPage({ report, scenes }: FinishedStudy): string {
  const { protocol, seed, nodes, faults } = report;
  const chosen = faults.length === 0 ? 'none' : faults.join(',');
  const title = `calin sim study ${protocol} --seed ${seed} --nodes ${nodes} --faults ${chosen}`;
  const sections = [
    ...scenes.map(sceneOf),
    ['Bytes by kind of message', trafficBars(report.traffic)] as const,
  ];
  const drawn = sections.map(([name, html]) => `<h2>${escapeHtml(name)}</h2>\n${html}`);
  const body = [verdict(report), factTable(factsOf(report)), ...drawn];
  return pageOf(title, `${PAGE_STYLE}${SEQUENCE_STYLE}`, body);
}

function sceneOf(scene: RecordedScene): readonly [string, string] {
  const { height, parts } = sequencePicture(scene);
  const meaning = legend([
    ['decided', 'an entry is decided'],
    ['suspects', 'wants another leader'],
    ['leads', 'leads'],
  ]);
  return [scene.title, `${meaning}${picture(SEQUENCE_WIDTH, height, scene.title, parts)}`];
}

function factsOf(report: StudyReport): readonly (readonly [string, string])[] {
  const { liars, guilty, perDecision, answers, answerDelays, leaderChanges, log } = report;
  const named = (list: readonly string[]) => (list.length === 0 ? 'nobody' : list.join('; '));
  return [
    ['Virtual time', `${report.durationS} s`],
    ['Breaks the rules', named(liars.map(({ node, kind }) => `n${node}: ${kind}`))],
    ['Found guilty', named(guilty.map(({ node, offence }) => `n${node}: ${offence}`))],
    ['Decisions', formatCount(report.decisions)],
    ['Messages', `${formatCount(report.messages)}, ${formatBytes(report.bytes)}`],
    ['For each decision', `${perDecision.messages} messages, ${formatBytes(perDecision.bytes)}`],
    ['A request is answered in', `${timesOf(answers)}; ${answerDelays} times of a message`],
    ['Changes of the leader', `${leaderChanges.count}, ${timesOf(leaderChanges)}`],
    ['Hash of the log', log.hash],
    ['Hash of all', report.hash],
  ];
}

function timesOf({ p50Ms, p99Ms }: StudyMeasures['answers']): string {
  return `${formatMs(p50Ms)} (half), ${formatMs(p99Ms)} (99 %)`;
}
