import type { SipKey } from '../base/half-sip-hash.ts';
import type { PublicKey } from '../crypto/signature.ts';
import type { P2pConfig } from '../p2p/config.ts';
import type { Address } from '../primitives/address.ts';

/** What this node does, as against the spec, which all nodes share. */
export interface NodeConfig {
  readonly production: ProductionConfig;
  /** Keep the index of transactions, the history of addresses, and the index of their coins. */
  readonly index: boolean;
  /** Make them while the node runs, once every block is there, with this secret of the node; see {@link LateIndex}. */
  readonly lateIndex?: SipKey | undefined;
  readonly mempoolBytesMax: number;
  /**
   * Take the memory for what is remembered of the last transactions at the start, 8 MiB, so that what the node holds
   * does not depend on how long it runs and nothing is moved under load. As they come when left out.
   */
  readonly isMemoryReserved?: boolean;
  /** Blocks between two state checkpoints; fewer make starts faster and writes more. */
  readonly checkpointBlocks: number;
  /** The node's part in the network; absent on a node without one. */
  readonly p2p?: P2pConfig | undefined;
}

/** Whether and when this node makes blocks. */
export type ProductionConfig =
  | { readonly kind: 'off' }
  | {
      /** `on-transaction`: when the pool has something. `interval`: also empty ones, `intervalMs` apart. */
      readonly kind: 'on-transaction' | 'interval';
      /** Least time between the header times of two blocks; 0 lets a block follow at once. */
      readonly intervalMs: number;
      readonly publicKey: PublicKey;
      /** Who gets the reward and the tips. */
      readonly payTo: Address;
    };
