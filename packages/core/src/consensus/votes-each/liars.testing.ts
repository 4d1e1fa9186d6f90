import { isZero } from '../../base/bytes.ts';
import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { CHAIN_ID, type Liar, type LiarKind } from '../voting/cluster.testing.ts';
import { mockKey, mockSign } from '../voting/mock-signatures.testing.ts';
import { parseVotingMessage } from './certificate.ts';
import { encodeSignedVote, type Vote, voteMessage } from './vote.ts';

/** Messages that a liar remembers. */
const HEARD_MAX = 2_000;

/** What a liar answers to each message that it hears; the answers go to everybody. */
export function createLiar(kind: LiarKind, member: number, random: SeededRandom): Liar {
  if (kind === 'silent') return () => [];
  return kind === 'yes' ? createYes(member) : createGarbage(member, random);
}

/** A vote with the signature of a member. */
function signedBy(member: number, vote: Vote): Uint8Array {
  const signature = mockSign(mockKey(member), voteMessage(CHAIN_ID, vote));
  return encodeSignedVote({ ...vote, member, signature });
}

function createYes(member: number): Liar {
  const said = new Set<string>();
  return (bytes) => {
    const message = parseVotingMessage(bytes);
    if (!message.ok || message.value.kind !== 'vote' || isZero(message.value.vote.blockId)) return [];
    const { epoch, height, round, validRound, blockId } = message.value.vote;
    const key = `${height} ${round} ${validRound} ${String(blockId)}`;
    if (said.has(key) || said.size > HEARD_MAX || message.value.vote.kind === 'precommit') return [];
    said.add(key);
    const vote = { epoch, height, round, validRound, blockId };
    return [
      signedBy(member, { ...vote, kind: 'prevote' }),
      signedBy(member, { ...vote, kind: 'precommit', validRound: -1 }),
      signedBy(member, { ...vote, kind: 'prevote', validRound: -1, blockId: ZERO_HASH }),
    ];
  };
}

function createGarbage(member: number, random: SeededRandom): Liar {
  const heard: Uint8Array[] = [];
  return (bytes) => {
    if (heard.length < HEARD_MAX) heard.push(bytes);
    if (!random.oneIn(6)) return [];
    const old = random.pick(heard);
    const damaged = old.slice();
    damaged[random.below(damaged.length)] = random.below(256);
    const message = parseVotingMessage(old);
    const answers = [random.pick([damaged, old, random.bytes(random.below(200)), old.subarray(1)])];
    if (!message.ok || message.value.kind !== 'vote') return answers;
    const { vote } = message.value;
    const round = random.pick([vote.round, vote.round + 1, vote.round + 3, 60_000]);
    const height = random.pick([vote.height, vote.height + 1, vote.height + 9]);
    answers.push(signedBy(member, { ...vote, round, height, kind: 'precommit', validRound: -1 }));
    return answers;
  };
}
