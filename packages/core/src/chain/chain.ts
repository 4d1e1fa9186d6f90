import { equalBytes, toHex } from '../base/bytes.ts';
import type { Refusal, Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Steps } from '../base/steps.ts';
import type { ClaimedOrigin } from '../consensus/engine.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { BlockDraft } from '../ledger/build-block.ts';
import type { BlockEnvironment, BlockOrigin } from '../ledger/environment.ts';
import type { StoreBatch } from '../ports/store.ts';
import { type Block, transactionLeaves } from '../primitives/block.ts';
import { type FlatBlock, scanBlock, scanJoinedBlock } from '../primitives/flat-block.ts';
import { type Header, headerId, sealHash } from '../primitives/header.ts';
import { type ParsedTransactions, parseTransactions } from '../primitives/parse-transactions.ts';
import type { Receipt } from '../primitives/receipt.ts';
import type { JoinedTransactions } from '../primitives/scan-transactions.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ValidatorSet, ValidatorView } from '../primitives/validator-set.ts';
import type { WorldState } from '../state/world-state.ts';
import { blockEnvironment, openEnvironment } from './block-environment.ts';
import type { BlockNode } from './block-tree.ts';
import { validatorsAfter } from './branch-validators.ts';
import type { ChainParts } from './chain-parts.ts';
import type { ChainUpdate } from './chain-update.ts';
import { rewind } from './dev.ts';
import { rulesOf, stateOf } from './execute.ts';
import { compareHeads, type HeadClaim } from './fork-choice.ts';
import { checkHeader, checkHeaderAfter, condemn, importBlock } from './import-block.ts';
import { ChainJoin } from './join.ts';
import { layout } from './layout.ts';
import { type BranchPoint, createLocator, idsAfter, lastCommonAncestor } from './locator.ts';
import { ChainPast } from './past.ts';
import { execute, finalise, prefer } from './prefer.ts';
import { prepareBlock } from './prepare-block.ts';
import { explainMissing, hasOldBlocks, type PruneStep, pruneAll } from './prune.ts';
import { readBlock, readBlockBytes, readHeaderOf, readIdAt, readReceiptsOf } from './read-block.ts';
import { refuseData } from './rules.ts';
import { readSetProof, type SetProof } from './set-proofs.ts';
import { SnapshotSource } from './snapshot-source.ts';
import type { StorageMode } from './storage-mode.ts';
import { validatorsAfterState } from './validators.ts';

export type { ChainUpdate } from './chain-update.ts';

/** What a chain keeps. The genesis block, and every header, are always there. */
export interface StorageStatus {
  readonly mode: StorageMode['kind'];
  /** The lowest height above 0 of which block and receipts are there. */
  readonly blocksFrom: number;
  /** The lowest height after which the state can be had; see {@link Chain.historicState}. */
  readonly statesFrom: number;
}

/**
 * The blocks and the state after the best of them. A synchronous state machine over a store: each change comes out as
 * one atomic batch, which the caller commits in order. Made by {@link openChain}.
 *
 * @see docs/reference/chain.md
 */
export class Chain {
  /** The keys of its store. */
  readonly layout = layout;
  /** Gives the checkpoints of this chain to nodes that join. */
  readonly snapshots: SnapshotSource;
  /** Takes the blocks behind the snapshot that this chain began with. */
  readonly past: ChainPast;
  readonly #parts: ChainParts;
  #join: ChainJoin | undefined;

  constructor(parts: ChainParts) {
    this.#parts = parts;
    this.snapshots = new SnapshotSource(parts);
    this.past = new ChainPast(parts);
  }

  /** Begins this chain at the state of a final block, instead of executing all before it. */
  get join(): ChainJoin {
    this.#join ??= new ChainJoin(this.#parts);
    return this.#join;
  }

  /** The id of the genesis block: what transactions are bound to. */
  get chainId(): Hash {
    return this.#parts.chainId;
  }

  get genesis(): Block {
    return this.#parts.genesis;
  }

  /** The last block of the best branch. */
  get head(): BlockNode {
    return this.#parts.tree.head;
  }

  /** The last block that can no longer be undone. */
  get final(): BlockNode {
    return this.#parts.tree.root;
  }

  /** The state after the head. */
  get state(): WorldState {
    return this.#parts.headState;
  }

  /** Blocks that are kept beside the best branch, and blocks that wait for their parent. */
  get counts(): { readonly sides: number; readonly orphans: number } {
    return { sides: this.#parts.tree.sideCount, orphans: this.#parts.orphans.count };
  }

  /** Blocks that are kept beside the best branch and come after the last final one, in order of arrival. */
  get sides(): Iterable<BlockNode> {
    return this.#parts.tree.sides;
  }

  /** Lets go of batches that the store has by now, as soon as the caller knows. */
  settle(): void {
    this.#parts.store.settle();
  }

  /** What is kept of blocks that are final. */
  get storage(): StorageStatus {
    const { options, pruned } = this.#parts;
    return { mode: options.mode.kind, blocksFrom: pruned.blocks + 1, statesFrom: pruned.undo };
  }

  /**
   * Takes a block. One that makes another branch the best one moves the head there, back over the fork if need be; an
   * invalid one leaves everything as it was. Blocks that had waited for it join at once and are part of the update.
   *
   * @param nowMs - milliseconds since 1970
   * @returns the rule that was broken: `chain/…` for its place, `consensus/…` for its header, `block/…`, `tx/…` and
   *   the like for what it does, `data/…` when this node's store is damaged
   */
  importBlock(block: Block, nowMs: number): Result<ChainUpdate> {
    this.settle();
    const update = importBlock(this.#parts, block, nowMs);
    this.#parts.prepared = undefined;
    return update;
  }

  /**
   * Executes a block on the head piece by piece, a few milliseconds each, so that {@link importBlock} need not, which
   * is to be given the very same block after the last piece. Nothing is decided here and nothing changes: between two
   * pieces anything may be asked and done, and a block whose place is another one by then is executed again. At most
   * one at a time; the last one that ends counts.
   *
   * @returns undefined where there is nothing to do ahead: it does not follow the head, or its header is refused
   */
  prepareBlock(block: Block, nowMs: number): Steps<void> | undefined {
    return prepareBlock(this.#parts, block, nowMs);
  }

  /**
   * Executes a block of the tree with all before it, whichever branch it is on, and leaves the head where it is.
   *
   * @returns the rule that it or a block before it breaks: it is gone then, and is refused when it comes again;
   *   `chain/block-unknown` when it is not here; `data/…` when this node's store is damaged
   */
  execute(id: Hash): Result<undefined> {
    this.settle();
    return execute(this.#parts, id);
  }

  /**
   * From now on the head is this block or descends from it, however heavy other branches are; the best such head is
   * chosen at once. It takes the place of the one that was preferred before, and counts as long as this chain is open
   * and the block is not final. An invalid or unknown one is refused, and all stays as it was.
   *
   * @returns refuses like {@link execute}
   */
  prefer(id: Hash): Result<ChainUpdate> {
    this.settle();
    return prefer(this.#parts, id);
  }

  /**
   * Makes a block and all before it final, because of votes, and moves the head to its branch if it is elsewhere. The
   * certificate becomes a record of the same batch. Does nothing for a block that is final already.
   *
   * @param certificate - it has been checked
   * @returns refuses like {@link execute}
   */
  finalise(id: Hash, certificate: Uint8Array): Result<ChainUpdate> {
    this.settle();
    return finalise(this.#parts, id, certificate);
  }

  /** True for a block that was found to break a rule, as long as it is remembered. */
  isInvalid(id: Hash): boolean {
    return this.#parts.invalid.ruleOf(id) !== undefined;
  }

  /** Checks seals and votes. */
  get verifySeal(): VerifySignature {
    return this.#parts.verifySeal;
  }

  /** The certificate with which the block at a height was made final; others may have become final with a later one. */
  certificate(height: number): Uint8Array | undefined {
    return this.#parts.store.get(layout.certificate(height));
  }

  /** The certificate of {@link final}; undefined when no votes have made it so. */
  get lastCertificate(): Uint8Array | undefined {
    return this.certificate(this.final.height);
  }

  /** A set of validators in the state after a block that votes made final, if its proof was kept; see set-proofs.ts. */
  setProof(height: number, epoch: number): SetProof | undefined {
    return readSetProof(this.#parts.store, height, epoch);
  }

  /** The sets of validators that the state after the head holds; it follows the head. */
  validators(): ValidatorView {
    return { at: (epoch) => this.setOfEpoch(epoch) };
  }

  /** The validators of an epoch as the state after the head holds them. */
  setOfEpoch(epoch: number): ValidatorSet | undefined {
    const { options, headState } = this.#parts;
    return validatorsAfterState(options.spec.consensus, headState).at(epoch);
  }

  /**
   * The sets that the branch of a block of the tree has decided up to it, which is what the block after it is checked
   * with. A side branch may have to be executed for it, up to the block that decided a set.
   */
  validatorsAfter(node: BlockNode): ValidatorView {
    return validatorsAfter(this.#parts, node);
  }

  /**
   * What the ledger is told of a block after `parent`.
   *
   * @param state - after the parent
   * @param origin - whose turn it is, with its claim
   */
  environmentAfter(
    parent: BlockNode,
    state: WorldState,
    origin: Omit<ClaimedOrigin, 'height'>,
  ): BlockEnvironment {
    const rules = rulesOf(this.#parts);
    return blockEnvironment(rules, state, parent.header, { ...origin, height: parent.height + 1 });
  }

  /** What is known of that for the block after the head, before anybody has claimed the turn. */
  nextEnvironment(origin: BlockOrigin): BlockEnvironment {
    return openEnvironment(rulesOf(this.#parts), this.state, this.head.header, origin);
  }

  /** Hashes for this chain. */
  get hasher(): BatchHasher {
    return this.#parts.kernel.hasher;
  }

  /** Reads the bytes of a block, as {@link importBlock} takes it quickest. Refuses by `codec/…`. */
  scanBlock(bytes: Uint8Array): Result<FlatBlock> {
    const { shared, kernel } = this.#parts;
    if (shared !== undefined) return shared.scan(bytes, this.chainId, kernel.hasher);
    return scanBlock(bytes, this.chainId, kernel.hasher);
  }

  /** Reads a block that was put together; see {@link scanJoinedBlock}. */
  scanJoined(bytes: Uint8Array, joined: JoinedTransactions): FlatBlock | undefined {
    const { shared, kernel } = this.#parts;
    if (shared === undefined) return scanJoinedBlock(bytes, joined, this.chainId, kernel.hasher);
    const scanned = shared.scan(bytes, this.chainId, kernel.hasher);
    // It reads the bytes alone, which may be a block of other transactions.
    const isSame = scanned.ok && equalBytes(scanned.value.leaves, joined.leaves);
    return isSame ? scanned.value : undefined;
  }

  /** Reads transactions that came together; see {@link parseTransactions}. */
  parseTransactions(encoded: readonly Uint8Array[]): ParsedTransactions {
    const { shared, kernel } = this.#parts;
    if (shared !== undefined) return shared.transactions.parse(encoded, this.chainId, kernel.hasher);
    return parseTransactions(encoded, this.chainId, kernel.hasher);
  }

  /** The leaves of transactions, 32 bytes each; they must not be more bytes than a hasher takes at a time. */
  transactionLeaves(transactions: readonly Transaction[]): Uint8Array {
    const { shared, kernel } = this.#parts;
    if (shared !== undefined) return shared.transactions.leaves(transactions, kernel.hasher);
    return transactionLeaves(transactions, kernel.hasher);
  }

  /** The block of the very same array of bytes, where chains of this process share what they have read. */
  sharedScan(bytes: Uint8Array): FlatBlock | undefined {
    return this.#parts.shared?.scanned(bytes);
  }

  /** A block that another chain of this process has read, where chains share blocks ({@link SharedBlocks}). */
  sharedBlock(id: Hash): FlatBlock | undefined {
    return this.#parts.shared?.find(id);
  }

  /**
   * Remembers what executing a block gave that this node has made, so that importing it, sealed and with the very same
   * list of transactions, does not execute it again. One at a time.
   */
  rememberDraft({ header, transactions, result }: BlockDraft): void {
    this.#parts.draft = { sealHash: sealHash(header), transactions, result };
  }

  /** Refuses a header whose block {@link importBlock} would refuse for it; cheap next to the block's signatures. */
  checkHeader(header: Header, nowMs: number): Result<undefined> {
    return checkHeader(this.#parts, header, headerId(header), nowMs);
  }

  /**
   * Checks a header that follows another one whose block may not be here yet, by everything that can be said of it
   * without its state. Refuses like {@link checkHeader}.
   *
   * @param id - of `header`, whose `parent` is the id of the other one
   */
  checkHeaderAfter(header: Header, id: Hash, parent: Header, nowMs: number): Result<undefined> {
    return checkHeaderAfter(this.#parts, header, id, parent, nowMs);
  }

  /** How much a block adds to its branch, by its header; see {@link BlockNode.weight}. */
  weightOf(header: Header): bigint {
    return this.#parts.consensus.production.weight(header);
  }

  /** Orders two blocks by how good a head they are: negative when `a` is the better one, 0 when the first one stays. */
  compareHeads(a: HeadClaim, b: HeadClaim): number {
    return compareHeads(a, b, this.#parts.consensus.production.ties);
  }

  /** Remembers that a block has a bad signature, so that it is refused by its header when it comes again. */
  condemn(block: Block, refusal: Refusal, nowMs: number): void {
    condemn(this.#parts, block, refusal, nowMs);
  }

  /**
   * Forces the head back to an older block of the best branch, even below the last final one; everything after it is
   * gone. Development networks only.
   *
   * @returns `chain/dev-only`, `chain/not-on-best-branch`, or `data/…` when an undo record is not there
   */
  rewind(id: Hash): Result<ChainUpdate> {
    this.settle();
    return rewind(this.#parts, id);
  }

  /** A block from the last final one on, on the best branch or beside it. */
  node(id: Hash): BlockNode | undefined {
    return this.#parts.tree.find(id);
  }

  /**
   * The state after a block, named by its id or by its height on the best branch. Undefined when it is unknown,
   * invalid, or so old that its state has been let go; from the last final block on every valid block has one.
   */
  stateAt(at: Hash | number): WorldState | undefined {
    const id = typeof at === 'number' ? this.idAt(at) : at;
    if (id === undefined) return undefined;
    const node = this.node(id);
    if (node === undefined) return this.#parts.states.get(id);
    const state = stateOf(this.#parts, node);
    return state.ok ? state.value : undefined;
  }

  /**
   * The state after any block of the best branch, as far back as undo records reach. Unless it is kept it may take
   * several calls: each goes back a bounded number of blocks, and the next one goes on from there. So it is the way for
   * what strangers ask, where {@link stateAt} may take as long as many blocks do.
   *
   * @param height - at most that of the head
   * @returns `chain/state-gone` or `chain/state-too-far` when it cannot be had here, `chain/state-far` (try again)
   *   while it is worked out, `data/…` when the store is damaged
   */
  historicState(height: number): Result<WorldState> {
    if (height > this.head.height) return refuseData('data/missing-block', { height });
    return this.#parts.historic.at(this.#parts, height);
  }

  /** The id at a height of the best branch; undefined above the head. */
  idAt(height: number): Hash | undefined {
    return height <= this.head.height ? readIdAt(this.#parts.store, height) : undefined;
  }

  /** The header of any stored block; refuses by `data/…`. */
  header(id: Hash): Result<Header> {
    return readHeaderOf(this.#parts.store, id);
  }

  /** Any stored block; refuses by `data/…`, by `data/pruned` when it was let go of on purpose. */
  block(id: Hash): Result<Block> {
    const block = readBlock(this.#parts.store, id, this.chainId);
    return block.ok ? block : explainMissing(this.#parts, id, block);
  }

  /** The bytes of any stored block as they were stored, unread, to be sent on; refuses like {@link block}. */
  blockBytes(id: Hash): Result<Uint8Array> {
    const bytes = readBlockBytes(this.#parts.store, id);
    return bytes.ok ? bytes : explainMissing(this.#parts, id, bytes);
  }

  /** The receipts of a block of the best branch; refuses by `data/…`. */
  receipts(id: Hash): Result<readonly Receipt[]> {
    const receipts = readReceiptsOf(this.#parts.store, id);
    return receipts.ok ? receipts : explainMissing(this.#parts, id, receipts);
  }

  /** The receipts of a block of the best branch as they were stored, end to end; refuses like {@link receipts}. */
  receiptBytes(id: Hash): Result<Uint8Array> {
    const bytes = this.#parts.store.get(layout.receipts(id));
    if (bytes !== undefined) return ok(bytes);
    return explainMissing(
      this.#parts,
      id,
      refuseData('data/missing-block', { id: toHex(id), part: 'receipts' }),
    );
  }

  /** At most 100 ids that tell another node where the best branch is. */
  locator(): readonly Hash[] {
    return createLocator(this.#parts.store, this.head.height);
  }

  /** The first block of another node's locator that is on the best branch. */
  lastCommonAncestor(locator: readonly Hash[]): BranchPoint | undefined {
    return lastCommonAncestor(this.#parts.store, this.head.height, locator);
  }

  /** At most 100 ids of the best branch above a height, oldest first. */
  idsAfter(height: number, limit?: number): readonly Hash[] {
    return idsAfter(this.#parts.store, this.head.height, height, limit);
  }

  /**
   * Looks whether a checkpoint is due or being written; to be asked once after each update, whose batch comes first.
   *
   * @returns how many of its batches should be committed before the next block ({@link nextCheckpointBatch})
   */
  planCheckpoint(): number {
    return this.#parts.checkpoints.plan(this.#parts);
  }

  /** The next piece of the checkpoint that is being written; undefined when none is. */
  nextCheckpointBatch(): StoreBatch | undefined {
    return this.#parts.checkpoints.next();
  }

  /**
   * Deletes at once what the mode lets go of, for a chain that nobody uses meanwhile. First come checkpoints that stand
   * for what goes; each batch is to be committed before the next one is asked for.
   */
  *prune(): Generator<PruneStep, void, undefined> {
    if (hasOldBlocks(this.#parts)) {
      for (const batch of this.#parts.checkpoints.both(this.#parts)) yield { batch, done: 0, total: 0 };
    }
    yield* pruneAll(this.#parts);
  }

  /** A checkpoint of the head, for a clean stop: the next start then replays nothing. */
  finalCheckpoint(): Generator<StoreBatch, void, undefined> {
    return this.#parts.checkpoints.atHead(this.#parts);
  }
}
