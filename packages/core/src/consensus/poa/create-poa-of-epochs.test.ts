import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
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
import { createPoaOfEpochs } from './create-poa.ts';

const poa = createPoaOfEpochs({ slotMs: 1000 }, CHAIN);
const context = given(viewOf(setOf(0, [0, 1, 2]), setOf(1, [1, 3])));
const last = bareHeader(EPOCH_BLOCKS, 600_500);
const before = bareHeader(EPOCH_BLOCKS - 1, 600_500);

describe('proof of authority among validators', () => {
  it('gives slot s to member s mod n of the set of the epoch', () => {
    for (const [parent, members] of [
      [before, [0, 1, 2]],
      [last, [1, 3]],
    ] as const) {
      for (let slot = 601; slot < 613; slot++) {
        for (const [i, one] of PRODUCERS.entries()) {
          const header = sealedBy(poa, one, parent, { timeMs: 1000 * slot + 7 });
          const expected = i === members[slot % members.length] ? 'ok' : 'consensus/wrong-producer';
          assert.equal(ruleOf(poa.verifyHeader(header, parent, context)), expected);
        }
      }
    }
  });

  it('names the rule that was broken', () => {
    const good = sealedBy(poa, producer(1), before, { timeMs: 601_000 });
    const cases = [
      [sealedBy(poa, producer(0), before, { timeMs: 600_000 }), 'consensus/time-not-later'],
      [sealedBy(poa, producer(0), before, { timeMs: 600_501 }), 'consensus/slot-not-later'],
      [{ ...good, seal: good.seal.slice(1) }, 'consensus/seal-size'],
      [{ ...good, gasUsed: 1 }, 'consensus/seal-invalid'],
      [{ ...good, height: 2 * EPOCH_BLOCKS + 1 }, 'consensus/validators-unknown'],
    ] as const;
    for (const [bad, rule] of cases) assert.equal(ruleOf(poa.verifyHeader(bad, before, context)), rule);
  });

  it('lets an authority from the first block of its epoch on, and until the last', () => {
    assert.deepEqual(poa.turn(before, producer(2), 600_600, context), { kind: 'wait', untilMs: 602_000 });
    assert.equal(poa.turn(before, producer(3), 600_600, context).kind, 'never');
    assert.deepEqual(poa.turn(last, producer(3), 600_600, context), { kind: 'wait', untilMs: 601_000 });
    assert.equal(poa.turn(last, producer(2), 600_600, context).kind, 'never');
  });
});
