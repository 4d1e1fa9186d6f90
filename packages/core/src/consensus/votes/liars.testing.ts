import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { epochOfHeight } from '../../primitives/validator-set.ts';
import { CHAIN_ID, EPOCH_BLOCKS, GENESIS, type Liar, type LiarKind } from '../voting/cluster.testing.ts';
import { mockKey, mockSign } from '../voting/mock-signatures.testing.ts';
import { encodeLinkVote, type Link, linkMessage, parseLinkMessage } from './link.ts';

/** Messages that a liar remembers. */
const HEARD_MAX = 2_000;

/** A vote for a link with the signature of a member. */
function signedLink(member: number, link: Link): Uint8Array {
  const signature = mockSign(mockKey(member), linkMessage(CHAIN_ID, link));
  return encodeLinkVote({ ...link, member, signature });
}

/** See {@link LiarKind}; `yes` also votes for each target from the genesis block, around all its other votes. */
export function createLinkLiar(kind: LiarKind, member: number, random: SeededRandom): Liar {
  if (kind === 'silent') return () => [];
  return kind === 'yes' ? createYes(member) : createGarbage(member, random);
}

function createYes(member: number): Liar {
  const said = new Set<string>();
  return (bytes) => {
    const message = parseLinkMessage(bytes);
    if (!message.ok || message.value.kind !== 'vote' || said.size > HEARD_MAX) return [];
    const { epoch, source, target } = message.value.vote;
    const key = `${String(source.id)} ${String(target.id)} ${source.height} ${target.height}`;
    if (said.has(key)) return [];
    said.add(key);
    const around = { epoch, target, source: { height: GENESIS.height, id: GENESIS.id } };
    return [signedLink(member, { epoch, source, target }), signedLink(member, around)];
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
    const answers = [random.pick([damaged, old, random.bytes(random.below(200)), old.subarray(1)])];
    const message = parseLinkMessage(old);
    if (!message.ok || message.value.kind !== 'vote') return answers;
    const { source, target } = message.value.vote;
    const height = target.height + 4 * random.below(9);
    const id = random.pick([target.id, random.bytes(32)]);
    const epoch = epochOfHeight(height, EPOCH_BLOCKS);
    answers.push(signedLink(member, { epoch, source, target: { height, id } }));
    return answers;
  };
}
