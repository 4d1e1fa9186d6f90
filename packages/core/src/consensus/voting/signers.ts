import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { OK, ok } from '../../base/result.ts';
import type { Reader } from '../../codec/reader.ts';
import type { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import {
  SIGNATURE_BYTES,
  type Signature,
  type SignatureCheck,
  type VerifySignature,
} from '../../crypto/signature.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { quorumWeight, type Validator, type ValidatorSet } from '../../primitives/validator-set.ts';
import { refuseVoting } from './rules.ts';

/**
 * Who of a set signed one message. Layout: number of members u32, a bit for each (member 0 is the lowest of the first
 * byte), zeros up to a multiple of 4, then the signatures in the order of the members.
 */
export interface Signers {
  /** Members of the set, signers or not. */
  readonly memberCount: number;
  /** Positions in the set, ascending. */
  readonly indices: readonly number[];
  /** One for each of `indices`. */
  readonly signatures: readonly Signature[];
}

/** Writes signers. */
export function writeSigners(writer: Writer, { memberCount, indices, signatures }: Signers): void {
  assert(indices.length === signatures.length, 'a signature for each signer');
  const bitmap = new Uint8Array(Math.ceil(memberCount / 8));
  for (const [i, index] of indices.entries()) {
    assert(index < memberCount && (i === 0 || index > (indices[i - 1] as number)), 'signers ascend');
    bitmap[index >>> 3] = (bitmap[index >>> 3] as number) | (1 << (index & 7));
  }
  const start = writer.length;
  writer.u32(memberCount).bytes(bitmap).pad4(start);
  for (const signature of signatures) writer.bytes(signature);
}

/** Reads signers; at most {@link VALIDATORS_MAX} members. */
export function readSigners(reader: Reader): Signers {
  const start = reader.offset;
  const memberCount = reader.u32();
  if (memberCount > VALIDATORS_MAX) {
    reader.fail('codec/limit', { field: 'members', got: memberCount, expected: VALIDATORS_MAX });
    return { memberCount: 0, indices: [], signatures: [] };
  }
  const bitmap = reader.take(Math.ceil(memberCount / 8));
  const indices: number[] = [];
  for (let index = 0; index < 8 * bitmap.length; index++) {
    if (((bitmap[index >>> 3] as number) & (1 << (index & 7))) !== 0) indices.push(index);
  }
  reader.canonical((indices.at(-1) ?? 0) < memberCount, 'only members have a bit');
  reader.pad4(start);
  const count = reader.count(indices.length, VALIDATORS_MAX, SIGNATURE_BYTES);
  const signatures = Array.from({ length: count }, () => reader.take(SIGNATURE_BYTES));
  return { memberCount, indices, signatures };
}

/**
 * The signatures that have to hold for a quorum of `set` to have signed `message`: for whoever checks many at a time.
 */
export function quorumChecks(
  { memberCount, indices, signatures }: Signers,
  set: ValidatorSet,
  message: Hash,
): Result<readonly SignatureCheck[]> {
  if (memberCount !== set.members.length) {
    return refuseVoting('consensus/vote-stranger', { got: memberCount, expected: set.members.length });
  }
  let weight = 0;
  const checks = indices.map((index, i): SignatureCheck => {
    const member = set.members[index] as Validator;
    weight += member.weight;
    return { publicKey: member.publicKey, message, signature: signatures[i] as Signature };
  });
  const quorum = quorumWeight(set);
  if (weight < quorum) return refuseVoting('consensus/certificate-weight', { got: weight, expected: quorum });
  return ok(checks);
}

/** Says whether a quorum of `set` signed `message`. */
export function verifyQuorum(
  signers: Signers,
  set: ValidatorSet,
  message: Hash,
  verify: VerifySignature,
): Result<undefined> {
  const checks = quorumChecks(signers, set, message);
  if (!checks.ok) return checks;
  const bad = checks.value.findIndex((check) => !verify(check));
  return bad < 0 ? OK : refuseVoting('consensus/vote-signature', { member: signers.indices[bad] as number });
}
