import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { keyOpening, type Signer, signForReal, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { AUTHORITY, TestNode, type TestNodeOptions } from './test-node.testing.ts';

const alice = testKey(1);
const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: 5 }, () => ({ address: alice.address, amount: amount(1_000_000_000) })),
});

/** A signature that is no good, and of the right length. */
const forge: Signer = (txid, key) => signForReal(txid, key).map((byte) => byte ^ 1);

function payment(node: TestNode, index: number, signer: Signer = signForReal, tip = 0): Transaction {
  const place = { spec, env: node.node.nextEnvironment(), view: node.node.view() };
  return spend(place, {
    from: [{ outpoint: { txid: specHash(spec), index }, opening: keyOpening(alice) }],
    outputs: [{ asset: 0, amount: amount(1000), address: AUTHORITY.address }],
    signer,
    tip,
  });
}

function submit(node: TestNode, ...transactions: Transaction[]): void {
  const answer = node.ask({ kind: 'submit', transactions: transactions.map(({ bytes }) => bytes) });
  assert.ok(answer.ok && !JSON.stringify(answer.value).includes('refusal'), JSON.stringify(answer));
}

/** A block of another node, which believes every signature. */
function blockWith(transactions: (node: TestNode) => Transaction[]): Uint8Array {
  const source = new TestNode({ spec, production: { kind: 'off' } });
  const producing = new TestNode({ spec });
  submit(producing, ...transactions(source));
  const block = producing.queries.block({ kind: 'id', id: producing.node.chain.head.id });
  assert.ok(block !== undefined);
  return block.bytes;
}

/** A node that looks at signatures and makes no blocks. */
function follower(options: Partial<TestNodeOptions> = {}): TestNode {
  const nowMs = spec.genesisTimeMs + 5000;
  return new TestNode({ spec, production: { kind: 'off' }, signaturesValid: 'by rule', nowMs, ...options });
}

describe('a block with transactions whose signatures', () => {
  test('are new has them checked', () => {
    const node = follower();
    const block = blockWith((at) => [payment(at, 0), payment(at, 1)]);
    assert.ok(node.ask({ kind: 'import', block }).ok);
    assert.deepEqual(node.signaturesAsked, [2]);
  });

  test('were checked when they entered the pool does not have them checked again', () => {
    const node = follower();
    submit(node, payment(node, 0));
    const block = blockWith((at) => [payment(at, 0), payment(at, 1)]);
    assert.ok(node.ask({ kind: 'import', block }).ok);
    assert.deepEqual(node.signaturesAsked, [1, 1]);
  });

  test('were checked before they left the pool does not either', () => {
    const node = follower();
    const [replaced, better] = [payment(node, 0), payment(node, 0, signForReal, 100_000)];
    submit(node, replaced);
    submit(node, better);
    assert.equal(node.node.mempool.get(replaced.txid), undefined);
    assert.ok(node.ask({ kind: 'import', block: blockWith((at) => [payment(at, 0)]) }).ok);
    assert.deepEqual(node.signaturesAsked, [1, 1, 0]);
  });

  test('came with a block that a reorganisation took back does not either', () => {
    const node = follower();
    assert.ok(node.ask({ kind: 'snapshot' }).ok);
    assert.ok(node.ask({ kind: 'import', block: blockWith((at) => [payment(at, 0)]) }).ok);
    assert.ok(node.ask({ kind: 'revert', snapshot: '1' }).ok);
    const rival = blockWith((at) => [payment(at, 0), payment(at, 1)]);
    const again = node.ask({ kind: 'import', block: rival });
    assert.ok(again.ok, JSON.stringify(again));
    assert.deepEqual(node.signaturesAsked, [1, 1]);
  });

  test('were checked before a restart does not either, if the pool was saved', () => {
    const store = new MemoryStore();
    const before = follower({ store });
    submit(before, payment(before, 0));
    before.runner.dispatch({ type: 'stop' });
    const node = follower({ store });
    assert.equal(node.node.mempool.size, 1);
    assert.ok(node.ask({ kind: 'import', block: blockWith((at) => [payment(at, 0)]) }).ok);
    assert.deepEqual(node.signaturesAsked, [0]);
  });

  test('are others than those that were checked, under the same txid, is looked at and refused', () => {
    const node = follower();
    const good = payment(node, 0);
    submit(node, good);
    const forged = payment(node, 0, forge);
    assert.equal(toHex(forged.txid), toHex(good.txid));
    const block = blockWith((at) => [payment(at, 0, forge)]);
    const refused = node.ask({ kind: 'import', block });
    assert.ok(!refused.ok && refused.error.rule === 'tx/signature-invalid');
    assert.equal(refused.error.evidence['got'], toHex(good.txid));
    assert.deepEqual(node.signaturesAsked, [1, 1]);
    assert.equal(node.node.chain.head.height, 0);
    // The block is refused by its header when it comes again.
    const again = node.ask({ kind: 'import', block });
    assert.ok(!again.ok && again.error.rule === 'chain/block-invalid');
    assert.deepEqual(node.signaturesAsked, [1, 1]);
    // What was refused is not remembered as good.
    const other = blockWith((at) => [payment(at, 0, forge), payment(at, 1)]);
    const refusedToo = node.ask({ kind: 'import', block: other });
    assert.ok(!refusedToo.ok && refusedToo.error.rule === 'tx/signature-invalid');
    assert.deepEqual(node.signaturesAsked, [1, 1, 2]);
  });

  test('were refused at the pool is looked at again', () => {
    const node = follower();
    const answer = node.ask({ kind: 'submit', transactions: [payment(node, 0, forge).bytes] });
    assert.ok(answer.ok && JSON.stringify(answer.value).includes('tx/signature-invalid'));
    const refused = node.ask({ kind: 'import', block: blockWith((at) => [payment(at, 0, forge)]) });
    assert.ok(!refused.ok && refused.error.rule === 'tx/signature-invalid');
    assert.deepEqual(node.signaturesAsked, [1, 1]);
  });
});
