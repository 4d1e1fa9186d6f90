import type { Amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { compareBytes, equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { type PublicKey, type Signature, verifySignature } from '@calin/core/crypto/signature.ts';
import { addressOf } from '@calin/core/primitives/address.ts';
import type { AssetId } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  type TransactionBody,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import type { Witness } from '@calin/core/primitives/witness.ts';
import { sha256 } from '@noble/hashes/sha2.js';
import type { UnsignedTransaction } from './build-transaction.ts';
import { bytesName } from './bytes-name.ts';
import { type Opening, openingPath } from './opening.ts';
import { refuseWallet } from './rules.ts';

/**
 * A transaction on its way from signer to signer. A value: every function gives a new one. All its signatures are
 * valid and all its secrets fit; a signature covers the txid, so one of each key is enough, however many of its locks
 * it opens.
 */
export interface PartialTransaction {
  readonly chainId: Hash;
  readonly body: TransactionBody;
  /** What the inputs hold, as the maker says. Nothing signs it: who does not trust the maker asks a node. */
  readonly coins: readonly ClaimedCoin[];
  /** One for each witness, in their order. */
  readonly openings: readonly Opening[];
  /** At most one of each key, by ascending key. */
  readonly signatures: readonly KeySignature[];
}

/** What a coin holds, as somebody says. */
export interface ClaimedCoin {
  readonly asset: AssetId;
  readonly amount: Amount;
}

/** A signature over the txid. */
export interface KeySignature {
  readonly publicKey: PublicKey;
  readonly signature: Signature;
}

/** What one witness still needs. */
export interface MissingPart {
  /** Position of the witness. */
  readonly witness: number;
  /** Signatures that are missing; 0 when only the secret is. */
  readonly signatures: number;
  /** Keys that could make them. */
  readonly publicKeys: readonly PublicKey[];
  readonly preimage: boolean;
}

/** A partially signed transaction without signatures. */
export function createPartial(unsigned: UnsignedTransaction, chainId: Hash): PartialTransaction {
  const { body, openings, inputs } = unsigned;
  const coins = inputs.map(({ asset, amount }) => ({ asset, amount }));
  return { chainId, body, coins, openings, signatures: [] };
}

/** The txid: what every signature is made over. */
export function partialId({ body, chainId }: Pick<PartialTransaction, 'body' | 'chainId'>): Hash {
  return transactionId(encodeBody(body), chainId);
}

/** Adds a signature. Refuses by `wallet/unknown-key` or `wallet/signature-invalid`. */
export function addSignature(
  partial: PartialTransaction,
  { publicKey, signature }: KeySignature,
): Result<PartialTransaction> {
  const known = partial.openings.some((opening) => positionOf(opening, publicKey) >= 0);
  if (!known) return refuseWallet('wallet/unknown-key', { publicKey: toHex(publicKey) });
  const message = partialId(partial);
  if (!verifySignature({ publicKey, message, signature })) {
    return refuseWallet('wallet/signature-invalid', { publicKey: toHex(publicKey), txid: toHex(message) });
  }
  if (signatureOf(partial, publicKey) !== undefined) return ok(partial);
  const signatures = [...partial.signatures, { publicKey, signature }];
  return ok({
    ...partial,
    signatures: signatures.toSorted((a, b) => compareBytes(a.publicKey, b.publicKey)),
  });
}

/** Adds a secret to every hash lock that it opens. Refuses by `wallet/wrong-preimage` when there is none. */
export function addPreimage(partial: PartialTransaction, preimage: Uint8Array): Result<PartialTransaction> {
  const fits = partial.openings.map((opening) => checkPreimage({ ...opening, preimage }).ok);
  if (!fits.includes(true)) return refuseWallet('wallet/wrong-preimage', { got: toHex(sha256(preimage)) });
  const openings = partial.openings.map((opening, i) => (fits[i] ? { ...opening, preimage } : opening));
  return ok({ ...partial, openings });
}

/** Checks that an opening's secret, if it has one, is asked for and fits. */
export function checkPreimage(opening: Opening): Result<undefined> {
  const { preimage } = opening;
  const { condition } = openingPath(opening);
  if (preimage === undefined) return OK;
  const got = sha256(preimage);
  if (condition.kind === 'preimage' && preimage.length === 32 && equalBytes(got, condition.sha256)) return OK;
  return refuseWallet('wallet/wrong-preimage', { got: toHex(got) });
}

/** Joins two copies: the signatures and secrets of both. Refuses by `wallet/other-transaction`. */
export function combinePartials(a: PartialTransaction, b: PartialTransaction): Result<PartialTransaction> {
  const evidence = { got: toHex(partialId(b)), expected: toHex(partialId(a)) };
  const samePaths =
    a.openings.length === b.openings.length &&
    a.openings.every((opening, i) => isSameOpening(opening, b.openings[i] as Opening));
  if (evidence.got !== evidence.expected || !samePaths) {
    return refuseWallet('wallet/other-transaction', evidence);
  }
  const openings = a.openings.map((opening, i) => ({
    ...(b.openings[i] as Opening),
    ...withoutBlank(opening),
  }));
  let joined: PartialTransaction = { ...a, openings };
  for (const signature of b.signatures) {
    const added = addSignature(joined, signature);
    if (!added.ok) return added;
    joined = added.value;
  }
  return ok(joined);
}

/** What is missing before it can be finished; empty when nothing is. */
export function missingParts(partial: PartialTransaction): readonly MissingPart[] {
  const parts = partial.openings.map((opening, witness): MissingPart => {
    const { publicKeys, threshold, condition } = openingPath(opening);
    const open = publicKeys.filter((key) => signatureOf(partial, key) === undefined);
    const signatures = Math.max(0, threshold - (publicKeys.length - open.length));
    const preimage = condition.kind === 'preimage' && opening.preimage === undefined;
    return { witness, signatures, publicKeys: signatures > 0 ? open : [], preimage };
  });
  return parts.filter(({ signatures, preimage }) => signatures > 0 || preimage);
}

/**
 * The complete transaction. Where more keys have signed than a path asks for, the lowest positions are taken.
 * Refuses by `wallet/missing-signature` or `wallet/missing-preimage`.
 */
export function finalisePartial(partial: PartialTransaction): Result<Transaction> {
  const [missing] = missingParts(partial);
  if (missing !== undefined) {
    const { witness, signatures, publicKeys } = missing;
    if (signatures === 0) return refuseWallet('wallet/missing-preimage', { witness });
    const { threshold } = openingPath(partial.openings[witness] as Opening);
    const keys = publicKeys.map((key) => toHex(key)).join(' ');
    return refuseWallet('wallet/missing-signature', {
      witness,
      got: threshold - signatures,
      expected: threshold,
      keys,
    });
  }
  const witnesses = partial.openings.map((opening) => witnessOf(partial, opening));
  return ok(createTransaction(partial.body, witnesses, partial.chainId));
}

function witnessOf(partial: PartialTransaction, opening: Opening): Witness {
  const { publicKeys, threshold } = openingPath(opening);
  const signers: number[] = [];
  const signatures: Signature[] = [];
  for (const [position, key] of publicKeys.entries()) {
    const signature = signatureOf(partial, key);
    if (signature === undefined || signers.length === threshold) continue;
    signers.push(position);
    signatures.push(signature);
  }
  assert(signers.length === threshold, 'nothing is missing');
  return { lock: opening.lock, path: opening.path, signers, signatures, preimage: opening.preimage };
}

function signatureOf({ signatures }: PartialTransaction, wanted: PublicKey): Signature | undefined {
  return signatures.find(({ publicKey }) => equalBytes(publicKey, wanted))?.signature;
}

/** Position of a key among those of the path; −1 when it is none of them. */
function positionOf(opening: Opening, wanted: PublicKey): number {
  return openingPath(opening).publicKeys.findIndex((publicKey) => equalBytes(publicKey, wanted));
}

function isSameOpening(a: Opening, b: Opening): boolean {
  return a.path === b.path && bytesName(addressOf(a.lock)) === bytesName(addressOf(b.lock));
}

function withoutBlank({ lock, path, preimage }: Opening): Opening {
  return preimage === undefined ? { lock, path } : { lock, path, preimage };
}
