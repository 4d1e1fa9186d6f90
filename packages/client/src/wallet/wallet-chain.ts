import type { Hash } from '@calin/core/crypto/hash.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';

/** A node that answers, and what has to be known of its chain to build and sign transactions for it. */
export interface WalletChain {
  readonly client: RpcClient;
  readonly spec: ChainSpec;
  /** Computed from the spec, and not what the node says. */
  readonly chainId: Hash;
  readonly network: {
    /** Prefix of the network's addresses. */
    readonly addressPrefix: string;
  };
  readonly status: {
    /** The head when the node was last asked: a transaction is for a block after it. */
    readonly head: { readonly height: number; readonly timeMs: number };
  };
}
