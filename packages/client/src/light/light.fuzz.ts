import { assert } from '@calin/core/base/assert.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '@calin/core/base/fuzz.testing.ts';
import { mockKey } from '@calin/core/consensus/voting/mock-signatures.testing.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { depthSpec, HeaderChain, WORK } from './header-chain.testing.ts';
import { LightChain, MOCK, mockMembers, VOTES_EACH, votes, votingSpec } from './light-chain.testing.ts';
import { LightClient } from './light-client.ts';
import type { LightUpdate, SetProof } from './light-update.ts';

const KEYS = [1, 2, 3].map(mockKey);

interface Subject {
  readonly chain: LightChain | HeaderChain;
  readonly update: (random: SeededRandom) => LightUpdate;
}

/** Chains of every kind, each with the true updates from it. */
function subjects(): readonly Subject[] {
  const turns = { kind: 'poa', authorities: KEYS, slotMs: 1_000 } as const;
  const byHeaders = [
    new HeaderChain(depthSpec(WORK, 4), KEYS.slice(0, 1)),
    new HeaderChain(depthSpec(turns, 4), KEYS),
  ].map((chain): Subject => {
    chain.grow(40);
    return {
      chain,
      update: (random) => {
        const from = 1 + random.below(40);
        const headers = chain.headers(from, from + random.below(12));
        return { kind: random.pick(['headers', 'tail', 'ancestors']), headers };
      },
    };
  });
  return [...byHeaders, ...[VOTES_EACH, votes(2)].map(byVotes)];
}

function byVotes(finality: FinalitySpec): Subject {
  const authorities = mockMembers(0, [1, 1, 1, 1]).map(({ publicKey }) => publicKey);
  const membersOf = (epoch: number) => mockMembers(epoch, [3, 1, 1, 2]);
  const spec = votingSpec(finality, authorities, 4);
  const chain = new LightChain({ spec, membersOf, sign: MOCK.sign }).grow(44);
  return {
    chain,
    update: (random) => {
      if (random.oneIn(5)) return { kind: 'ancestors', headers: chain.headers(1 + random.below(20), 20) };
      const height = 2 + 2 * random.below(19);
      const epoch = Math.floor(height / 4) + 1;
      return chain.final(height, random.pick([[], [epoch], [epoch, Math.max(0, epoch - 1)]]));
    },
  };
}

/**
 * Updates that are true, and the same ones damaged: a client never throws, never follows a block that is not on the
 * chain, and is not moved by what it refuses.
 */
export const fuzz: FuzzTarget = {
  name: 'light/updates',
  run(random, iterations) {
    const all = subjects();
    for (let i = 0; i < iterations; i++) {
      const { chain, update } = random.pick(all);
      const { spec } = chain instanceof LightChain ? chain.options : chain;
      const begun = LightClient.begin({ spec, trustMs: Number.POSITIVE_INFINITY }, { verify: MOCK.verify });
      assert(begun.ok, 'a chain that can be followed');
      for (let k = 0; k < 6; k++) {
        const given = random.oneIn(2) ? update(random) : damaged(update(random), random);
        check(begun.value, chain, given);
      }
    }
  },
};

function check(client: LightClient, chain: LightChain | HeaderChain, update: LightUpdate): void {
  const before = stateOf(client);
  const taken = client.take(update, chain.nowMs);
  const at = (height: number) => (chain instanceof LightChain ? chain.block(height) : chain.at(height)).id;
  const { head, final } = client;
  assert(head !== undefined && final !== undefined, 'trust begins at genesis');
  if (!taken.ok || !taken.value) assert(stateOf(client) === before, `moved by a refusal: ${before}`);
  for (const one of [head, final]) assert(equalBytes(one.id, at(one.header.height)), 'on another chain');
  assert(client.conflict === undefined, 'there is one chain only');
}

function stateOf(client: LightClient): string {
  return `${toHex(client.head?.id ?? new Uint8Array())} ${JSON.stringify(client.save())}`;
}

function damaged(update: LightUpdate, random: SeededRandom): LightUpdate {
  switch (update.kind) {
    case 'final': {
      const part = random.below(4);
      if (part === 0) return { ...update, header: flip(update.header, random) };
      if (part === 1) return { ...update, certificate: flip(update.certificate, random) };
      return { ...update, sets: update.sets.map((set) => damagedSet(set, random)) };
    }
    case 'sets':
      return { ...update, sets: update.sets.map((set) => damagedSet(set, random)) };
    case 'anchor':
      return { ...update, header: flip(update.header, random) };
    default:
      return { ...update, headers: flip(update.headers, random) };
  }
}

function damagedSet(set: SetProof, random: SeededRandom): SetProof {
  const part = random.below(3);
  if (part === 0) return { ...set, epoch: set.epoch + random.below(3) - 1 };
  return part === 1 ? { ...set, set: flip(set.set, random) } : { ...set, proof: flip(set.proof, random) };
}

/** Changes a bit, cuts, or adds. */
function flip(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const at = random.below(bytes.length);
  const kind = random.below(4);
  if (kind === 0) return bytes.slice(0, at);
  if (kind === 1)
    return new Uint8Array([...bytes.slice(0, at), ...random.bytes(1 + random.below(8)), ...bytes.slice(at)]);
  const changed = bytes.slice();
  changed[at] = (changed[at] as number) ^ (1 << random.below(8));
  return changed;
}
