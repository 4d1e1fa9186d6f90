import { amount } from '../../base/amount.ts';
import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { Refusal } from '../../base/result.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import type { Action } from '../../primitives/action.ts';
import { type Block, createBlock, transactionRoot } from '../../primitives/block.ts';
import { createTransaction, type Transaction } from '../../primitives/transaction.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import type { ChainSpec, ConsensusSpec } from '../../spec/chain-spec.ts';
import type { AuthoritySetSpec, StakeSpec, ValidatorsSpec } from '../../spec/validator-spec.ts';
import { decodeChanges } from '../../state/changes.ts';
import { coinOutpoint } from '../../state/coin.ts';
import { Overlay, type StateView, viewOf } from '../../state/view.ts';
import { applyChanges, stateCoins, stateRoot, type WorldState } from '../../state/world-state.ts';
import type { LedgerAction } from '../actions/registry.ts';
import { applyBlock, type BlockResult } from '../apply-block.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { draftBlock } from '../build-block.ts';
import { type BlockEnvironment, environmentAfter } from '../environment.ts';
import { createGenesis } from '../genesis.ts';
import type { RewardNews } from '../reward-actions.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import { vectorJudge } from '../vector-judge.ts';
import { keyOpening, type Opening, signBlank, testKey } from './owners.testing.ts';
import { testSpec } from './spec.testing.ts';
import { type Purse, spend } from './spend.testing.ts';

/** Hugs of one CALIN. */
export const CALIN = 100_000_000;

/** Test keys 0 to 5 own coins; 10, 11 and 12 are validators, which 0, 1 and 2 own. */
const FIRST_VALIDATOR = 10;

/** Coins of each owner. */
const COINS_EACH = 4;

/** A chain of short epochs with three validators of 1,000, 2,000 and 3,000 CALIN. */
export function stakeSpec(
  changes: Partial<StakeSpec> = {},
  consensus: Partial<ConsensusSpec> = {},
): ChainSpec {
  return validatorsSpec(
    {
      kind: 'stake',
      epochBlocks: 4,
      membersMax: 3,
      bondMin: amount(100 * CALIN),
      unbondingEpochs: 2,
      jailEpochs: 1,
      missedPermilleMax: 500,
      commissionPermilleMax: 200,
      signersPermille: 250,
      slashPermille: { 'double-sign': 50, 'lock-break': 300, surround: 500 },
      stakes: [0, 1, 2].map((n) => ({
        publicKey: testKey(FIRST_VALIDATOR + n).publicKey,
        owner: testKey(n).address,
        amount: amount(1000 * (n + 1) * CALIN),
        commissionPermille: 100,
      })),
      ...changes,
    },
    consensus,
  );
}

/** What {@link stakeSpec} may take as its consensus: votes make blocks final, which validators make. */
export const BY_VOTES: Partial<ConsensusSpec> = {
  finality: { kind: 'votes', intervalBlocks: 1, lagBlocks: 0, resendMs: 1000 },
};

/** The same, where miners make the blocks. */
export const MINED_BY_VOTES: Partial<ConsensusSpec> = {
  ...BY_VOTES,
  production: { kind: 'pow', initialDifficulty: 1, blockMs: 1000, halfLifeMs: 1000 },
};

/** A chain whose authorities are the test keys `first` to `first` + `count` − 1. */
export function authoritySpec(count: number, changes: Partial<AuthoritySetSpec> = {}): ChainSpec {
  const authorities = Array.from({ length: count }, (_, n) => testKey(FIRST_VALIDATOR + n).publicKey);
  return validatorsSpec({ kind: 'authorities', epochBlocks: 4, authorities, ...changes });
}

function validatorsSpec(validators: ValidatorsSpec, consensus: Partial<ConsensusSpec> = {}): ChainSpec {
  const owners = Array.from({ length: 6 * COINS_EACH }, (_, i) => testKey(i % 6).address);
  const spec = testSpec({
    allocated: owners,
    fees: { baseFeeInitial: amount(1) },
    economy: { schedule: { kind: 'constant' }, reward: amount(7 * CALIN + 3), rewardMaturityBlocks: 0 },
  });
  return { ...spec, consensus: { ...spec.consensus, validators, ...consensus } };
}

/** What a block of a {@link StakeChain} may have otherwise. */
export interface StakeBlockOptions {
  /** Test key of the producer; validator 10 when left out. */
  readonly producer?: number;
  readonly missed?: readonly PublicKey[];
  readonly randomness?: Uint8Array;
  /** What the reward tells, all of which must hold. */
  readonly news?: RewardNews;
}

/** One block of a chain, with what it did. */
export interface StakeBlock {
  readonly block: Block;
  readonly env: BlockEnvironment;
  readonly before: WorldState;
  readonly result: BlockResult;
}

/** A chain that grows by transactions of test keys with blank signatures; every undo record is tried at once. */
export class StakeChain {
  readonly spec: ChainSpec;
  readonly genesis: Block;
  readonly genesisState: WorldState;
  readonly blocks: StakeBlock[] = [];

  constructor(spec: ChainSpec = stakeSpec()) {
    this.spec = spec;
    const { block, state } = createGenesis(spec);
    this.genesis = block;
    this.genesisState = state;
  }

  get state(): WorldState {
    return this.blocks.at(-1)?.result.state ?? this.genesisState;
  }

  get view(): StateView {
    return viewOf(this.state);
  }

  get height(): number {
    return this.blocks.length;
  }

  /** Of the next block. */
  get epoch(): number {
    return epochOfHeight(this.height + 1, this.spec.consensus.validators?.epochBlocks ?? 1);
  }

  /** The environment of the next block. */
  env({ producer = FIRST_VALIDATOR, missed, randomness }: StakeBlockOptions = {}): BlockEnvironment {
    const { header } = this.blocks.at(-1)?.block ?? this.genesis;
    const origin = { timeMs: header.timeMs + 1000, producer: testKey(producer).address };
    const env = environmentAfter(this.spec, this.genesis.id, header, origin);
    return { ...env, judge: vectorJudge, missed, randomness };
  }

  /** The coins of a test key, the largest first. */
  purses(n: number): readonly Purse[] {
    const { address } = testKey(n);
    return [...stateCoins(this.state)]
      .filter(({ coin }) => equalBytes(coin.address, address))
      .toSorted((a, b) => b.coin.amount - a.coin.amount)
      .map(({ key, coin }) => ({ outpoint: coinOutpoint(key, coin), opening: keyOpening(testKey(n)) }));
  }

  /** A transaction by test key `n`; the keys `agree` sign beside it. */
  make(n: number, actions: readonly LedgerAction[], agree: readonly number[] = []): Transaction {
    return this.makeWith(
      n,
      actions,
      agree.map((key) => keyOpening(testKey(key))),
    );
  }

  /** The same, with any locks that agree. */
  makeWith(n: number, actions: readonly LedgerAction[], authorities: readonly Opening[]): Transaction {
    const { spec, view } = this;
    const [first] = this.purses(n);
    assert(first !== undefined, `key ${n} has no coins`);
    return spend({ spec, env: this.env(), view }, { from: [first], actions, authorities, signer: signBlank });
  }

  /** Adds a block with these transactions, all of which must hold. */
  add(transactions: readonly Transaction[] = [], options: StakeBlockOptions = {}): StakeBlock {
    const { spec, state: before } = this;
    const env = this.env(options);
    const parent = (this.blocks.at(-1)?.block ?? this.genesis).header;
    const { address } = testKey(0);
    const draft = draftBlock(spec, before, parent, env, transactions, address, undefined, options.news);
    const [refused = draft.refusedNews[0]] = draft.refused;
    assert(
      draft.transactions.length === transactions.length + 1 && draft.refusedNews.length === 0,
      `refused: ${refused?.refusal.rule}`,
    );
    const block = createBlock(draft.header, draft.transactions);
    const applied = applyBlock(spec, before, block, env, SIGNATURES_CHECKED);
    assert(applied.ok, applied.ok ? '' : `a draft is a valid block: ${applied.error.rule}`);
    const back = applyChanges(applied.value.state, decodeChanges(applied.value.undo));
    assert(equalBytes(stateRoot(back.state), parent.stateRoot), 'the undo record leads back');
    const added = { block, env, before, result: applied.value };
    this.blocks.push(added);
    return added;
  }

  /** Adds a block with one transaction. */
  act(
    n: number,
    action: LedgerAction,
    agree: readonly number[] = [],
    options: StakeBlockOptions = {},
  ): StakeBlock {
    return this.add([this.make(n, [action], agree)], options);
  }

  /** The refusal of an action that must not hold in the next block. */
  refusal(
    n: number,
    action: LedgerAction,
    agree: readonly number[] = [],
    options: StakeBlockOptions = {},
  ): Refusal {
    const tx = this.make(n, [action], agree);
    const overlay = new Overlay(this.view);
    const applied = applyTransaction(this.spec, overlay, tx, this.env(options), SIGNATURES_CHECKED);
    assert(!applied.ok, 'an action that must be refused is accepted');
    assert(overlay.storageChanges().length === 0, 'a refusal leaves no trace');
    return applied.error;
  }

  /** Why the next block cannot tell this in its reward. */
  refusedNews(news: RewardNews): Refusal {
    const parent = (this.blocks.at(-1)?.block ?? this.genesis).header;
    const { address } = testKey(0);
    const draft = draftBlock(this.spec, this.state, parent, this.env(), [], address, undefined, news);
    const [refused] = draft.refusedNews;
    assert(refused !== undefined, 'news that must be refused are told');
    return refused.refusal;
  }

  /** Why a block of nothing but a reward with these actions is refused; its roots are those of one without them. */
  rewardRefusal(actions: readonly Action[], changes: Partial<BlockEnvironment> = {}): Refusal {
    const { spec, state } = this;
    const env = { ...this.env(), ...changes };
    const parent = (this.blocks.at(-1)?.block ?? this.genesis).header;
    const draft = draftBlock(spec, state, parent, env, [], testKey(0).address);
    const [plain] = draft.transactions;
    assert(plain !== undefined, 'a block has a reward');
    const reward = createTransaction({ ...plain, actions }, [], env.chainId);
    const block = createBlock({ ...draft.header, txRoot: transactionRoot([reward]) }, [reward]);
    const applied = applyBlock(spec, state, block, env, SIGNATURES_CHECKED);
    assert(!applied.ok, 'a block that must be refused is accepted');
    return applied.error;
  }

  /** Adds empty blocks until the next one is the first of an epoch. */
  endEpoch(options: StakeBlockOptions = {}): void {
    const { epoch } = this;
    while (this.epoch === epoch) this.add([], options);
  }

  /** Adds empty blocks until the next one is the first of this epoch. */
  goTo(epoch: number, options: StakeBlockOptions = {}): void {
    while (this.epoch < epoch) this.endEpoch(options);
  }
}
