import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { devSpec } from '../spec/presets.ts';
import { mapKernel } from '../state/kernel.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { OLD_STATE_CHANGES_PER_SECOND, OldStateBudget } from './old-state-budget.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

describe('the budget of old states', () => {
  test('lets a visit in while something is left, and earns it back with time', () => {
    const budget = new OldStateBudget();
    assert.ok(budget.isOpen(1000));
    budget.pay(3 * OLD_STATE_CHANGES_PER_SECOND);
    assert.ok(!budget.isOpen(1000));
    assert.ok(!budget.isOpen(2999));
    assert.ok(budget.isOpen(3001));
    assert.ok(budget.isOpen(1_000_000), 'what is not used for long');
    budget.pay(OLD_STATE_CHANGES_PER_SECOND);
    assert.ok(!budget.isOpen(1_000_000), 'is not saved up');
  });

  test('counts only the way to a state, and never the head', () => {
    const kernel = mapKernel(createPlainHasher(), () => new TreeCoinMap());
    const allocations = [{ address: AUTHORITY.address, amount: amount(1) }];
    const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations });
    const node = new TestNode({ spec, kernel });
    assert.ok(node.ask({ kind: 'mine', blocks: 5 }).ok);
    const coin = { txid: node.node.chain.chainId, index: 0 };
    const { coins } = node.node.chain.state;
    const prove = (height: number) => node.queries.coinProof(coin, { kind: 'height', height });
    const before = coins.moved;
    assert.ok(
      before >= 5,
      'what executing a block changes counts too: a side branch may have to be executed',
    );
    assert.ok(prove(3).ok);
    assert.equal(coins.moved - before, 2, 'the rewards of two blocks');
    assert.ok(prove(3).ok);
    assert.equal(coins.moved - before, 2, 'it is there already');
    node.node.oldStates.pay(OLD_STATE_CHANGES_PER_SECOND);
    const refused = prove(3);
    assert.ok(!refused.ok && refused.error.rule === 'node/busy');
    assert.ok(prove(5).ok, 'the head is no old state');
    node.nowMs += 1000;
    node.runner.whenDurable(() => {});
    assert.ok(prove(3).ok);
  });
});
