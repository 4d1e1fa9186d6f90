import { OK, type Result } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { SIM_CONSENSUS_OPTION, SIM_DURATION_OPTION, SIM_NODES_OPTION } from '../common-options.ts';

const options = {
  seeds: { kind: 'text', value: 'A..B', fallback: '1..100', summary: 'The first and the last seed' },
  consensus: SIM_CONSENSUS_OPTION,
  nodes: SIM_NODES_OPTION,
  duration: SIM_DURATION_OPTION,
  workers: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 256,
    summary: 'Threads that run seeds side by side',
    otherwise: 'one for each core',
  },
} as const;

/** `calin sim sweep`. */
export const command = defineCommand({
  name: 'sim sweep',
  summary: 'Run a scenario with many seeds and name those that break an invariant.',
  description:
    'A seed that breaks one can be looked at alone with "calin sim SCENARIO --seed N", which gives the same run again. The result ends with one hash over the hashes of all seeds. When a seed broke an invariant the command ends with status 1.',
  arguments: [
    {
      name: 'SCENARIO',
      summary: 'What happens, or a study protocol; "faults" when left out',
      required: false,
    },
  ],
  options,
  examples: [
    'sim sweep --seeds 1..1000',
    'sim sweep faults --consensus pow --seeds 1..50 --nodes 25 --json',
    'sim sweep pbft',
  ],
  run: (values, io, args) => sweep(values, io, args),
});

async function sweep(
  values: ValuesOf<typeof options>,
  io: CommandIo,
  [name]: readonly string[],
): Promise<Result<undefined>> {
  const { findSwept, checkSimNodes, parseSeeds } = await import('../sim/find-scenario.ts');
  const scenario = findSwept(name ?? 'faults', values);
  if (!scenario.ok) return scenario;
  const fits = checkSimNodes(scenario.value, values.nodes);
  if (!fits.ok) return fits;
  const seeds = parseSeeds(values.seeds);
  if (!seeds.ok) return seeds;
  const { consensus } = scenario.value;
  const { sweepSeeds } = await import('../../host/sweep-seeds.ts');
  const { progressBar } = await import('../progress-bar.ts');
  const bar = progressBar(`${scenario.value.name} seeds`);
  const { first, last } = seeds.value;
  const startedMs = performance.now();
  const { swept, slowest } = await sweepSeeds(
    {
      scenario: scenario.value.name,
      first,
      last,
      consensus,
      nodes: values.nodes,
      durationS: values.duration,
      workers: values.workers,
    },
    (done, total) => bar.update(done, total),
  );
  bar.clear();
  const { sweepHash } = await import('@calin/sim/sweep.ts');
  const broken = swept.filter((one) => one.broken !== undefined);
  const hash = sweepHash(swept);
  const seconds = (performance.now() - startedMs) / 1000;
  const [longest] = slowest;
  const chosen = consensus === undefined ? '' : ` with ${consensus}`;
  io.answer({
    json: {
      scenario: scenario.value.name,
      consensus,
      seeds: swept.length,
      broken,
      slowest,
      hash,
    },
    text: [
      ...broken.map(({ seed, broken: what }) => `seed ${seed}: ${what}`),
      `${swept.length} seeds of "${scenario.value.name}"${chosen}, ${broken.length} broken, in ${seconds.toFixed(1)} s`,
      `slowest: seed ${longest?.seed} with ${((longest?.cpuMs ?? 0) / 1000).toFixed(1)} s of processor time`,
      hash,
    ].join('\n'),
  });
  if (broken.length === 0) return OK;
  const { refuseCli } = await import('../rules.ts');
  return refuseCli('cli/invariant-broken', {
    scenario: scenario.value.name,
    seed: broken[0]?.seed ?? 0,
    seeds: broken.length,
  });
}
