import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { MISSED_MAX } from '../../primitives/limits.ts';
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
import { createDpos } from './create-dpos.ts';
import { turnOrder } from './turn-order.ts';

const SLOT_MS = 1000;
const dpos = createDpos({ kind: 'dpos', slotMs: SLOT_MS }, CHAIN);
const sets = [setOf(0, [0, 2, 3, 5, 6]), setOf(1, [1, 4, 6])] as const;
const context = given(viewOf(...sets));
const parent = bareHeader(4, 600_500);
const last = bareHeader(EPOCH_BLOCKS, 600_500);

/** Whose slot it is, as the order of its round says. */
function ownerOf(epoch: 0 | 1, slot: number) {
  const set = sets[epoch];
  const count = set.members.length;
  const { publicKey } = set.members[turnOrder(set, Math.floor(slot / count))[slot % count] ?? -1] ?? {};
  return PRODUCERS.findIndex((one) => one.publicKey === publicKey);
}

describe('delegated proof of stake', () => {
  it('gives each slot to the member whose turn the order of the round says it is', () => {
    for (let slot = 601; slot < 620; slot++) {
      for (const [i, one] of PRODUCERS.entries()) {
        const timeMs = slot * SLOT_MS + 99;
        const early = sealedBy(dpos, one, parent, { timeMs });
        const late = sealedBy(dpos, one, last, { timeMs });
        const rules = [dpos.verifyHeader(early, parent, context), dpos.verifyHeader(late, last, context)].map(
          ruleOf,
        );
        const expected = ([0, 1] as const).map((epoch) =>
          i === ownerOf(epoch, slot) ? 'ok' : 'consensus/wrong-producer',
        );
        assert.deepEqual(rules, expected);
      }
    }
  });

  it('names the rule that was broken', () => {
    const good = sealedBy(dpos, producer(ownerOf(0, 601)), parent, { timeMs: 601_000 });
    assert.equal(ruleOf(dpos.verifyHeader(good, parent, context)), 'ok');
    const cases = [
      [{ ...good, timeMs: 600_500 }, 'consensus/time-not-later'],
      [{ ...good, timeMs: 600_501 }, 'consensus/slot-not-later'],
      [{ ...good, seal: Uint8Array.of(...good.seal, 0) }, 'consensus/seal-size'],
      [{ ...good, gasUsed: 1 }, 'consensus/seal-invalid'],
      [{ ...good, timeMs: 601_001 }, 'consensus/seal-invalid'],
      [{ ...good, height: 2 * EPOCH_BLOCKS + 1 }, 'consensus/validators-unknown'],
    ] as const;
    for (const [bad, rule] of cases) assert.equal(ruleOf(dpos.verifyHeader(bad, parent, context)), rule);
  });

  it('waits for the next own slot, two rounds away at most', () => {
    for (const one of [0, 2, 3, 5, 6]) {
      for (let nowMs = 590_000; nowMs < 640_000; nowMs += 777) {
        const turn = dpos.turn(parent, producer(one), nowMs, context);
        const [now, first] = [Math.floor(nowMs / SLOT_MS), 601];
        let slot = Math.max(now, first);
        while (ownerOf(0, slot) !== one) slot++;
        assert.ok(slot - Math.max(now, first) < 2 * 5 - 1);
        const expected = { kind: 'wait', untilMs: slot * SLOT_MS };
        assert.deepEqual(
          turn,
          slot === now ? { kind: 'now', timeMs: nowMs, claim: new Uint8Array(0) } : expected,
        );
      }
    }
  });

  it('does not let a member of another epoch', () => {
    const early = dpos.turn(parent, producer(1), 601_000, context);
    assert.ok(early.kind === 'never' && early.refusal.rule === 'consensus/not-a-producer');
    assert.notEqual(dpos.turn(last, producer(1), 601_000, context).kind, 'never');
    assert.equal(dpos.turn(last, producer(0), 601_000, context).kind, 'never');
  });
});

describe('missed turns', () => {
  const missed = (from: ReturnType<typeof bareHeader>, timeMs: number) => {
    const origin = {
      height: from.height + 1,
      timeMs,
      producer: producer(0).address,
      claim: new Uint8Array(0),
    };
    return dpos.facts(origin, from, context.validators).missed;
  };
  const keysOf = (epoch: 0 | 1, slots: readonly number[]) =>
    slots.map((slot) => producer(ownerOf(epoch, slot)).publicKey);

  it('are those of the slots between a block and its parent', () => {
    assert.deepEqual(missed(parent, 601_999), []);
    assert.deepEqual(missed(parent, 602_000), keysOf(0, [601]));
    assert.deepEqual(missed(parent, 605_400), keysOf(0, [601, 602, 603, 604]));
  });

  it('are those of the set that the block is made by', () => {
    assert.deepEqual(missed(last, 603_000), keysOf(1, [601, 602]));
  });

  it('are the last ones after a long silence', () => {
    const slots = Array.from({ length: MISSED_MAX }, (_, i) => 9_999 - MISSED_MAX + 1 + i);
    assert.deepEqual(missed(parent, 10_000_000), keysOf(0, slots));
  });

  it('are none before the first block', () => {
    assert.equal(missed(bareHeader(0, 500), 601_000), undefined);
  });
});
