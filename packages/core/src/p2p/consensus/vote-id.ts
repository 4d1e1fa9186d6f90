import { assert } from '../../base/assert.ts';
import { hash } from '../../crypto/hash.ts';
import { VOTE_ID_BYTES } from '../messages/limits.ts';

/** What a vote or a certificate is called in announcements and requests: the first 8 bytes of a hash of its bytes. */
export type VoteId = Uint8Array;

/** Names of bytes that were asked for: one vote passes several times, and in a simulation many nodes hold the same. */
const names = new WeakMap<Uint8Array, VoteId>();

/** The name of these bytes, which nobody changes any more. */
export function voteId(payload: Uint8Array): VoteId {
  let name = names.get(payload);
  if (name === undefined) {
    name = hash('vote-id', payload).slice(0, VOTE_ID_BYTES);
    names.set(payload, name);
  }
  return name;
}

/** A name as a map key, that begins at an offset. */
export function voteKeyAt(ids: Uint8Array, at: number): string {
  assert(at + VOTE_ID_BYTES <= ids.length, 'a whole name');
  return String.fromCharCode(unit(ids, at), unit(ids, at + 2), unit(ids, at + 4), unit(ids, at + 6));
}

function unit(ids: Uint8Array, at: number): number {
  return ((ids[at] as number) << 8) | (ids[at + 1] as number);
}
