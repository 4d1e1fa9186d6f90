import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import { keyOpening, signForReal, signTransaction, testKey } from '../../ledger/testing/owners.testing.ts';
import { AUTHORITY } from '../../node/test-node.testing.ts';
import { addressOf } from '../../primitives/address.ts';
import { createBlock } from '../../primitives/block.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import { specHash } from '../../spec/chain-spec.ts';
import { devSpec } from '../../spec/presets.ts';
import { TestNetwork, type TestNetworkOptions } from '../test-network.testing.ts';

const OWNERS = 20;
const COIN = 1_000_000_000;
const opening = (owner: number) => keyOpening(testKey(owner + 1));

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: OWNERS }, (_, i) => ({
    address: addressOf(opening(i).lock),
    amount: amount(COIN),
  })),
});

/** Each owner sends the allocated coin to the next one. */
function payments(net: TestNetwork): Transaction[] {
  const { chainId } = net.node(0).node.chain;
  return Array.from({ length: OWNERS }, (_, i) => {
    const address = addressOf(opening((i + 1) % OWNERS).lock);
    const outputs = [{ asset: NATIVE_ASSET, amount: amount(COIN - 1_000_000), address }];
    const inputs = [{ txid: specHash(spec), index: i }];
    return signTransaction(
      { expiryHeight: 0, inputs, outputs, actions: [] },
      [opening(i)],
      chainId,
      signForReal,
    );
  });
}

const head = (net: TestNetwork, node: number) => toHex(net.node(node).node.chain.head.id);

/** Node 0 makes blocks only when it is told to. */
function network(options: Partial<TestNetworkOptions> = {}): TestNetwork {
  const production = {
    kind: 'interval',
    intervalMs: 3_600_000,
    publicKey: AUTHORITY.publicKey,
    payTo: AUTHORITY.address,
  } as const;
  const node = (index: number) => ({
    production: index === 0 ? production : ({ kind: 'off' } as const),
    signaturesValid: 'by rule' as const,
  });
  return new TestNetwork({ spec, nodes: 4, node, ...options });
}

for (const byReference of [false, true]) {
  describe(`nodes whose messages come ${byReference ? 'by reference' : 'as frames'}`, () => {
    it('pass a payment to the maker of blocks, and its block to everybody', () => {
      const net = network({ byReference });
      net.connectLine();
      net.run(1_000);
      const all = payments(net);
      const submitted = net.node(3).ask({ kind: 'submit', transactions: all.map(({ bytes }) => bytes) });
      assert.ok(submitted.ok);
      const has = (node: number) => all.every(({ txid }) => net.node(node).node.mempool.has(txid));
      assert.ok(net.runUntil(() => [0, 1, 2].every(has), 5_000));
      assert.ok(net.node(0).ask({ kind: 'mine', blocks: 1 }).ok);
      net.nowMs = Math.max(net.nowMs, net.node(0).nowMs);
      assert.ok(net.runUntil(() => [1, 2, 3].every((node) => head(net, node) === head(net, 0)), 1_000));
      const made = net.node(3).node.chain.block(net.node(3).node.chain.head.id);
      assert.equal(made.ok && made.value.transactions.length, OWNERS + 1);
      assert.equal(net.sent.get('compact-block')?.frames, 3);
      assert.equal(net.sent.get('block-txs-request'), undefined);
      assert.equal(net.sent.get('body'), undefined);
    });
  });
}

describe('a block that the owner of a node hands in', () => {
  /** Node 0, alone, makes a block of all payments; nodes 1 and 2 are connected. */
  function handedIn() {
    const net = network({ nodes: 3 });
    net.connect(1, 2);
    net.run(1_000);
    const all = payments(net).map(({ bytes }) => bytes);
    assert.ok(net.node(0).ask({ kind: 'submit', transactions: all }).ok);
    assert.ok(net.node(0).ask({ kind: 'mine', blocks: 1 }).ok);
    net.nowMs = Math.max(net.nowMs, net.node(0).nowMs);
    const { chain } = net.node(0).node;
    const made = chain.block(chain.head.id);
    assert.ok(made.ok);
    let answer: string | undefined;
    const give = (block: Uint8Array): void => {
      net.node(1).runner.request({ kind: 'import', block }, (result) => {
        answer = result.ok ? 'ok' : result.error.rule;
      });
    };
    return { net, block: made.value, give, answer: () => answer };
  }

  it('is passed on before it is executed, and once', () => {
    const { net, block, give, answer } = handedIn();
    net.node(1).holdsSignatures = true;
    give(block.bytes);
    assert.ok(net.runUntil(() => head(net, 2) === toHex(block.id), 1_000));
    assert.notEqual(head(net, 1), toHex(block.id));
    assert.equal(answer(), undefined);
    net.node(1).releaseSignatures();
    assert.ok(net.runUntil(() => answer() === 'ok' && head(net, 1) === toHex(block.id), 1_000));
    net.run(2_000);
    const told = () =>
      (['compact-block', 'header-announce'] as const).map((kind) => net.sent.get(kind)?.frames);
    // The peer has not asked for large blocks unasked.
    assert.deepEqual(told(), [1, 1]);
    give(block.bytes);
    net.run(2_000);
    assert.deepEqual(told(), [1, 1]);
  });

  it('is passed on by nobody when its header is bad, or its transactions are others', () => {
    const { net, block, give, answer } = handedIn();
    const other = createBlock(block.header, block.transactions.slice(0, -1));
    const seal = block.header.seal.map((byte, i) => (i === 0 ? byte ^ 1 : byte));
    const forged = createBlock({ ...block.header, seal }, block.transactions);
    const orphan = createBlock({ ...block.header, height: 7, parent: block.id }, block.transactions);
    for (const { bytes } of [other, forged, orphan]) {
      give(bytes);
      net.run(2_000);
    }
    assert.equal(net.sent.get('compact-block'), undefined);
    assert.equal(net.sent.get('header-announce'), undefined);
    give(block.bytes);
    assert.ok(net.runUntil(() => answer() === 'ok' && head(net, 2) === toHex(block.id), 2_000));
  });
});

describe('a payment that nobody else has', () => {
  const isMinable = (net: TestNetwork, [first]: readonly Transaction[]) =>
    first !== undefined && net.node(0).node.mempool.has(first.txid);
  const submit = (net: TestNetwork, node: number, transactions: readonly Transaction[]) =>
    assert.ok(
      net.node(node).ask({ kind: 'submit', transactions: transactions.map(({ bytes }) => bytes) }).ok,
    );

  it('is told of when its node finds peers', () => {
    const net = network({ nodes: 2 });
    net.run(5_000);
    const some = payments(net).slice(0, 3);
    submit(net, 1, some);
    net.run(200_000);
    net.connect(1, 0);
    assert.ok(net.runUntil(() => isMinable(net, some), 10_000));
  });

  it('is told of by a node that was stopped and started with it in its pool', () => {
    const net = network({ nodes: 2 });
    const some = payments(net).slice(0, 3);
    submit(net, 1, some);
    const { store, runner } = net.node(1);
    runner.dispatch({ type: 'stop' });
    assert.equal(net.node(1).death, null);
    net.addNode({ store });
    net.connect(2, 0);
    assert.ok(net.runUntil(() => isMinable(net, some), 10_000));
  });
});
