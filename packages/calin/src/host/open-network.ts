import { randomBytes } from 'node:crypto';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { P2pConfig } from '@calin/core/p2p/config.ts';
import type { CatchUpOptions } from '@calin/core/p2p/sync/catch-up.ts';
import type { DataFolder } from '../adapters/data-folder.ts';
import type { Libp2pNetwork, Libp2pNetworkDependencies } from '../adapters/libp2p/libp2p-network.ts';
import { version } from '../cli/version.ts';
import { refuseAdapter } from '../rules.ts';

/** What this node does on the network. */
export interface NetworkOptions {
  /** Addresses to listen on, as in `/ip4/127.0.0.1/tcp/0`. */
  readonly listen: readonly string[];
  /** Addresses to tell others instead, for a node behind a router that forwards a port. */
  readonly announce?: readonly string[] | undefined;
  /** Peers to begin with, beside the seeds of the folder. */
  readonly bootstrap?: readonly string[] | undefined;
  /** Look for peers in the local network; when left out, if the node listens on more than the loopback. */
  readonly mdns?: boolean | undefined;
  /** Look for peers in the distributed hash table; yes when left out. */
  readonly dht?: boolean | undefined;
  /** Carry connections for nodes that cannot be reached; no when left out. */
  readonly relay?: boolean | undefined;
  /** Ask the router for an open port; no when left out. */
  readonly upnp?: boolean | undefined;
  /** How long it may be without a peer before it stops; for ever when left out. */
  readonly aloneEndMs?: number | undefined;
  /** How a folder without blocks gets the chain: every block, unless a snapshot of the state is wanted. */
  readonly sync?: SyncMode | undefined;
}

/** `full`: executes every block. `snapshot`: begins with the state of a final block, and fetches the others after. */
export type SyncMode = 'full' | 'snapshot';

/** Where a node listens for peers unless it is told otherwise: nobody else reaches it there. */
export const LOOPBACK_LISTEN: readonly string[] = ['/ip4/127.0.0.1/tcp/0'];

/**
 * Makes the network of a node, which is still closed; the first call for a folder makes its key.
 *
 * @returns the network, or `network/address`, `folder/malformed`, `folder/io`
 */
export async function openNetwork(
  folder: DataFolder,
  options: NetworkOptions,
  dependencies: Libp2pNetworkDependencies,
): Promise<Result<Libp2pNetwork>> {
  // A node without a network, and every other command, starts without reading libp2p.
  const { Libp2pNetwork } = await import('../adapters/libp2p/libp2p-network.ts');
  const { loadPeerKey } = await import('../adapters/libp2p/peer-key.ts');
  const { parseListenAddress, parsePeerAddress } = await import('../adapters/libp2p/peer-address.ts');
  const { listen, announce = [], mdns = isPublic(listen), dht = true, relay = false, upnp = false } = options;
  const seeds = readSeeds(folder);
  if (!seeds.ok) return seeds;
  const bootstrap = [...new Set([...(options.bootstrap ?? []), ...seeds.value])];
  for (const address of [...listen, ...announce]) {
    const parsed = parseListenAddress(address);
    if (!parsed.ok) return parsed;
  }
  for (const address of bootstrap) {
    const parsed = parsePeerAddress(address);
    if (!parsed.ok) return parsed;
  }
  const key = await loadPeerKey(folder.networkKeyPath);
  if (!key.ok) return key;
  const choices = { listen, announce, bootstrap, mdns, dht, relay, upnp };
  const { chainId } = folder;
  return ok(new Libp2pNetwork({ key: key.value, chainId, ...choices }, dependencies));
}

/** What the protocol is told: new dice at every start, and a name without secrets. */
export function p2pConfig(catchUp: Partial<CatchUpOptions> = {}, sync: SyncMode = 'full'): P2pConfig {
  return {
    seed: new Uint8Array(randomBytes(32)),
    agent: `calin/${version}`,
    sync: { catchUp },
    snapshot: { isWanted: sync === 'snapshot' },
    isMemoryReserved: true,
  };
}

/**
 * How long a node that may have missed blocks waits for its first peer before it makes its own. With finality by depth,
 * blocks that two nodes have made before they met can part them for ever.
 */
const FIRST_PEER_WAIT_MS = 10_000;

/** When a node takes itself for caught up: at once where nobody could tell it better. */
export function catchUpOf(folder: DataFolder, network: NetworkOptions): Partial<CatchUpOptions> {
  const { listen, bootstrap = [], aloneEndMs } = network;
  const seeds = readSeeds(folder);
  const namesNobody = bootstrap.length === 0 && seeds.ok && seeds.value.length === 0;
  const isAlone = namesNobody && (folder.spec.dev || !isPublic(listen));
  return { aloneReadyMs: isAlone ? 0 : FIRST_PEER_WAIT_MS, aloneEndMs };
}

/** The seeds that the folder was made with, or that somebody has written into its node.json. */
function readSeeds({ settings }: DataFolder): Result<readonly string[]> {
  const { seeds = [] } = settings;
  if (Array.isArray(seeds) && seeds.every((seed) => typeof seed === 'string')) return ok(seeds);
  return refuseAdapter('folder/malformed', {
    file: 'node.json',
    why: 'settings.seeds is no list of addresses',
  });
}

/** Whether others than this machine can reach one of the addresses. */
function isPublic(listen: readonly string[]): boolean {
  return listen.some((address) => !/^\/(?:ip4\/127\.|ip6\/::1\/)/.test(address));
}
