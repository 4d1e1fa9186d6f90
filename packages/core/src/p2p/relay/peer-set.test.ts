import assert from 'node:assert/strict';
import { it } from 'node:test';
import fc from 'fast-check';
import { RELAY_PEERS_MAX } from './limits.ts';
import { PeerSet } from './peer-set.ts';

it('a set of peers is a set of numbers below the greatest slot', () => {
  const step = fc.record({ isAdd: fc.boolean(), slot: fc.nat({ max: RELAY_PEERS_MAX - 1 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const [set, model] = [new PeerSet(), new Set<number>()];
      for (const { isAdd, slot } of steps) {
        if (isAdd) set.add(slot);
        else set.delete(slot);
        if (isAdd) model.add(slot);
        else model.delete(slot);
      }
      const found: number[] = [];
      set.forEach((slot) => void found.push(slot));
      assert.deepEqual(
        found,
        [...model].toSorted((a, b) => a - b),
      );
      for (let slot = 0; slot < RELAY_PEERS_MAX; slot++) assert.equal(set.has(slot), model.has(slot));
    }),
  );
});

it('a set of peers takes no slot outside', () => {
  for (const slot of [-1, RELAY_PEERS_MAX]) assert.throws(() => new PeerSet().add(slot));
});
