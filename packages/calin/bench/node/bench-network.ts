import { join } from 'node:path';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import { SILENT } from '../../src/adapters/libp2p/libp2p-network.testing.ts';
import { Libp2pNetwork } from '../../src/adapters/libp2p/libp2p-network.ts';
import { loadPeerKey } from '../../src/adapters/libp2p/peer-key.ts';

/** The network of a node, still closed, with a key in the folder. */
export async function createBenchNetwork(
  folder: string,
  chainId: Hash,
  event: (event: NetworkEvent) => void,
): Promise<Libp2pNetwork> {
  const key = await loadPeerKey(join(folder, 'network.key'));
  assert(key.ok, 'a key for the network');
  const place = { listen: ['/ip4/127.0.0.1/tcp/0'], key: key.value, chainId: toHex(chainId) };
  return new Libp2pNetwork({ ...SILENT, ...place }, { log: { write: () => {} }, event });
}

/** Opens the network of a node. */
export async function listen(
  network: Libp2pNetwork | undefined,
): Promise<{ readonly network: Libp2pNetwork; readonly address: string }> {
  assert(network !== undefined, 'a node with a network');
  const started = await network.start();
  assert(started.ok, 'a network that listens on the loopback');
  const [address] = network.listening;
  assert(address !== undefined, 'an address to dial');
  return { network, address };
}
