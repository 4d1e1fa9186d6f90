import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Steps } from '../base/steps.ts';
import type { Chain } from '../chain/chain.ts';
import type { ChainUpdate } from '../chain/chain-update.ts';
import type { Block } from '../primitives/block.ts';
import { type FlatBlock, transactionCount } from '../primitives/flat-block.ts';
import type { Backlog } from './backlog.ts';
import { BlockIntake, type CheckedBlock } from './block-intake.ts';
import { type CheckedTransactions, LEAF_BYTES } from './checked-transactions.ts';
import type { NetworkLink } from './network-link.ts';
import type { Outbox } from './outbox.ts';
import type { Producer, SealedBlock } from './producer.ts';
import type { TurnWatch } from './turn-watch.ts';
import type { Voting } from './voting.ts';

/** What the flow of blocks needs of the node. Some parts are there only on some nodes. */
export interface BlockFlowDependencies {
  readonly chain: Chain;
  readonly checked: CheckedTransactions;
  readonly backlog: Backlog;
  readonly turns: TurnWatch;
  readonly outbox: Outbox;
  nextJob(): number;
  nowMs(): number;
  isAlive(): boolean;
  /** Answers who asked for an import. */
  answer(id: number, result: Result<unknown>): void;
  /** Follows the chain after it changed; `isOwn` for a block of this node. */
  adopt(update: ChainUpdate, isOwn: boolean): void;
  producer(): Producer | undefined;
  link(): NetworkLink | undefined;
  voting(): Voting | undefined;
}

/** A block of so many transactions takes some milliseconds. */
const LONG_BLOCK_TRANSACTIONS = 256;

/** The block that is being executed, a piece a turn. */
interface Execution {
  readonly next: CheckedBlock;
  readonly steps: Steps<void>;
}

/**
 * The way of blocks into the chain: those of others once their signatures are checked, and own ones. A long one is
 * executed over several turns of the event loop and imported in the last of them, so that none takes long.
 *
 * @see docs/decisions/0033-a-long-block-takes-several-turns.md
 */
export class BlockFlow {
  readonly #deps: BlockFlowDependencies;
  readonly #intake: BlockIntake;
  /** True from a turn's work on a long block until the timer `import` goes off, in a later turn of the event loop. */
  #isResting = false;
  #execution: Execution | undefined;

  constructor(dependencies: BlockFlowDependencies) {
    this.#deps = dependencies;
    const { chain, checked } = dependencies;
    this.#intake = new BlockIntake({
      scan: (bytes) => chain.scanBlock(bytes),
      known: (bytes) => chain.sharedScan(bytes),
      isChecked: ({ leaves }, position) => checked.has(leaves, LEAF_BYTES * position),
      checkHeader: (header) => chain.checkHeader(header, dependencies.nowMs()),
    });
  }

  /** True while a block is executed. What is made now would most likely stand beside it. */
  get isExecuting(): boolean {
    return this.#execution !== undefined;
  }

  /** Takes a block of somebody else; answered under the number of the request. */
  request(id: number, bytes: Uint8Array, flat?: FlatBlock): void {
    const { outbox, nextJob, nowMs, link, answer } = this.#deps;
    const job = nextJob();
    const records = this.#intake.begin(job, id, bytes, flat);
    if (!records.ok) return answer(id, records);
    const { block, checks } = records.value;
    // Before it is executed, as the network passes on what peers bring.
    if (id >= 0) link()?.handedIn(block, nowMs());
    outbox.push({ type: 'check-signatures', job, records: checks });
  }

  /** Takes the verdict on the signatures of a block; false when the job is another one's. */
  checked(job: number, valid: Uint8Array): boolean {
    const isOwn = this.#intake.finish(job, valid);
    if (isOwn && !this.#isResting) this.importNext();
    return isOwn;
  }

  /** Imports a block that this node has made. */
  sealed(sealed: SealedBlock | undefined): void {
    if (sealed === undefined) return;
    const { outbox, producer } = this.#deps;
    const { block } = sealed;
    const imported = this.#import(block, true);
    if (imported.ok) {
      if (imported.value === 'side') this.#deps.link()?.madeAside(block, this.#deps.nowMs());
      if (sealed.proposal !== undefined) this.#deps.voting()?.made(sealed.proposal.round, block);
      return producer()?.made(sealed);
    }
    producer()?.refused(sealed, imported.error);
    outbox.log('error', 'producer', 'own block was refused', { rule: imported.error.rule });
  }

  /** Does a turn's work: imports one block whose signatures have a verdict, or goes on with a long one. */
  importNext(): void {
    this.#isResting = false;
    const { backlog, outbox, isAlive } = this.#deps;
    if (!isAlive()) return;
    if (this.#execution !== undefined) return this.#goOn(this.#execution);
    // While the disk is behind, what is on it wakes the import; while something is left to do, the end of that.
    const isFree = !outbox.isBehind && backlog.isEmpty;
    const next = isFree ? this.#intake.next() : undefined;
    if (next === undefined) return;
    const steps = this.#stepsOf(next);
    if (steps === undefined) return this.#importOne(next);
    this.#execution = { next, steps };
    this.#goOn(this.#execution);
  }

  /** How a block is executed ahead of its import; undefined for one that is soon done. */
  #stepsOf({ block, verdict }: CheckedBlock): Steps<void> | undefined {
    const isLong = verdict.ok && transactionCount(block) >= LONG_BLOCK_TRANSACTIONS;
    return isLong ? this.#deps.chain.prepareBlock(block, this.#deps.nowMs()) : undefined;
  }

  /** Does the next piece, after the last one the import, which has nothing left to execute then. */
  #goOn({ next, steps }: Execution): void {
    if (steps.next().done !== true) return this.#rest();
    this.#execution = undefined;
    this.#importOne(next);
  }

  #importOne({ request, block, verdict }: CheckedBlock): void {
    const { chain, backlog, outbox, nowMs, answer, link, voting } = this.#deps;
    if (!verdict.ok) chain.condemn(block, verdict.error, nowMs());
    const result = verdict.ok ? this.#import(block, false) : verdict;
    answer(request, result.ok ? ok(toHex(block.id)) : result);
    voting()?.imported(block, result);
    if (request >= 0) link()?.handedInDone(block.id, result);
    if (transactionCount(block) >= LONG_BLOCK_TRANSACTIONS) this.#rest();
    else if (this.#intake.isReady && backlog.isEmpty) outbox.setTimer('import', nowMs());
  }

  /** Leaves the rest to a later turn. */
  #rest(): void {
    this.#isResting = true;
    this.#deps.outbox.setTimer('import', this.#deps.nowMs());
  }

  /** Goes on after the disk or the backlog stood in the way. */
  resume(): void {
    const { backlog, outbox, nowMs } = this.#deps;
    if (!backlog.isEmpty) outbox.setTimer('backlog', nowMs());
    else if (this.#intake.isReady) outbox.setTimer('import', nowMs());
  }

  /** Imports a block whose signatures have been checked. */
  #import(block: Block, isOwn: boolean): Result<ChainUpdate['kind']> {
    const { chain, backlog, turns, adopt, nowMs } = this.#deps;
    backlog.followCoins();
    const update = chain.importBlock(block, nowMs());
    if (!update.ok) return update;
    if (update.value.kind !== 'known') turns.see(block);
    adopt(update.value, isOwn);
    return ok(update.value.kind);
  }
}
