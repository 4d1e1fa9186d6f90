import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { NetworkEnd, NetworkUnderTest } from '@calin/core/ports/network-compliance.testing.ts';
import { until } from '../until.testing.ts';
import type { FrameTransportOptions } from './frame-transport.ts';
import { Libp2pNetwork } from './libp2p-network.ts';
import { loadPeerKey } from './peer-key.ts';

/** Nobody looks for anybody, nor can be dialled. */
export const SILENT = {
  listen: [],
  announce: [],
  bootstrap: [],
  mdns: false,
  dht: false,
  relay: false,
  upnp: false,
} satisfies Omit<FrameTransportOptions, 'chainId' | 'key'>;

/** What a node of a test is told: the loopback, any free port. */
const QUIET: Omit<FrameTransportOptions, 'key'> = {
  ...SILENT,
  chainId: 'ab'.repeat(32),
  listen: ['/ip4/127.0.0.1/tcp/0'],
};

/** A network that runs, and what it has told. */
export interface TestNetwork extends NetworkEnd {
  readonly network: Libp2pNetwork;
  /** What it has written into its log. */
  readonly logs: readonly LogEntry[];
  /** What a node would do with an event. */
  hook: ((event: NetworkEvent) => void) | undefined;
}

/** Nodes of a test, which stop together. */
export class TestNetworks {
  readonly folder = mkdtempSync(join(tmpdir(), 'calin-net-'));
  readonly #running: Libp2pNetwork[] = [];

  /** Starts a node with a key of its own, and with the bans of a protocol. */
  async start(
    options: Partial<FrameTransportOptions> = {},
    isBanned: (address: string) => boolean = () => false,
  ): Promise<TestNetwork> {
    const key = await loadPeerKey(join(this.folder, `${this.#running.length}.key`));
    if (!key.ok) throw new Error(key.error.message);
    const events: NetworkEvent[] = [];
    const logs: LogEntry[] = [];
    const network = new Libp2pNetwork(
      { ...QUIET, key: key.value, ...options },
      {
        log: { write: (entry) => void logs.push(entry) },
        isBanned,
        event: (event) => {
          events.push(event);
          end.hook?.(event);
        },
      },
    );
    const peer = (options.key ?? key.value).publicKey.toString();
    const end: TestNetwork = {
      network,
      events,
      logs,
      peer,
      hook: undefined,
      get address() {
        return network.listening[0] ?? '';
      },
    };
    this.#running.push(network);
    const started = await network.start();
    if (!started.ok) throw new Error(`${started.error.message} ${JSON.stringify(started.error.evidence)}`);
    return end;
  }

  /** Stops every node and removes the keys. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.map((network) => network.stop()));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** What every connection of libp2p begins with: the length of a line, and the line. */
const GREETING = '\x13/multistream/1.0.0\n';

/**
 * Greets a node over a bare TCP connection.
 *
 * @param from - the address on the loopback that the connection comes from
 * @returns what it answers, which is nothing when it closes at once
 */
export function greet(address: string, from: string): Promise<string> {
  const port = Number(/\/tcp\/(\d+)/.exec(address)?.[1]);
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ port, host: '127.0.0.1', localAddress: from }, () => socket.write(GREETING));
  socket.setEncoding('latin1').once('data', (text) => resolve(String(text)));
  // A connection that is reset is closed too.
  socket.on('error', () => {}).on('close', () => resolve(''));
  return promise.finally(() => socket.destroy());
}

/** Real nodes on the loopback, as the compliance suite wants them. */
export async function libp2pUnderTest(nodes: number, listen: string): Promise<NetworkUnderTest> {
  const networks = new TestNetworks();
  const ends: TestNetwork[] = [];
  for (let i = 0; i < nodes; i++) ends.push(await networks.start({ listen: [listen] }));
  return {
    ends,
    // Port 9 is that of "discard": nobody listens on it here, so the system refuses at once.
    nowhere: `/ip4/127.0.0.1/tcp/9/p2p/${ends[1]?.peer}`,
    until,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    kill: (end) => (end as TestNetwork).network.stop(),
    dispose: () => networks.stop(),
  };
}
