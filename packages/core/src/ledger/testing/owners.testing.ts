import { sha256 } from '@noble/hashes/sha2.js';
import { assert } from '../../base/assert.ts';
import { compareBytes } from '../../base/bytes.ts';
import { hash } from '../../crypto/hash.ts';
import { type PublicKey, publicKeyOf, type SecretKey, type Signature, sign } from '../../crypto/signature.ts';
import { type Address, addressOf } from '../../primitives/address.ts';
import { type Lock, spendPaths } from '../../primitives/lock.ts';
import { HTLC_CLAIM, HTLC_REFUND } from '../../primitives/locks/htlc.ts';
import { RECOVERABLE_GUARDIANS, RECOVERABLE_OWNER } from '../../primitives/locks/recoverable.ts';
import type { SpendPath } from '../../primitives/locks/spend-path.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  type TransactionBody,
  transactionId,
} from '../../primitives/transaction.ts';
import type { Witness } from '../../primitives/witness.ts';

/** A key that only depends on its number, with the address of its key lock. Worth nothing anywhere else. */
export interface TestKey {
  readonly secretKey: SecretKey;
  readonly publicKey: PublicKey;
  readonly address: Address;
}

const keys = new Map<number, TestKey>();

/** Test key `n`, from 0 to 255; made once, because a public key costs a multiplication on the curve. */
export function testKey(n: number): TestKey {
  let key = keys.get(n);
  if (key === undefined) {
    const secretKey = hash('seal', Uint8Array.of(n));
    const publicKey = publicKeyOf(secretKey);
    key = { secretKey, publicKey, address: addressOf({ kind: 'key', publicKey }) };
    keys.set(n, key);
  }
  return key;
}

/** One way to open one lock, with everything a witness needs. */
export interface Opening {
  readonly lock: Lock;
  readonly path: number;
  /** Who signs, one of each distinct key of the path; as many as its threshold. */
  readonly signers: readonly TestKey[];
  readonly preimage?: Uint8Array | undefined;
}

/** Somebody with an address, and every way to spend from it. */
export interface Owner {
  /** What the owner is there to test. */
  readonly name: string;
  readonly address: Address;
  readonly openings: readonly [Opening, ...Opening[]];
}

/** The way of spending that an opening takes. */
export function pathOf({ lock, path }: Opening): SpendPath {
  const taken = spendPaths(lock)[path];
  assert(taken !== undefined, 'an opening names a path of its lock');
  return taken;
}

/** Opens the key lock of a test key. */
export function keyOpening(key: TestKey): Opening {
  return { lock: { kind: 'key', publicKey: key.publicKey }, path: 0, signers: [key] };
}

/** The secret of every test HTLC. */
const TEST_PREIMAGE: Uint8Array = hash('seal', Uint8Array.of(0, 1));

function owner(name: string, lock: Lock, ...openings: readonly Omit<Opening, 'lock'>[]): Owner {
  const [first, ...more] = openings.map((opening): Opening => ({ lock, ...opening }));
  assert(first !== undefined, 'an owner can open its lock');
  return { name, address: addressOf(lock), openings: [first, ...more] };
}

const sorted = (...numbers: readonly number[]) =>
  numbers.map(testKey).toSorted((a, b) => compareBytes(a.publicKey, b.publicKey));

/**
 * Owners of every kind of lock, each with all its ways of spending. Conditions open a few blocks after the genesis
 * block, so that short histories meet both a lock that is shut and one that is open.
 *
 * @param genesisTimeMs - blocks are a second apart
 */
export function testOwners(genesisTimeMs: number): readonly Owner[] {
  const committee = sorted(4, 5, 6);
  const publicKeys = committee.map(({ publicKey }) => publicKey);
  const two = committee.slice(1);
  const multisig = { kind: 'multisig', threshold: 2, publicKeys } as const;
  const key = (n: number) => ({ kind: 'key', publicKey: testKey(n).publicKey }) as const;
  const simple = [0, 1, 2, 3].map((n) => owner(`key ${n}`, key(n), { path: 0, signers: [testKey(n)] }));
  return [
    ...simple,
    owner('multisig', multisig, { path: 0, signers: two }),
    owner(
      'timelock by height',
      { kind: 'timelock', unit: 'height', from: 3, inner: key(1) },
      { path: 0, signers: [testKey(1)] },
    ),
    owner(
      'timelock by time',
      { kind: 'timelock', unit: 'timeMs', from: genesisTimeMs + 3500, inner: multisig },
      { path: 0, signers: two },
    ),
    owner(
      'htlc',
      {
        kind: 'htlc',
        sha256: sha256(TEST_PREIMAGE),
        receiver: testKey(2).publicKey,
        sender: testKey(3).publicKey,
        refundHeight: 4,
      },
      { path: HTLC_CLAIM, signers: [testKey(2)], preimage: TEST_PREIMAGE },
      { path: HTLC_REFUND, signers: [testKey(3)] },
    ),
    owner(
      'recoverable',
      {
        kind: 'recoverable',
        owner: testKey(7).publicKey,
        threshold: 2,
        guardians: publicKeys,
        restBlocks: 2,
      },
      { path: RECOVERABLE_OWNER, signers: [testKey(7)] },
      { path: RECOVERABLE_GUARDIANS, signers: two },
    ),
  ];
}

/** Signs one txid with one key. */
export type Signer = (txid: Uint8Array, key: TestKey) => Signature;

/** Signatures that are valid. Half a millisecond each. */
export const signForReal: Signer = (txid, key) => sign(txid, key.secretKey);

const BLANK = new Uint8Array(64);

/** Zeros in the place of signatures, for tests that check none (SIGNATURES_CHECKED). */
export const signBlank: Signer = () => BLANK;

/** Joins a body with one witness for each opening, in the order given. */
export function signTransaction(
  body: Omit<TransactionBody, 'witnessCount'>,
  openings: readonly Opening[],
  chainId: Uint8Array,
  signer: Signer = signForReal,
): Transaction {
  const counted = { ...body, witnessCount: openings.length };
  const txid = transactionId(encodeBody(counted), chainId);
  const witnesses = openings.map((opening) => witnessOf(opening, txid, signer));
  return createTransaction(counted, witnesses, chainId);
}

function witnessOf(opening: Opening, txid: Uint8Array, signer: Signer): Witness {
  const { publicKeys } = pathOf(opening);
  const signers = opening.signers
    .map((key) => ({
      key,
      position: publicKeys.findIndex((known) => compareBytes(known, key.publicKey) === 0),
    }))
    .toSorted((a, b) => a.position - b.position);
  return {
    lock: opening.lock,
    path: opening.path,
    signers: signers.map(({ position }) => position),
    signatures: signers.map(({ key }) => signer(txid, key)),
    preimage: opening.preimage,
  };
}
