import { assert } from '../base/assert.ts';
import type { Chain, ChainUpdate } from '../chain/chain.ts';
import { indexedHeight } from '../history/history-index.ts';
import type { ReadStore } from '../ports/store.ts';
import type { CoinIndex } from './coin-index.ts';
import { HistoryFollower } from './history-follower.ts';
import { BACKLOG_BLOCKS_MAX } from './limits.ts';
import type { Outbox } from './outbox.ts';

/** Records of the history that are written in one turn: some ten milliseconds. */
const TURN_RECORDS = 2_500;

/** Coins that the index of coins follows in the time of one such record. */
const COINS_PER_RECORD = 4;

/** What the backlog needs of the node. */
export interface BacklogDependencies {
  readonly chain: Chain;
  /** Shows every batch that left in an earlier step. */
  readonly store: ReadStore;
  readonly outbox: Outbox;
  /** Whoever keeps the index of coins keeps the history too. */
  readonly coins: CoinIndex | undefined;
}

/**
 * What blocks of the head leave to be done: the coins of addresses, the history, the next slices of a checkpoint, in
 * this order. Each would hold the node up if it were done together with the block, so it is done piece by piece, each
 * piece in a turn of its own, and the node takes no further block meanwhile.
 */
export class Backlog {
  readonly #deps: BacklogDependencies;
  #coins: CoinIndex | undefined;
  #history: HistoryFollower | undefined;
  /** The way of the index of coins to a head, while it is on it. */
  #coinsMove: Generator<number, void, undefined> | undefined;
  /** True when the head is further than that. */
  #areCoinsLate = false;
  /** Batches of a checkpoint: those that each block brings, and those that are left. */
  #slicesPerBlock = 0;
  #slices = 0;

  constructor(deps: BacklogDependencies) {
    this.#deps = deps;
    if (deps.coins !== undefined) this.#keep(deps.coins);
  }

  /** Begins to keep both indexes, which were made late: the history ends at the head, the coins may not. */
  beginIndexes(coins: CoinIndex): void {
    this.#keep(coins);
    this.#areCoinsLate = true;
  }

  #keep(coins: CoinIndex): void {
    const { chain, store } = this.#deps;
    assert(indexedHeight(store) === chain.head.height, 'the history in the store is that of the head');
    this.#coins = coins;
    this.#history = new HistoryFollower(store);
  }

  /** True when nothing is left. */
  get isEmpty(): boolean {
    return this.isIndexed && this.#slices === 0;
  }

  /** True when both indexes are kept. */
  get isIndexing(): boolean {
    return this.#history !== undefined;
  }

  /** True when both indexes have followed to the head. */
  get isIndexed(): boolean {
    return !this.#areCoinsBehind && this.#blocksLate === 0;
  }

  /**
   * True when so much is left that no block should be added to it: the coins follow one block at a time, or they would
   * be made to in the very turn that imports the next one.
   */
  get isFull(): boolean {
    const slicesMax = BACKLOG_BLOCKS_MAX * this.#slicesPerBlock;
    return this.#areCoinsBehind || this.#blocksLate > BACKLOG_BLOCKS_MAX || this.#slices > slicesMax;
  }

  /** The index of coins, at the head. */
  get coins(): CoinIndex | undefined {
    this.followCoins();
    return this.#coins;
  }

  /** Takes a change of the head. */
  add(update: ChainUpdate): void {
    const { chain } = this.#deps;
    this.#areCoinsLate = this.#coins !== undefined;
    this.#history?.add(update);
    this.#slicesPerBlock = chain.planCheckpoint();
    this.#slices += this.#slicesPerBlock;
  }

  /** Does one turn's work. */
  work(): void {
    let left = TURN_RECORDS;
    while (left > 0 && this.#areCoinsBehind) {
      left -= this.#moveCoins() / COINS_PER_RECORD;
    }
    // Of one block: the store shows what is written for it only after the turn, and the next one builds on that.
    for (let blocks = this.#blocksLate; left > 0 && blocks > 0 && blocks === this.#blocksLate; ) {
      left -= this.#followHistory();
    }
    if (left > 0 && this.#blocksLate === 0 && this.#slices > 0) this.#writeSlice();
  }

  /** Writes what the history lacks, a block at each call, for a clean stop; false when there was nothing to write. */
  finishBlock(): boolean {
    const blocks = this.#blocksLate;
    while (blocks > 0 && this.#blocksLate === blocks) this.#followHistory();
    return blocks > 0;
  }

  /** Brings the index of coins to the head: it follows one block several times as fast as many. */
  followCoins(): void {
    while (this.#areCoinsBehind) this.#moveCoins();
  }

  /** Does a piece of that; gives how many coins it was about. */
  #moveCoins(): number {
    if (this.#coinsMove === undefined) {
      this.#areCoinsLate = false;
      this.#coinsMove = this.#coins?.moveInPieces(this.#deps.chain.state.coins);
    }
    const step = this.#coinsMove?.next();
    if (step?.done === false) return step.value;
    this.#coinsMove = undefined;
    return 0;
  }

  get #areCoinsBehind(): boolean {
    return this.#areCoinsLate || this.#coinsMove !== undefined;
  }

  get #blocksLate(): number {
    return this.#history?.length ?? 0;
  }

  #followHistory(): number {
    const { records = 0, batch } = this.#history?.next() ?? {};
    if (batch !== undefined) this.#deps.outbox.commit(batch);
    return records;
  }

  #writeSlice(): void {
    const { chain, outbox } = this.#deps;
    const batch = chain.nextCheckpointBatch();
    this.#slices = batch === undefined ? 0 : this.#slices - 1;
    if (batch !== undefined) outbox.commit(batch);
  }
}
