import { AMOUNT_MAX } from '../base/amount.ts';
import type { FlatTransactions } from '../primitives/flat-transactions.ts';
import {
  KEY_WITNESS_WORDS,
  OUTPOINT_WORDS,
  OUTPUT_WORDS,
  TRANSACTION_HEAD_WORDS,
} from '../primitives/scan-transactions.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';

/**
 * True for a transfer that {@link checkShape} accepts, told from its words without an object. False for everything
 * else, for which the plain rules decide and make the refusals.
 */
export function isShapedTransfer(
  { fees, limits }: Pick<ChainSpec, 'fees' | 'limits'>,
  { words, isTransfer, offsets, bodyEnds }: FlatTransactions,
  i: number,
): boolean {
  if (isTransfer[i] !== 1) return false;
  const start = (offsets[i] as number) / 4;
  const end = (offsets[i + 1] as number) / 4;
  const inputsAt = start + TRANSACTION_HEAD_WORDS;
  const outputsAt = inputsAt + (((words[start] as number) >>> 8) & 0xff) * OUTPOINT_WORDS;
  const witnessesAt = (bodyEnds[i] as number) / 4;
  const inputs = (outputsAt - inputsAt) / OUTPOINT_WORDS;
  const outputs = (witnessesAt - outputsAt) / OUTPUT_WORDS;
  const witnesses = (end - witnessesAt) / KEY_WITNESS_WORDS;
  const bytes = 4 * (end - start);
  const gas = bytes * fees.gasPerByte + witnesses * fees.gasPerSignature + outputs * fees.gasPerOutput;
  if (bytes > limits.transactionBytesMax || gas > limits.blockGasMax || witnesses > inputs) return false;
  return !hasRepeatedInput(words, inputsAt, outputsAt) && arePaid(words, outputsAt, witnessesAt);
}

function hasRepeatedInput(words: Int32Array, inputsAt: number, outputsAt: number): boolean {
  for (let later = inputsAt + OUTPOINT_WORDS; later < outputsAt; later += OUTPOINT_WORDS) {
    for (let earlier = inputsAt; earlier < later; earlier += OUTPOINT_WORDS) {
      if (isSameOutpoint(words, earlier, later)) return true;
    }
  }
  return false;
}

function isSameOutpoint(words: Int32Array, a: number, b: number): boolean {
  for (let w = 0; w < OUTPOINT_WORDS; w++) if (words[a + w] !== words[b + w]) return false;
  return true;
}

/** Every output is of something, and all of them together, whatever their assets, are an amount. */
function arePaid(words: Int32Array, outputsAt: number, witnessesAt: number): boolean {
  let total = 0;
  for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
    const amount = ((words[output + 2] as number) >>> 0) + (words[output + 3] as number) * 0x1_0000_0000;
    if (amount === 0) return false;
    total += amount;
  }
  return total <= AMOUNT_MAX;
}
