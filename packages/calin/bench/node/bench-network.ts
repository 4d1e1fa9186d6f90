import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import { Libp2pNetwork } from '../../src/adapters/libp2p/libp2p-network.ts';
import { loadPeerKey } from '../../src/adapters/libp2p/peer-key.ts';

/** What a node of a benchmark is told: the loopback, any free port, nobody looks for anybody. */
const QUIET = {
  listen: ['/ip4/127.0.0.1/tcp/0'],
  announce: [],
  bootstrap: [],
  mdns: false,
  dht: false,
  relay: false,
  upnp: false,
};

/** The network of a node, still closed, with a key in the folder. */
export async function createBenchNetwork(
  folder: string,
  chainId: Hash,
  event: (event: NetworkEvent) => void,
): Promise<Libp2pNetwork> {
  const key = await loadPeerKey(join(folder, 'network.key'));
  assert(key.ok, 'a key for the network');
  const options = { ...QUIET, key: key.value, chainId: toHex(chainId) };
  return new Libp2pNetwork(options, { log: { write: () => {} }, event });
}
