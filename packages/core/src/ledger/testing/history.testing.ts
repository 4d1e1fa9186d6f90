import { assert } from '../../base/assert.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import type { Hash } from '../../crypto/hash.ts';
import { type Block, createBlock } from '../../primitives/block.ts';
import type { Header } from '../../primitives/header.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import { Overlay, viewOf } from '../../state/view.ts';
import type { WorldState } from '../../state/world-state.ts';
import { applyBlock, type BlockResult } from '../apply-block.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { draftBlock } from '../build-block.ts';
import { type BlockEnvironment, type BlockOrigin, environmentAfter } from '../environment.ts';
import { createGenesis } from '../genesis.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import { type Owner, type Signer, signBlank, testOwners } from './owners.testing.ts';
import { randomTransaction } from './random-transaction.testing.ts';
import { testSpec } from './spec.testing.ts';

/** What a history is made of. */
export interface HistoryOptions {
  readonly seed: number;
  /** A chain whose allocations belong to {@link testOwners}; {@link historySpec} when left out. */
  readonly spec?: ChainSpec;
  /** Blank signatures when left out: such blocks pass with SIGNATURES_CHECKED only. */
  readonly signer?: Signer;
  /** Who makes the block after `parent`, and when; a second later, by owner 0, when left out. */
  readonly origin?: (parent: Header) => BlockOrigin;
  /** The seal of a header whose own is empty; none when left out. */
  readonly seal?: (header: Header) => Uint8Array;
}

/** One block of a history. */
export interface HistoryBlock {
  readonly block: Block;
  readonly env: BlockEnvironment;
  readonly result: BlockResult;
}

/** Allocations of one owner in {@link historySpec}. */
const COINS_EACH = 3;

/** The test chain with coins for every kind of owner. */
export function historySpec(): ChainSpec {
  const { genesisTimeMs } = testSpec();
  const owners = testOwners(genesisTimeMs);
  return testSpec({
    allocated: Array.from({ length: COINS_EACH }, () => owners.map(({ address }) => address)).flat(),
  });
}

/**
 * A chain that grows by random valid blocks: transfers, tokens through their whole life, notarised data, every lock
 * by every path. The same options give the same bytes. The ledger judges every transaction, and a
 * history that makes an invalid one stops with its rule.
 */
export class History {
  readonly spec: ChainSpec;
  readonly genesis: Block;
  readonly genesisState: WorldState;
  readonly owners: readonly Owner[];
  readonly blocks: HistoryBlock[] = [];
  readonly #options: HistoryOptions;
  readonly #random: SeededRandom;

  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.spec = options.spec ?? historySpec();
    this.owners = testOwners(this.spec.genesisTimeMs);
    const { block, state } = createGenesis(this.spec);
    this.genesis = block;
    this.genesisState = state;
  }

  get chainId(): Hash {
    return this.genesis.id;
  }

  /** The last block. */
  get head(): Block {
    return this.blocks.at(-1)?.block ?? this.genesis;
  }

  /** The state after the last block. */
  get state(): WorldState {
    return this.blocks.at(-1)?.result.state ?? this.genesisState;
  }

  /** The environment of the next block. */
  get env(): BlockEnvironment {
    const { origin = this.#nextOrigin } = this.#options;
    const { header } = this.head;
    return environmentAfter(this.spec, this.chainId, header, origin(header));
  }

  /** A branch that shares all blocks up to `height` and goes on by dice of its own. */
  fork(height: number, seed: number): History {
    const branch = new History({ ...this.#options, spec: this.spec, seed });
    branch.blocks.push(...this.blocks.slice(0, height));
    return branch;
  }

  /** At most `count` transactions that are valid in this order in the next block; later ones may spend earlier ones. */
  transactions(count: number): Transaction[] {
    const { env, owners, spec } = this;
    const overlay = new Overlay(viewOf(this.state));
    const { signer = signBlank } = this.#options;
    const made: Transaction[] = [];
    for (let attempt = 0; attempt < 3 * count && made.length < count; attempt++) {
      const tx = randomTransaction({
        random: this.#random,
        spec,
        env,
        owners,
        signer,
        state: this.state,
        made,
        overlay,
      });
      if (tx === undefined) continue;
      const applied = applyTransaction(spec, overlay, tx, env, SIGNATURES_CHECKED);
      assert(applied.ok, applied.ok ? '' : `a history makes valid transactions: ${describe(applied.error)}`);
      made.push(tx);
    }
    return made;
  }

  /** Adds one block with at most `count` random transactions, as many as fit. */
  grow(count = 6): HistoryBlock {
    return this.add(this.transactions(count));
  }

  /** Adds one block with these transactions, leaving out those that do not fit. */
  add(candidates: readonly Transaction[]): HistoryBlock {
    const { spec, env, state, head } = this;
    const draft = draftBlock(spec, state, head.header, env, candidates, env.producer);
    const seal = this.#options.seal?.(draft.header) ?? draft.header.seal;
    const block = createBlock({ ...draft.header, seal }, draft.transactions);
    const applied = applyBlock(spec, state, block, env, SIGNATURES_CHECKED);
    assert(applied.ok, applied.ok ? '' : `a draft is a valid block: ${describe(applied.error)}`);
    const added = { block, env, result: applied.value };
    this.blocks.push(added);
    return added;
  }

  readonly #nextOrigin = (parent: Header): BlockOrigin => ({
    timeMs: parent.timeMs + 1000,
    producer: (this.owners[0] as Owner).address,
  });
}

function describe(refusal: { readonly rule: string; readonly evidence: object }): string {
  return `${refusal.rule} ${JSON.stringify(refusal.evidence)}`;
}
