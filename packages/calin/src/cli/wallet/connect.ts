import { type MethodResult, RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { readRunningNode } from '../../adapters/running-node-file.ts';
import { dataFolderOf, type Network, readNetwork } from '../accounts/network.ts';
import { refuseCli } from '../rules.ts';

/** Where a node is looked for that did not say where it is: the port that nodes open by default. */
const DEFAULT_URL = 'http://127.0.0.1:8645';

/** Options that say which node. */
export interface NodeOptions {
  readonly data: string | undefined;
  readonly rpc: string | undefined;
  readonly 'api-key': string | undefined;
}

/** A node that answers, and the chain it is on. */
export interface Connection {
  readonly client: RpcClient;
  readonly status: MethodResult<'node_status'>;
  readonly network: Network;
}

/** A connection with what is needed to sign for the chain. */
export interface SigningConnection extends Connection {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
}

/** Finds the node: the one that was named, else the one that runs in the data folder, else the usual port. */
export async function connect(options: NodeOptions): Promise<Result<Connection>> {
  const folder = dataFolderOf(options);
  const local = readNetwork(folder);
  if (!local.ok) return local;
  const url = options.rpc ?? readRunningNode(folder) ?? DEFAULT_URL;
  if (URL.parse(url)?.protocol.startsWith('http') !== true) {
    return refuseCli('cli/option-value', {
      option: '--rpc',
      got: url.slice(0, 80),
      expected: 'http://HOST:PORT',
    });
  }
  const client = new RpcClient({ url, key: options['api-key'] });
  const status = await client.call('node_status', {});
  if (!status.ok) return status;
  const { addressPrefix, dev, chainId } = status.value;
  const { spec } = local.value;
  // A node that was named alone need not have anything to do with the default folder.
  const mustMatch = spec !== undefined && (options.rpc === undefined || options.data !== undefined);
  const expected = mustMatch ? toHex(createGenesis(spec).block.id) : chainId;
  if (chainId !== expected) return refuseCli('cli/wrong-chain', { url, folder, got: chainId, expected });
  return ok({
    client,
    status: status.value,
    network: { spec: mustMatch ? spec : undefined, addressPrefix, dev },
  });
}

/** The spec and the id of the node's chain; the id is computed from the genesis file, not believed. */
export async function connectToSign(options: NodeOptions): Promise<Result<SigningConnection>> {
  const connection = await connect(options);
  if (!connection.ok) return connection;
  const { client, network, status } = connection.value;
  const spec = network.spec === undefined ? await fetchSpec(client) : ok(network.spec);
  if (!spec.ok) return spec;
  const chainId = createGenesis(spec.value).block.id;
  const expected = toHex(chainId);
  if (status.chainId !== expected) {
    return refuseCli('cli/wrong-chain', { url: client.url, got: status.chainId, expected });
  }
  return ok({ ...connection.value, spec: spec.value, chainId });
}

async function fetchSpec(client: RpcClient): Promise<Result<ChainSpec>> {
  const genesis = await client.call('chain_getGenesis', {});
  return genesis.ok ? parseGenesisFile(genesis.value) : genesis;
}
