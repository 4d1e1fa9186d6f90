import type { Amount } from '../base/amount.ts';
import { wordAt, wordsOf } from '../base/words.ts';
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

/** The parts of a transfer that are objects. */
interface TransferParts {
  readonly inputs: readonly Outpoint[];
  readonly outputs: readonly Output[];
  readonly witnesses: readonly Witness[];
}

/**
 * A transfer as an object whose parts are read from its bytes when somebody first asks for them. On its way through the
 * pool into a block nobody does, and the parts would be most of the garbage of a node that takes in many.
 */
class LazyTransfer implements Transaction {
  readonly bytes: Uint8Array;
  readonly txid: Hash;
  #parts: TransferParts | undefined;

  constructor(bytes: Uint8Array, txid: Hash) {
    this.bytes = bytes;
    this.txid = txid;
  }

  get expiryHeight(): number {
    return wordAt(this.bytes, 4) >>> 0;
  }

  get inputs(): readonly Outpoint[] {
    return this.#read().inputs;
  }

  get outputs(): readonly Output[] {
    return this.#read().outputs;
  }

  get actions(): readonly Action[] {
    return NO_ACTIONS;
  }

  get witnessCount(): number {
    return this.bytes[3] as number;
  }

  get witnesses(): readonly Witness[] {
    return this.#read().witnesses;
  }

  #read(): TransferParts {
    this.#parts ??= readParts(this.bytes);
    return this.#parts;
  }
}

/**
 * The object of a transfer that a scan has passed over (`transferEnd`), which has checked all that the reader of
 * transactions would: so nothing is checked again, and the id is given, because a batch of them was hashed at once.
 *
 * @param start - offset of the transfer in bytes
 * @param end - where it ends
 * @returns what `readTransaction` gives, with its own copy of the bytes. Its parts are read when they are first asked
 *   for, and are no properties of its own: spread them one by one
 */
export function readTransfer(bytes: Uint8Array, start: number, end: number, txid: Hash): Transaction {
  return new LazyTransfer(bytes.slice(start, end), txid);
}

function readParts(bytes: Uint8Array): TransferParts {
  const words = wordsOf(bytes);
  const head = words[0] as number;
  const inputs: Outpoint[] = [];
  const outputs: Output[] = [];
  const witnesses: Witness[] = [];
  const outputsAt = TRANSACTION_HEAD_WORDS + ((head >>> 8) & 0xff) * OUTPOINT_WORDS;
  const witnessesAt = outputsAt + ((head >>> 16) & 0xff) * OUTPUT_WORDS;
  for (let input = TRANSACTION_HEAD_WORDS; input < outputsAt; input += OUTPOINT_WORDS) {
    const txid = bytes.subarray(4 * input, 4 * input + 32);
    inputs.push({ txid, index: (words[input + 8] as number) >>> 0 });
  }
  for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
    const address = bytes.subarray(4 * output + 16, 4 * output + 48);
    outputs.push({ asset: u53(words, output), amount: u53(words, output + 2) as Amount, address });
  }
  for (let witness = 4 * witnessesAt; witness < bytes.length; witness += 4 * KEY_WITNESS_WORDS) {
    const publicKey = bytes.subarray(witness + WITNESS_KEY, witness + WITNESS_SIGNATURE);
    const signature = bytes.subarray(witness + WITNESS_SIGNATURE, witness + 4 * KEY_WITNESS_WORDS);
    witnesses.push({
      lock: { kind: 'key', publicKey },
      path: 0,
      signers: FIRST_SIGNER,
      signatures: [signature],
      preimage: undefined,
    });
  }
  return { inputs, outputs, witnesses };
}

function u53(words: Int32Array, at: number): number {
  return ((words[at] as number) >>> 0) + (words[at + 1] as number) * 0x1_0000_0000;
}
