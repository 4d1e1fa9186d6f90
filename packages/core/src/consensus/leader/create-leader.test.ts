import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes } from '../../base/bytes.ts';
import type { Header } from '../../primitives/header.ts';
import {
  bareHeader,
  CHAIN,
  EPOCH_BLOCKS,
  given,
  PRODUCERS,
  producer,
  ruleOf,
  sealedBy,
  setOf,
  viewOf,
} from '../seals/producers.testing.ts';
import { ROUNDS_MAX } from '../votes-each/limits.ts';
import { createProposerSchedule } from '../votes-each/proposer-schedule.ts';
import { createLeader } from './create-leader.ts';

const leader = createLeader(CHAIN);
const sets = [setOf(0, [0, 2, 3, 5]), setOf(1, [1, 4, 6])] as const;
const context = given(viewOf(...sets));
const claimOfRound = leader.claimOfRound as (round: number) => Uint8Array;
const parentAt = (height: number) => bareHeader(height - 1, 5_000);
const made = (by: number, height: number, round: number, change: Partial<Header> = {}) =>
  sealedBy(leader, producer(by), parentAt(height), { timeMs: 5_001, ...change, claim: claimOfRound(round) });

/** The number of who proposes, as the schedule of the votes says. */
function proposer(height: number, round: number): number {
  const set = sets[height <= EPOCH_BLOCKS ? 0 : 1];
  const { publicKey } = set.members[createProposerSchedule(set, EPOCH_BLOCKS).at(height, round)] ?? {};
  return PRODUCERS.findIndex((one) => one.publicKey === publicKey);
}

describe('blocks that votes ask for', () => {
  it('are made by the proposer of the height and the round in the claim', () => {
    for (let height = 6; height < 16; height++) {
      for (const round of [0, 1, 2, 3, 4, 50, ROUNDS_MAX - 1]) {
        const expected = proposer(height, round);
        for (const by of [0, 1, 2, 3, 4, 5, 6]) {
          const rule = ruleOf(leader.verifyHeader(made(by, height, round), parentAt(height), context));
          if (by === expected) assert.equal(rule, 'ok');
          else assert.match(rule, /^consensus\/(wrong-producer|not-a-validator)$/);
        }
      }
    }
  });

  it('are later than their parent by a millisecond or more', () => {
    const by = proposer(3, 0);
    for (const [timeMs, rule] of [
      [4_999, 'consensus/time-not-later'],
      [5_000, 'consensus/time-not-later'],
      [5_001, 'ok'],
    ] as const)
      assert.equal(ruleOf(leader.verifyHeader(made(by, 3, 0, { timeMs }), parentAt(3), context)), rule);
  });

  it('name the rule that was broken', () => {
    const by = proposer(3, 1);
    const good = made(by, 3, 1);
    const other = concatBytes(claimOfRound(2), good.seal.subarray(4));
    const cases: readonly [Header, string][] = [
      [{ ...good, seal: good.seal.slice(4) }, 'consensus/seal-size'],
      [{ ...good, seal: other }, 'consensus/seal-invalid'],
      [{ ...good, gasUsed: 1 }, 'consensus/seal-invalid'],
      [made(by, 3, ROUNDS_MAX), 'consensus/round-too-high'],
      [made(1, 3, 1), 'consensus/not-a-validator'],
      [{ ...good, height: 2 * EPOCH_BLOCKS + 1 }, 'consensus/validators-unknown'],
    ];
    for (const [bad, rule] of cases)
      assert.equal(ruleOf(leader.verifyHeader(bad, parentAt(3), context)), rule);
  });

  it('are asked for, and never of somebody who is no validator of the epoch', () => {
    for (const [height, members] of [
      [10, [0, 2, 3, 5]],
      [11, [1, 4, 6]],
    ] as const) {
      for (const [i, one] of PRODUCERS.entries()) {
        const { kind } = leader.turn(parentAt(height), one, 6_000, context);
        assert.equal(kind, (members as readonly number[]).includes(i) ? 'asked' : 'never');
      }
    }
  });

  it('have a number that grows with height and round', () => {
    const numbers = [1, 2, 2 ** 32 - 1].flatMap((height) =>
      [0, 1, ROUNDS_MAX - 1, ROUNDS_MAX].map((round) =>
        leader.signedTurns?.numberOf({ ...bareHeader(height, 0), claim: claimOfRound(round) }),
      ),
    );
    assert.deepEqual(
      numbers,
      [...new Set(numbers)].toSorted((a = 0, b = 0) => a - b),
    );
    assert.ok(numbers.every(Number.isSafeInteger));
  });
});
