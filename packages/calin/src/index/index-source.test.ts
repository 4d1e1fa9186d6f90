import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readSupply } from '@calin/core/ledger/supply.ts';
import { AUTHORITY, TestNode } from '@calin/core/node/test-node.testing.ts';
import { stakesOf, votingSpec } from '@calin/core/node/validators.testing.ts';
import { nextStep } from './index-source.ts';

test('where stake can be burned without a trace in blocks, the supply is read from the state at the head', () => {
  const authorities = [AUTHORITY.publicKey];
  const spec = votingSpec({
    production: { kind: 'poa', slotMs: 1, authorities },
    finality: { kind: 'depth', blocks: 2 },
    validators: stakesOf(1),
  });
  const { publicKey, address: payTo } = AUTHORITY;
  const face = new TestNode({
    spec: { ...spec, dev: true },
    production: { kind: 'on-transaction', intervalMs: 0, publicKey, payTo },
  });
  assert(face.ask({ kind: 'mine', blocks: 1 }).ok);
  const { node } = face;
  const step = nextStep(node, { height: 0, id: node.chain.genesis.id });
  assert(step.kind === 'block');
  assert.deepEqual(step.supply, readSupply(node.view()));
});
