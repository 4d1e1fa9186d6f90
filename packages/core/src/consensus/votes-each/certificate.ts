import { isZero } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { SignatureCheck, VerifySignature } from '../../crypto/signature.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import { quorumChecks, readSigners, type Signers, verifyQuorum, writeSigners } from '../voting/signers.ts';
import { ROUNDS_MAX } from './limits.ts';
import { readSignedVote, type SignedVote, type Vote, voteMessage } from './vote.ts';

/**
 * The votes of a quorum for one block in one round. Of prevotes it shows that the block may be locked (PBFT's prepared
 * certificate); of precommits, that the block is final. Layout: tag u32, epoch u32, height u32, round u32,
 * validRound + 1 u32, block id 32, {@link Signers}.
 */
export interface Certificate extends Signers {
  readonly kind: 'prevote' | 'precommit';
  readonly epoch: number;
  readonly height: number;
  readonly round: number;
  /** As in the votes; −1 of precommits. */
  readonly validRound: number;
  /** Never nil. */
  readonly blockId: Hash;
}

/** First byte of each kind of certificate; a vote has 1 to 3. */
const TAGS = { prevote: 0x12, precommit: 0x13 } as const;

/** What travels between engines. */
export type VotingMessage =
  | { readonly kind: 'vote'; readonly vote: SignedVote }
  | { readonly kind: 'certificate'; readonly certificate: Certificate };

/** The bytes of a certificate. */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  const writer = new Writer(56 + 132 + 64 * certificate.indices.length);
  writer.u32(TAGS[certificate.kind]).u32(certificate.epoch).u32(certificate.height).u32(certificate.round);
  writeSigners(writer.u32(certificate.validRound + 1).hash(certificate.blockId), certificate);
  return writer.finish();
}

function readCertificate(reader: Reader): Certificate {
  const tag = reader.u32();
  if (tag !== TAGS.prevote && tag !== TAGS.precommit) {
    reader.fail('codec/unknown-tag', { field: 'certificate', got: tag });
  }
  const [epoch, height, round] = [reader.u32(), reader.u32(), reader.u32()];
  if (round >= ROUNDS_MAX)
    reader.fail('codec/limit', { field: 'round', got: round, expected: ROUNDS_MAX - 1 });
  const validRound = reader.u32() - 1;
  const blockId = reader.hash();
  reader.canonical(!isZero(blockId), 'a certificate is for a block');
  reader.canonical(validRound < (tag === TAGS.prevote ? round : 0), 'a valid round lies before the round');
  const kind = tag === TAGS.prevote ? 'prevote' : 'precommit';
  return { kind, epoch, height, round, validRound, blockId, ...readSigners(reader) };
}

/** Reads exactly one certificate. */
export function parseCertificate(bytes: Uint8Array): Result<Certificate> {
  const reader = new Reader(bytes);
  return reader.finish(readCertificate(reader));
}

/** Reads a vote or a certificate. */
export function parseVotingMessage(bytes: Uint8Array): Result<VotingMessage> {
  const reader = new Reader(bytes);
  if ((bytes[0] ?? 0) < TAGS.prevote) return reader.finish({ kind: 'vote', vote: readSignedVote(reader) });
  return reader.finish({ kind: 'certificate', certificate: readCertificate(reader) });
}

/** The vote that every signer of a certificate signed. */
function certifiedVote({ kind, epoch, height, round, validRound, blockId }: Certificate): Vote {
  return { kind, epoch, height, round, validRound, blockId };
}

/** The signatures that have to hold for a certificate to hold: for whoever checks many at a time. */
export function certificateChecks(
  certificate: Certificate,
  set: ValidatorSet,
  chainId: Hash,
): Result<readonly SignatureCheck[]> {
  if (certificate.epoch !== set.epoch) {
    return refuseVoting('consensus/vote-epoch', { got: certificate.epoch, expected: set.epoch });
  }
  return quorumChecks(certificate, set, voteMessage(chainId, certifiedVote(certificate)));
}

/** Says whether a quorum of a set signed a certificate. The caller checks that its height lies in the epoch. */
export function verifyCertificate(
  certificate: Certificate,
  set: ValidatorSet,
  chainId: Hash,
  verify: VerifySignature,
): Result<undefined> {
  if (certificate.epoch !== set.epoch) {
    return refuseVoting('consensus/vote-epoch', { got: certificate.epoch, expected: set.epoch });
  }
  return verifyQuorum(certificate, set, voteMessage(chainId, certifiedVote(certificate)), verify);
}

/** The votes that make up a certificate. */
export function certificateVotes(certificate: Certificate): readonly SignedVote[] {
  const vote = certifiedVote(certificate);
  return certificate.indices.map((member, i) => ({
    ...vote,
    member,
    signature: certificate.signatures[i] as Uint8Array,
  }));
}
