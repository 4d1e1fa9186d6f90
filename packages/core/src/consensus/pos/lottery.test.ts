import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { publicKeyOf } from '../../crypto/signature.ts';
import { proveVrf, verifyVrf } from '../../crypto/vrf.ts';
import { type Chance, isWinning, lotteryInput } from './lottery.ts';

const SEED = new Uint8Array(32).fill(0x5e);
const TICKETS = 2n ** 56n;

/** An output with this ticket. */
function outputOf(ticket: bigint): Uint8Array {
  const output = new Uint8Array(64).fill(0xff);
  for (let i = 6; i >= 0; i--, ticket >>= 8n) output[i] = Number(ticket & 0xffn);
  return output;
}

/**
 * Outputs as likely as those of a key: numbers of a seed in the place of proofs, which would take minutes for 100,000
 * slots. Real ones are drawn below.
 */
function outputs(seed: number): () => Uint8Array {
  const random = seededRandom(seed);
  const output = new Uint8Array(8);
  const words = new DataView(output.buffer);
  return () => {
    words.setUint32(0, random.u32());
    words.setUint32(4, random.u32());
    return output;
  };
}

/** For each member the slots that it wins. */
function winsOf(weights: readonly number[], winnersPermille: number, slots: number, seed: number) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const next = outputs(seed);
  const chances = weights.map((weight): Chance => ({ weight, total, winnersPermille }));
  const wins = weights.map((): number[] => []);
  for (let slot = 0; slot < slots; slot++) {
    for (const [i, chance] of chances.entries()) if (isWinning(next(), chance)) wins[i]?.push(slot);
  }
  return wins;
}

/** Asserts that so many of `tries` fit a chance: five standard deviations, wrong once in 1.7 million times. */
function assertBinomial(times: number, tries: number, chance: number): void {
  const bound = 5 * Math.sqrt(tries * chance * (1 - chance));
  assert.ok(Math.abs(times - tries * chance) <= bound, `${times} of ${tries} at ${chance}, bound ${bound}`);
}

describe('winning', () => {
  const chances = fc
    .tuple(fc.maxSafeNat(), fc.maxSafeNat(), fc.integer({ min: 1, max: 1000 }))
    .map(([a, b, winnersPermille]) => {
      const [weight, total] = [Math.max(1, Math.min(a, b)), Math.max(1, a, b)];
      return { weight, total, winnersPermille };
    });

  it('ends exactly where the ticket reaches the chance', () => {
    fc.assert(
      fc.property(chances, (chance) => {
        const { weight, total, winnersPermille } = chance;
        // The number of tickets below 2^56 × chance, rounded up.
        const [a, b] = [TICKETS * BigInt(winnersPermille) * BigInt(weight), 1000n * BigInt(total)];
        const winning = (a + b - 1n) / b;
        assert.ok(isWinning(outputOf(winning - 1n), chance));
        if (winning < TICKETS) assert.ok(!isWinning(outputOf(winning), chance));
      }),
      { seed: 26, numRuns: 2_000 },
    );
  });

  it('does not take a ticket that is exactly the chance', () => {
    const chance: Chance = { weight: 1, total: 2, winnersPermille: 500 };
    assert.ok(isWinning(outputOf(TICKETS / 4n - 1n), chance));
    assert.ok(!isWinning(outputOf(TICKETS / 4n), chance));
  });

  it('follows from the first seven bytes', () => {
    const chance: Chance = { weight: 1, total: 3, winnersPermille: 1000 };
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const output = seededRandom(seed).bytes(64);
      const other = Uint8Array.from(output, (byte, i) => (i < 7 ? byte : 255 - byte));
      assert.equal(isWinning(other, chance), isWinning(output, chance));
    }
  });

  it('is sure where one member has everything and every slot one winner', () => {
    for (const weight of [1, Number.MAX_SAFE_INTEGER])
      assert.ok(isWinning(outputOf(TICKETS - 1n), { weight, total: weight, winnersPermille: 1000 }));
  });
});

describe('the input of a lottery', () => {
  it('is another for every seed and slot', () => {
    const inputs = new Set<string>();
    for (let byte = 0; byte < 20; byte++) {
      for (const slot of [0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER])
        inputs.add(String(lotteryInput(new Uint8Array(32).fill(byte), slot)));
    }
    assert.equal(inputs.size, 20 * 7);
  });
});

describe('shares of the slots', () => {
  const SLOTS = 100_000;
  const WEIGHTS = [1, 2, 5, 12, 30, 50];
  const TOTAL = 100;

  for (const winnersPermille of [50, 500, 1000]) {
    it(`are those of the stake, with ${winnersPermille} winners in 1,000 slots`, () => {
      const wins = winsOf(WEIGHTS, winnersPermille, SLOTS, winnersPermille);
      let [won, chiSquare] = [0, 0];
      for (const one of wins) won += one.length;
      for (const [i, weight] of WEIGHTS.entries()) {
        const times = wins[i]?.length ?? 0;
        assertBinomial(times, SLOTS, (winnersPermille / 1000) * (weight / TOTAL));
        const expected = (won * weight) / TOTAL;
        chiSquare += (times - expected) ** 2 / expected;
      }
      // Five degrees of freedom: above 35.9 once in a million times.
      assert.ok(chiSquare < 35.9, `chi square ${chiSquare}`);
    });
  }

  it('leave as many slots empty as the chances say', () => {
    const slots = new Set(winsOf(WEIGHTS, 500, SLOTS, 4).flat());
    const empty = WEIGHTS.reduce((chance, weight) => chance * (1 - 0.5 * (weight / TOTAL)), 1);
    assertBinomial(SLOTS - slots.size, SLOTS, empty);
  });

  it('do not grow when a stake is split', () => {
    const whole = winsOf([40, 60], 500, SLOTS, 5)[0]?.length ?? 0;
    const parts = winsOf([...Array.from({ length: 20 }, () => 2), 60], 500, SLOTS, 6).slice(0, 20);
    const tickets = parts.flat().length;
    const slots = new Set(parts.flat()).size;
    assertBinomial(whole, SLOTS, 0.2);
    // Twenty times 100,000 tries at a twentieth of the chance: as many tickets as of the whole.
    assertBinomial(tickets, 20 * SLOTS, 0.01);
    // In slots that one has: fewer than with the whole, by those in which two of the parts win.
    assertBinomial(slots, SLOTS, 1 - 0.99 ** 20);
    assert.ok(slots < whole);
  });
});

describe('shares of the blocks', () => {
  it('are a little above its stake for a third, which never competes with itself', () => {
    // 20,200 of 50,000 slots have a block; five standard deviations are 0.017 of the share, 0.011 of that part.
    const slots = 50_000;
    const wins = winsOf([10, ...Array.from({ length: 20 }, () => 1)], 500, slots, 7);
    const winners = Array.from({ length: slots }, (): number[] => []);
    for (const [member, won] of wins.entries()) for (const slot of won) winners[slot]?.push(member);
    const random = seededRandom(8);
    const makers = winners.filter(({ length }) => length > 0).map((ties) => random.pick(ties));
    const share = makers.filter((member) => member === 0).length / makers.length;
    assert.ok(Math.abs(share - 0.35) < 0.017, `${share}`);
    assert.ok(Math.abs(makers.length / slots - 0.4046) < 0.011, `${makers.length}`);
  });
});

describe('a lottery with real proofs', () => {
  it('is won as often as the stake says', () => {
    const secrets = [11, 12].map((byte) => new Uint8Array(32).fill(byte));
    const weights = [3, 1];
    const slots = 150;
    const wins = secrets.map((secret, i) => {
      let times = 0;
      for (let slot = 0; slot < slots; slot++) {
        const input = lotteryInput(SEED, slot);
        const output = verifyVrf(publicKeyOf(secret), input, proveVrf(secret, input));
        const chance = { weight: weights[i] as number, total: 4, winnersPermille: 800 };
        if (isWinning(output as Uint8Array, chance)) times++;
      }
      return times;
    });
    assertBinomial(wins[0] as number, slots, 0.6);
    assertBinomial(wins[1] as number, slots, 0.2);
  });
});
