import { equalBytes } from '../../base/bytes.ts';
import type { Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';
import { SIGNATURE_BYTES, type Signature, type VerifySignature } from '../../crypto/signature.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import type { ValidatorSet } from '../../primitives/validator-set.ts';
import { refuseVoting } from '../voting/rules.ts';
import { readSigners, type Signers, verifyQuorum, writeSigners } from '../voting/signers.ts';

/** A block at a multiple of the interval. */
export interface Checkpoint {
  readonly height: number;
  readonly id: Hash;
}

/**
 * What a validator votes for: "the source is justified, and the target, which descends from it, should be".
 * Casper's ⟨ν, s, t, h(s), h(t)⟩.
 */
export interface Link {
  /** Of the target's height. */
  readonly epoch: number;
  readonly source: Checkpoint;
  readonly target: Checkpoint;
}

/** A vote on its way. */
export interface LinkVote extends Link {
  /** The position of the validator in the set of the epoch. */
  readonly member: number;
  readonly signature: Signature;
}

/** The votes of a quorum for one link: a supermajority link. It justifies its target if its source is justified. */
export interface LinkCertificate extends Link, Signers {}

/** First byte of a vote for a link; the three of votes-each are 1 to 3. */
const VOTE_TAG = 4;
/** First byte of a certificate of a link. */
const CERTIFICATE_TAG = 0x14;

/** Bytes of a link with its tag. */
const LINK_BYTES = 80;
/** Bytes of a vote: tag and link, member u32, signature 64. */
export const LINK_VOTE_BYTES = LINK_BYTES + 4 + SIGNATURE_BYTES;

/** What travels between engines. */
export type LinkMessage =
  | { readonly kind: 'vote'; readonly vote: LinkVote }
  | { readonly kind: 'certificate'; readonly certificate: LinkCertificate };

/** Layout: tag u32, epoch u32, source height u32, target height u32, source id 32, target id 32. */
function writeLink(writer: Writer, tag: number, { epoch, source, target }: Link): Writer {
  writer.u32(tag).u32(epoch).u32(source.height).u32(target.height);
  return writer.hash(source.id).hash(target.id);
}

function readLink(reader: Reader, tag: number): Link {
  const got = reader.u32();
  if (got !== tag) reader.fail('codec/unknown-tag', { field: 'link', got });
  const epoch = reader.u32();
  const [sourceHeight, targetHeight] = [reader.u32(), reader.u32()];
  reader.canonical(sourceHeight < targetHeight, 'the target is higher than the source');
  const source = { height: sourceHeight, id: reader.hash() };
  return { epoch, source, target: { height: targetHeight, id: reader.hash() } };
}

/** What a validator signs: the hash of the chain id and the link. */
export function linkMessage(chainId: Hash, link: Link): Hash {
  return hash('vote', writeLink(new Writer(32 + LINK_BYTES).hash(chainId), VOTE_TAG, link).finish());
}

/** The bytes of a vote, {@link LINK_VOTE_BYTES}. */
export function encodeLinkVote(vote: LinkVote): Uint8Array {
  return writeLink(new Writer(LINK_VOTE_BYTES), VOTE_TAG, vote)
    .u32(vote.member)
    .bytes(vote.signature)
    .finish();
}

/** Reads a vote at the reader's offset. */
export function readLinkVote(reader: Reader): LinkVote {
  const link = readLink(reader, VOTE_TAG);
  const member = reader.u32();
  if (member >= VALIDATORS_MAX) {
    reader.fail('codec/limit', { field: 'member', got: member, expected: VALIDATORS_MAX - 1 });
  }
  return { ...link, member, signature: reader.take(SIGNATURE_BYTES) };
}

/** The position of the validator in its set, of a vote that was read before; undefined for a certificate. */
export function linkVoterOf(bytes: Uint8Array): number | undefined {
  return bytes[0] === VOTE_TAG ? new Reader(bytes, LINK_BYTES).u32() : undefined;
}

/** The bytes of a certificate: tag and link, {@link Signers}. */
export function encodeLinkCertificate(certificate: LinkCertificate): Uint8Array {
  const writer = new Writer(LINK_BYTES + 132 + SIGNATURE_BYTES * certificate.indices.length);
  writeSigners(writeLink(writer, CERTIFICATE_TAG, certificate), certificate);
  return writer.finish();
}

/** Reads exactly one certificate. */
export function parseLinkCertificate(bytes: Uint8Array): Result<LinkCertificate> {
  const reader = new Reader(bytes);
  return reader.finish(readLinkCertificate(reader));
}

function readLinkCertificate(reader: Reader): LinkCertificate {
  const link = readLink(reader, CERTIFICATE_TAG);
  return { ...link, ...readSigners(reader) };
}

/** Reads a vote or a certificate. */
export function parseLinkMessage(bytes: Uint8Array): Result<LinkMessage> {
  const reader = new Reader(bytes);
  if (bytes[0] === VOTE_TAG) return reader.finish({ kind: 'vote', vote: readLinkVote(reader) });
  return reader.finish({ kind: 'certificate', certificate: readLinkCertificate(reader) });
}

/** Says whether a quorum of a set signed a link. The caller checks that the target's height lies in the epoch. */
export function verifyLinkCertificate(
  certificate: LinkCertificate,
  set: ValidatorSet,
  chainId: Hash,
  verify: VerifySignature,
): Result<undefined> {
  if (certificate.epoch !== set.epoch) {
    return refuseVoting('consensus/vote-epoch', { got: certificate.epoch, expected: set.epoch });
  }
  return verifyQuorum(certificate, set, linkMessage(chainId, certificate), verify);
}

/** True for the same source and target. */
export function isSameLink(a: Link, b: Link): boolean {
  return (
    a.source.height === b.source.height &&
    a.target.height === b.target.height &&
    equalBytes(a.source.id, b.source.id) &&
    equalBytes(a.target.id, b.target.id)
  );
}

/**
 * What is wrong with signing both of two links: two for one target height, or one whose span encloses the other's.
 * Undefined when an honest validator may sign both. These are the two slashing conditions of Casper.
 */
export function linkOffence(a: Link, b: Link): 'double-sign' | 'surround' | undefined {
  if (a.target.height === b.target.height) return isSameLink(a, b) ? undefined : 'double-sign';
  const [outer, inner] = a.target.height > b.target.height ? [a, b] : [b, a];
  return outer.source.height < inner.source.height ? 'surround' : undefined;
}
