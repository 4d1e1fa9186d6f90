import { assert } from '../../base/assert.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import { CHAIN_ID } from './cluster.testing.ts';
import { mockKey, mockSet, mockVerify } from './mock-signatures.testing.ts';
import type { BlockRef, VotingDependencies, VotingEngine } from './voting-engine.ts';

/** The four validators, of one epoch, whose messages are damaged. */
export const FUZZ_SET = mockSet(0, [1, 1, 1, 1]);

/** What is known of the chain: that epoch, and no block. */
export const FUZZ_VALIDATORS: VotingDependencies['validators'] = {
  at: (epoch) => (epoch === 0 ? FUZZ_SET : undefined),
};

/** An engine whose messages are damaged. */
export interface FuzzedEngine {
  readonly name: string;
  create(dependencies: VotingDependencies): VotingEngine & {
    sizes(): { readonly votes: number; readonly certificates: number };
  };
  readonly final: BlockRef;
  readonly votesMax: number;
  /** A message, a certificate or evidence that is good, or nearly so. */
  sample(random: SeededRandom): Uint8Array;
  /** Throws when a parser takes bytes that are not the one encoding of what it made of them. */
  checkEncodings(bytes: Uint8Array): void;
}

/** Damaged messages: parsers never throw, and an engine that hears all of it stays bounded and finalises nothing. */
export function engineFuzz({
  name,
  create,
  final,
  votesMax,
  sample,
  checkEncodings,
}: FuzzedEngine): FuzzTarget {
  return {
    name,
    run(random: SeededRandom, iterations: number): void {
      const engine = create({
        chainId: CHAIN_ID,
        epochBlocks: 1_000,
        publicKey: mockKey(0),
        validators: FUZZ_VALIDATORS,
        blocks: { ancestor: () => undefined },
        verify: mockVerify,
      });
      engine.step({ kind: 'start', final, certificate: undefined, record: undefined }, 0);
      for (let i = 0; i < iterations; i++) {
        const bytes = damage(sample(random), random);
        checkEncodings(bytes);
        for (const effect of engine.step({ kind: 'message', bytes, from: 'peer' }, i)) {
          assert(effect.kind !== 'finalise', 'there is no quorum for anything');
        }
        const { votes, certificates } = engine.sizes();
        assert(votes <= votesMax && certificates === 0, 'votes are bounded');
      }
    },
  };
}

function damage(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const copy = bytes.slice(0, random.oneIn(8) ? random.below(bytes.length + 1) : bytes.length);
  for (let changes = random.below(4); changes > 0 && copy.length > 0; changes--)
    copy[random.below(copy.length)] = random.oneIn(2) ? random.below(256) : random.below(4);
  return copy;
}
