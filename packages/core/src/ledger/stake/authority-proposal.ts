import { assert } from '../../base/assert.ts';
import { concatBytes } from '../../base/bytes.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { PublicKey } from '../../crypto/signature.ts';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { NAMESPACE } from '../../state/namespaces.ts';
import type { Overlay, StateView } from '../../state/view.ts';

/** One change to the authorities. */
export interface AuthorityChange {
  readonly change: 'add' | 'remove';
  /** Who is to become an authority, or be one no more. */
  readonly subject: PublicKey;
}

/** Who wants a change. Record: epoch u32, number u16, then public key 32 each, in the order of the votes. */
export interface AuthorityProposal {
  /** In which the first of the votes was cast; they count until the end of the next one. */
  readonly epoch: number;
  readonly voters: readonly PublicKey[];
}

/** A change as bytes, which are the key of its proposal too: change u8 (1 add, 2 remove), subject 32. */
export function encodeAuthorityChange({ change, subject }: AuthorityChange): Uint8Array {
  return concatBytes(Uint8Array.of(change === 'add' ? 1 : 2), subject);
}

/** Reads what {@link encodeAuthorityChange} wrote. */
export function readAuthorityChange(reader: Reader): AuthorityChange {
  const tag = reader.u8();
  if (tag !== 1 && tag !== 2) reader.fail('codec/unknown-tag', { field: 'change', got: tag });
  return { change: tag === 1 ? 'add' : 'remove', subject: reader.hash() };
}

/** The votes for a change, whether they still count or not; undefined when there are none. */
export function readProposal(view: StateView, change: AuthorityChange): AuthorityProposal | undefined {
  const value = view.value(NAMESPACE.authorityProposal, encodeAuthorityChange(change));
  if (value === undefined) return undefined;
  const reader = new Reader(value);
  const begun = reader.u32();
  const count = reader.count(reader.u16(), VALIDATORS_MAX, 32);
  const proposal = reader.finish({
    epoch: begun,
    voters: Array.from({ length: count }, () => reader.hash()),
  });
  assert(proposal.ok, 'malformed authority proposal');
  return proposal.value;
}

/** True while the votes for a change count. */
export function isOpen(proposal: AuthorityProposal, epoch: number): boolean {
  return epoch <= proposal.epoch + 1;
}

/** Sets the votes for a change, or deletes the record when there are none. */
export function writeProposal(
  overlay: Overlay,
  change: AuthorityChange,
  { epoch, voters }: AuthorityProposal,
): void {
  const key = encodeAuthorityChange(change);
  if (voters.length === 0) return overlay.deleteValue(NAMESPACE.authorityProposal, key);
  const writer = new Writer(6 + 32 * voters.length).u32(epoch).u16(voters.length);
  for (const voter of voters) writer.hash(voter);
  overlay.setValue(NAMESPACE.authorityProposal, key, writer.finish());
}

/** The last vote of an authority. Record: height u32, change u8, subject 32. */
export interface AuthorityVote extends AuthorityChange {
  /** Of the block that held it. */
  readonly height: number;
}

/** What an authority voted for last; it wants one change at a time, so votes cannot fill the state. */
export function readVote(view: StateView, voter: PublicKey): AuthorityVote | undefined {
  const value = view.value(NAMESPACE.authorityVote, voter);
  if (value === undefined) return undefined;
  const reader = new Reader(value);
  const vote = reader.finish({ height: reader.u32(), ...readAuthorityChange(reader) });
  assert(vote.ok, 'malformed authority vote');
  return vote.value;
}

/** Remembers what an authority votes for. */
export function writeVote(overlay: Overlay, voter: PublicKey, { height, ...change }: AuthorityVote): void {
  const writer = new Writer(37).u32(height).bytes(encodeAuthorityChange(change));
  overlay.setValue(NAMESPACE.authorityVote, voter, writer.finish());
}
