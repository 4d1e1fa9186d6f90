import { assert } from '../base/assert.ts';
import type { Reader } from '../codec/reader.ts';
import type { Hash } from '../crypto/hash.ts';
import { OUTPOINT_BYTES } from './outpoint.ts';
import { OUTPUT_BYTES } from './output.ts';
import { readTransaction, TRANSACTION_HEAD_BYTES, type Transaction } from './transaction.ts';
import { WITNESS_BYTES_MIN } from './witness.ts';

/** Words of 32 bits before the inputs of a transaction. */
export const TRANSACTION_HEAD_WORDS: number = TRANSACTION_HEAD_BYTES / 4;
/** Words of an outpoint: the txid, then the index. */
export const OUTPOINT_WORDS: number = OUTPOINT_BYTES / 4;
/** Words of an output: asset 2, amount 2, address 8. */
export const OUTPUT_WORDS: number = OUTPUT_BYTES / 4;
/** Words of the witness of a key lock: head, tag of the lock, public key 8, signature 16. */
export const KEY_WITNESS_WORDS: number = WITNESS_BYTES_MIN / 4;
/** Bytes of a key lock, which is what its address is the hash of. */
const KEY_LOCK_BYTES = 36;

/** The version of a transfer, as in transaction.ts. */
const VERSION = 1;
/** A witness that takes path 0 and carries the signature of key 0 alone, as a word. */
const FIRST_KEY_SIGNS = 0x0001_0000;
/** The tag of a key lock with its three zeros, as a word. */
const KEY_LOCK = 1;
/** Bits of the upper word of a u64 that must be zero in a number up to 2^53 − 1. */
const ABOVE_U53 = ~0x1f_ffff;

/** Where the parts of transactions lie that stand end to end. Offsets in bytes unless they say words. */
export interface TransactionColumns {
  readonly count: number;
  /** `count` + 1: where each starts, and where the last one ends. */
  readonly offsets: Uint32Array;
  /** Where the witnesses of each start. */
  readonly bodyEnds: Uint32Array;
  /** 1 for each transfer ({@link transferEnd}). */
  readonly isTransfer: Uint8Array;
  /** `count` + 1: position in `outpoints` of the first input of each. */
  readonly inputStarts: Uint32Array;
  /** Offset of every input, in words. */
  readonly outpoints: Uint32Array;
  /** `count` + 1: position in `locks` of the first witness of each; only transfers have any there. */
  readonly witnessStarts: Uint32Array;
  /** Offset and length of the lock of every witness of every transfer. */
  readonly locks: Uint32Array;
  /** Those that are not transfers, by their position. */
  readonly others: ReadonlyMap<number, Transaction>;
}

/** Transactions that were put together, as those know them who did. */
export interface JoinedTransactions {
  /** The bytes of each. */
  readonly parts: readonly Uint8Array[];
  /** Their leaves, 32 bytes each. */
  readonly leaves: Uint8Array;
  /** The object of a transaction that is here already, with these very bytes. */
  transaction(place: number): Transaction | undefined;
}

/**
 * Notes where the parts of the next `count` transactions lie. A transfer is passed over in words; anything else is read
 * once, to find its end. On a fault the reader has it, as if {@link readTransaction} had read them all.
 *
 * @param reader - stands at the first transaction, at a multiple of 4
 * @param words - the bytes of the reader
 * @param joined - where the bytes were put together from parts; each transaction must then be one of them, no more and
 *   no less, or there are no columns
 */
export function scanTransactions(
  reader: Reader,
  words: Int32Array,
  count: number,
  chainId: Hash,
  joined?: JoinedTransactions,
): TransactionColumns | undefined {
  const columns = new ColumnWriter(words, count, reader.left);
  for (let i = 0; i < count; i++) {
    const start = reader.offset;
    const end = transferEnd(words, start / 4);
    if (end >= 0) {
      reader.offset = end * 4;
      columns.addTransfer(i, start / 4, end);
    } else {
      const other = joined?.transaction(i);
      if (other !== undefined) reader.offset += other.bytes.length;
      const read = other ?? readTransaction(reader, chainId);
      if (reader.failure !== undefined) return undefined;
      columns.addOther(i, start / 4, read);
    }
    if (joined !== undefined && reader.offset - start !== joined.parts[i]?.length) return undefined;
  }
  return columns.finish(reader.offset);
}

/**
 * The end, in words, of the transfer that starts at word `at`, or −1 when something else stands there. A transfer is
 * a canonical transaction of version 1 with at least one input, output and witness, without actions, whose witnesses
 * all open a key lock. What is not one may still be a transaction: that is for {@link readTransaction} to say.
 */
function transferEnd(words: Int32Array, at: number): number {
  if (at + TRANSACTION_HEAD_WORDS > words.length) return -1;
  const head = words[at] as number;
  const inputs = (head >>> 8) & 0xff;
  const outputs = (head >>> 16) & 0xff;
  const witnesses = head >>> 24;
  if ((head & 0xff) !== VERSION || inputs === 0 || outputs === 0 || witnesses === 0) return -1;
  if (words[at + 2] !== 0) return -1;
  const outputsAt = at + TRANSACTION_HEAD_WORDS + inputs * OUTPOINT_WORDS;
  const witnessesAt = outputsAt + outputs * OUTPUT_WORDS;
  const end = witnessesAt + witnesses * KEY_WITNESS_WORDS;
  if (end > words.length) return -1;
  for (let output = outputsAt; output < witnessesAt; output += OUTPUT_WORDS) {
    if ((((words[output + 1] as number) | (words[output + 3] as number)) & ABOVE_U53) !== 0) return -1;
  }
  for (let witness = witnessesAt; witness < end; witness += KEY_WITNESS_WORDS) {
    if (words[witness] !== FIRST_KEY_SIGNS || words[witness + 1] !== KEY_LOCK) return -1;
  }
  return end;
}

/** Fills the columns, transaction by transaction. */
class ColumnWriter {
  readonly #words: Int32Array;
  readonly #count: number;
  readonly #offsets: Uint32Array;
  readonly #bodyEnds: Uint32Array;
  readonly #isTransfer: Uint8Array;
  readonly #inputStarts: Uint32Array;
  readonly #outpoints: Uint32Array;
  readonly #witnessStarts: Uint32Array;
  readonly #locks: Uint32Array;
  readonly #others = new Map<number, Transaction>();
  #inputs = 0;
  #witnesses = 0;

  constructor(words: Int32Array, count: number, bytesLeft: number) {
    this.#words = words;
    this.#count = count;
    this.#offsets = new Uint32Array(count + 1);
    this.#bodyEnds = new Uint32Array(count);
    this.#isTransfer = new Uint8Array(count);
    this.#inputStarts = new Uint32Array(count + 1);
    this.#witnessStarts = new Uint32Array(count + 1);
    // As many as could stand in the bytes; what is not written to takes no memory of its own.
    this.#outpoints = new Uint32Array(Math.floor(bytesLeft / OUTPOINT_BYTES));
    this.#locks = new Uint32Array(2 * Math.floor(bytesLeft / WITNESS_BYTES_MIN));
  }

  addTransfer(i: number, start: number, end: number): void {
    const witnessesAt = this.#addBody(i, start, 0);
    this.#isTransfer[i] = 1;
    for (let witness = witnessesAt; witness < end; witness += KEY_WITNESS_WORDS) {
      const lock = 2 * this.#witnesses++;
      this.#locks[lock] = (witness + 1) * 4;
      this.#locks[lock + 1] = KEY_LOCK_BYTES;
    }
  }

  addOther(i: number, start: number, other: Transaction): void {
    this.#addBody(i, start, this.#words[start + 2] as number);
    this.#others.set(i, other);
  }

  /** Every part of a transaction is a multiple of 4 bytes long, so the next one starts at a whole word too. */
  finish(end: number): TransactionColumns {
    assert(end % 4 === 0, 'transactions end at a whole word');
    this.#offsets[this.#count] = end;
    this.#inputStarts[this.#count] = this.#inputs;
    this.#witnessStarts[this.#count] = this.#witnesses;
    return {
      count: this.#count,
      offsets: this.#offsets,
      bodyEnds: this.#bodyEnds,
      isTransfer: this.#isTransfer,
      inputStarts: this.#inputStarts,
      outpoints: this.#outpoints.subarray(0, this.#inputs),
      witnessStarts: this.#witnessStarts,
      locks: this.#locks.subarray(0, 2 * this.#witnesses),
      others: this.#others,
    };
  }

  /** Returns where the witnesses start, in words. */
  #addBody(i: number, start: number, actionBytes: number): number {
    const head = this.#words[start] as number;
    this.#offsets[i] = start * 4;
    this.#inputStarts[i] = this.#inputs;
    this.#witnessStarts[i] = this.#witnesses;
    const inputsAt = start + TRANSACTION_HEAD_WORDS;
    const outputsAt = inputsAt + ((head >>> 8) & 0xff) * OUTPOINT_WORDS;
    for (let input = inputsAt; input < outputsAt; input += OUTPOINT_WORDS) {
      this.#outpoints[this.#inputs++] = input;
    }
    const witnessesAt = outputsAt + ((head >>> 16) & 0xff) * OUTPUT_WORDS + actionBytes / 4;
    this.#bodyEnds[i] = witnessesAt * 4;
    return witnessesAt;
  }
}
