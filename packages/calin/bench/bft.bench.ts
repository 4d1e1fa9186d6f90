import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { assert } from '@calin/core/base/assert.ts';
import { createDataFolder } from '../src/adapters/data-folder.ts';
import type { Bench, BenchOptions, BenchProgress } from './bench.ts';
import { type JoinedTransfers, splitTransfers } from './chain/joined-transfers.ts';
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
    blocks: { summary: 'Full blocks that are measured', default: 120 },
    'warm-up': { summary: 'Full blocks before them, while the code of all nodes is compiled', default: 120 },
    'block-ms': { summary: 'Pause between a final block and the next one', default: 50 },
    ahead: { summary: 'Blocks of transfers that the client keeps in the pools', default: 5 },
    bundle: { summary: 'Transfers in one request', default: 250 },
    'bound-ms': { summary: 'How long the raw signature rate is measured, before and after', default: 1500 },
    profile: { summary: 'A folder for a processor profile of the last node', default: '' },
  },
  run,
};

/** A time without any final transfer after which the run fails; a machine may be very slow. */
const STALL_MS_MAX = 120_000;

/** Before a request is sent again, and between two looks at who is connected. */
const PAUSE_MS = 20;

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
  const { validators, transfers, blocks, warmUp, ahead, blockMs, bundle } = settings;
  progress(0, 1, 'signing the transfers');
  const coins = (warmUp + blocks + ahead) * transfers;
  const chain = makeVotesChain({ validators, blockMs, coins, transfers, bundle });
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
  for (const startMs = performance.now(); ; await wait(PAUSE_MS)) {
    const peers = await Promise.all(voters.map((voter) => voter.peers()));
    if (peers.every((count) => count === voters.length - 1)) return;
    assert(performance.now() - startMs < STALL_MS_MAX, `all nodes know one another, not ${peers}`);
  }
}

/** The blocks that the first node has seen become final. */
class Seen {
  readonly #from: number;
  #transfers = 0;
  #finals: FinalBlock[] = [];
  #waiting: { readonly transfers: number; readonly reached: () => void }[] = [];

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
    if (this.#transfers >= this.#from) this.#finals.push(final);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const one of waiting) {
      if (one.transfers <= this.#transfers) one.reached();
      else this.#waiting.push(one);
    }
  }

  /** Settles when so many transfers are final. Nobody looks at a clock: four nodes share the cores with who waits. */
  when(transfers: number): Promise<void> {
    return new Promise((reached) => {
      if (transfers <= this.#transfers) reached();
      else this.#waiting.push({ transfers, reached });
    });
  }

  /** Fails when nothing more has become final for long. */
  async whenStalled(signal: AbortSignal): Promise<never> {
    for (let before = -1; before < this.#transfers; await wait(STALL_MS_MAX, undefined, { signal }))
      before = this.#transfers;
    throw new Error(`no transfer became final in ${STALL_MS_MAX} ms`);
  }
}

interface Scene {
  readonly voters: readonly Voter[];
  readonly seen: Seen;
}

async function measure(
  { requests }: VotesChain,
  settings: Settings,
  { voters, seen }: Scene,
  progress: BenchProgress,
): Promise<Agreed> {
  const warm = settings.warmUp * settings.transfers;
  const end = warm + settings.blocks * settings.transfers;
  const counts = { busy: 0 };
  const over = new AbortController();
  const feeding = feed(requests, settings, { voters, seen, counts, end });
  const stalled = seen.whenStalled(over.signal);
  // Whoever waits for blocks hears of a refusal at once, and of a network that stands still.
  const reach = (count: number): Promise<unknown> =>
    Promise.race([seen.when(count), feeding.then(() => seen.when(count)), stalled]);
  try {
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
  } finally {
    stalled.catch(() => {});
    over.abort();
  }
}

interface Feeding extends Scene {
  readonly counts: { busy: number };
  /** Nothing is sent after so many transfers are final. */
  readonly end: number;
}

/** Hands transfers to the nodes in turn, one request to each at a time, while too few of them wait in the pools. */
async function feed(
  requests: readonly JoinedTransfers[],
  settings: Settings,
  { voters, seen, counts, end }: Feeding,
): Promise<void> {
  const ahead = settings.ahead * settings.transfers;
  let [next, handed] = [0, 0];
  const work = async ({ url }: Voter): Promise<void> => {
    const client = new RpcClient({ url });
    while (next < requests.length && seen.transfers < end) {
      if (handed - seen.transfers >= ahead) {
        await seen.when(handed - ahead + 1);
        continue;
      }
      const bundle = splitTransfers(requests[next++] as JoinedTransfers);
      handed += bundle.length;
      counts.busy += await submit(client, bundle);
    }
  };
  await Promise.all(voters.map(work));
}

/** @returns how often the node was busy */
async function submit(client: RpcClient, bundle: readonly Uint8Array[]): Promise<number> {
  let isAgain = false;
  for (let busy = 0; ; busy++) {
    const answer = await client.submitBundle(bundle);
    if (answer.ok) {
      // What was taken the first time is refused the second; a transfer that is lost fails the run: it never is final.
      const refused = isAgain ? undefined : answer.value.find(({ accepted }) => !accepted);
      if (refused !== undefined) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`);
      return busy;
    }
    const { rule, message } = answer.error;
    // A server closes a connection that has rested for long, on a busy machine just when it is used again.
    if (rule === 'rpc/unreachable' && !isAgain) isAgain = true;
    else if (rule !== 'node/busy') throw new Error(`${rule}: ${message}`);
    await wait(PAUSE_MS);
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
