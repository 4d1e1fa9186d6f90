import assert from 'node:assert/strict';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import type { Consensus } from '../consensus/engine.ts';
import { type Hash, ZERO_HASH } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { sign, type VerifySignature } from '../crypto/signature.ts';
import { History, historySpec } from '../ledger/testing/history.testing.ts';
import { signBlank, signForReal, testKey } from '../ledger/testing/owners.testing.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import type { BlockIndex } from '../ports/block-index.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { StoreBatch } from '../ports/store.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { type Header, sealHash } from '../primitives/header.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type Kernel, mapKernel, plainKernel } from '../state/kernel.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { stateRoot } from '../state/world-state.ts';
import type { Chain, ChainUpdate } from './chain.ts';
import type { ChainDependencies, ChainOptions } from './chain-parts.ts';
import { CHAIN_LIMITS, type ChainLimits } from './limits.ts';
import { type OpenedChain, type OpenProgress, openChain } from './open-chain.ts';
import type { SharedBlocks } from './shared-blocks.ts';
import type { StorageMode } from './storage-mode.ts';

/** Far enough ahead of every block of a test. */
export const TEST_NOW_MS = 1_760_000_000_000 + 1_000_000_000;

/** What a test may want otherwise. */
export interface TestChainOptions {
  readonly spec?: ChainSpec;
  readonly checkpointBlocks?: number;
  /** Full when left out. */
  readonly mode?: StorageMode;
  readonly limits?: Partial<ChainLimits>;
  readonly index?: BlockIndex;
  /** What chains work out together. */
  readonly shared?: SharedBlocks;
  /** Another kernel than the reference. */
  readonly kernel?: Kernel;
  /** Another consensus than that of the spec. */
  readonly consensus?: Consensus;
  /** Check seals and signatures; left out, blank ones pass. */
  readonly verify?: VerifySignature;
  /** Check seals otherwise than signatures. */
  readonly verifySeal?: VerifySignature;
}

/** The chain of the ledger's histories, with another number of blocks before one is final. */
export function specOfDepth(blocks: number): ChainSpec {
  const spec = historySpec();
  return { ...spec, consensus: { ...spec.consensus, finality: { kind: 'depth', blocks } } };
}

/** A history whose blocks carry seals of the right length, which only pass where seals are not checked. */
export function blankHistory(seed: number, spec: ChainSpec = historySpec()): History {
  return new History({ seed, spec, signer: signBlank, seal: () => new Uint8Array(64) });
}

/** A history whose signatures and seals are real; slow to make. */
export function signedHistory(seed: number, spec: ChainSpec = historySpec()): History {
  return new History({ seed, spec, signer: signForReal, seal: realSeal });
}

/** The seal of the one authority of the test chain. */
export function realSeal(header: Header): Uint8Array {
  return sign(sealHash(header), testKey(0).secretKey);
}

/** The block with another state root: its seal passes where seals are blank, its execution does not. */
export function spoiled(block: Block): Block {
  const stateRoot = block.header.stateRoot.map((byte) => byte ^ 1);
  return createBlock({ ...block.header, stateRoot }, block.transactions);
}

/** A block after another one that nobody could have executed: valid as far as its header goes. */
export function emptyChild({ header, id }: Block): Block {
  const next = { ...header, height: header.height + 1, parent: id, timeMs: header.timeMs + 1_000 };
  return createBlock({ ...next, txRoot: ZERO_HASH }, []);
}

/** Grows a history by some blocks and returns all of its blocks. */
export function grown(history: History, blocks: number, transactions = 3): readonly Block[] {
  for (let i = 0; i < blocks; i++) history.grow(transactions);
  return history.blocks.map(({ block }) => block);
}

/** The options of a chain under test. */
export function chainOptions(options: TestChainOptions = {}): ChainOptions {
  return {
    spec: options.spec ?? historySpec(),
    checkpointBlocks: options.checkpointBlocks ?? 1_000,
    mode: options.mode ?? { kind: 'full' },
    // Without a window, so that short chains show what goes when a block is final.
    limits: { ...CHAIN_LIMITS, undoBlocks: 0, ...options.limits },
  };
}

/** What a chain under test works with. */
export function chainDependencies(
  store: MemoryStore,
  options: TestChainOptions = {},
): ChainDependencies & { readonly verifySeal: VerifySignature } {
  const verify = options.verify ?? SIGNATURES_CHECKED;
  const consensus = options.consensus ?? createConsensus(options.spec ?? historySpec());
  return {
    store,
    consensus,
    verify,
    verifySeal: options.verifySeal ?? verify,
    index: options.index,
    shared: options.shared,
    kernel: options.kernel ?? plainKernel,
  };
}

/** A kernel that keeps coins in a map that changes in place, in TypeScript. */
export const testMapKernel: Kernel = mapKernel(createPlainHasher(), () => new TreeCoinMap());

/** Runs a generator to its end; what it yielded and what it returned. */
export function runToEnd<P, T>(
  steps: Generator<P, T, undefined>,
): { readonly progress: readonly P[]; readonly value: T } {
  const progress: P[] = [];
  for (;;) {
    const step = steps.next();
    if (step.done === true) return { progress, value: step.value };
    progress.push(step.value);
  }
}

/** The value of a result that a test expects to be good. */
export function expectOk<T>(result: Result<T>): T {
  assert.ok(result.ok, result.ok ? '' : `${result.error.rule} ${JSON.stringify(result.error.evidence)}`);
  return result.value;
}

/** The rule by which something was refused. */
export function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}

/** A chain with its store, which commits every batch at once and remembers it. */
export class TestChain {
  readonly store: MemoryStore;
  readonly batches: StoreBatch[] = [];
  readonly opened: OpenedChain;
  readonly progress: readonly OpenProgress[];
  readonly #options: TestChainOptions;

  constructor(options: TestChainOptions = {}, store = new MemoryStore()) {
    this.#options = options;
    this.store = store;
    const run = runToEnd(openChain(chainOptions(options), chainDependencies(store, options)));
    this.progress = run.progress;
    this.opened = expectOk(run.value);
    this.commit(this.opened.batch);
  }

  get chain(): Chain {
    return this.opened.chain;
  }

  /** Gives a batch to the store. */
  commit(batch: StoreBatch): void {
    if (batch.puts.length + batch.deletes.length === 0) return;
    this.batches.push(batch);
    this.store.commit(batch, (failure) => assert.equal(failure, undefined));
  }

  /** Imports a block, commits its batch, and those of a checkpoint that are due for it, as a node does. */
  try(block: Block, nowMs = TEST_NOW_MS): Result<ChainUpdate> {
    const update = this.chain.importBlock(block, nowMs);
    if (!update.ok) return update;
    this.commit(update.value.batch);
    for (let due = this.chain.planCheckpoint(); due > 0; due--) {
      const checkpoint = this.chain.nextCheckpointBatch();
      if (checkpoint !== undefined) this.commit(checkpoint);
    }
    return update;
  }

  /** Imports a block that must be accepted. */
  import(block: Block): ChainUpdate {
    return expectOk(this.try(block));
  }

  /** Imports blocks in order. */
  importAll(blocks: Iterable<Block>): void {
    for (const block of blocks) this.import(block);
  }

  /** Prefers a block and commits the batch. */
  prefer(id: Hash): ChainUpdate {
    const update = expectOk(this.chain.prefer(id));
    this.commit(update.batch);
    return update;
  }

  /** Makes a block final and commits the batch. */
  finalise(id: Hash, certificate: Uint8Array): ChainUpdate {
    const update = expectOk(this.chain.finalise(id, certificate));
    this.commit(update.batch);
    return update;
  }

  /** The chain that another start on the same store gives. */
  reopen(): TestChain {
    return new TestChain(this.#options, this.store.crash());
  }

  /** Everything by which two chains are told apart. */
  get summary(): object {
    const { head, final, state } = this.chain;
    const at = ({ id, height, weight }: typeof head) => ({ id: toHex(id), height, weight });
    return { head: at(head), final: at(final), root: toHex(stateRoot(state)) };
  }
}

/** A store after the first batches. */
export function storeOf(batches: Iterable<StoreBatch>): MemoryStore {
  const store = new MemoryStore();
  for (const batch of batches) store.commit(batch, (failure) => assert.equal(failure, undefined));
  return store;
}

/** The entries that batches leave, by key as hex. */
export function contentOf(batches: Iterable<StoreBatch>): Map<string, Uint8Array> {
  const content = new Map<string, Uint8Array>();
  for (const { puts, deletes } of batches) {
    for (const key of deletes) content.delete(toHex(key));
    for (const [key, value] of puts) content.set(toHex(key), value);
  }
  return content;
}

/** The chain of the ledger's histories, whose blocks are final when votes say so. */
export function specOfVotes(): ChainSpec {
  const spec = historySpec();
  const finality = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 1_000 } as const;
  return { ...spec, consensus: { ...spec.consensus, finality } };
}
