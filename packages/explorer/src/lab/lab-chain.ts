import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { OK } from '@calin/core/base/result.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { ChainDependencies, ChainOptions } from '@calin/core/chain/chain-parts.ts';
import { CHAIN_LIMITS } from '@calin/core/chain/limits.ts';
import { openChain } from '@calin/core/chain/open-chain.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import type { Consensus, Production } from '@calin/core/consensus/engine.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { type VerifySignature, verifySignature } from '@calin/core/crypto/signature.ts';
import { MemoryStore } from '@calin/core/ports/memory-store.ts';
import type { StoreBatch } from '@calin/core/ports/store.ts';
import { type Block, parseBlock } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { runToValue } from './run-to-value.ts';

/** What becomes of a block that is handed in. */
export type Verdict =
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Nothing refuses it. */
  | { readonly kind: 'accepted'; readonly id: string }
  /** Nothing speaks against it that can be checked without the state before it, which is not here. */
  | { readonly kind: 'open'; readonly id: string };

/** The most blocks that the page goes through to have the state that a block is checked on. */
export const REPLAY_BLOCKS_MAX = 2_000;

/**
 * A chain in the page: the real one of core over a store in memory, at the parent of the block that is examined. Blocks
 * on the way there are executed as a node executes its own after a restart: every root is compared, and signatures
 * are not checked again. What is judged after that is checked whole, and leaves nothing behind.
 */
export class LabChain {
  readonly spec: ChainSpec;
  /** Takes the work of a block as done; for chains on which doing it again takes long. */
  isWorkTaken = false;
  readonly #store = new MemoryStore();
  readonly #options: ChainOptions;
  readonly #dependencies: ChainDependencies;
  #isReplaying = true;
  #chain: Chain;

  constructor(spec: ChainSpec) {
    this.spec = spec;
    // Nothing is remembered of what was refused: the same block may come again, and is to be refused for the same.
    const limits = { ...CHAIN_LIMITS, invalidBlocksMax: 0, orphanBlocksMax: 0 };
    this.#options = { spec, checkpointBlocks: REPLAY_BLOCKS_MAX, mode: { kind: 'full' }, limits };
    const verify: VerifySignature = (check) => this.#isReplaying || verifySignature(check);
    const consensus = this.#lenient(createConsensus(spec));
    this.#dependencies = { store: this.#store, consensus, verify, verifySeal: verify };
    this.#chain = this.#open();
  }

  /** The header that the examined block follows. */
  get parent(): Header {
    return this.#chain.head.header;
  }

  get parentId(): Hash {
    return this.#chain.head.id;
  }

  get chainId(): Hash {
    return this.#chain.chainId;
  }

  get production(): Production {
    return this.#dependencies.consensus.production;
  }

  /** Goes on by one block of the node. Refuses what the chain refuses. */
  replay(bytes: Uint8Array, nowMs: number): Result<undefined> {
    assert(this.#isReplaying, 'blocks come before anything is judged');
    const block = this.#chain.scanBlock(bytes);
    if (!block.ok) return block;
    const update = this.#chain.importBlock(block.value, nowMs);
    if (!update.ok) return update;
    this.#commit(update.value.batch);
    return OK;
  }

  /** Ends the replay: from now on everything is checked. */
  ready(): void {
    for (const batch of this.#chain.finalCheckpoint()) this.#commit(batch);
    this.#isReplaying = false;
  }

  /** What a node at the parent says of a block. The bytes may be anything. */
  judge(bytes: Uint8Array, nowMs: number): Verdict {
    assert(!this.#isReplaying, 'the replay has ended');
    const block = this.#chain.scanBlock(bytes.slice());
    if (!block.ok) return { kind: 'refused', refusal: block.error };
    const update = this.#chain.importBlock(block.value, nowMs);
    if (!update.ok) return { kind: 'refused', refusal: update.error };
    // Nothing of it was committed, so opening the store again is how it was before.
    this.#chain = this.#open();
    return { kind: 'accepted', id: toHex(block.value.id) };
  }

  /** Reads bytes as a block of this chain. */
  parse(bytes: Uint8Array): Result<Block> {
    return parseBlock(bytes, this.chainId);
  }

  /** Checks a header that follows one whose block is not here, as far as that goes without a state. */
  checkHeaderAfter({ header, id }: Block, parent: Header, nowMs: number): Result<undefined> {
    return this.#chain.checkHeaderAfter(header, id, parent, nowMs);
  }

  #open(): Chain {
    const opened = runToValue(openChain(this.#options, this.#dependencies));
    assert(opened.ok, 'the store of the page is in order');
    this.#commit(opened.value.batch);
    return opened.value.chain;
  }

  #commit(batch: StoreBatch): void {
    this.#store.commit(batch, (failure) => assert(failure === undefined, 'memory takes what it is given'));
  }

  /** The same consensus, which takes work as done when it is told to. */
  #lenient(consensus: Consensus): Consensus {
    const { production } = consensus;
    const verifyHeader: Production['verifyHeader'] = (header, parent, context) => {
      const verdict = production.verifyHeader(header, parent, context);
      const isWork = !verdict.ok && verdict.error.rule === 'consensus/work-missing';
      return isWork && this.isWorkTaken ? OK : verdict;
    };
    return { ...consensus, production: { ...production, verifyHeader } };
  }
}
