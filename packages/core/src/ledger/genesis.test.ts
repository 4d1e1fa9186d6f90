import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../base/amount.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { parseBlock } from '../primitives/block.ts';
import { specHash } from '../spec/chain-spec.ts';
import { coinKey } from '../state/coin.ts';
import { viewOf } from '../state/view.ts';
import { stateCoins, stateRoot } from '../state/world-state.ts';
import { createGenesis } from './genesis.ts';
import { readSupply } from './supply.ts';
import { testKey } from './testing/owners.testing.ts';
import { ALLOCATION, testSpec } from './testing/spec.testing.ts';

const [alice, bob] = [testKey(0).address, testKey(1).address];

test('allocations become coins of the spec hash, and count as issued', () => {
  const spec = testSpec({ allocated: [alice, bob, alice] });
  const { block, state } = createGenesis(spec);
  const view = viewOf(state);
  for (const [index, address] of [alice, bob, alice].entries()) {
    const coin = view.coin(coinKey(specHash(spec), index));
    assert.deepEqual(coin, { index, asset: 0, amount: ALLOCATION, address, height: 0, reward: false });
  }
  assert.equal([...stateCoins(state)].length, 3);
  assert.deepEqual(readSupply(view), { issued: 3 * ALLOCATION, burned: 0 });
  assert.deepEqual(block.header.stateRoot, stateRoot(state));
});

test('the block names its spec, holds nothing, and survives its encoding', () => {
  const spec = testSpec();
  const { block } = createGenesis(spec);
  const { header } = block;
  assert.deepEqual(header.parent, specHash(spec));
  assert.deepEqual([header.height, header.timeMs, header.gasUsed], [0, spec.genesisTimeMs, 0]);
  assert.deepEqual([header.txRoot, header.receiptRoot, header.producer], [ZERO_HASH, ZERO_HASH, ZERO_HASH]);
  assert.equal(header.baseFee, spec.fees.baseFeeInitial);
  assert.equal(header.seal.length, 0);
  const parsed = parseBlock(block.bytes, block.id);
  assert.ok(parsed.ok);
  assert.deepEqual(parsed.value.id, block.id);
});

test('any difference between two specs gives another chain id', () => {
  const ids = [
    testSpec(),
    testSpec({ fees: { baseFeeMin: amount(2) } }),
    testSpec({ allocated: [bob] }),
    testSpec({ economy: { rewardMaturityBlocks: 3 } }),
  ].map((spec) => Buffer.from(createGenesis(spec).block.id).toString('hex'));
  assert.equal(new Set(ids).size, ids.length);
});

test('a chain without allocations has a supply of nothing', () => {
  const { state } = createGenesis(testSpec({ allocated: [] }));
  assert.deepEqual(readSupply(viewOf(state)), { issued: 0, burned: 0 });
});

test('a spec that was not checked stops the program', () => {
  assert.throws(() => createGenesis(testSpec({ economy: { cap: amount(ALLOCATION - 1) } })), /above the cap/);
  const spec = testSpec();
  const empty = { ...spec, allocations: [{ address: alice, amount: amount(0) }] };
  assert.throws(() => createGenesis(empty), /allocation 0 is empty/);
});
