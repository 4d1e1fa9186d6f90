import { OK, type Result } from '@calin/core/base/result.ts';
import { STUDY_DURATION_S_MIN } from '@calin/sim/study/study-duration.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIM_SEED_OPTION } from '../common-options.ts';

const options = {
  seed: SIM_SEED_OPTION,
  nodes: {
    kind: 'integer',
    value: 'N',
    min: 3,
    max: 64,
    summary: 'Nodes',
    otherwise: '5 for raft, 4 for pbft',
  },
  duration: {
    kind: 'integer',
    value: 'S',
    min: STUDY_DURATION_S_MIN,
    max: 3600,
    summary: 'Virtual seconds',
    otherwise: '40',
  },
  faults: {
    kind: 'text',
    value: 'LIST',
    summary: 'What goes wrong, with commas: crashes, partitions, links, liars, more-liars; or none',
    otherwise: 'all that the protocol bears',
  },
  html: { kind: 'text', value: 'FILE', summary: 'Write a report with drawings of the messages' },
  log: { kind: 'text', value: 'FILE', summary: 'Write everything that the machines hear and decide' },
} as const;

/** `calin sim study`. */
export const command = defineCommand({
  name: 'sim study',
  summary: 'Run Raft or PBFT by itself, without a chain, to compare them and to see where they break.',
  description:
    'The protocols are written as their papers have them; docs/reference/study-protocols.md says how each works. "liars" lets fewer than a third of the nodes break the rules, which PBFT bears and Raft does not; "more-liars" lets one more do so. The same choices give the same run, down to the bytes of the log. When an invariant was broken the command ends with status 1. "calin sim sweep raft" and "calin sim sweep pbft" run many seeds.',
  arguments: [{ name: 'PROTOCOL', summary: '"raft" or "pbft"', required: true }],
  options,
  examples: [
    'sim study raft --nodes 5',
    'sim study pbft --nodes 7 --seed 3 --html pbft.html',
    'sim study raft --faults liars',
    'sim study pbft --faults none --json',
  ],
  run: (values, io, args) => study(values, io, args),
});

async function study(
  values: ValuesOf<typeof options>,
  io: CommandIo,
  [name]: readonly string[],
): Promise<Result<undefined>> {
  const { findSimStudy, checkSimNodes, parseStudyFaults } = await import('../sim/find-scenario.ts');
  const found = findSimStudy(name ?? '');
  if (!found.ok) return found;
  const fits = checkSimNodes(found.value, values.nodes);
  if (!fits.ok) return fits;
  const faults = parseStudyFaults(values.faults);
  if (!faults.ok) return faults;
  const { openOutputFile, writeOutputFile } = await import('../sim/write-output-file.ts');
  const logFile = values.log === undefined ? OK : openOutputFile(values.log);
  if (!logFile.ok) return logFile;
  const texts: string[] = [];
  const finished = found.value.run({
    seed: values.seed,
    nodes: values.nodes,
    durationS: values.duration,
    faults: faults.value,
    ...(values.log === undefined
      ? {}
      : { log: { level: 'debug', sink: (text: string) => void texts.push(text) } }),
  });
  const logged = values.log === undefined ? OK : writeOutputFile(values.log, texts.join(''));
  if (!logged.ok) return logged;
  const { studyPage } = await import('@calin/sim/study/study-page.ts');
  const { presentStudy } = await import('../sim/present-study.ts');
  const { finishRun } = await import('../sim/finish-run.ts');
  const { report } = finished;
  return finishRun(io, {
    scenario: report.protocol,
    report,
    text: presentStudy(report),
    html: values.html === undefined ? undefined : { path: values.html, page: studyPage(finished) },
  });
}
