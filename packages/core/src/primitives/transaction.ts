import { assert } from '../base/assert.ts';
import { concatBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { refuseCodec } from '../codec/rules.ts';
import { Writer } from '../codec/writer.ts';
import { type Hash, hash, keyedHash } from '../crypto/hash.ts';
import { type Action, readActions, writeAction } from './action.ts';
import { ACTIONS_MAX, INPUTS_MAX, OUTPUTS_MAX, TRANSACTION_BYTES_MAX, WITNESSES_MAX } from './limits.ts';
import { OUTPOINT_BYTES, type Outpoint, readOutpoint, writeOutpoint } from './outpoint.ts';
import { OUTPUT_BYTES, type Output, readOutput, writeOutput } from './output.ts';
import { readWitness, WITNESS_BYTES_MIN, type Witness, writeWitness } from './witness.ts';

/** The only version there is. */
const TRANSACTION_VERSION = 1;

/** Bytes before the inputs. */
export const TRANSACTION_HEAD_BYTES = 12;

/** Bytes of the shortest transaction that spends a coin: head, one input, one witness. */
export const SPEND_BYTES_MIN = TRANSACTION_HEAD_BYTES + OUTPOINT_BYTES + WITNESS_BYTES_MIN;

/** What the signatures cover: everything but the witnesses. */
export interface TransactionBody {
  /** Last height at which a block may hold it; 0 = no expiry. The reward transaction carries its own height. */
  readonly expiryHeight: number;
  readonly inputs: readonly Outpoint[];
  readonly outputs: readonly Output[];
  readonly actions: readonly Action[];
  /** Witnesses that follow: one for each distinct address that must agree. */
  readonly witnessCount: number;
}

/**
 * A transaction with its bytes and ids. Layout: version u8, inputs u8, outputs u8, witnesses u8, expiryHeight u32,
 * actionBytes u32, inputs (36 each), outputs (48 each), actions, witnesses; every part 4-byte aligned.
 */
export interface Transaction extends TransactionBody {
  readonly witnesses: readonly Witness[];
  readonly bytes: Uint8Array;
  /** BLAKE3 of the body, keyed by the chain id: what is signed, so that no other chain can replay it. */
  readonly txid: Hash;
}

/** The bytes that are signed. */
export function encodeBody(body: TransactionBody): Uint8Array {
  assert(
    body.inputs.length <= INPUTS_MAX && body.outputs.length <= OUTPUTS_MAX,
    'too many inputs or outputs',
  );
  assert(
    body.witnessCount <= WITNESSES_MAX && body.actions.length <= ACTIONS_MAX,
    'too many witnesses or actions',
  );
  const actions = new Writer();
  for (const action of body.actions) writeAction(actions, action);
  const writer = new Writer();
  writer.u8(TRANSACTION_VERSION).u8(body.inputs.length).u8(body.outputs.length).u8(body.witnessCount);
  writer.u32(body.expiryHeight).u32(actions.length);
  for (const input of body.inputs) writeOutpoint(writer, input);
  for (const output of body.outputs) writeOutput(writer, output);
  return writer.bytes(actions.finish()).finish();
}

/** The id of a body on a chain; also the message of its signatures. */
export function transactionId(bodyBytes: Uint8Array, chainId: Hash): Hash {
  return keyedHash(chainId, bodyBytes);
}

/**
 * Joins a body with its witnesses.
 *
 * @throws AssertionError when {@link parseTransaction} would not give it back: too many parts, too many bytes,
 *   another number of witnesses than the body announces
 */
export function createTransaction(
  body: TransactionBody,
  witnesses: readonly Witness[],
  chainId: Hash,
): Transaction {
  assert(witnesses.length === body.witnessCount, 'as many witnesses as the body announces');
  const bodyBytes = encodeBody(body);
  const writer = new Writer();
  for (const witness of witnesses) writeWitness(writer, witness);
  const bytes = concatBytes(bodyBytes, writer.finish());
  assert(bytes.length <= TRANSACTION_BYTES_MAX, `${bytes.length} bytes in a transaction`);
  return { ...body, witnesses, bytes, txid: transactionId(bodyBytes, chainId) };
}

/** Reads exactly one transaction. */
export function parseTransaction(bytes: Uint8Array, chainId: Hash): Result<Transaction> {
  if (bytes.length > TRANSACTION_BYTES_MAX) {
    return refuseCodec('codec/limit', {
      field: 'transaction bytes',
      got: bytes.length,
      expected: TRANSACTION_BYTES_MAX,
    });
  }
  const reader = new Reader(bytes);
  return reader.finish(readTransaction(reader, chainId));
}

/** Reads the transaction that starts at the reader's offset; its bytes are a copy. */
export function readTransaction(reader: Reader, chainId: Hash): Transaction {
  const start = reader.offset;
  const body = readBody(reader);
  const bodyEnd = reader.offset;
  const witnesses = readList(reader, body.witnessCount, WITNESS_BYTES_MIN, readWitness);
  const got = reader.offset - start;
  if (got > TRANSACTION_BYTES_MAX)
    reader.fail('codec/limit', { field: 'transaction bytes', got, expected: TRANSACTION_BYTES_MAX });
  const bytes = reader.bytes.slice(start, reader.offset);
  const txid = transactionId(bytes.subarray(0, bodyEnd - start), chainId);
  return { ...body, witnesses, bytes, txid };
}

/** Reads what {@link encodeBody} wrote, as it stands before the witnesses. */
export function readBody(reader: Reader): TransactionBody {
  const version = reader.u8();
  if (version !== TRANSACTION_VERSION)
    reader.fail('codec/unknown-tag', { field: 'transaction version', got: version });
  const inputCount = reader.u8();
  const outputCount = reader.u8();
  const witnessCount = reader.u8();
  const expiryHeight = reader.u32();
  const actionBytes = reader.u32();
  const inputs = readList(reader, inputCount, OUTPOINT_BYTES, readOutpoint);
  const outputs = readList(reader, outputCount, OUTPUT_BYTES, readOutput);
  if (actionBytes > TRANSACTION_BYTES_MAX)
    reader.fail('codec/limit', { field: 'action bytes', got: actionBytes, expected: TRANSACTION_BYTES_MAX });
  const actions = readActions(reader, actionBytes);
  return { expiryHeight, inputs, outputs, actions, witnessCount };
}

/** The leaf of a transaction in the block's tree: over all its bytes, so that the block commits to the witnesses. */
export function transactionLeaf(transaction: Transaction): Hash {
  return hash('tx-leaf', transaction.bytes);
}

function readList<T>(
  reader: Reader,
  count: number,
  itemBytesMin: number,
  read: (reader: Reader) => T,
): readonly T[] {
  const items: T[] = [];
  const checked = reader.count(count, count, itemBytesMin);
  for (let i = 0; i < checked && reader.failure === undefined; i++) items.push(read(reader));
  return items;
}
