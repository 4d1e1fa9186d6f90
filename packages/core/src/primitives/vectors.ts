import { sha256 } from '@noble/hashes/sha2.js';
import { AMOUNT_MAX, type Amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { Writer } from '../codec/writer.ts';
import { merkleProof } from '../crypto/merkle.ts';
import { publicKeyOf, sign } from '../crypto/signature.ts';
import type { Action } from './action.ts';
import { addressOf, formatAddress, keyAddress } from './address.ts';
import { createBlock, transactionRoot } from './block.ts';
import { encodeHeader, type Header, headerId, sealHash } from './header.ts';
import { type Lock, spendPaths, writeLock } from './lock.ts';
import type { KeyLock } from './locks/key.ts';
import { sortKeys } from './locks/key-set.ts';
import type { MultisigLock } from './locks/multisig.ts';
import type { Output } from './output.ts';
import { encodeReceipts, type Receipt, receiptRoot } from './receipt.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  type TransactionBody,
  transactionId,
  transactionLeaf,
} from './transaction.ts';
import { encodeValidatorSet, quorumWeight, sortValidators, totalWeight } from './validator-set.ts';
import type { Witness } from './witness.ts';

/** The chain of all these vectors. */
const CHAIN_ID = fromHex('c1'.repeat(32));

/** The secret seed of key i is the byte i, 32 times. */
const seed = (i: number) => new Uint8Array(32).fill(i);
const key = (i: number) => publicKeyOf(seed(i));

/** The secret of the htlc. */
const PREIMAGE = fromHex('aa'.repeat(32));

const keyLock: KeyLock = { kind: 'key', publicKey: key(1) };
const multisig: MultisigLock = {
  kind: 'multisig',
  threshold: 2,
  publicKeys: sortKeys([key(1), key(2), key(3)]),
};

/** One lock of each kind and variant. */
const LOCKS: readonly { readonly name: string; readonly lock: Lock }[] = [
  { name: 'key', lock: keyLock },
  { name: 'multisig 2 of 3', lock: multisig },
  {
    name: 'timelock by height over a key',
    lock: { kind: 'timelock', unit: 'height', from: 1000, inner: keyLock },
  },
  {
    name: 'timelock by time over a multisig',
    lock: { kind: 'timelock', unit: 'timeMs', from: 1_767_225_600_000, inner: multisig },
  },
  {
    name: 'htlc',
    lock: { kind: 'htlc', sha256: sha256(PREIMAGE), receiver: key(4), sender: key(5), refundHeight: 2000 },
  },
  {
    name: 'recoverable, 1 of 2 guardians',
    lock: {
      kind: 'recoverable',
      owner: key(6),
      threshold: 1,
      guardians: sortKeys([key(7), key(8)]),
      restBlocks: 144,
    },
  },
];

/** Each kind of lock with its bytes and its address on three networks. */
export function lockVectors() {
  return LOCKS.map(({ name, lock }) => {
    const writer = new Writer();
    writeLock(writer, lock);
    const address = addressOf(lock);
    const texts = ['cal', 'tcal', 'dcal'].map((prefix) => formatAddress(address, prefix));
    return { name, lock: plain(lock), bytes: toHex(writer.finish()), address: toHex(address), texts };
  });
}

/** A transaction for each way to open each lock, one that uses every field, and the shortest one. */
export function transactionVectors() {
  return {
    chainId: toHex(CHAIN_ID),
    transactions: [...pathTransactions(), ...shapeTransactions()].map(describe),
  };
}

/** A block of three transactions: its header, roots, and the proof of each transaction. */
export function blockVectors() {
  const transactions = shapeTransactions().map(({ transaction }) => transaction);
  const header = sealed(headerOf(transactions));
  const block = createBlock(header, transactions);
  const leaves = transactions.map(transactionLeaf);
  return {
    chainId: toHex(CHAIN_ID),
    header: plain(header),
    headerBytes: toHex(encodeHeader(header)),
    sealHash: toHex(sealHash(header)),
    id: toHex(headerId(header)),
    bytes: toHex(block.bytes),
    txids: transactions.map(({ txid }) => toHex(txid)),
    leaves: leaves.map(toHex),
    proofs: leaves.map((_, i) => merkleProof(leaves, i).siblings.map(toHex)),
    genesisBytes: toHex(createBlock({ ...header, height: 0, seal: new Uint8Array(0) }, []).bytes),
  };
}

/** The receipts of a block with the root over them. */
export function receiptVectors() {
  const receipts = shapeTransactions().map(({ transaction: { txid } }, i): Receipt => {
    return { txid, gasUsed: 848 * i, fee: (10_000 * i) as Amount, burned: (8480 * i) as Amount };
  });
  return {
    receipts: receipts.map(plain),
    bytes: toHex(encodeReceipts(receipts)),
    root: toHex(receiptRoot(receipts)),
    emptyRoot: toHex(receiptRoot([])),
  };
}

/** Sets of validators with the weight that a quorum needs. */
export function validatorSetVectors() {
  const sets = [[1], [1, 1, 1], [1, 1, 1, 1], [40, 30, 20, 10], [AMOUNT_MAX - 2, 1, 1]];
  return sets.map((weights, epoch) => {
    const members = sortValidators(weights.map((weight, i) => ({ publicKey: key(i + 1), weight })));
    const set = { epoch, members, seed: new Uint8Array(32).fill(0xe0 + epoch) };
    return {
      set: plain(set),
      bytes: toHex(encodeValidatorSet(set)),
      totalWeight: totalWeight(set),
      quorumWeight: quorumWeight(set),
    };
  });
}

interface NamedTransaction {
  readonly name: string;
  readonly transaction: Transaction;
}

function pathTransactions(): NamedTransaction[] {
  return LOCKS.flatMap(({ name, lock }) =>
    spendPaths(lock).map((_, path) => ({
      name: `${name}, path ${path}`,
      transaction: signed({ ...EMPTY, inputs: [input(9, 0)], outputs: [output(1)] }, [{ lock, path }]),
    })),
  );
}

/** A reward, a transfer and one with two owners, an issued asset and actions. */
function shapeTransactions(): NamedTransaction[] {
  const actions: readonly Action[] = [
    { tag: 1, body: fromHex('') },
    { tag: 255, body: fromHex('0102030405') },
  ];
  return [
    { name: 'reward', transaction: signed({ ...EMPTY, expiryHeight: 7, outputs: [output(40_000_000)] }, []) },
    {
      name: 'transfer',
      transaction: signed({ ...EMPTY, inputs: [input(1, 0)], outputs: [output(5), output(6)] }, [
        { lock: keyLock, path: 0 },
      ]),
    },
    {
      name: 'everything',
      transaction: signed(
        {
          expiryHeight: 0xffff_ffff,
          inputs: [input(1, 1), input(2, 0xffff_ffff)],
          outputs: [
            output(AMOUNT_MAX),
            { asset: AMOUNT_MAX, amount: 1 as Amount, address: keyAddress(key(2)) },
          ],
          actions,
        },
        [
          { lock: keyLock, path: 0 },
          { lock: multisig, path: 0 },
        ],
      ),
    },
  ];
}

const EMPTY = { expiryHeight: 0, inputs: [], outputs: [], actions: [] } as const;

function input(byte: number, index: number) {
  return { txid: new Uint8Array(32).fill(byte), index };
}

function output(amount: number): Output {
  return { asset: 0, amount: amount as Amount, address: keyAddress(key(2)) };
}

function signed(
  fields: Omit<TransactionBody, 'witnessCount'>,
  owners: readonly { readonly lock: Lock; readonly path: number }[],
): Transaction {
  const body = { ...fields, witnessCount: owners.length };
  const txid = transactionId(encodeBody(body), CHAIN_ID);
  return createTransaction(
    body,
    owners.map(({ lock, path }) => witness(lock, path, txid)),
    CHAIN_ID,
  );
}

/** Opens a path with the last keys that suffice, so that the bits of the signers are not all at the bottom. */
function witness(lock: Lock, path: number, txid: Uint8Array): Witness {
  const taken = spendPaths(lock)[path];
  assert(taken !== undefined, 'the path exists');
  const { publicKeys, threshold, condition } = taken;
  const signers = [...publicKeys.keys()].slice(publicKeys.length - threshold);
  const signatures = signers.map((signer) => sign(txid, seedOf(publicKeys[signer] as Uint8Array)));
  return { lock, path, signers, signatures, preimage: condition.kind === 'preimage' ? PREIMAGE : undefined };
}

function seedOf(publicKey: Uint8Array): Uint8Array {
  const found = [1, 2, 3, 4, 5, 6, 7, 8].find((i) => equalBytes(key(i), publicKey));
  assert(found !== undefined, 'the vectors use keys 1 to 8');
  return seed(found);
}

function headerOf(transactions: readonly Transaction[]): Header {
  return {
    version: 1,
    height: 7,
    parent: fromHex('d1'.repeat(32)),
    timeMs: 1_767_225_605_000,
    producer: keyAddress(key(1)),
    txRoot: transactionRoot(transactions),
    receiptRoot: fromHex('d2'.repeat(32)),
    stateRoot: fromHex('d3'.repeat(32)),
    gasUsed: 2544,
    baseFee: 10 as Amount,
    seal: new Uint8Array(0),
  };
}

function sealed(header: Header): Header {
  return { ...header, seal: sign(sealHash(header), seed(1)) };
}

function describe({ name, transaction }: NamedTransaction) {
  const { bytes, txid, witnesses, ...body } = transaction;
  return {
    name,
    body: plain(body),
    witnesses: witnesses.map(plain),
    bytes: toHex(bytes),
    txid: toHex(txid),
    leaf: toHex(transactionLeaf(transaction)),
  };
}

type Plain = null | string | number | boolean | readonly Plain[] | { readonly [name: string]: Plain };

/** A value as JSON, its bytes as hexadecimal; fields that are undefined are left out. */
function plain(value: unknown): Plain {
  if (value instanceof Uint8Array) return toHex(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value as Plain;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, plain(field)]));
}
