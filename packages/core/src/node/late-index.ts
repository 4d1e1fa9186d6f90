import { equalBytes } from '../base/bytes.ts';
import type { SipKey } from '../base/half-sip-hash.ts';
import type { Refusal } from '../base/result.ts';
import type { Chain } from '../chain/chain.ts';
import { StagedBatch } from '../chain/staged-batch.ts';
import { connectInPieces, readIndexed } from '../history/history-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { Block } from '../primitives/block.ts';
import { CoinIndex } from './coin-index.ts';
import type { Outbox } from './outbox.ts';

/** Pieces of work in one turn: some milliseconds. */
const TURN_PIECES = 2;

/** How soon to look again whether there is something to do. */
const IDLE_MS = 1_000;

/** What making the indexes late works with. */
export interface LateIndexDependencies {
  readonly chain: Chain;
  /** Shows every batch that left in an earlier step. */
  readonly store: ReadStore;
  readonly outbox: Outbox;
  /** True while the node has nothing better to do: it is at the head, and has all blocks before it. */
  isIdle(): boolean;
}

/** A block on its way into the history, which ended before it. */
interface Staged {
  readonly block: Block;
  readonly writes: StagedBatch;
  readonly pieces: Generator<void, void, undefined>;
}

/**
 * Makes the history and the index of coins for a chain that began with a snapshot, once it has all blocks, while the
 * node goes on: block by block from genesis on, then the coins, then the blocks that have come meanwhile. The batches
 * of the chain take out of the history what leaves the best branch, so it always ends on that.
 */
export class LateIndex {
  readonly #secret: SipKey;
  readonly #deps: LateIndexDependencies;
  #staged: Staged | undefined;
  #building: Generator<number, CoinIndex, undefined> | undefined;
  #coins: CoinIndex | undefined;
  #failure: Refusal | undefined;

  /** @param secret - see {@link CoinIndex.build} */
  constructor(secret: SipKey, deps: LateIndexDependencies) {
    this.#secret = secret;
    this.#deps = deps;
  }

  /**
   * Does one turn's work.
   *
   * @returns the index of coins once the history is at the head: from then on both follow it as usual; else when to go
   *   on, undefined for never
   */
  work(nowMs: number): CoinIndex | number | undefined {
    const { chain, outbox } = this.#deps;
    if (this.#failure !== undefined) return undefined;
    if (!this.#deps.isIdle() || outbox.isBehind) return nowMs + IDLE_MS;
    const height = this.#indexed()?.height ?? 0;
    if (height < chain.head.height) this.#workHistory(height);
    else if (this.#coins === undefined) this.#workCoins();
    else return this.#coins;
    return nowMs;
  }

  /** Goes on with one block; what is written for it shows in the store only after the turn. */
  #workHistory(height: number): void {
    const staged = this.#stagedAfter(height);
    if (staged === undefined) return;
    const { outbox } = this.#deps;
    for (let piece = 0; piece < TURN_PIECES; piece++) {
      if (staged.pieces.next().done !== true) continue;
      this.#staged = undefined;
      return outbox.commit(staged.writes.finish());
    }
  }

  /** The block after the end of the history, begun; undefined when it cannot be read. */
  #stagedAfter(height: number): Staged | undefined {
    const { chain, store, outbox } = this.#deps;
    const id = chain.idAt(height + 1);
    // Blocks may have left the best branch since it was begun.
    if (id !== undefined && this.#staged !== undefined && equalBytes(this.#staged.block.id, id))
      return this.#staged;
    const block = id === undefined ? undefined : chain.block(id);
    if (block?.ok !== true) {
      this.#failure = block?.error;
      const fields = { height: height + 1, rule: block?.error.rule ?? '' };
      outbox.log('error', 'index', 'a block that the index needs cannot be read', fields);
      return undefined;
    }
    const writes = new StagedBatch(store);
    this.#staged = { block: block.value, writes, pieces: connectInPieces(writes, block.value) };
    return this.#staged;
  }

  #workCoins(): void {
    this.#building ??= CoinIndex.build(this.#deps.chain.state.coins, this.#secret);
    const step = this.#building.next();
    if (step.done === true) this.#coins = step.value;
  }

  #indexed(): ReturnType<typeof readIndexed> {
    return readIndexed(this.#deps.store);
  }
}
