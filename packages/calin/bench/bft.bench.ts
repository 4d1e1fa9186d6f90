import { join } from 'node:path';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { assert } from '@calin/core/base/assert.ts';
import { createDataFolder } from '../src/adapters/data-folder.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { makeVotesChain, type VotesChain } from './chain/votes-chain.ts';
import { machine } from './measure/machine.ts';
import { median, round } from './measure/numbers.ts';
import { type Bounded, betweenBounds } from './measure/signature-rate.ts';
import { type FinalBlock, startVoter, type Voter, type VoterReport } from './node/voter-process.ts';
import { withFolder } from './node/with-folder.ts';

/** Validators that agree on full blocks, each a process of its own. */
export const bench: Bench = {
  name: 'bft',
  summary: 'Validators of the preset bft agree on full blocks over libp2p, from a client over HTTP to final.',
  options: {
    validators: { summary: 'Nodes, each a process of its own', default: 4 },
    transfers: { summary: 'Transfers that fill a block, by its gas', default: 1000 },
    blocks: { summary: 'Full blocks that are measured', default: 60 },
    'warm-up': { summary: 'Full blocks before them, while the code of all nodes is compiled', default: 30 },
    'block-ms': { summary: 'Pause between a final block and the next one', default: 50 },
    ahead: { summary: 'Blocks of transfers that the client keeps in the pools', default: 5 },
    bundle: { summary: 'Transfers in one request', default: 250 },
    'bound-ms': { summary: 'How long the raw signature rate is measured, before and after', default: 1500 },
    profile: { summary: 'A folder for a processor profile of the last node', default: '' },
  },
  run,
};

/** Longest time without a final block that holds transfers: a network that stands still fails the run. */
const STALL_MS_MAX = 60_000;

/** Before a request is sent again, and between two looks at what is final. */
const PAUSE_MS = 5;

interface Settings {
  readonly validators: number;
  readonly transfers: number;
  readonly blocks: number;
  readonly warmUp: number;
  readonly blockMs: number;
  readonly ahead: number;
  readonly bundle: number;
}

async function run(
  options: BenchOptions,
  progress: BenchProgress,
): Promise<Readonly<Record<string, unknown>>> {
  const number = (name: string): number => Number(options[name]);
  const settings: Settings = {
    validators: number('validators'),
    transfers: number('transfers'),
    blocks: number('blocks'),
    warmUp: number('warm-up'),
    blockMs: number('block-ms'),
    ahead: number('ahead'),
    bundle: number('bundle'),
  };
  const { validators, transfers, blocks, warmUp, ahead, blockMs } = settings;
  progress(0, 1, 'signing the transfers');
  const coins = (warmUp + blocks + ahead) * transfers;
  const chain = makeVotesChain({ validators, blockMs, coins, transfers });
  const profile = String(options['profile']);
  const bounded = await betweenBounds(number('bound-ms'), () =>
    withFolder((folder) =>
      agree(chain, settings, { folder, profile: profile === '' ? undefined : profile }, progress),
    ),
  );
  return report(settings, bounded);
}

interface Places {
  readonly folder: string;
  readonly profile: string | undefined;
}

/** What the measured blocks were. */
interface Agreed {
  /** As the first node saw them become final; the one before them is the first. */
  readonly finals: readonly FinalBlock[];
  readonly reports: readonly VoterReport[];
  readonly clientCpuMs: number;
  readonly busy: number;
}

async function agree(
  chain: VotesChain,
  settings: Settings,
  places: Places,
  progress: BenchProgress,
): Promise<Agreed> {
  const voters: Voter[] = [];
  const seen = new Seen(settings.warmUp * settings.transfers);
  try {
    for (let i = 0; i < settings.validators; i++) {
      progress(i, settings.validators, 'starting the nodes');
      const folder = join(places.folder, `node-${i}`);
      const made = createDataFolder(folder, chain.spec);
      assert(made.ok, made.ok ? '' : `${made.error.rule} ${JSON.stringify(made.error.evidence)}`);
      const order = { folder, validator: i, bootstrap: voters.map(({ address }) => address) };
      const profile = i === settings.validators - 1 ? places.profile : undefined;
      voters.push(await startVoter(order, profile, i === 0 ? (final) => seen.add(final) : () => {}));
    }
    await whenConnected(voters);
    return await measure(chain, settings, { voters, seen }, progress);
  } finally {
    await Promise.all(voters.map((voter) => voter.close()));
  }
}

async function whenConnected(voters: readonly Voter[]): Promise<void> {
  for (const startMs = performance.now(); ; await sleep(PAUSE_MS * 10)) {
    const peers = await Promise.all(voters.map((voter) => voter.peers()));
    if (peers.every((count) => count === voters.length - 1)) return;
    assert(performance.now() - startMs < STALL_MS_MAX, `all nodes know one another, not ${peers}`);
  }
}

/** The blocks that the first node has seen become final. */
class Seen {
  readonly #from: number;
  #transfers = 0;
  #changedMs = performance.now();
  #finals: FinalBlock[] = [];

  /** @param from - transfers before the measured ones */
  constructor(from: number) {
    this.#from = from;
  }

  get transfers(): number {
    return this.#transfers;
  }

  /** From the last block of the warm-up on. */
  get finals(): readonly FinalBlock[] {
    return this.#finals;
  }

  add(final: FinalBlock): void {
    this.#transfers += final.transfers;
    if (final.transfers > 0) this.#changedMs = performance.now();
    if (this.#transfers >= this.#from) this.#finals.push(final);
  }

  /** Settles when so many transfers are final. */
  async when(transfers: number): Promise<void> {
    while (this.#transfers < transfers) {
      const stalledMs = performance.now() - this.#changedMs;
      if (stalledMs > STALL_MS_MAX) throw new Error(`no final block in ${Math.round(stalledMs)} ms`);
      await sleep(PAUSE_MS);
    }
  }
}

interface Scene {
  readonly voters: readonly Voter[];
  readonly seen: Seen;
}

async function measure(
  { transfers }: VotesChain,
  settings: Settings,
  { voters, seen }: Scene,
  progress: BenchProgress,
): Promise<Agreed> {
  const warm = settings.warmUp * settings.transfers;
  const end = warm + settings.blocks * settings.transfers;
  const counts = { busy: 0 };
  const feeding = feed(transfers, settings, { voters, seen, counts, end });
  // Whoever waits for blocks hears of a refusal at once.
  const reach = (count: number): Promise<unknown> =>
    Promise.race([seen.when(count), feeding.then(() => seen.when(count))]);
  progress(0, settings.blocks, 'warming up');
  await reach(Math.max(warm, 1));
  const cpu = process.cpuUsage();
  for (const voter of voters) voter.watch();
  progress(0, settings.blocks, 'agreeing on blocks');
  await reach(end);
  const { user, system } = process.cpuUsage(cpu);
  const finals = [...seen.finals];
  const [first, last] = [finals[0]?.height ?? 0, finals.at(-1)?.height ?? 0];
  const reports = await Promise.all(voters.map((voter) => voter.report(first + 1, last)));
  await feeding;
  return { finals, reports, clientCpuMs: (user + system) / 1000, busy: counts.busy };
}

interface Feeding extends Scene {
  readonly counts: { busy: number };
  /** Nothing is sent after so many transfers are final. */
  readonly end: number;
}

/** Hands transfers to the nodes in turn, one request to each at a time, while too few of them wait in the pools. */
async function feed(
  transfers: readonly Uint8Array[],
  settings: Settings,
  { voters, seen, counts, end }: Feeding,
): Promise<void> {
  let handed = 0;
  const work = async ({ url }: Voter): Promise<void> => {
    const client = new RpcClient({ url });
    while (handed < transfers.length && seen.transfers < end) {
      if (handed - seen.transfers >= settings.ahead * settings.transfers) {
        await sleep(PAUSE_MS);
        continue;
      }
      const bundle = transfers.slice(handed, handed + settings.bundle);
      handed += bundle.length;
      counts.busy += await submit(client, bundle);
    }
  };
  await Promise.all(voters.map(work));
}

/** @returns how often the node was busy */
async function submit(client: RpcClient, bundle: readonly Uint8Array[]): Promise<number> {
  for (let busy = 0; ; busy++) {
    const answer = await client.submitBundle(bundle);
    if (answer.ok) {
      const refused = answer.value.find(({ accepted }) => !accepted);
      if (refused !== undefined) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`);
      return busy;
    }
    if (answer.error.rule !== 'node/busy') throw new Error(`${answer.error.rule}: ${answer.error.message}`);
    await sleep(PAUSE_MS);
  }
}

function report(settings: Settings, bounded: Bounded<Agreed>): Readonly<Record<string, unknown>> {
  const { value, mean, drift, coresFree, cpuUs } = bounded;
  const { finals, reports, clientCpuMs, busy } = value;
  const measured = finals.slice(1);
  const intervals = measured.map(({ atMs }, i) => atMs - (finals[i] as FinalBlock).atMs);
  const transfers = measured.reduce((sum, final) => sum + final.transfers, 0);
  const perSecond = (transfers * 1000) / ((finals.at(-1)?.atMs ?? 0) - (finals[0]?.atMs ?? 0));
  const nodesCpuMs = reports.reduce((sum, { thread }) => sum + thread.cpuMs, 0);
  const mainCpuMs = reports.reduce((sum, { thread }) => sum + thread.mainCpuMs, 0);
  const cpuRatio = (cpuUs * transfers) / ((nodesCpuMs + clientCpuMs) * 1000);
  const rounds = reports[0]?.rounds ?? [];
  const perNode = (ms: number): number => round((ms * 1000) / transfers / reports.length, 2);
  return {
    bench: 'bft',
    ratio: round(perSecond / mean, 3),
    // Of what is left when every node checks every signature on the cores that all share.
    shareRatio: round((perSecond * settings.validators) / mean, 3),
    cpuRatio: round(cpuRatio, 3),
    cpuShareRatio: round(cpuRatio * settings.validators, 3),
    blockP50Ms: round(median(intervals), 1),
    blockP99Ms: round(percentile(intervals, 0.99), 1),
    transfersPerBlock: median(measured.map((final) => final.transfers)),
    laterRounds: rounds.filter((at) => at > 0).length,
    roundMax: Math.max(0, ...rounds),
    finalPerSecond: Math.round(perSecond),
    signaturesPerSecond: Math.round(mean),
    boundDrift: round(drift, 3),
    coresFree: round(coresFree, 3),
    cpuUsPerSignature: round(cpuUs, 2),
    nodeCpuUsPerTransfer: perNode(nodesCpuMs),
    nodeMainCpuUsPerTransfer: perNode(mainCpuMs),
    clientCpuUsPerTransfer: round((clientCpuMs * 1000) / transfers, 2),
    eventLoopP999Ms: round(Math.max(...reports.map(({ thread }) => thread.eventLoopP999Ms)), 1),
    finalBlocks: measured.length,
    busyAnswers: busy,
    ...settings,
    ...machine(),
  };
}

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] as number;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
