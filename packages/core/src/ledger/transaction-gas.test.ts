import assert from 'node:assert/strict';
import { test } from 'node:test';
import { History } from './testing/history.testing.ts';
import { gasLeast, gasOf } from './transaction-gas.ts';

test('the head of a transaction tells what it costs at the least, and all of it for a transfer by keys', () => {
  const history = new History({ seed: 11 });
  const { spec } = history;
  let [transfers, others] = [0, 0];
  for (let height = 0; height < 6; height++) {
    for (const tx of history.transactions(12)) {
      const [least, all] = [gasLeast(spec, tx), gasOf(spec, tx)];
      const isTransfer = tx.actions.length === 0 && tx.witnesses.every(({ lock }) => lock.kind === 'key');
      if (isTransfer) assert.equal(least, all);
      else assert.ok(least <= all, `${least} of ${all}`);
      if (least === all) transfers += 1;
      else others += 1;
    }
    history.grow(6);
  }
  assert.ok(transfers > 5 && others > 5, `${transfers} transfers, ${others} others`);
});
