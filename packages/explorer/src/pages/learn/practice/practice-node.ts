import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { ChainUpdate } from '@calin/core/chain/chain-update.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import type { Consensus } from '@calin/core/consensus/engine.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { applyTransaction } from '@calin/core/ledger/apply-transaction.ts';
import { type BlockDraft, draftBlock } from '@calin/core/ledger/build-block.ts';
import type { BlockEnvironment } from '@calin/core/ledger/environment.ts';
import { type Added, Mempool } from '@calin/core/mempool/mempool.ts';
import { MemoryStore } from '@calin/core/ports/memory-store.ts';
import { type Block, createBlock } from '@calin/core/primitives/block.ts';
import type { Receipt } from '@calin/core/primitives/receipt.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { openOverlay } from '@calin/core/state/commit-overlay.ts';
import { plainKernel } from '@calin/core/state/kernel.ts';
import { viewOf } from '@calin/core/state/view.ts';
import type { PracticeKey } from './practice-key.ts';
import { sealHeader } from './seal-header.ts';

/** A block that was made here, and what its seal took. */
export interface MadeBlock {
  readonly block: Block;
  readonly attempts: number;
}

/** Blocks of a practice chain lie a few at a time in one page; the most that a lesson makes of one chain. */
export const PRACTICE_BLOCKS_MAX = 500;

const NO_CLAIM = new Uint8Array(0);

/**
 * A node of one chain in the memory of the page: the chain, ledger, consensus and pool that every node runs, without
 * network and disk. Time is what the headers say, so a lesson goes as fast as one presses.
 */
export class PracticeNode {
  readonly spec: ChainSpec;
  readonly chain: Chain;
  readonly consensus: Consensus;
  readonly pool: Mempool;
  readonly #store = new MemoryStore();

  constructor(spec: ChainSpec) {
    this.spec = spec;
    this.consensus = createConsensus(spec);
    const { consensus } = this;
    const opening = openChain(
      { spec, checkpointBlocks: 2 * PRACTICE_BLOCKS_MAX, mode: { kind: 'full' }, limits: CHAIN_LIMITS },
      { store: this.#store, consensus, verify: verifySignature, kernel: plainKernel },
    );
    let step = opening.next();
    while (step.done !== true) step = opening.next();
    assert(step.value.ok, 'a new chain opens');
    this.chain = step.value.value.chain;
    this.#store.commit(step.value.value.batch, () => {});
    this.pool = new Mempool({}, { spec, chainId: this.chain.chainId });
  }

  /** When the next block is made, unless somebody says otherwise: a block time after the head. */
  get nextMs(): number {
    const { production } = this.spec.consensus;
    const stepMs = production.kind === 'poa' ? production.slotMs : 10_000;
    return this.chain.head.header.timeMs + stepMs;
  }

  /** What the transactions of the next block may know. */
  #next(): BlockEnvironment {
    const { producer } = this.chain.head.header;
    return this.chain.nextEnvironment({ timeMs: this.nextMs, producer });
  }

  /** What the ledger says of a transaction if it were in the next block; nothing changes. */
  judge(transaction: Transaction): Result<Receipt> {
    const { overlay } = openOverlay(this.chain.state);
    return applyTransaction(this.spec, overlay, transaction, this.#next(), verifySignature);
  }

  /** Lets a transaction wait for the next block, if the ledger and the pool take it. */
  send(transaction: Transaction): Result<Receipt | Added> {
    const judged = this.judge(transaction);
    if (!judged.ok) return judged;
    return this.pool.add(transaction, viewOf(this.chain.state), this.#next(), this.nextMs);
  }

  /** The next block of a producer without its seal. */
  draft(key: PracticeKey, timeMs = this.nextMs): BlockDraft {
    const { head, state } = this.chain;
    const origin = { timeMs, producer: key.address, claim: NO_CLAIM };
    const env = this.chain.environmentAfter(head, state, origin);
    return draftBlock(this.spec, state, head.header, env, this.pool.forBlock(), key.address);
  }

  /**
   * Makes the next block, sealed, and does not take it.
   *
   * @param first - the nonce that is tried first, where blocks take work
   */
  make(key: PracticeKey, timeMs = this.nextMs, first = 0): MadeBlock {
    const { header, transactions } = this.draft(key, timeMs);
    const parent = this.chain.head.header;
    const sealed = sealHeader(this.consensus.production, header, parent, key, first);
    return { block: createBlock(sealed.header, transactions), attempts: sealed.attempts };
  }

  /** Takes a block, its own or another node's, as every node does. */
  take(block: Block): Result<ChainUpdate> {
    const update = this.chain.importBlock(block, block.header.timeMs);
    if (!update.ok) return update;
    const { batch, removed, added } = update.value;
    if (batch.puts.length + batch.deletes.length > 0) this.#store.commit(batch, () => {});
    if (update.value.kind === 'head') {
      const gone = removed.toReversed().flatMap(({ transactions }) => transactions);
      const view = viewOf(this.chain.state);
      this.pool.headMoved({ removed: gone, added }, view, this.#next(), this.nextMs);
    }
    return update;
  }

  /** Makes the next block and takes it. */
  mine(key: PracticeKey, timeMs?: number, first?: number): MadeBlock {
    const made = this.make(key, timeMs, first);
    const taken = this.take(made.block);
    assert(taken.ok, taken.ok ? '' : `its own block: ${taken.error.rule}`);
    return made;
  }

  /** The blocks of the best branch after the genesis block, the lowest first. */
  blocks(): readonly Block[] {
    const { chain } = this;
    return Array.from({ length: chain.head.height }, (_, i) => {
      const id = chain.idAt(i + 1);
      const block = id === undefined ? undefined : chain.block(id);
      assert(block?.ok === true, 'a block of the best branch is kept');
      return block.value;
    });
  }
}
