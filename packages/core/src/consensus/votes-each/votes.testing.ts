import { CHAIN_ID } from '../voting/cluster.testing.ts';
import { mockKey, mockSign } from '../voting/mock-signatures.testing.ts';
import { type SignedVote, type Vote, voteMessage } from './vote.ts';

/** A block id that is easy to tell from others. */
export function blockId(byte: number): Uint8Array {
  return new Uint8Array(32).fill(byte);
}

/** A vote of epoch 0 for block 1 at height 1 in round 0, with some fields set otherwise, signed by a member. */
export function voteOf(member: number, fields: Partial<Vote> = {}): SignedVote {
  const vote: Vote = {
    kind: 'prevote',
    epoch: 0,
    height: 1,
    round: 0,
    validRound: -1,
    blockId: blockId(1),
    ...fields,
  };
  return { ...vote, member, signature: mockSign(mockKey(member), voteMessage(CHAIN_ID, vote)) };
}
