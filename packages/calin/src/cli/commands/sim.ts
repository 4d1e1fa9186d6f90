import { OK, type Result } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import {
  SIM_CONSENSUS_OPTION,
  SIM_DURATION_OPTION,
  SIM_NODES_OPTION,
  SIM_SEED_OPTION,
} from '../common-options.ts';

const options = {
  seed: SIM_SEED_OPTION,
  consensus: SIM_CONSENSUS_OPTION,
  nodes: SIM_NODES_OPTION,
  duration: SIM_DURATION_OPTION,
  threads: {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 64,
    summary: 'Threads among which the regions of the network are divided: faster, and the same result',
    otherwise: 'one for each core in a large run, else 1',
  },
  html: { kind: 'text', value: 'FILE', summary: 'Write a report with pictures' },
  log: { kind: 'text', value: 'FILE', summary: 'Write everything that the nodes say' },
  frames: { kind: 'flag', summary: 'Carry bytes, which every receiver parses: slower, and the same result' },
  list: { kind: 'flag', summary: 'List the scenarios' },
} as const;

/** `calin sim`. */
export const command = defineCommand({
  name: 'sim',
  summary: 'Run a whole network of nodes in this process, on a virtual clock.',
  description:
    'The nodes are the real ones; clock, disks and network are simulated, with latency, faults and nodes that cheat. Checkers look at all of them from outside. The same scenario, seed and number of nodes give the same run on every machine, down to the bytes of the log; the result ends with the hash of where every node ended. When an invariant was broken the command ends with status 1.',
  arguments: [{ name: 'SCENARIO', summary: 'What happens; --list shows them', required: false }],
  options,
  subcommands: ['compare', 'sweep', 'study'],
  examples: [
    'sim --list',
    'sim poa --nodes 25',
    'sim faults --seed 7 --html report.html',
    'sim faults --consensus pow --seed 7',
    'sim poa --nodes 1000 --json',
  ],
  run: (values, io, args) => simulate(values, io, args),
});

async function simulate(
  values: ValuesOf<typeof options>,
  io: CommandIo,
  [name]: readonly string[],
): Promise<Result<undefined>> {
  if (values.list) return listScenarios(io);
  const { findSimScenario, checkSimNodes, chooseSimConsensus, chooseSimThreads } = await import(
    '../sim/find-scenario.ts'
  );
  const scenario = findSimScenario(name);
  if (!scenario.ok) return scenario;
  const fits = checkSimNodes(scenario.value, values.nodes);
  if (!fits.ok) return fits;
  const consensus = chooseSimConsensus(scenario.value, values.consensus);
  if (!consensus.ok) return consensus;
  const threads = chooseSimThreads(scenario.value, values);
  if (!threads.ok) return threads;
  const { runSimulation } = await import('../../host/run-simulation.ts');
  const { openOutputFile } = await import('../sim/write-output-file.ts');
  const logFile = values.log === undefined ? undefined : openOutputFile(values.log);
  if (logFile?.ok === false) return logFile;
  const { progressBar } = await import('../progress-bar.ts');
  const bar = progressBar(`${scenario.value.name} seed ${values.seed}`);
  const work = {
    scenario: scenario.value.name,
    seed: values.seed,
    consensus: consensus.value,
    nodes: values.nodes,
    durationS: values.duration,
    carries: values.frames ? 'frame' : 'message',
    logFile: values.log,
    html: values.html !== undefined,
    threads: threads.value,
  } as const;
  const { report, html = '' } = await runSimulation(work, ({ doneS, totalS }) => bar.update(doneS, totalS));
  bar.clear();
  const { presentRun } = await import('../sim/present-run.ts');
  const { finishRun } = await import('../sim/finish-run.ts');
  return finishRun(io, {
    scenario: report.scenario,
    consensus: report.consensus,
    report,
    text: presentRun(report),
    html: values.html === undefined ? undefined : { path: values.html, page: html },
  });
}

async function listScenarios(io: CommandIo): Promise<Result<undefined>> {
  const { SCENARIOS } = await import('@calin/sim/scenarios/scenarios.ts');
  const { formatTable } = await import('../output.ts');
  const scenarios = SCENARIOS.map(({ name, summary, nodes, durationS }) => ({
    name,
    summary,
    nodes,
    durationS,
  }));
  const rows = scenarios.map(({ name, summary, nodes }) => [name, `${nodes} nodes`, summary]);
  io.answer({ json: { scenarios }, text: formatTable(rows, [1]) });
  return OK;
}
