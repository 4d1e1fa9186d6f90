import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createDevSpec } from './dev-network.ts';

test('the chain gives each account 10,000 CALIN', () => {
  const spec = createDevSpec(1_750_000_000_000);
  assert.deepEqual(
    spec.allocations.map(({ amount }) => amount),
    Array.from({ length: 10 }, () => 1_000_000_000_000),
  );
  assert.equal(spec.dev, true);
});
