import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Random } from './random.ts';

const seed = (fill: number) => new Uint8Array(32).fill(fill);

/** xoshiro128** written again by the paper, over BigInt words. */
function* reference(state: [bigint, bigint, bigint, bigint]): Generator<number> {
  const mask = 0xffff_ffffn;
  const rotate = (x: bigint, k: bigint) => ((x << k) | (x >> (32n - k))) & mask;
  const s = state;
  while (true) {
    yield Number((rotate((s[1] * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

describe('the random numbers of a node', () => {
  it('are those of xoshiro128**', () => {
    const state: [bigint, bigint, bigint, bigint] = [0n, 0n, 0n, 0n];
    const absorb = (words: readonly bigint[]) => {
      for (const [i, word] of words.entries()) state[i] = (state[i] as bigint) ^ word;
      const rounds = reference(state);
      for (let round = 0; round < 20; round++) rounds.next();
      // One more would be drawn by the round that was begun: a generator stops after the yield, before the change.
      rounds.next();
    };
    const word = 0x0707_0707n;
    absorb([word ^ 0x9e37_79b9n, word ^ 0x243f_6a88n, word ^ 0xb7e1_5162n, word ^ 0x6a09_e667n]);
    absorb([word, word, word, word]);
    const expected = reference(state);
    const random = new Random(seed(7));
    for (let i = 0; i < 100; i++) assert.equal(random.u32(), expected.next().value);
  });

  it('repeat with the seed and differ with any byte of it', () => {
    const draw = (bytes: Uint8Array) => {
      const random = new Random(bytes);
      return Array.from({ length: 4 }, () => random.u32()).join();
    };
    const seen = new Set([draw(seed(0))]);
    assert.ok(seen.has(draw(seed(0))));
    for (let at = 0; at < 32; at++) {
      const changed = seed(0);
      changed[at] = 1;
      seen.add(draw(changed));
    }
    assert.equal(seen.size, 33);
  });

  it('are spread evenly and stay below their bound', () => {
    const random = new Random(seed(1));
    const counts = new Array<number>(10).fill(0);
    for (let i = 0; i < 20_000; i++) counts[random.below(10)] = (counts[random.below(10)] ?? 0) + 1;
    for (const count of counts) assert.ok(count > 1_700 && count < 2_300, counts.join(' '));
    for (let i = 0; i < 1_000; i++) assert.ok(random.below(2 ** 32) < 2 ** 32);
    assert.equal(random.below(1), 0);
    assert.throws(() => random.below(0), /nothing is below 0/);
    for (let i = 0; i < 100; i++) assert.ok([3, 4, 5].includes(random.between(3, 5)));
  });

  it('shuffle into every order, and pick nothing from nothing', () => {
    const random = new Random(seed(2));
    const orders = new Set<string>();
    for (let i = 0; i < 200; i++) orders.add(random.shuffle(['a', 'b', 'c']).join(''));
    assert.equal(orders.size, 6);
    assert.equal(random.pick([]), undefined);
    assert.equal(random.pick(['only']), 'only');
  });

  it('give a fork that does not depend on what its parent draws later', () => {
    const [one, two] = [new Random(seed(3)), new Random(seed(3))];
    const [forkOne, forkTwo] = [one.fork(), two.fork()];
    for (let i = 0; i < 5; i++) one.u32();
    assert.deepEqual(forkOne.bytes(16), forkTwo.bytes(16));
    assert.notDeepEqual(forkOne.bytes(16), one.bytes(16));
  });
});
