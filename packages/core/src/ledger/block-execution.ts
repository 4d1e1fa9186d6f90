import { type Amount, addAmounts, amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { OK, ok, type Result } from '../base/result.ts';
import type { Steps } from '../base/steps.ts';
import type { BatchHasher } from '../crypto/batch-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import type { VerifySignature } from '../crypto/signature.ts';
import type { Address } from '../primitives/address.ts';
import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import type { Output } from '../primitives/output.ts';
import { encodedReceiptRoot, type Receipt } from '../primitives/receipt.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { coinKey } from '../state/coin.ts';
import { type BlockOverlay, commitOverlay, openOverlay, overlayDifference } from '../state/commit-overlay.ts';
import type { Overlay } from '../state/view.ts';
import { stateRoot, type WorldState } from '../state/world-state.ts';
import { convictByEvidence, type EvidenceContext } from './actions/evidence.ts';
import { applyTransaction } from './apply-transaction.ts';
import { TransferPath } from './apply-transfer.ts';
import { AssetBalances } from './asset-balances.ts';
import type { BlockEnvironment } from './environment.ts';
import { ReceiptWriter } from './receipt-writer.ts';
import { blockReward } from './reward.ts';
import { applyRewardAction, type RewardAction } from './reward-actions.ts';
import { rewardDue } from './reward-transaction.ts';
import { refuseLedger } from './rules.ts';
import { endBlock, type RewardParts, rewardParts } from './stake/block-stake.ts';
import { growSupply, readSupply } from './supply.ts';
import { rewardActionGas } from './transaction-gas.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';
import { TurnWork, WORK } from './turn-work.ts';

/** What a block does to a state. */
export interface BlockResult {
  readonly state: WorldState;
  /** What leads back to the state before, as {@link encodeChanges} writes it. */
  readonly undo: Uint8Array;
  /** Entries of the state that changed. */
  readonly changeCount: number;
  /** One for each transaction, in their order, end to end ({@link encodeReceipts}); the reward's is first. */
  readonly receipts: Uint8Array;
  readonly stateRoot: Hash;
  readonly receiptRoot: Hash;
  readonly gasUsed: number;
}

/** Changed coins that are hashed together at least: the path above them is hashed with each piece. */
const HASHED_TOGETHER_MIN = 512;

const ZERO = amount(0);
const plainHasher = createPlainHasher();

/**
 * The transactions of one block on top of a state, which stays as it is. Shared by the one who checks a block and
 * the one who makes it, so that both follow one path. What the reward tells of is done first; its coins come last:
 * their amount follows from the others, and they cannot be spent in their own block.
 */
export class BlockExecution {
  readonly #spec: ChainSpec;
  readonly #state: WorldState;
  readonly #env: BlockEnvironment;
  readonly #verify: VerifySignature;
  readonly #block: BlockOverlay;
  readonly #overlay: Overlay;
  readonly #transfers: TransferPath | undefined;
  readonly #hasher: BatchHasher;
  readonly #receipts = new ReceiptWriter();
  readonly #blockReward: Amount;
  #gasUsed = 0;
  #burned = ZERO;
  #tips = ZERO;
  #rewardGas = 0;
  #claims = ZERO;

  constructor(
    spec: ChainSpec,
    state: WorldState,
    env: BlockEnvironment,
    verify: VerifySignature,
    hasher: BatchHasher = plainHasher,
  ) {
    this.#hasher = hasher;
    this.#spec = spec;
    this.#state = state;
    this.#env = env;
    this.#verify = verify;
    this.#block = openOverlay(state);
    this.#overlay = this.#block.overlay;
    const { flat } = this.#block;
    // The fast way looks at no signature.
    const isFast = flat !== undefined && verify === SIGNATURES_CHECKED;
    this.#transfers = isFast ? new TransferPath(spec, env, flat) : undefined;
    this.#blockReward = blockReward(spec, env.height, readSupply(this.#overlay).issued);
  }

  /** Gas of the transactions added so far. */
  get gasUsed(): number {
    return this.#gasUsed;
  }

  /** Coins spent and made so far; 0 where they are not kept in words. */
  get writes(): number {
    return this.#block.flat?.mark() ?? 0;
  }

  /** What the reward transaction must pay for the transactions added so far. */
  get due(): Amount {
    return rewardDue(this.#rewardParts().producer, this.#tips, this.#claims);
  }

  /** Whom the reward transaction must pay; undefined where the producer chooses. */
  get payTo(): Address | undefined {
    return this.#rewardParts().payTo;
  }

  /** True when {@link addTransfer} is worth asking. */
  get takesTransfers(): boolean {
    return this.#transfers !== undefined;
  }

  /**
   * Does what the reward tells of, before all other transactions: they find the state that it leaves, and nothing that
   * they do can make it wrong. On refusal nothing has changed.
   *
   * @param bytes - of the action as it travels
   */
  addRewardAction(action: RewardAction, bytes: number): Result<undefined> {
    assert(this.#gasUsed === this.#rewardGas, 'a reward acts first');
    const gasUsed = this.#gasUsed + rewardActionGas(this.#spec, bytes);
    const { blockGasMax } = this.#spec.limits;
    if (gasUsed > blockGasMax) {
      return refuseLedger('block/gas-exceeded', { got: gasUsed, expected: blockGasMax });
    }
    const mark = this.#overlay.mark();
    const balances = new AssetBalances();
    const applied = applyRewardAction(action, this.#context(balances));
    const claim = applied.ok ? balances.settle() : applied;
    if (!claim.ok) {
      this.#overlay.rollback(mark);
      return claim;
    }
    this.#gasUsed = gasUsed;
    this.#rewardGas = gasUsed;
    this.#claims = sum(this.#claims, claim.value);
    return OK;
  }

  /** The most that a reward can claim for a piece of evidence; nothing changes. */
  claimMax(evidence: Uint8Array): Result<Amount> {
    const mark = this.#overlay.mark();
    const penalty = convictByEvidence(evidence, this.#context(new AssetBalances()));
    this.#overlay.rollback(mark);
    return penalty.ok ? ok(penalty.value.reward) : penalty;
  }

  #context(balances: AssetBalances): EvidenceContext {
    return { spec: this.#spec, overlay: this.#overlay, env: this.#env, balances };
  }

  /**
   * Looks up at once what transactions from `from` to `to` − 1 spend; to be done before {@link addTransfer} is asked.
   */
  prefetch({ words, outpoints, inputStarts }: FlatTransactions, from: number, to: number): void {
    this.#block.flat?.prefetch(words, outpoints, inputStarts[from] as number, inputStarts[to] as number);
  }

  /**
   * Adds the next transaction in place, without an object, where it is a transfer that the plain rules would take.
   * False when nothing has changed, and {@link add} has to decide.
   */
  addTransfer(transactions: FlatTransactions, i: number): boolean {
    const { flat } = this.#block;
    const transfers = this.#transfers;
    if (flat === undefined || transfers === undefined) return false;
    const mark = flat.mark();
    if (!transfers.apply(transactions, i)) return false;
    const { gasUsed, fee, burned } = transfers;
    if (this.#gasUsed + gasUsed > this.#spec.limits.blockGasMax) {
      flat.rollback(mark);
      return false;
    }
    this.#count(gasUsed, fee, burned);
    this.#receipts.add(transactions.txids, 32 * i, gasUsed, fee, burned);
    return true;
  }

  /** Adds the next transaction after the reward. On refusal nothing has changed. */
  add(tx: Transaction): Result<Receipt> {
    const mark = this.#overlay.mark();
    const applied = applyTransaction(this.#spec, this.#overlay, tx, this.#env, this.#verify);
    if (!applied.ok) return applied;
    const { txid, gasUsed, fee, burned } = applied.value;
    const { blockGasMax } = this.#spec.limits;
    if (this.#gasUsed + gasUsed > blockGasMax) {
      this.#overlay.rollback(mark);
      return refuseLedger('block/gas-exceeded', { got: this.#gasUsed + gasUsed, expected: blockGasMax });
    }
    this.#count(gasUsed, fee, burned);
    this.#receipts.add(txid, 0, gasUsed, fee, burned);
    return ok(applied.value);
  }

  #count(gasUsed: number, fee: number, burned: number): void {
    this.#gasUsed += gasUsed;
    this.#burned = sum(this.#burned, amount(burned));
    this.#tips = sum(this.#tips, amount(fee - burned));
  }

  /** Of the state that the transactions so far leave: one of them may have changed the terms of the producer. */
  #rewardParts(): RewardParts {
    return rewardParts(this.#spec, this.#overlay, this.#env, this.#blockReward);
  }

  /**
   * Adds the coins of a reward that pays exactly {@link due}, and gives the state after the block: puts what has
   * changed in order, writes it, and hashes it in pieces.
   *
   * @param work - what has been done in this turn
   */
  *finish(reward: Transaction, work = new TurnWork()): Steps<BlockResult> {
    const { height } = this.#env;
    for (let i = 0; i < reward.outputs.length; i++) {
      const output = reward.outputs[i] as Output;
      // The expiry height makes the txid new at every height.
      const added = this.#overlay.addCoin(coinKey(reward.txid, i), {
        index: i,
        ...output,
        height,
        reward: true,
      });
      assert(added, 'a new txid has no coins yet');
    }
    const parts = this.#rewardParts();
    endBlock(this.#spec, this.#overlay, this.#env, parts);
    const issued = sum(sum(parts.producer, parts.pool), parts.signers);
    if (issued > 0 || this.#burned > 0) growSupply(this.#overlay, { issued, burned: this.#burned });
    const receipts = this.#receipts.finish(reward.txid, this.#rewardGas);
    if (work.lacks(this.writes * WORK.order)) yield;
    const difference = overlayDifference(this.#block);
    if (work.did(this.writes * WORK.order) || work.lacks(this.writes * WORK.change)) yield;
    const { state, undo, changeCount } = commitOverlay(this.#state, this.#block, difference);
    const receiptRoot = encodedReceiptRoot(receipts, this.#hasher);
    if (work.did(changeCount * WORK.change)) yield;
    const root = yield* rootInPieces(state, work);
    return { state, undo, changeCount, receipts, stateRoot: root, receiptRoot, gasUsed: this.#gasUsed };
  }
}

function* rootInPieces(state: WorldState, work: TurnWork): Steps<Hash> {
  let hashed = hashedTogether(work);
  while (!state.coins.refresh(hashed)) {
    if (work.did(hashed * WORK.hash)) yield;
    hashed = hashedTogether(work);
  }
  return stateRoot(state);
}

function hashedTogether({ left }: TurnWork): number {
  return Math.max(HASHED_TOGETHER_MIN, Math.ceil(left / WORK.hash));
}

/** All fees and rewards of a block are hugs that exist, so their sum is an amount. */
function sum(a: Amount, b: Amount): Amount {
  const total = addAmounts(a, b);
  assert(total !== undefined, 'fees above all hugs there are');
  return total;
}
