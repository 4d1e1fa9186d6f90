import { assert } from '../../base/assert.ts';
import { hash } from '../../crypto/hash.ts';
import { VOTE_ID_BYTES } from '../messages/limits.ts';

/** What a vote or a certificate is called in announcements and requests: the first 8 bytes of a hash of its bytes. */
export type VoteId = Uint8Array;

/** The name of these bytes. */
export function voteId(payload: Uint8Array): VoteId {
  return hash('vote-id', payload).slice(0, VOTE_ID_BYTES);
}

/** A name as a map key, that begins at an offset. */
export function voteKeyAt(ids: Uint8Array, at: number): string {
  assert(at + VOTE_ID_BYTES <= ids.length, 'a whole name');
  let key = '';
  for (let i = at; i < at + VOTE_ID_BYTES; i += 2) {
    key += String.fromCharCode(((ids[i] as number) << 8) | (ids[i + 1] as number));
  }
  return key;
}
