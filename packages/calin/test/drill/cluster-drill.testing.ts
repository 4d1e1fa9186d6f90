import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { type Drill, type DrillPlace, expect, until } from './drill.testing.ts';

const LAUNCHER = fileURLToPath(new URL('../../../../calin', import.meta.url));
const NODES = 7;
const KILLED = 3;

/** So short that there are a thousand blocks within a minute or two: a snapshot is not worth while before. */
const BLOCK_MS = 50;

/** Blocks from which on a node with an empty folder begins with a snapshot. */
const SNAPSHOT_BLOCKS = 1010;

interface Member {
  readonly name: string;
  readonly url: string;
  readonly data: string;
  readonly address: string;
}

/** `calin cluster --nodes 7`: payments everywhere, nodes that are killed, and nodes that come later. */
export const clusterDrill: Drill = {
  name: 'cluster',
  summary: 'Seven processes: payments to each, three are killed, two come with empty folders.',
  programs: [],
  isInNamespaces: false,
  async run(place) {
    const processes = new Processes(place.folder);
    try {
      await holdCluster(place, processes);
    } finally {
      await processes.stop();
    }
  },
};

async function holdCluster(place: DrillPlace, processes: Processes): Promise<void> {
  const { claim } = place;
  const data = join(place.folder, 'network');
  const words = ['cluster', '--nodes', `${NODES}`, '--block-time', `${BLOCK_MS}`, '--data', data];
  const { members } = await processes.start<{ members: readonly Member[] }>('cluster', words);
  expect(members.length === NODES, `${NODES} members`);
  await until('every node has two blocks', async () => ((await lowest(members)) >= 2 ? true : undefined));
  await payEverywhere(members, processes, place);
  await killSome(members, place);
  const { height } = await until(
    `block ${SNAPSHOT_BLOCKS} everywhere`,
    async () => ((await lowest(members)) >= SNAPSHOT_BLOCKS ? { height: await lowest(members) } : undefined),
    300_000,
  );
  claim('the network goes on', `block ${height} on all ${NODES} nodes`);
  await joinLate(members, processes, place);
}

/** Each node is given a payment of its own; all have to be in the same block on all nodes. */
async function payEverywhere(
  members: readonly Member[],
  processes: Processes,
  { claim }: DrillPlace,
): Promise<void> {
  const paid: string[] = [];
  for (const [i, { url, data }] of members.entries()) {
    const keys = ['--rpc', url, '--data', data];
    const transfer = ['--from', `dev${i}`, '--to', 'dev9', '--amount', `${i + 1}`, '--no-wait'];
    const { txid } = await processes.run<{ txid: string }>(['send', ...keys, ...transfer]);
    paid.push(txid);
  }
  for (const txid of paid) {
    await until(`payment ${txid} in one block of all nodes`, async () => {
      const blocks = await Promise.all(members.map(({ url }) => blockOf(url, txid)));
      return blocks[0] !== undefined && new Set(blocks).size === 1 ? true : undefined;
    });
  }
  claim('a payment given to any node is in a block on all', `${paid.length} payments, ${NODES} nodes`);
}

async function killSome(members: readonly Member[], { claim }: DrillPlace): Promise<void> {
  const killed = members.slice(-KILLED);
  const pids = killed.map(pidOf);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const before = await until('the others go on', () => heightOf(members[0] as Member));
  const beganMs = performance.now();
  for (const member of killed) {
    await until(`${member.name} is back`, async () => {
      const height = await heightOf(member);
      return height !== undefined && height > before + 10 && !pids.includes(pidOf(member)) ? true : undefined;
    });
  }
  const seconds = ((performance.now() - beganMs) / 1000).toFixed(1);
  const height = (await lowest(members)) - 10;
  const ids = await until('one block everywhere', async () => {
    const all = new Set(await Promise.all(members.map(({ url }) => blockAt(url, height))));
    return all.size === 1 && !all.has(undefined) ? all : undefined;
  });
  expect(ids.size === 1, 'one block');
  claim(
    `${KILLED} killed nodes start again and catch up`,
    `${seconds} s, block ${height} is one and the same`,
  );
}

/** Two nodes with empty folders, one of which executes every block. */
async function joinLate(
  members: readonly Member[],
  processes: Processes,
  { claim }: DrillPlace,
): Promise<void> {
  const genesis = join((members[0] as Member).data, 'genesis.json');
  const bootstrap = members.slice(0, 3).map(({ address }) => address);
  for (const sync of ['full', 'snapshot'] as const) {
    const startMs = performance.now();
    const data = join(processes.folder, `late-${sync}`);
    const network = ['--bootstrap', bootstrap.join(), '--no-mdns', '--no-dht', '--sync', sync];
    const place = ['--genesis', genesis, '--data', data, '--port', '0', '--signature-workers', '0'];
    // A development chain keeps every old state otherwise, which nobody has who begins in the middle.
    const mode = sync === 'full' ? 'archive' : 'full';
    const words = ['node', ...place, ...network, '--mode', mode];
    const { url } = await processes.start<{ url: string }>(sync, words);
    const late = { name: sync, url, data, address: '' };
    const target = await lowest(members);
    await until(
      `${sync} has block ${target}`,
      async () => ((await heightOf(late)) ?? 0) >= target || undefined,
    );
    const seconds = ((performance.now() - startMs) / 1000).toFixed(1);
    const roots = await Promise.all([...members, late].map((one) => rootAt(one.url, target)));
    expect(roots[0] !== undefined && new Set(roots).size === 1, `one state root at ${target}`);
    const status = await new RpcClient({ url }).call('node_status', {});
    const from = status.ok ? status.value.storage.statesFrom : -1;
    expect(sync === 'full' ? from === 0 : from >= 1000, `${sync} begins with the state of block ${from}`);
    const seen = `block ${target} after ${seconds} s, states from block ${from}, one root on all nodes`;
    claim(
      sync === 'full' ? 'an empty folder joins by every block' : 'an empty folder joins by a snapshot',
      seen,
    );
  }
}

async function heightOf({ url }: Pick<Member, 'url'>): Promise<number | undefined> {
  const status = await new RpcClient({ url, timeoutMs: 5000 }).call('node_status', {});
  return status.ok ? status.value.head.height : undefined;
}

async function lowest(members: readonly Member[]): Promise<number> {
  return Math.min(...(await Promise.all(members.map(async (one) => (await heightOf(one)) ?? 0))));
}

async function blockAt(url: string, height: number): Promise<string | undefined> {
  const header = await new RpcClient({ url }).call('chain_getHeader', { height });
  return header.ok ? header.value.id : undefined;
}

async function rootAt(url: string, height: number): Promise<string | undefined> {
  const header = await new RpcClient({ url }).call('chain_getHeader', { height });
  return header.ok ? header.value.stateRoot : undefined;
}

async function blockOf(url: string, txid: string): Promise<string | undefined> {
  const found = await new RpcClient({ url }).call('tx_get', { txid });
  return found.ok ? found.value.block?.id : undefined;
}

function pidOf({ data }: Member): number {
  return (JSON.parse(readFileSync(join(data, 'rpc.json'), 'utf8')) as { pid: number }).pid;
}

/** Commands of Calin that run, each with a file for what it says. */
class Processes {
  readonly folder: string;
  readonly #children: ChildProcess[] = [];

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Starts a command that goes on, and gives the first line that it prints. */
  async start<T>(name: string, words: readonly string[]): Promise<T> {
    const child = this.#spawn(name, words);
    this.#children.push(child);
    let first: string | undefined;
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).once('line', (line) => {
      first = line;
    });
    const line = await until(`the first line of ${name}`, () => {
      if (child.exitCode !== null) throw new Error(`${name} has ended with ${child.exitCode}`);
      return first;
    });
    return JSON.parse(line) as T;
  }

  /** Runs a command to its end. */
  async run<T>(words: readonly string[]): Promise<T> {
    const child = this.#spawn('commands', words);
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code === 0, `calin ${words.join(' ')} has ended with ${code}`);
    return JSON.parse(said) as T;
  }

  /** Ends all of them as a person would, the last one first. */
  async stop(): Promise<void> {
    for (const child of this.#children.toReversed()) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGINT');
      await ended;
    }
  }

  #spawn(name: string, words: readonly string[]): ChildProcess {
    const log = openSync(join(this.folder, `${name}.log`), 'a');
    const env = { PATH: process.env['PATH'] ?? '', HOME: this.folder, NO_COLOR: '1' };
    return spawn(LAUNCHER, [...words, '--json'], { env, stdio: ['ignore', 'pipe', log] });
  }
}
