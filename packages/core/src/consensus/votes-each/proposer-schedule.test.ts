import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { epochStart, totalWeight } from '../../primitives/validator-set.ts';
import { mockSet } from '../voting/mock-signatures.testing.ts';
import { createProposerSchedule } from './proposer-schedule.ts';

describe('the schedule of proposers', () => {
  it('gives everybody its share of any stretch, to within two turns', () => {
    const random = seededRandom(7);
    for (let run = 0; run < 40; run++) {
      const weights = Array.from(
        { length: 1 + random.below(12) },
        () => 1 + random.below(random.pick([1, 5, 1_000])),
      );
      const set = mockSet(random.below(9), weights);
      const schedule = createProposerSchedule(set, 500);
      const start = epochStart(set.epoch, 500);
      const turns = Array.from({ length: 400 }, (_, i) => schedule.at(start + i, 0));
      const [from, length] = [random.below(200), 1 + random.below(200)];
      const stretch = turns.slice(from, from + length);
      for (const [member, weight] of weights.entries()) {
        const share = (length * weight) / totalWeight(set);
        const had = stretch.filter((one) => one === member).length;
        assert.ok(Math.abs(had - share) <= 2, `${had} turns of ${share} for ${weight} of ${weights}`);
      }
    }
  });

  it('lets everybody begin an epoch about as often as its weight says', () => {
    const weights = [6, 3, 1];
    const firsts = [0, 0, 0];
    for (let epoch = 0; epoch < 250; epoch++) {
      const first = createProposerSchedule(mockSet(epoch, weights), 10).at(epochStart(epoch, 10), 0);
      firsts[first] = (firsts[first] as number) + 1;
    }
    for (const [member, weight] of weights.entries())
      assert.ok(Math.abs((firsts[member] as number) - 25 * weight) < 40, `${firsts}`);
  });

  it('passes the turn on with each round', () => {
    const schedule = createProposerSchedule(mockSet(2, [3, 1, 1, 2]), 100);
    for (let height = 201; height < 280; height++)
      for (let round = 0; round < 5; round++)
        assert.equal(schedule.at(height, round), schedule.at(height + round, 0));
  });

  it('does not depend on what it was asked before, and takes the greatest weights', () => {
    const set = mockSet(1, [2 ** 52, 2 ** 51, 1, 2 ** 51]);
    const [forwards, backwards] = [createProposerSchedule(set, 50), createProposerSchedule(set, 50)];
    const heights = Array.from({ length: 50 }, (_, i) => 51 + i);
    const turns = heights.map((height) => forwards.at(height, 0));
    assert.deepEqual(
      heights
        .toReversed()
        .map((height) => backwards.at(height, 0))
        .toReversed(),
      turns,
    );
    assert.ok(Math.abs(turns.filter((turn) => turn === 0).length - 25) <= 2);
    assert.throws(() => forwards.at(101, 0), /a turn of this epoch/);
    assert.throws(() => forwards.at(50, 0), /a turn of this epoch/);
  });
});
