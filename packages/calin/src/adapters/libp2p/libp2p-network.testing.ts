import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { NetworkEnd, NetworkUnderTest } from '@calin/core/ports/network-compliance.testing.ts';
import type { FrameTransportOptions } from './frame-transport.ts';
import { Libp2pNetwork } from './libp2p-network.ts';
import { loadPeerKey } from './peer-key.ts';

/** What a node of a test is told: the loopback, any free port, nobody looks for anybody. */
const QUIET: Omit<FrameTransportOptions, 'key'> = {
  chainId: 'ab'.repeat(32),
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  bootstrap: [],
  mdns: false,
  dht: false,
  relay: false,
  upnp: false,
};

/** A network that runs, and what it has told. */
export interface TestNetwork extends NetworkEnd {
  readonly network: Libp2pNetwork;
  /** What a node would do with an event. */
  hook: ((event: NetworkEvent) => void) | undefined;
}

/** Nodes of a test, which stop together. */
export class TestNetworks {
  readonly folder = mkdtempSync(join(tmpdir(), 'calin-net-'));
  readonly #running: Libp2pNetwork[] = [];

  /** Starts a node with a key of its own. */
  async start(options: Partial<FrameTransportOptions> = {}): Promise<TestNetwork> {
    const key = await loadPeerKey(join(this.folder, `${this.#running.length}.key`));
    if (!key.ok) throw new Error(key.error.message);
    const events: NetworkEvent[] = [];
    const network = new Libp2pNetwork(
      { ...QUIET, key: key.value, ...options },
      {
        log: { write: () => {} },
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

/** Waits until a condition holds. */
export async function until(condition: () => boolean, withinMs = 15_000): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`not within ${withinMs} ms: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
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
