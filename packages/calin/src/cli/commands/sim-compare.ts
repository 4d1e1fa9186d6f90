import { OK, type Result } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIM_SEED_OPTION } from '../common-options.ts';

const options = {
  consensus: {
    kind: 'text',
    value: 'NAMES',
    fallback: 'all',
    summary: 'Names of presets with commas between them, or all: those that nodes can run',
  },
  faults: {
    kind: 'text',
    value: 'FILE',
    summary: 'JSON file of what goes wrong; docs/reference/simulator.md describes it',
    otherwise: 'nothing goes wrong, but for the trials at the bounds',
  },
  nodes: { kind: 'integer', value: 'N', min: 4, max: 1000, fallback: 50, summary: 'Nodes of the main run' },
  duration: {
    kind: 'integer',
    value: 'SECONDS',
    min: 60,
    max: 86_400,
    fallback: 900,
    summary: 'Virtual seconds of the main run',
  },
  seed: SIM_SEED_OPTION,
  html: { kind: 'text', value: 'FILE', summary: 'Write a report with pictures' },
  workers: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 256,
    summary: 'Threads that run one network each',
    otherwise: 'one for each core',
  },
} as const;

/** `calin sim compare`. */
export const command = defineCommand({
  name: 'sim compare',
  summary: 'Run the same chain, payments and faults under several ways to agree.',
  description:
    'Every consensus makes a block about every five seconds and has the numbers of its preset otherwise. Measured are the time until blocks are final, forks, blocks lost, messages and bytes, and hashes as a measure of energy. Then smaller networks are tried at the bound of what each consensus bears, and beyond it. What breaks is named, and does not make the command fail: it is what is to be shown.',
  arguments: [],
  options,
  examples: [
    'sim compare --html comparison.html',
    'sim compare --consensus all --nodes 50 --faults faults.json --json',
    'sim compare --consensus poa,pow --duration 600',
  ],
  run: (values, io) => compare(values, io),
});

async function compare(values: ValuesOf<typeof options>, io: CommandIo): Promise<Result<undefined>> {
  const { choosePresets, readFaults } = await import('../sim/choose-comparison.ts');
  const consensus = choosePresets(values.consensus);
  if (!consensus.ok) return consensus;
  const faults = readFaults(values.faults);
  if (!faults.ok) return faults;
  const { openOutputFile, writeOutputFile } = await import('../sim/write-output-file.ts');
  const opened = values.html === undefined ? OK : openOutputFile(values.html);
  if (!opened.ok) return opened;
  const { compareConsensus } = await import('../../host/compare-consensus.ts');
  const { progressBar } = await import('../progress-bar.ts');
  const bar = progressBar('networks');
  const { nodes, seed, duration: durationS, workers } = values;
  const what = { consensus: consensus.value.chosen, faults: faults.value, nodes, seed, durationS };
  const comparison = await compareConsensus(what, workers, (done, total) => bar.update(done, total));
  bar.clear();
  if (values.html !== undefined) {
    const { comparisonPage } = await import('@calin/sim/html/comparison-page.ts');
    const written = writeOutputFile(values.html, comparisonPage(comparison));
    if (!written.ok) return written;
  }
  const { presentComparison } = await import('../sim/present-comparison.ts');
  const { refused } = consensus.value;
  io.answer({ json: { ...comparison, refused }, text: presentComparison(comparison, refused) });
  return OK;
}
