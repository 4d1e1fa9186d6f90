import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import {
  KEY_WITNESS_WORDS,
  OUTPOINT_WORDS,
  OUTPUT_WORDS,
  TRANSACTION_HEAD_WORDS,
} from '../primitives/scan-transactions.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { FlatCoins } from '../state/flat-coins.ts';
import type { BlockEnvironment } from './environment.ts';
import { TransferBalances } from './transfer-balances.ts';

/** Words of an outpoint before its index. */
const OUTPOINT_INDEX = 8;
/** Words of a coin's record before its address: asset 2, amount 2. */
const RECORD_ADDRESS = 4;
/** Words before the height of its block. */
const RECORD_HEIGHT = 12;
/** Words before its origin, index × 2 + reward. */
const RECORD_ORIGIN = 13;

/**
 * The fast way to apply a transfer: what {@link applyTransaction} does with one, in place on the words of a block,
 * without an object. It says "applied, just as the plain rules would", or "not mine" and leaves no trace: then the
 * plain rules decide, and only they make refusals. So there is no second source of truth. Signatures are not looked at.
 *
 * One value serves all transactions of a block, on coins that the plain rules share.
 */
export class TransferPath {
  /** Of the transfer that was applied last, as its receipt says. */
  gasUsed = 0;
  /** See {@link gasUsed}. */
  fee = 0;
  /** See {@link gasUsed}. */
  burned = 0;
  /** True when it spends the native coin alone and no reward, so that no later block can refuse it for its age. */
  isPlain = true;
  readonly #spec: ChainSpec;
  readonly #env: BlockEnvironment;
  readonly #coins: FlatCoins;
  readonly #balances = new TransferBalances();

  constructor(spec: ChainSpec, env: BlockEnvironment, coins: FlatCoins) {
    this.#spec = spec;
    this.#env = env;
    this.#coins = coins;
  }

  /**
   * Applies transaction `i`. Its inputs have been looked up ({@link FlatCoins.prefetch}) or were made in this block.
   *
   * @returns false, and nothing has changed, for what is no transfer and what the plain rules would refuse
   */
  apply(transactions: FlatTransactions, i: number): boolean {
    const mark = this.#coins.mark();
    if (this.#spend(transactions, i)) {
      this.#addOutputs(transactions, i);
      return true;
    }
    this.#coins.rollback(mark);
    return false;
  }

  /** What {@link apply} says of a transfer, and nothing has changed. */
  quote(transactions: FlatTransactions, i: number): boolean {
    const mark = this.#coins.mark();
    const isGood = this.#spend(transactions, i);
    this.#coins.rollback(mark);
    return isGood;
  }

  /** Checks a transfer and spends its coins; the caller takes that back where the answer is no. */
  #spend(transactions: FlatTransactions, i: number): boolean {
    const { words, isTransfer, offsets, bodyEnds, witnessStarts } = transactions;
    if (isTransfer[i] !== 1) return false;
    const start = (offsets[i] as number) / 4;
    const end = (offsets[i + 1] as number) / 4;
    const inputsAt = start + TRANSACTION_HEAD_WORDS;
    const outputsAt = inputsAt + (((words[start] as number) >>> 8) & 0xff) * OUTPOINT_WORDS;
    const witnessesAt = (bodyEnds[i] as number) / 4;
    if (!this.#isShaped(words, start, outputsAt, witnessesAt, end)) return false;
    this.#balances.clear();
    this.isPlain = true;
    const first = witnessStarts[i] as number;
    const last = witnessStarts[i + 1] as number;
    const spent = this.#spendInputs(words, inputsAt, outputsAt, transactions.addressWords, first, last);
    return spent && this.#settle(words, outputsAt, witnessesAt);
  }

  /** What needs no coins, but for the amounts: the limits of {@link checkShape}, the gas, the expiry. */
  #isShaped(words: Int32Array, start: number, outputsAt: number, witnessesAt: number, end: number): boolean {
    const { fees, limits } = this.#spec;
    const bytes = (end - start) * 4;
    const outputs = (witnessesAt - outputsAt) / OUTPUT_WORDS;
    const witnesses = (end - witnessesAt) / KEY_WITNESS_WORDS;
    const gas = bytes * fees.gasPerByte + witnesses * fees.gasPerSignature + outputs * fees.gasPerOutput;
    const expiryHeight = (words[start + 1] as number) >>> 0;
    if (bytes > limits.transactionBytesMax || gas > limits.blockGasMax) return false;
    if (expiryHeight !== 0 && expiryHeight < this.#env.height) return false;
    this.gasUsed = gas;
    return true;
  }

  /**
   * Spends every input, and opens every witness from `first` to `last` − 1 in the one order they may have. A witness
   * that no input opens is left over, so more witnesses than inputs are refused here too.
   */
  #spendInputs(
    words: Int32Array,
    inputsAt: number,
    outputsAt: number,
    addresses: Int32Array,
    first: number,
    last: number,
  ): boolean {
    const coins = this.#coins;
    const { height } = this.#env;
    const { rewardMaturityBlocks } = this.#spec.economy;
    let next = first;
    for (let input = inputsAt; input < outputsAt; input += OUTPOINT_WORDS) {
      // An input that comes twice finds its coin spent.
      const record = coins.spend(words, input);
      if (record < 0) return false;
      const { records } = coins;
      const origin = records[record + RECORD_ORIGIN] as number;
      if (origin >>> 1 !== (words[input + OUTPOINT_INDEX] as number) >>> 0) return false;
      const isReward = (origin & 1) === 1;
      const age = height - ((records[record + RECORD_HEIGHT] as number) >>> 0);
      if (isReward && age < rewardMaturityBlocks) return false;
      if (isReward || records[record] !== 0 || records[record + 1] !== 0) this.isPlain = false;
      const address = record + RECORD_ADDRESS;
      if (!isOpen(records, address, addresses, first, next)) {
        if (next === last || !isSame(records, address, addresses, 8 * next)) return false;
        next++;
      }
      if (!this.#balances.credit(records, record)) return false;
    }
    return next === last;
  }

  /** Counts the outputs and says whether all is conserved and the fee pays for the gas. */
  #settle(words: Int32Array, outputsAt: number, witnessesAt: number): boolean {
    const balances = this.#balances;
    for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
      if (!balances.debit(words, output)) return false;
    }
    const fee = balances.settle();
    const burned = this.gasUsed * this.#env.baseFee;
    // Nothing below 0 or above all amounts gets through: a fee that is none is −1, and no fee is above an amount.
    if (fee < burned) return false;
    this.fee = fee;
    this.burned = burned;
    return true;
  }

  #addOutputs({ words, txidWords, offsets, bodyEnds }: FlatTransactions, i: number): void {
    const { height } = this.#env;
    const start = (offsets[i] as number) / 4;
    const witnessesAt = (bodyEnds[i] as number) / 4;
    const outputsAt = witnessesAt - (((words[start] as number) >>> 16) & 0xff) * OUTPUT_WORDS;
    let index = 0;
    for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
      this.#coins.add(txidWords, 8 * i, index++, words, output, height);
    }
  }
}

/** True when one of the witnesses from `first` to `next` − 1 opens the address. */
function isOpen(
  records: Int32Array,
  address: number,
  addresses: Int32Array,
  first: number,
  next: number,
): boolean {
  for (let witness = first; witness < next; witness++) {
    if (isSame(records, address, addresses, 8 * witness)) return true;
  }
  return false;
}

/** True when both offsets have the same eight words. */
function isSame(a: Int32Array, atA: number, b: Int32Array, atB: number): boolean {
  for (let i = 0; i < 8; i++) if (a[atA + i] !== b[atB + i]) return false;
  return true;
}
