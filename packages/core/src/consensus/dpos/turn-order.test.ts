import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { VALIDATORS_MAX } from '../../primitives/limits.ts';
import { mockSet } from '../voting/mock-signatures.testing.ts';
import { turnOrder } from './turn-order.ts';

const setOfSize = (count: number, epoch = 3) =>
  mockSet(
    epoch,
    Array.from({ length: count }, () => 1),
  );

describe('the order of turns', () => {
  it('gives everybody one turn a round', () => {
    for (const count of [1, 2, 3, 8, 9, 10, 100, VALIDATORS_MAX]) {
      const set = setOfSize(count);
      for (const round of [0, 1, 2, 1_000_000_007, 2 ** 52]) {
        const order = turnOrder(set, round);
        assert.deepEqual(
          [...order].toSorted((a, b) => a - b),
          [...set.members.keys()],
        );
      }
    }
  });

  it('follows from seed and round alone', () => {
    const [one, two] = [setOfSize(20), setOfSize(20)];
    const rounds = Array.from({ length: 30 }, (_, i) => i);
    const forwards = rounds.map((round) => [...turnOrder(one, round)]);
    const backwards = rounds.toReversed().map((round) => [...turnOrder(two, round)]);
    assert.deepEqual(forwards, backwards.toReversed());
    assert.equal(new Set(forwards.map(String)).size, rounds.length);
    assert.notDeepEqual(forwards[0], [...turnOrder(setOfSize(20, 4), 0)]);
  });

  it('puts everybody at every place, and behind everybody, equally often', () => {
    // 6,000 rounds of 5: 1,200 at each place and 240 × 4 behind each other, 5 standard deviations of which are about
    // 155 and 140.
    const set = setOfSize(5);
    const places = new Map<string, number>();
    const count = (name: string) => places.set(name, (places.get(name) ?? 0) + 1);
    for (let round = 0; round < 6_000; round++) {
      const order = turnOrder(set, round);
      for (const [place, member] of order.entries()) {
        count(`${member} at ${place}`);
        if (place > 0) count(`${member} behind ${order[place - 1]}`);
      }
    }
    assert.equal(places.size, 5 * 5 + 5 * 4);
    for (const [name, times] of places) assert.ok(Math.abs(times - 1_200) < 160, `${name}: ${times} times`);
  });
});
