import type { WalletChain } from '@calin/client/wallet/wallet-chain.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { queryOptions } from '@tanstack/react-query';
import { ask, RefusedCall, rpc } from '../node/rpc.ts';
import { refusePage } from './rules.ts';

/** What does not change of a chain. */
export interface KnownChain extends Omit<WalletChain, 'status'> {
  /** True where coins can be had for nothing. */
  readonly dev: boolean;
}

/** What does not change of the chain that the node is on; the id is computed from the genesis file, not believed. */
export const chainQuery = queryOptions({
  queryKey: ['wallet-chain'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<KnownChain> => {
    const [genesis, status] = await Promise.all([ask('chain_getGenesis', {}), ask('node_status', {})]);
    const spec = parseGenesisFile(genesis);
    if (!spec.ok) throw new RefusedCall(spec.error);
    const chainId = createGenesis(spec.value).block.id;
    const expected = toHex(chainId);
    if (status.chainId !== expected)
      throw new RefusedCall(refusePage('page/chain', { got: status.chainId, expected }).error);
    const { addressPrefix, dev } = spec.value;
    return { client: rpc, spec: spec.value, chainId, network: { addressPrefix }, dev };
  },
});
