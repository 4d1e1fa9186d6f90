import type { Amount } from '../base/amount.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Action } from './action.ts';
import type { Outpoint } from './outpoint.ts';
import type { Output } from './output.ts';
import {
  KEY_WITNESS_WORDS,
  OUTPOINT_WORDS,
  OUTPUT_WORDS,
  TRANSACTION_HEAD_WORDS,
} from './scan-transactions.ts';
import type { Transaction } from './transaction.ts';
import type { Witness } from './witness.ts';

const NO_ACTIONS: readonly Action[] = [];
const FIRST_SIGNER: readonly number[] = [0];

/** Bytes of a key witness before its public key, and before its signature. */
const WITNESS_KEY = 8;
const WITNESS_SIGNATURE = 40;

/**
 * The object of a transfer that a scan has passed over (`transferEnd`), which has checked all that the reader of
 * transactions would: so nothing is checked again, and the id is given, because a batch of them was hashed at once.
 *
 * @param words - those of `bytes`
 * @param start - offset of the transfer in bytes
 * @param end - where it ends
 * @returns what `readTransaction` gives; its parts are views of one copy of its bytes, which makes less garbage
 */
export function readTransfer(
  bytes: Uint8Array,
  words: Int32Array,
  start: number,
  end: number,
  txid: Hash,
): Transaction {
  const own = bytes.slice(start, end);
  const at = start / 4;
  const head = words[at] as number;
  const inputs: Outpoint[] = [];
  const outputs: Output[] = [];
  const witnesses: Witness[] = [];
  const outputsAt = at + TRANSACTION_HEAD_WORDS + ((head >>> 8) & 0xff) * OUTPOINT_WORDS;
  const witnessesAt = outputsAt + ((head >>> 16) & 0xff) * OUTPUT_WORDS;
  for (let input = at + TRANSACTION_HEAD_WORDS; input < outputsAt; input += OUTPOINT_WORDS) {
    const from = input * 4 - start;
    inputs.push({ txid: own.subarray(from, from + 32), index: (words[input + 8] as number) >>> 0 });
  }
  for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
    const from = (output + 4) * 4 - start;
    const address = own.subarray(from, from + 32);
    outputs.push({ asset: u53(words, output), amount: u53(words, output + 2) as Amount, address });
  }
  for (let witness = witnessesAt * 4 - start; witness < end - start; witness += KEY_WITNESS_WORDS * 4) {
    const publicKey = own.subarray(witness + WITNESS_KEY, witness + WITNESS_SIGNATURE);
    const signature = own.subarray(witness + WITNESS_SIGNATURE, witness + KEY_WITNESS_WORDS * 4);
    witnesses.push({
      lock: { kind: 'key', publicKey },
      path: 0,
      signers: FIRST_SIGNER,
      signatures: [signature],
      preimage: undefined,
    });
  }
  return {
    expiryHeight: (words[at + 1] as number) >>> 0,
    inputs,
    outputs,
    actions: NO_ACTIONS,
    witnessCount: head >>> 24,
    witnesses,
    bytes: own,
    txid,
  };
}

function u53(words: Int32Array, at: number): number {
  return ((words[at] as number) >>> 0) + (words[at + 1] as number) * 0x1_0000_0000;
}
