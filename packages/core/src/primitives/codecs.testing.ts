import fc from 'fast-check';
import { fromHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import type { Hash } from '../crypto/hash.ts';
import { type Action, readActions, writeAction } from './action.ts';
import {
  arbitraryAction,
  arbitraryBlock,
  arbitraryHeader,
  arbitraryLock,
  arbitraryOutpoint,
  arbitraryOutput,
  arbitraryReceipt,
  arbitraryTransaction,
  arbitraryValidatorSet,
  arbitraryWitness,
} from './arbitrary.testing.ts';
import { type Block, createBlock, parseBlock } from './block.ts';
import { encodeHeader, type Header, parseHeader } from './header.ts';
import { type Lock, readLock, writeLock } from './lock.ts';
import { type Outpoint, readOutpoint, writeOutpoint } from './outpoint.ts';
import { type Output, readOutput, writeOutput } from './output.ts';
import { encodeReceipts, parseReceipts, type Receipt } from './receipt.ts';
import { createTransaction, parseTransaction, type Transaction } from './transaction.ts';
import { encodeValidatorSet, parseValidatorSet, type ValidatorSet } from './validator-set.ts';
import { readWitness, type Witness, writeWitness } from './witness.ts';

/** The chain id of these tests. */
const TEST_CHAIN_ID: Hash = fromHex('c0'.repeat(32));

/** One encoding, seen from outside: what every one of them must do. */
export interface CodecUnderTest {
  readonly name: string;
  /** Values with the bytes that the encoder gives. */
  readonly samples: fc.Arbitrary<{ readonly value: unknown; readonly bytes: Uint8Array }>;
  parse(bytes: Uint8Array): Result<unknown>;
  /** Parses, then encodes the parts of the value anew, never copying the bytes that were read. */
  reencode(bytes: Uint8Array): Result<Uint8Array>;
}

/** Every encoding of primitives/. */
export const codecs: readonly CodecUnderTest[] = [
  codec<Lock>('lock', arbitraryLock, written(writeLock), read(readLock)),
  codec<Witness>('witness', arbitraryWitness, written(writeWitness), read(readWitness)),
  codec<Outpoint>('outpoint', arbitraryOutpoint, written(writeOutpoint), read(readOutpoint)),
  codec<Output>('output', arbitraryOutput, written(writeOutput), read(readOutput)),
  codec<readonly Action[]>(
    'actions',
    fc.array(arbitraryAction, { maxLength: 16 }),
    encodeActions,
    parseActions,
  ),
  codec<Transaction>('transaction', arbitraryTransaction(TEST_CHAIN_ID), encodeTransaction, (bytes) =>
    parseTransaction(bytes, TEST_CHAIN_ID),
  ),
  codec<Header>('header', arbitraryHeader, encodeHeader, parseHeader),
  codec<Block>('block', arbitraryBlock(TEST_CHAIN_ID), encodeBlock, (bytes) =>
    parseBlock(bytes, TEST_CHAIN_ID),
  ),
  codec<readonly Receipt[]>(
    'receipts',
    fc.array(arbitraryReceipt, { maxLength: 4 }),
    encodeReceipts,
    parseReceipts,
  ),
  codec<ValidatorSet>('validator set', arbitraryValidatorSet, encodeValidatorSet, parseValidatorSet),
];

function codec<T>(
  name: string,
  arbitrary: fc.Arbitrary<T>,
  encode: (value: T) => Uint8Array,
  parse: (bytes: Uint8Array) => Result<T>,
): CodecUnderTest {
  return {
    name,
    samples: arbitrary.map((value) => ({ value, bytes: encode(value) })),
    parse,
    reencode(bytes) {
      const parsed = parse(bytes);
      return parsed.ok ? ok(encode(parsed.value)) : parsed;
    },
  };
}

function written<T>(write: (writer: Writer, value: T) => void): (value: T) => Uint8Array {
  return (value) => {
    const writer = new Writer();
    write(writer, value);
    return writer.finish();
  };
}

function read<T>(readValue: (reader: Reader) => T): (bytes: Uint8Array) => Result<T> {
  return (bytes) => {
    const reader = new Reader(bytes);
    return reader.finish(readValue(reader));
  };
}

function encodeActions(actions: readonly Action[]): Uint8Array {
  const writer = new Writer();
  for (const action of actions) writeAction(writer, action);
  return writer.finish();
}

function parseActions(bytes: Uint8Array): Result<readonly Action[]> {
  const reader = new Reader(bytes);
  return reader.finish(readActions(reader, bytes.length));
}

function encodeTransaction(transaction: Transaction): Uint8Array {
  return createTransaction(transaction, transaction.witnesses, TEST_CHAIN_ID).bytes;
}

function encodeBlock({ header, transactions }: Block): Uint8Array {
  const anew = transactions.map((tx) => createTransaction(tx, tx.witnesses, TEST_CHAIN_ID));
  return createBlock(header, anew).bytes;
}
