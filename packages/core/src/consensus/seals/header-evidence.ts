import { compareBytes, concatBytes, equalBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { keyAddress } from '../../primitives/address.ts';
import { encodeHeader, type Header, readHeader } from '../../primitives/header.ts';
import type { Conviction } from '../../primitives/judge.ts';
import { epochOfHeight, validatorIndex } from '../../primitives/validator-set.ts';
import type { JudgeContext, SignedTurns } from '../engine.ts';
import { refuseConsensus } from '../rules.ts';
import { setAt } from './members.ts';
import { claimOfSeal, verifySeal } from './signed-seal.ts';

/** First byte of evidence of two headers; votes begin with 1 to 4. */
export const HEADER_EVIDENCE_TAG = 0x30;

/**
 * Two headers that one validator sealed in one turn: a slot, or a round of a height. Layout: tag u32, public key 32,
 * the two headers, the one with the smaller bytes first.
 */
export interface HeaderEvidence {
  readonly publicKey: PublicKey;
  readonly headers: readonly [Header, Header];
}

/** The bytes of evidence against the producer of two headers, whose key this is. */
export function headerEvidence(a: Header, b: Header, publicKey: PublicKey): Uint8Array {
  const headers = [encodeHeader(a), encodeHeader(b)].toSorted(compareBytes);
  return concatBytes(new Writer(36).u32(HEADER_EVIDENCE_TAG).hash(publicKey).finish(), ...headers);
}

/** Reads exactly one piece of evidence. What the headers show is for {@link verifyHeaderEvidence}. */
export function parseHeaderEvidence(bytes: Uint8Array): Result<HeaderEvidence> {
  const reader = new Reader(bytes);
  const tag = reader.u32();
  if (tag !== HEADER_EVIDENCE_TAG) reader.fail('codec/unknown-tag', { field: 'evidence', got: tag });
  const publicKey = reader.hash();
  const headers = [readHeader(reader), readHeader(reader)] as const;
  if (reader.failure === undefined) {
    const [first, second] = headers.map(encodeHeader) as [Uint8Array, Uint8Array];
    reader.canonical(compareBytes(first, second) < 0, 'the smaller header stands first');
  }
  return reader.finish({ publicKey, headers });
}

/**
 * Says whether two headers show that their producer signed twice in one turn, and names it. Whose turn it was and
 * whether the claims hold does not matter: an honest validator signs one header for a turn at most, and only in its
 * own. What is compared is what was signed, not the ids, which another signature of the same header changes.
 *
 * The epoch is that of the lower header, where the two lie in two.
 */
export function verifyHeaderEvidence(
  { publicKey, headers }: HeaderEvidence,
  turns: SignedTurns,
  { validators, verify, epochBlocks }: Omit<JudgeContext, 'chainId'> & { readonly epochBlocks: number },
): Result<Conviction> {
  const address = keyAddress(publicKey);
  for (const header of headers) {
    if (!equalBytes(header.producer, address)) return refuseConsensus('consensus/headers-compatible');
  }
  const height = Math.min(headers[0].height, headers[1].height);
  const set = setAt(height, epochBlocks, validators);
  if (!set.ok) return set;
  if (validatorIndex(set.value, publicKey) === undefined) {
    return refuseConsensus('consensus/not-a-validator', { epoch: set.value.epoch });
  }
  for (const header of headers) {
    const sealed = verifySeal(header, publicKey, turns, verify);
    if (!sealed.ok) return sealed;
  }
  const turn = commonTurn(headers, turns);
  if (turn === undefined) return refuseConsensus('consensus/headers-compatible');
  const epoch = epochOfHeight(height, epochBlocks);
  return ok({ offender: publicKey, epoch, offence: 'double-sign', id: offenceId(turn, publicKey) });
}

/** The turn that two headers with seals of the right size were both signed for, if they are two. */
function commonTurn([a, b]: readonly [Header, Header], turns: SignedTurns): number | undefined {
  const [first, second] = [a, b].map((header) => {
    const claim = claimOfSeal(header.seal);
    return { turn: turns.numberOf({ ...header, claim }), message: turns.message(header, claim) };
  }) as [Signed, Signed];
  const isDouble = first.turn === second.turn && !equalBytes(first.message, second.message);
  return isDouble ? first.turn : undefined;
}

interface Signed {
  readonly turn: number;
  readonly message: Hash;
}

/** One for each turn, whichever headers were signed in it. */
function offenceId(turn: number, offender: PublicKey): Hash {
  return hash('evidence', new Writer(44).u32(HEADER_EVIDENCE_TAG).u53(turn).hash(offender).finish());
}
