import fc from 'fast-check';
import { AMOUNT_MAX, type Amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Action } from './action.ts';
import { type Block, createBlock, transactionRoot } from './block.ts';
import type { Header } from './header.ts';
import { LOCK_KEYS_MAX } from './limits.ts';
import { type Lock, spendPaths } from './lock.ts';
import type { HtlcLock } from './locks/htlc.ts';
import type { KeyLock } from './locks/key.ts';
import { sortKeys } from './locks/key-set.ts';
import type { MultisigLock } from './locks/multisig.ts';
import type { RecoverableLock } from './locks/recoverable.ts';
import type { TimelockLock } from './locks/timelock.ts';
import type { Outpoint } from './outpoint.ts';
import type { Output } from './output.ts';
import type { Receipt } from './receipt.ts';
import { createTransaction, type Transaction, type TransactionBody } from './transaction.ts';
import { sortValidators, type ValidatorSet } from './validator-set.ts';
import type { Witness } from './witness.ts';

/** Exactly `length` bytes. */
function arbitraryBytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

/** Like fast-check's `record`, with the prototype that an object literal has: deepEqual compares it. */
function record<T>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record<T>(fields, { noNullPrototype: true }) as fc.Arbitrary<T>;
}

/** 32 bytes: a hash, an address, or a public key whose signatures nobody checks. */
const arbitraryHash = arbitraryBytes(32);

/** Any u32, the ends as often as the middle. */
const arbitraryU32 = fc.oneof(fc.constantFrom(0, 1, 0xffff_ffff), fc.nat({ max: 0xffff_ffff }));

/** Any amount, the ends as often as the middle. */
const arbitraryAmount: fc.Arbitrary<Amount> = fc
  .oneof(fc.constantFrom(0, 1, 2 ** 32, AMOUNT_MAX), fc.maxSafeNat())
  .map((value) => value as Amount);

/** 1 to 16 keys in the order of a set, with a threshold that they can reach. */
const arbitraryKeySet = fc
  .uniqueArray(arbitraryHash, { minLength: 1, maxLength: LOCK_KEYS_MAX, selector: toHex })
  .chain((keys) =>
    record({
      publicKeys: fc.constant(sortKeys(keys)),
      threshold: fc.integer({ min: 1, max: keys.length }),
    }),
  );

/** A lock of one key. */
const arbitraryKeyLock: fc.Arbitrary<KeyLock> = arbitraryHash.map((publicKey) => ({
  kind: 'key',
  publicKey,
}));

/** A k-of-n lock. */
const arbitraryMultisigLock: fc.Arbitrary<MultisigLock> = arbitraryKeySet.map((keySet) => ({
  kind: 'multisig',
  ...keySet,
}));

/** A timelock over a key or a multisig. */
const arbitraryTimelockLock: fc.Arbitrary<TimelockLock> = record({
  kind: fc.constant('timelock' as const),
  unit: fc.constantFrom('height' as const, 'timeMs' as const),
  from: arbitraryAmount,
  inner: fc.oneof(arbitraryKeyLock, arbitraryMultisigLock),
});

/** An htlc; its SHA-256 is of nothing known. */
const arbitraryHtlcLock: fc.Arbitrary<HtlcLock> = record({
  kind: fc.constant('htlc' as const),
  sha256: arbitraryHash,
  receiver: arbitraryHash,
  sender: arbitraryHash,
  refundHeight: arbitraryU32,
});

/** A recoverable lock. */
const arbitraryRecoverableLock: fc.Arbitrary<RecoverableLock> = fc
  .tuple(arbitraryHash, arbitraryKeySet, arbitraryU32)
  .map(([owner, { publicKeys, threshold }, restBlocks]) => ({
    kind: 'recoverable',
    owner,
    threshold,
    guardians: publicKeys,
    restBlocks,
  }));

/** A lock of any kind. */
export const arbitraryLock: fc.Arbitrary<Lock> = fc.oneof(
  arbitraryKeyLock,
  arbitraryMultisigLock,
  arbitraryTimelockLock,
  arbitraryHtlcLock,
  arbitraryRecoverableLock,
);

/** A witness of any kind and path, well-formed; its signatures are random bytes. */
export const arbitraryWitness: fc.Arbitrary<Witness> = arbitraryLock.chain((lock) => {
  const paths = spendPaths(lock);
  return fc.nat({ max: paths.length - 1 }).chain((path) => arbitraryPathWitness(lock, path));
});

/** A witness of one path of a lock. */
function arbitraryPathWitness(lock: Lock, path: number): fc.Arbitrary<Witness> {
  const taken = spendPaths(lock)[path];
  if (taken === undefined) throw new Error(`a ${lock.kind} lock has no path ${path}`);
  const { publicKeys, threshold, condition } = taken;
  return record({
    lock: fc.constant(lock),
    path: fc.constant(path),
    signers: fc.subarray([...publicKeys.keys()], { minLength: threshold, maxLength: threshold }),
    signatures: fc.array(arbitraryBytes(64), { minLength: threshold, maxLength: threshold }),
    preimage: condition.kind === 'preimage' ? arbitraryHash : fc.constant(undefined),
  });
}

/** A reference to any output. */
export const arbitraryOutpoint: fc.Arbitrary<Outpoint> = record({
  txid: arbitraryHash,
  index: arbitraryU32,
});

/** An output of any asset; its amount may be 0, which the ledger refuses. */
export const arbitraryOutput: fc.Arbitrary<Output> = record({
  asset: fc.oneof(fc.constant(0), fc.maxSafeNat()),
  amount: arbitraryAmount,
  address: arbitraryHash,
});

/** An action of any tag with up to 40 bytes. */
export const arbitraryAction: fc.Arbitrary<Action> = record({
  tag: fc.nat({ max: 0xff }),
  body: fc.uint8Array({ maxLength: 40 }),
});

/** A transaction of up to four inputs, outputs, actions and witnesses. Well-formed, not valid. */
export function arbitraryTransaction(chainId: Hash): fc.Arbitrary<Transaction> {
  const body = record({
    expiryHeight: arbitraryU32,
    inputs: fc.array(arbitraryOutpoint, { maxLength: 4 }),
    outputs: fc.array(arbitraryOutput, { maxLength: 4 }),
    actions: fc.array(arbitraryAction, { maxLength: 4 }),
  });
  return fc.tuple(body, fc.array(arbitraryWitness, { maxLength: 4 })).map(([fields, witnesses]) => {
    const full: TransactionBody = { ...fields, witnessCount: witnesses.length };
    return createTransaction(full, witnesses, chainId);
  });
}

/** A transaction with at least one input and one witness, as every one but the reward has. */
function arbitrarySpend(chainId: Hash): fc.Arbitrary<Transaction> {
  return arbitraryTransaction(chainId).filter(
    ({ inputs, witnesses }) => inputs.length > 0 && witnesses.length > 0,
  );
}

/** A transaction that spends by key locks alone and does nothing else, of up to four inputs, outputs and witnesses. */
export function arbitraryTransfer(chainId: Hash): fc.Arbitrary<Transaction> {
  const body = record({
    expiryHeight: arbitraryU32,
    inputs: fc.array(arbitraryOutpoint, { minLength: 1, maxLength: 4 }),
    outputs: fc.array(arbitraryOutput, { minLength: 1, maxLength: 4 }),
  });
  const witness = arbitraryKeyLock.chain((lock) => arbitraryPathWitness(lock, 0));
  return fc
    .tuple(body, fc.array(witness, { minLength: 1, maxLength: 4 }))
    .map(([fields, witnesses]) =>
      createTransaction({ ...fields, actions: [], witnessCount: witnesses.length }, witnesses, chainId),
    );
}

/** A header with a seal of up to 100 bytes; its roots are random. */
export const arbitraryHeader: fc.Arbitrary<Header> = record({
  version: fc.constant(1),
  height: arbitraryU32,
  parent: arbitraryHash,
  timeMs: arbitraryAmount,
  producer: arbitraryHash,
  txRoot: arbitraryHash,
  receiptRoot: arbitraryHash,
  stateRoot: arbitraryHash,
  gasUsed: fc.maxSafeNat(),
  baseFee: arbitraryAmount,
  seal: fc.uint8Array({ maxLength: 100 }),
});

/** A block of up to four transactions under their root. Well-formed, not valid. */
export function arbitraryBlock(chainId: Hash): fc.Arbitrary<Block> {
  const transactions = fc
    .tuple(arbitraryTransaction(chainId), fc.array(arbitrarySpend(chainId), { maxLength: 3 }))
    .map(([first, rest]) => [first, ...rest]);
  return fc
    .tuple(arbitraryHeader, fc.oneof({ arbitrary: transactions, weight: 5 }, fc.constant([])))
    .map(([header, list]) => createBlock({ ...header, txRoot: transactionRoot(list) }, list));
}

/** A receipt of any numbers. */
export const arbitraryReceipt: fc.Arbitrary<Receipt> = record({
  txid: arbitraryHash,
  gasUsed: fc.maxSafeNat(),
  fee: arbitraryAmount,
  burned: arbitraryAmount,
});

/** A validator set of up to eight members; their weights are small, or so large that their sum just fits. */
export const arbitraryValidatorSet: fc.Arbitrary<ValidatorSet> = fc
  .uniqueArray(arbitraryHash, { minLength: 1, maxLength: 8, selector: toHex })
  .chain((keys) => {
    const weightMax = Math.floor(AMOUNT_MAX / keys.length);
    const weight = fc.oneof(fc.constantFrom(1, weightMax), fc.integer({ min: 1, max: weightMax }));
    const members = fc
      .tuple(...keys.map((publicKey) => record({ publicKey: fc.constant(publicKey), weight })))
      .map(sortValidators);
    return record({ epoch: arbitraryU32, members, seed: arbitraryHash });
  });
