import type { Amount } from '../base/amount.ts';
import type { Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { MerkleProof } from '../crypto/merkle.ts';
import type { Address } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { AssetId } from '../primitives/output.ts';
import type { Receipt } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { StateView } from '../state/view.ts';

/** Names a block: by height on the best branch, by id, or the head or the last final one. */
export type BlockAt =
  | { readonly kind: 'height'; readonly height: number }
  | { readonly kind: 'id'; readonly id: Hash }
  | { readonly kind: 'head' }
  | { readonly kind: 'final' };

/** A vote that is under way. */
export interface VotingView {
  readonly height: number;
  /** Of votes on each block. */
  readonly round: number | undefined;
  /** The weight of the validators that were heard, and what it takes. */
  readonly heard: number;
  readonly quorum: number;
  /** Since when votes are cast that made nothing final yet, in milliseconds since 1970. */
  readonly sinceMs: number;
}

/** A block that competes with those of the best branch. */
export interface SideBlock {
  readonly id: Hash;
  readonly header: Header;
  /** Weight of its branch up to it, as a decimal text (may exceed 2^53). */
  readonly weight: string;
}

/** The node in numbers. */
export interface NodeStatus {
  readonly life: 'genesis' | 'boot' | 'ready' | 'dying' | 'dead';
  readonly head: { readonly id: Hash; readonly header: Header };
  readonly final: { readonly id: Hash; readonly height: number };
  /** Cumulative weight of the best branch, as a decimal text (may exceed 2^53). */
  readonly weight: string;
  readonly producing: boolean;
  readonly mempool: { readonly transactions: number; readonly bytes: number };
  readonly supply: { readonly issued: Amount; readonly burned: Amount };
  readonly coins: number;
  /** What is kept of final blocks. Headers and the genesis block always are. */
  readonly storage: {
    readonly mode: 'full' | 'pruned' | 'archive';
    /** The lowest height above 0 of which the block is there. */
    readonly blocksFrom: number;
    /** The lowest height after which the state can be proved. */
    readonly statesFrom: number;
    /** True when transactions in blocks, and what addresses have and had, can be looked up. */
    readonly index: boolean;
  };
  /** What the node does for blocks that take work; undefined where they do not, or it makes none. */
  readonly mining:
    | { readonly hashesPerSecond: number; readonly attempts: number; readonly blocks: number }
    | undefined;
  /** What makes blocks final. */
  readonly finality: 'depth' | 'votes' | 'votes-each';
  /** What is being voted on; undefined while nothing is, and on a chain without votes. */
  readonly voting: VotingView | undefined;
  /** Milliseconds the node's time is ahead of the clock (dev networks). */
  readonly timeOffsetMs: number;
}

/** Where a transaction is. */
export interface FoundTransaction {
  readonly transaction: Transaction;
  /** Undefined while it waits in the pool. */
  readonly block:
    | { readonly id: Hash; readonly height: number; readonly position: number; readonly receipt: Receipt }
    | undefined;
}

/** A coin of an address. */
export interface FoundCoin {
  readonly outpoint: Outpoint;
  readonly asset: AssetId;
  readonly amount: Amount;
  readonly height: number;
  readonly reward: boolean;
  /** First height at which it can be spent (rewards mature late). */
  readonly spendableHeight: number;
  /** A transaction in the pool spends it. */
  readonly spentInPool: boolean;
}

/** What an address holds of one asset. */
export interface FoundBalance {
  readonly asset: AssetId;
  /** In coins of the head's state, not counting immature rewards. */
  readonly confirmed: Amount;
  /** In rewards that are not mature yet. */
  readonly immature: Amount;
  /** What the pool's transactions would add and take, if they are all included. */
  readonly incoming: Amount;
  readonly outgoing: Amount;
}

/** One line of an address's history. */
export interface HistoryEntry {
  /** Number of the entry, from 0 for the oldest. */
  readonly index: number;
  readonly txid: Hash;
  readonly height: number;
  readonly position: number;
}

/** A token as the ledger holds it. */
export interface FoundToken {
  readonly asset: AssetId;
  readonly symbol: string;
  readonly name: string;
  readonly decimals: number;
  readonly supply: Amount;
  readonly supplyMax: Amount;
  /** Who may mint; undefined when the supply is fixed. */
  readonly minter: Address | undefined;
  readonly height: number;
  readonly txid: Hash;
}

/** A proof of one key of the state, as bytes, with the header whose root it proves against. */
export interface FoundProof {
  readonly header: Header;
  readonly blockId: Hash;
  readonly key: Hash;
  readonly present: boolean;
  /** The encoded value (a coin record, or namespace and value); undefined when absent. */
  readonly value: Uint8Array | undefined;
  /** Encoded state proof; see docs/reference/state.md. */
  readonly proof: Uint8Array;
}

/** The paths of a transaction and its receipt, which have one index. */
export interface FoundInclusion {
  readonly header: Header;
  readonly proof: MerkleProof;
  readonly receipt: Receipt;
  readonly receiptProof: MerkleProof;
}

/** What makes a block final, on a chain with votes. */
export interface FoundCertificate {
  readonly header: Header;
  /** See consensus/votes/link.ts and consensus/votes-each/certificate.ts. */
  readonly certificate: Uint8Array;
}

/** What the fee should be. */
export interface FeeEstimate {
  /** Hugs per gas for inclusion within the target. */
  readonly feePerGas: number;
  /** Base fee of the next block. */
  readonly baseFee: Amount;
  readonly poolTransactions: number;
}

/** A connection of the node. */
export interface PeerView {
  readonly id: string;
  readonly address: string;
  readonly direction: 'inbound' | 'outbound';
  readonly connectedMs: number;
  /** What the peer says of itself; undefined before it has said hello. */
  readonly said:
    | { readonly agent: string; readonly height: number; readonly finalHeight: number }
    | undefined;
  readonly latencyMs: number | undefined;
  readonly points: number;
  readonly isAnchor: boolean;
}

/** The network as the node sees it; empty and not enabled on a node without one. */
export interface NetworkView {
  readonly enabled: boolean;
  /** What the node calls its software, and the version of the protocol. */
  readonly agent: string;
  readonly protocol: number;
  readonly listening: readonly string[];
  readonly peers: readonly PeerView[];
  readonly bans: readonly { readonly target: string; readonly untilMs: number; readonly reason: string }[];
  readonly addresses: { readonly known: number; readonly reached: number };
  readonly sync: { readonly caughtUp: boolean; readonly missing: number };
}

/** The faces' read-only window on a node. Every method is synchronous and bounded. */
export interface NodeView {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
  status(): NodeStatus;
  /** The state after the head. */
  state(): StateView;
  network(): NetworkView;
  header(at: BlockAt): { readonly id: Hash; readonly header: Header } | undefined;
  /** Blocks beside the best branch that are not older than the last final one, the highest first. */
  sides(limit: number): readonly SideBlock[];
  block(at: BlockAt): Block | undefined;
  /**
   * The first block at or after a height that has a certificate of its own, and the certificate. Looks at a bounded
   * number of heights.
   */
  certified(height: number): FoundCertificate | undefined;
  receipts(id: Hash): readonly Receipt[] | undefined;
  /** Refuses by `node/no-index` when the node keeps no index: it cannot say that a transaction is in no block. */
  checkIndex(): Result<undefined>;
  transaction(txid: Hash): FoundTransaction | undefined;
  /** Height of the block that a transaction is in, also when that block has been pruned here. */
  transactionHeight(txid: Hash): number | undefined;
  /** The path of a transaction to its block's txRoot, and that of its receipt to the receiptRoot. */
  transactionProof(txid: Hash): FoundInclusion | undefined;
  /** At most `limit` coins, in a stable order, starting after the outpoint `after`. */
  coins(address: Address, limit: number, after: Outpoint | undefined): Result<readonly FoundCoin[]>;
  coin(outpoint: Outpoint): FoundCoin | undefined;
  balances(address: Address): Result<readonly FoundBalance[]>;
  /** At most `limit` entries, newest first, before entry number `before`. */
  history(
    address: Address,
    limit: number,
    before: number | undefined,
  ): Result<{ readonly total: number; readonly entries: readonly HistoryEntry[] }>;
  coinProof(outpoint: Outpoint, at: BlockAt): Result<FoundProof>;
  storageProof(namespace: number, key: Uint8Array, at: BlockAt): Result<FoundProof>;
  token(asset: AssetId): FoundToken | undefined;
  /** The pool's transactions, best first, at most `limit`. */
  pool(
    limit: number,
  ): readonly { readonly transaction: Transaction; readonly fee: Amount; readonly gas: number }[];
  estimateFee(targetBlocks: number): FeeEstimate;
}
