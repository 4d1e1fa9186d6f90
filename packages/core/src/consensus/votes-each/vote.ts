import { isZero } from '../../base/bytes.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { SIGNATURE_BYTES, type Signature } from '../../crypto/signature.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { ROUNDS_MAX } from './limits.ts';

/** The three phases: PBFT's pre-prepare, prepare and commit. */
export type VoteKind = 'proposal' | 'prevote' | 'precommit';

/** What a validator says about one round of one height. */
export interface Vote {
  readonly kind: VoteKind;
  readonly epoch: number;
  readonly height: number;
  readonly round: number;
  /**
   * Of a proposal: the round in which a quorum prevoted this block before, or −1 for a new one. A prevote for a block
   * repeats it from the proposal, so that it says by itself which lock it may go against. Otherwise −1.
   */
  readonly validRound: number;
  /** Zeros for nil: "no block in this round". A proposal names a block. */
  readonly blockId: Hash;
}

/** A vote on its way. */
export interface SignedVote extends Vote {
  /** The position of the validator in the set of the epoch. */
  readonly member: number;
  readonly signature: Signature;
}

/** First byte of each kind of vote. */
export const VOTE_TAGS = { proposal: 1, prevote: 2, precommit: 3 } as const;

const KINDS = ['proposal', 'prevote', 'precommit'] as const;

/** Bytes of a vote without its signer. */
export const VOTE_BODY_BYTES = 52;
/** Bytes of a signed vote: body, member u32, signature 64. */
export const SIGNED_VOTE_BYTES = VOTE_BODY_BYTES + 4 + SIGNATURE_BYTES;

/** Writes a vote: tag u8, three zeros, epoch u32, height u32, round u32, validRound + 1 u32, block id 32. */
export function writeVote(writer: Writer, vote: Vote): void {
  writer.u32(VOTE_TAGS[vote.kind]).u32(vote.epoch).u32(vote.height).u32(vote.round);
  writer.u32(vote.validRound + 1).hash(vote.blockId);
}

/** Reads a vote; its round is below {@link ROUNDS_MAX}. */
export function readVote(reader: Reader): Vote {
  const tag = reader.u32();
  const kind = KINDS[tag - 1];
  if (kind === undefined) reader.fail('codec/unknown-tag', { field: 'vote', got: tag });
  const [epoch, height, round] = [reader.u32(), reader.u32(), reader.u32()];
  const validRound = reader.u32() - 1;
  const blockId = reader.hash();
  if (round >= ROUNDS_MAX)
    reader.fail('codec/limit', { field: 'round', got: round, expected: ROUNDS_MAX - 1 });
  const isFree = kind !== 'precommit' && !isZero(blockId);
  reader.canonical(
    validRound < (isFree ? round : 0),
    'a valid round lies before the round, and only where it matters',
  );
  reader.canonical(kind !== 'proposal' || isFree, 'a proposal names a block');
  return { kind: kind ?? 'prevote', epoch, height, round, validRound, blockId };
}

/** What a validator signs: the hash of the chain id and the vote. Every validator signs the same for the same vote. */
export function voteMessage(chainId: Hash, vote: Vote): Hash {
  const writer = new Writer(32 + VOTE_BODY_BYTES).hash(chainId);
  writeVote(writer, vote);
  return hash('vote', writer.finish());
}

/** Writes a signed vote; see {@link SIGNED_VOTE_BYTES}. */
function writeSignedVote(writer: Writer, vote: SignedVote): void {
  writeVote(writer, vote);
  writer.u32(vote.member).bytes(vote.signature);
}

/** Reads a signed vote. */
export function readSignedVote(reader: Reader): SignedVote {
  const vote = readVote(reader);
  const member = reader.u32();
  if (member >= VALIDATORS_MAX) {
    reader.fail('codec/limit', { field: 'member', got: member, expected: VALIDATORS_MAX - 1 });
  }
  return { ...vote, member, signature: reader.take(SIGNATURE_BYTES) };
}

/** The bytes of a signed vote. */
export function encodeSignedVote(vote: SignedVote): Uint8Array {
  const writer = new Writer(SIGNED_VOTE_BYTES);
  writeSignedVote(writer, vote);
  return writer.finish();
}

/** The position of the validator in its set, of a vote that was read before; undefined for a certificate. */
export function voterOf(bytes: Uint8Array): number | undefined {
  if (bytes.length !== SIGNED_VOTE_BYTES) return undefined;
  return new Reader(bytes, VOTE_BODY_BYTES).u32();
}
