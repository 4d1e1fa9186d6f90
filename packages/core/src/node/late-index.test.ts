import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { expectOk, runToEnd, testMapKernel } from '../chain/chain.testing.ts';
import { verifyChain } from '../chain/verify-chain.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { verifySignature } from '../crypto/signature.ts';
import { historyIndex, indexedHeight } from '../history/history-index.ts';
import { devSpec } from '../spec/presets.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const allocations = [{ address: AUTHORITY.address, amount: amount(1_000) }];
const spec = devSpec({ authority: AUTHORITY.publicKey, genesisTimeMs: 1_700_000_000_000, allocations });

const late = (more: object = {}) => new TestNode({ spec, index: 'late', ...more });

function mine(node: TestNode, blocks: number): void {
  assert.ok(node.ask({ kind: 'mine', blocks }).ok);
}

/** Lets turns pass until the node has its indexes. */
function complete(node: TestNode): void {
  for (let turn = 0; turn < 5_000 && !node.node.isIndexed; turn++) node.advance(1);
  assert.ok(node.node.isIndexed);
}

/** That the history is what the blocks say, record by record, and the coins are those of the state. */
function assertRight(node: TestNode): void {
  for (let turn = 0; turn < 50; turn++) node.advance(1);
  const store = node.store.crash();
  assert.equal(indexedHeight(store), node.node.chain.head.height);
  const verify = { verify: verifySignature, verifySeal: verifySignature };
  const deps = { store, consensus: createConsensus(spec), index: historyIndex, ...verify };
  assert.equal(expectOk(runToEnd(verifyChain({ spec }, deps)).value).height, node.node.chain.head.height);
  assert.equal(node.node.coins?.count(AUTHORITY.address), node.node.chain.state.coins.size);
}

describe('indexes that are made late', () => {
  it('are refused until they are there, then follow the head', () => {
    const node = late();
    mine(node, 40);
    assert.equal(node.node.isIndexed, false);
    assert.equal(node.queries.status().storage.index, false);
    assert.ok(!node.queries.checkIndex().ok);
    complete(node);
    assert.ok(node.queries.checkIndex().ok && node.queries.status().storage.index);
    assertRight(node);
    mine(node, 5);
    assertRight(node);
    assert.ok(node.ask({ kind: 'reorg', depth: 3 }).ok);
    assertRight(node);
  });

  it('are right whatever the head does meanwhile', () => {
    for (let turns = 1; turns < 60; turns += 6) {
      const node = late(turns % 4 === 1 ? { kernel: testMapKernel } : {});
      mine(node, 20);
      for (let turn = 0; turn < turns; turn++) node.advance(1);
      assert.ok(node.ask({ kind: 'reorg', depth: 5 }).ok);
      mine(node, 2);
      complete(node);
      assertRight(node);
    }
  });

  it('go on after a restart where they were', () => {
    let node = late();
    mine(node, 60);
    for (let restarts = 0; restarts < 4; restarts++) {
      for (let turn = 0; turn < 8; turn++) node.advance(1);
      const height = indexedHeight(node.store);
      node = late({ store: node.store.crash() });
      assert.equal(indexedHeight(node.store), height);
      assert.ok(height > 0);
    }
    complete(node);
    assertRight(node);
    const again = new TestNode({ spec, store: node.store.crash() });
    assert.ok(again.node.isIndexed);
  });

  it('are left alone by a node that stops', () => {
    const node = late();
    mine(node, 20);
    for (let turn = 0; turn < 5; turn++) node.advance(1);
    node.runner.dispatch({ type: 'stop' });
    node.advance(100);
    assert.equal(node.death, null);
    const again = late({ store: node.store.crash() });
    complete(again);
    assertRight(again);
  });
});
