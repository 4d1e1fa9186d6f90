import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { BatchHasher } from '@calin/core/crypto/batch-hash.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { connectBlock, disconnectBlock, type IndexSteps } from '@calin/core/index/connect-block.ts';
import { IndexStage } from '@calin/core/index/index-stage.ts';
import { refuseIndex } from '@calin/core/index/rules.ts';
import { INDEX_FORMAT, META, TIP } from '@calin/core/index/tables.ts';
import type { Log } from '@calin/core/ports/log.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { IndexSource, NextBlock, Place } from './index-source.ts';
import type { IndexReader, IndexStore } from './index-store.ts';
import { readFacts } from './read-facts.ts';
import { IndexUnreachable } from './unreachable.ts';

/** What the index is doing. */
export interface IndexProgress {
  readonly state: 'starting' | 'following' | 'catching-up' | 'reading' | 'away' | 'stopped';
  readonly indexedTo: Place | undefined;
  readonly headHeight: number;
  /** While it catches up; 0 otherwise. */
  readonly blocksPerSecond: number;
  readonly problem: Refusal | undefined;
}

/** What a follower works with. */
export interface FollowerDependencies {
  readonly spec: ChainSpec;
  readonly chainId: Hash;
  readonly hasher: BatchHasher;
  readonly source: IndexSource;
  readonly store: IndexStore;
  readonly log: Log;
  /** Told of every change. */
  changed(progress: IndexProgress): void;
}

/** Rows that are put together for one commit while it catches up: some 30 MB. */
const STAGE_ROWS = 50_000;

/** How long they are put together at most, so that somebody who watches sees it move. */
const STAGE_MS = 2_000;

/** Blocks that can be taken back out: a deeper way back makes the index anew. Development chains go further back. */
const UNDO_BLOCKS = 128;
const UNDO_BLOCKS_DEV = 1_024;

/** How long to wait after a failure, twice as long after the next one, up to the second. */
const RETRY_MS = 500;
const RETRY_MS_MAX = 15_000;

/**
 * Keeps an index at the head of the best branch: asks the node for one block after the other, puts what they change
 * together and commits it. It starts where the index ends, goes back where blocks have left the best branch, and waits
 * while the store is away. Nothing waits for it.
 */
export class IndexFollower {
  readonly #deps: FollowerDependencies;
  readonly #undoBlocks: number;
  #stage = new IndexStage();
  #stagedMs = 0;
  #tip: Place | undefined;
  #isOpen = false;
  #wantsRebuild = false;
  #rebuilds = 0;
  #begun: ((result: Result<unknown>) => void)[] = [];
  #isClosed = false;
  #wake: (() => void) | undefined;
  #isAwake = false;
  #isAtRest = false;
  readonly #settling = new Set<() => void>();
  #failures = 0;
  #progress: IndexProgress = {
    state: 'starting',
    indexedTo: undefined,
    headHeight: 0,
    blocksPerSecond: 0,
    problem: undefined,
  };
  #caughtUp = { blocks: 0, sinceMs: 0 };

  constructor(deps: FollowerDependencies) {
    this.#deps = deps;
    this.#undoBlocks = deps.spec.dev ? UNDO_BLOCKS_DEV : UNDO_BLOCKS;
  }

  get progress(): IndexProgress {
    return this.#progress;
  }

  /** The head has moved. */
  wake(): void {
    this.#isAwake = true;
    this.#wake?.();
  }

  /**
   * Throws the index away and makes it anew.
   *
   * @param begun - called once the old one is gone, or with the reason why it stays
   */
  rebuild(begun: (result: Result<unknown>) => void): void {
    this.#wantsRebuild = true;
    this.#rebuilds = 0;
    this.#begun.push(begun);
    this.wake();
  }

  /** Waits until all that it was woken for is in the store, or for a time. */
  settled(waitMs: number): Promise<void> {
    if (this.#isAtRest && !this.#isAwake) return Promise.resolve();
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#settling.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs);
      this.#settling.add(done);
    });
  }

  /** Follows until it is closed. */
  async run(): Promise<void> {
    while (!this.#isClosed) {
      this.#isAwake = false;
      const waitMs = await this.#work().catch((error: unknown) => this.#failed(error));
      if (!this.#isClosed) await this.#rest(waitMs);
    }
    this.#settle();
  }

  /** Ends {@link run}; what was put together and not committed is made again the next time. */
  close(): void {
    this.#isClosed = true;
    this.#wake?.();
  }

  /** Comes to the head; gives after how long to look again without being woken. */
  async #work(): Promise<number> {
    const { store, source } = this.#deps;
    if (!(await store.claim())) return this.#readOnly();
    if (this.#wantsRebuild) await this.#clear();
    if (!this.#isOpen) await this.#open();
    for (;;) {
      if (this.#isClosed || this.#wantsRebuild) return 0;
      const step = await source.next(this.#tip);
      switch (step.kind) {
        case 'wait':
          await this.#flush();
          this.#failures = 0;
          this.#tell({
            state: 'following',
            headHeight: step.headHeight,
            problem: undefined,
            blocksPerSecond: 0,
          });
          return RETRY_MS_MAX;
        case 'missing': {
          await this.#flush();
          const { height, rule } = step;
          const problem = refuseIndex('index/blocks-missing', { height, why: rule }).error;
          this.#tell({ state: 'stopped', headHeight: step.headHeight, problem, blocksPerSecond: 0 });
          return RETRY_MS_MAX;
        }
        case 'back':
          await this.#back();
          break;
        case 'block':
          await this.#add(step);
      }
    }
  }

  async #add(next: NextBlock): Promise<void> {
    const { spec, chainId, hasher } = this.#deps;
    const facts = readFacts(next, chainId, hasher);
    const { block } = facts;
    const { height } = block.header;
    const isUndoable = height > next.headHeight - this.#undoBlocks;
    if (this.#stage.size === 0) this.#stagedMs = performance.now();
    if (height === 0) {
      this.#stage.create(META, { name: 'chain', value: toHex(chainId) });
      this.#stage.create(META, { name: 'format', value: String(INDEX_FORMAT) });
    }
    await this.#run(connectBlock({ spec, isUndoable, undoBlocks: this.#undoBlocks }, this.#stage, facts));
    this.#tip = { height, id: block.id };
    this.#caughtUp.blocks += 1;
    const isLong = performance.now() - this.#stagedMs > STAGE_MS;
    if (height < next.headHeight && this.#stage.size < STAGE_ROWS && !isLong) return;
    await this.#flush();
    const isBehind = height < next.headHeight;
    this.#tell({
      state: isBehind ? 'catching-up' : 'following',
      headHeight: next.headHeight,
      problem: undefined,
      blocksPerSecond: isBehind ? this.#speed() : 0,
    });
  }

  /** Takes the last block back out, or makes everything anew where that is not known any more. */
  async #back(): Promise<void> {
    const isBack = await this.#run(disconnectBlock(this.#stage));
    if (!isBack) {
      const fields = { height: this.#tip?.height ?? 0 };
      this.#log('warn', 'the chain went back further than the index can: it is made anew', fields);
      return this.#clear();
    }
    await this.#flush();
    await this.#readTip();
  }

  /** Runs steps to their end with the rows that they ask for. */
  async #run<T>(steps: IndexSteps<T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      if (step.value.length === 0) continue;
      await this.#deps.store.read((reader) => this.#fill(reader, step.value));
    }
  }

  async #fill(reader: IndexReader, wanted: IndexWanted): Promise<void> {
    const byTable = Map.groupBy(wanted, ({ table }) => table);
    for (const [table, rows] of byTable) {
      const found = await reader.get(
        table,
        rows.map(({ cells }) => cells),
      );
      for (const [i, one] of rows.entries()) this.#stage.fill(one, found[i]);
    }
  }

  async #flush(): Promise<void> {
    const changes = this.#stage.finish();
    if (changes.length > 0) await this.#deps.store.commit(changes);
  }

  async #open(): Promise<void> {
    const { store, chainId } = this.#deps;
    const meta = await store.read((reader) => reader.get(META, [['chain'], ['format']]));
    await this.#readTip();
    const [chain, format] = meta.map((row) => row?.value);
    const isOurs = chain === toHex(chainId) && format === String(INDEX_FORMAT);
    if (!isOurs && (this.#tip !== undefined || chain !== undefined)) await this.#clear();
    this.#isOpen = true;
  }

  async #readTip(): Promise<void> {
    const [tip] = await this.#deps.store.read((reader) => reader.get(TIP, [[0]]));
    this.#tip = tip && { height: tip.height, id: tip.id };
  }

  async #clear(): Promise<void> {
    this.#stage = new IndexStage();
    await this.#deps.store.clear();
    this.#tip = undefined;
    this.#isOpen = true;
    this.#wantsRebuild = false;
    this.#tell({ state: 'catching-up', problem: undefined, blocksPerSecond: 0 });
    this.#answerBegun(ok({ started: true }));
  }

  #answerBegun(result: Result<unknown>): void {
    const begun = this.#begun;
    this.#begun = [];
    for (const done of begun) done(result);
  }

  /** Another node writes: tells how far it is. */
  async #readOnly(): Promise<number> {
    this.#isOpen = false;
    this.#stage = new IndexStage();
    this.#wantsRebuild = false;
    await this.#readTip();
    const inUse = refuseIndex('index/in-use');
    this.#tell({ state: 'reading', problem: inUse.error, blocksPerSecond: 0 });
    this.#answerBegun(inUse);
    return RETRY_MS;
  }

  /** What was put together is forgotten, and read again from where the store ends. */
  #failed(error: unknown): number {
    this.#stage = new IndexStage();
    this.#isOpen = false;
    this.#failures += 1;
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof IndexUnreachable) {
      const problem = refuseIndex('index/database', { why }).error;
      if (this.#failures === 1)
        this.#log('warn', 'the database of the index is away; the node goes on', { why });
      this.#tell({ state: 'away', problem, blocksPerSecond: 0 });
      this.#answerBegun(refuseIndex('index/away', { why }));
    } else {
      const problem = refuseIndex('index/damaged', { why }).error;
      // Everything follows from the blocks: once it is simply made anew.
      this.#wantsRebuild = this.#rebuilds === 0;
      this.#rebuilds += 1;
      this.#log('error', 'the index cannot go on', { why, anew: this.#wantsRebuild });
      this.#tell({ state: 'stopped', problem, blocksPerSecond: 0 });
    }
    return Math.min(RETRY_MS_MAX, RETRY_MS * 2 ** Math.min(10, this.#failures - 1));
  }

  #speed(): number {
    const nowMs = performance.now();
    const { blocks, sinceMs } = this.#caughtUp;
    const speed = sinceMs === 0 ? 0 : Math.round((blocks * 1_000) / Math.max(1, nowMs - sinceMs));
    this.#caughtUp = { blocks: 0, sinceMs: nowMs };
    return speed;
  }

  #tell(change: Partial<IndexProgress>): void {
    this.#progress = { ...this.#progress, ...change, indexedTo: this.#tip };
    this.#deps.changed(this.#progress);
  }

  #log(
    level: 'warn' | 'error',
    message: string,
    fields: Readonly<Record<string, string | number | boolean>>,
  ): void {
    this.#deps.log.write({ level, part: 'index', message, fields });
  }

  /** Waits to be woken, or for a time. */
  async #rest(waitMs: number): Promise<void> {
    if (this.#isAwake || waitMs === 0) return;
    this.#isAtRest = true;
    this.#settle();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, waitMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#isAtRest = false;
  }

  #settle(): void {
    for (const done of [...this.#settling]) done();
  }
}

type IndexWanted = Parameters<IndexStage['missing']>[0];
