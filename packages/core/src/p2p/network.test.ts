import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { equalBytes, toHex } from '../base/bytes.ts';
import { Random } from '../base/random.ts';
import { sign } from '../crypto/signature.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { TestNode } from '../node/test-node.testing.ts';
import { createBlock } from '../primitives/block.ts';
import { type Header, headerId, sealHash } from '../primitives/header.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { stateRoot } from '../state/world-state.ts';
import { encodeMessage } from './messages/message.ts';
import { type Delivery, TestNetwork, type TestNetworkOptions, type Wire } from './test-network.testing.ts';
import { authority, bob, payment as testPayment, twoAuthoritiesSpec } from './two-authorities.testing.ts';

const spec = twoAuthoritiesSpec({ allocations: 60, finalBlocks: 20 });

/** Nodes 0 and 1 are the authorities, unless a test wants otherwise; signatures are checked for real. */
function network(options: Partial<TestNetworkOptions> = {}): TestNetwork {
  const node = (index: number) => ({
    signaturesValid: 'by rule' as const,
    index: false,
    ...(index < 2 ? authority(index) : { production: { kind: 'off' as const } }),
    ...options.node?.(index),
  });
  return new TestNetwork({ spec, nodes: 5, ...options, node });
}

const payment = (node: TestNode, index: number): Transaction => testPayment(spec, node, index);

function submit(node: TestNode, transaction: Transaction): void {
  const answer = node.ask({ kind: 'submit', transactions: [transaction.bytes] });
  assert.ok(answer.ok);
  assert.deepEqual(answer.value, [{ txid: transaction.txid, accepted: true }]);
}

const heads = (net: TestNetwork) => net.nodes.map(({ node }) => toHex(node.chain.head.id));
const agree = (net: TestNetwork) => new Set(heads(net)).size === 1;
const height = (net: TestNetwork, index = 0) => net.node(index).node.chain.head.height;

/** True when every node has a transaction in a block of its best branch and in its pool no more. */
function isMined(net: TestNetwork, { txid }: Transaction): boolean {
  return net.nodes.every(({ node }) => {
    if (node.mempool.has(txid)) return false;
    for (let at = node.chain.head.height; at > 0; at--) {
      const block = node.chain.block(node.chain.idAt(at) as Uint8Array);
      if (block.ok && block.value.transactions.some((tx) => equalBytes(tx.txid, txid))) return true;
    }
    return false;
  });
}

/** Makes a node produce blocks by payments, one at a time. */
function grow(net: TestNetwork, blocks: number, from: number, by = 0): void {
  for (let i = 0; i < blocks; i++) {
    const before = height(net, by);
    submit(net.node(by), payment(net.node(by), from + i));
    assert.ok(net.runUntil(() => height(net, by) > before, 5_000));
  }
}

/** Rules that a node holds against a peer, in order. */
const rules = (net: TestNetwork, index: number, peer: string): readonly string[] =>
  net
    .node(index)
    .logs.flatMap(({ fields }) =>
      fields['points'] !== undefined && fields['peer'] === peer ? [`${fields['rule']}`] : [],
    );

/** A wire that changes frames of one sender only. */
const only =
  (from: string, wire: Wire): Wire =>
  (delivery, message) =>
    delivery.from === from ? wire(delivery, message) : [delivery];

const seeded = (fill: number) => new Random(new Uint8Array(32).fill(fill));

describe('a network of nodes', () => {
  it('carries a transaction that was sent to one of them into a block on all', () => {
    const net = network({ nodes: 7 });
    net.connectLine();
    net.run(500);
    const transaction = payment(net.node(6), 0);
    submit(net.node(6), transaction);
    assert.ok(net.runUntil(() => isMined(net, transaction), 20_000));
    assert.ok(net.runUntil(() => agree(net)));
    const roots = net.nodes.map(({ node }) => toHex(stateRoot(node.chain.state)));
    assert.equal(new Set(roots).size, 1);
  });

  it('brings a node that comes late to the head, and its pool too', () => {
    const net = network({ nodes: 3 });
    net.connectAll();
    net.run(500);
    grow(net, 40, 0);
    const late = net.addNode();
    net.connect(3, 2);
    assert.ok(
      net.runUntil(() => agree(net)),
      heads(net).join(),
    );
    assert.ok(height(net, 3) >= 40);
    assert.equal(late.node.life, 'ready');
    const transaction = payment(late, 50);
    submit(late, transaction);
    assert.ok(net.runUntil(() => isMined(net, transaction), 20_000));
  });

  it('comes together again after it was parted, on the branch that has more weight', () => {
    const net = network({ nodes: 4 });
    net.connectAll();
    net.run(500);
    const parted = (a: string, b: string) => (a === 'n1' || a === 'n3') !== (b === 'n1' || b === 'n3');
    net.wire = (delivery) => (parted(delivery.from, delivery.to) ? [] : [delivery]);
    grow(net, 3, 0, 0);
    grow(net, 6, 20, 1);
    net.run(3_000);
    assert.ok(net.runUntil(() => height(net, 2) === 3 && height(net, 3) === 6, 30_000));
    net.wire = (delivery) => [delivery];
    assert.ok(
      net.runUntil(() => agree(net), 180_000),
      heads(net).join(),
    );
    assert.ok(height(net) >= 6);
    // What was only on the lighter branch is not lost.
    assert.ok(
      net.runUntil(() => bobHas(net, 9), 60_000),
      'payments of both branches',
    );
  });

  it('gets everywhere over wires that lose, double and reorder what they carry', () => {
    const random = seeded(5);
    const net = network({ nodes: 5 });
    net.connectAll();
    net.run(500);
    net.wire = (delivery) => {
      if (random.oneIn(12)) return [];
      const late = { ...delivery, delayMs: delivery.delayMs + random.below(60) };
      return random.oneIn(6) ? [late, { ...late, delayMs: late.delayMs + random.below(2_000) }] : [late];
    };
    for (let i = 0; i < 12; i++) {
      submit(net.node(i % 5), payment(net.node(i % 5), i));
      net.run(700);
    }
    assert.ok(
      net.runUntil(() => agree(net) && bobHas(net, 12), 240_000),
      heads(net).join(),
    );
    for (const node of net.nodes)
      assert.equal(node.logs.filter(({ message }) => message === 'peer banned').length, 0);
  });

  it('takes a node back that lost its power', () => {
    const net = network({ nodes: 4 });
    net.connectAll();
    net.run(500);
    grow(net, 4, 0);
    net.run(1_000);
    net.restart(1);
    net.restart(2);
    grow(net, 4, 10);
    for (const index of [1, 2]) {
      net.connect(index, 0);
      net.connect(index, 3);
    }
    assert.ok(
      net.runUntil(() => agree(net)),
      heads(net).join(),
    );
    const transaction = payment(net.node(2), 30);
    submit(net.node(2), transaction);
    assert.ok(net.runUntil(() => isMined(net, transaction), 20_000));
  });

  it('makes no block on an old head when it comes back to a network it knows', () => {
    const net = network({ nodes: 3 });
    for (let i = 0; i < 3; i++) net.tell(i, { kind: 'listening', addresses: [`n${i}`] });
    net.connectAll();
    // As long as it takes until the addresses of others are saved.
    net.run(70_000);
    grow(net, 3, 0);
    net.restart(1);
    grow(net, 3, 10);
    const again = net.restart(1);
    assert.equal(again.node.life, 'boot');
    submit(again, payment(again, 20));
    net.run(600);
    assert.ok(net.runUntil(() => again.node.life === 'ready', 20_000));
    assert.ok(
      net.runUntil(() => agree(net) && height(net) >= 7),
      heads(net).join(),
    );
    for (const { logs } of net.nodes) assert.ok(!logs.some(({ message }) => message === 'reorganised'));
  });

  it('does the same again from the same seed', () => {
    const runs = [1, 2].map(() => {
      const random = seeded(9);
      const net = network({ nodes: 4 });
      net.wire = (delivery) => (random.oneIn(20) ? [] : [{ ...delivery, delayMs: 2 + random.below(30) }]);
      net.connectAll();
      net.run(500);
      for (let i = 0; i < 4; i++) {
        submit(net.node(i), payment(net.node(i), i));
        net.run(1_000);
      }
      net.run(20_000);
      return { logs: net.nodes.map(({ logs }) => logs), sent: [...net.sent] };
    });
    assert.deepEqual(runs[0], runs[1]);
  });
});

/** True when bob was paid as often on every node. */
function bobHas(net: TestNetwork, payments: number): boolean {
  return net.nodes.every(({ node }) => {
    let count = 0;
    for (let at = node.chain.head.height; at > 0; at--) {
      const block = node.chain.block(node.chain.idAt(at) as Uint8Array);
      assert.ok(block.ok);
      for (const { outputs } of block.value.transactions) {
        if (outputs.some(({ address }) => equalBytes(address, bob.address))) count += 1;
      }
    }
    return count === payments;
  });
}

describe('a liar', () => {
  /** A block that authority 0 could seal now, bent by `change` before it is sealed. */
  function forged(
    net: TestNetwork,
    change: (header: Header) => Header,
  ): { header: Header; bytes: Uint8Array } {
    const { node } = net.node(0);
    const parent = node.chain.head;
    const block = node.chain.block(parent.id);
    assert.ok(block.ok);
    const slot = Math.ceil(net.nowMs / 1_000) * 1_000;
    const bent = change({ ...parent.header, height: parent.height + 1, parent: parent.id, timeMs: slot });
    const sealed = { ...bent, seal: sign(sealHash(bent), testKey(0).secretKey) };
    const { transactions } = block.value;
    return { header: sealed, bytes: createBlock(sealed, transactions).bytes };
  }

  it('who announces a block without a good seal is banned, and nobody else hears of it', () => {
    const net = network({ nodes: 4 });
    net.connectAll();
    net.run(500);
    grow(net, 1, 0);
    net.run(500);
    const { header } = forged(net, (bent) => bent);
    const unsealed = { ...header, seal: new Uint8Array(64).fill(1) };
    const before = heads(net);
    for (let i = 0; i < 3; i++) net.send(3, 2, { kind: 'header-announce', header: unsealed });
    for (let i = 0; i < 3; i++) {
      net.send(3, 2, { kind: 'compact-block', header: unsealed, prefilled: [], shortIds: new Uint8Array(8) });
    }
    net.run(2_000);
    assert.ok(
      rules(net, 2, 'n3').some((rule) => rule.startsWith('consensus/')),
      rules(net, 2, 'n3').join(),
    );
    assert.ok(!net.isConnected(2, 3));
    assert.deepEqual(heads(net), before);
    assert.ok(net.isConnected(2, 1) && net.isConnected(2, 0));
  });

  it('who has the key of an authority is banned for a block that does not do what its header says', () => {
    const net = network({ nodes: 4 });
    net.connectAll();
    net.run(500);
    grow(net, 2, 0);
    net.run(1_000);
    const { header, bytes } = forged(net, (bent) => bent);
    const before = heads(net);
    const id = headerId(header);
    // It answers every question about its block.
    net.wire = (delivery, message) => {
      if (delivery.from !== 'n2' || delivery.to !== 'n3') return [delivery];
      if (message.kind === 'headers-request') {
        net.send(3, 2, { kind: 'headers', request: message.request, headers: [header] });
      } else if (message.kind === 'bodies-request') {
        net.send(3, 2, { kind: 'body', request: message.request, id, bytes });
      } else return [delivery];
      return [];
    };
    net.send(3, 2, { kind: 'header-announce', header });
    net.run(5_000);
    assert.ok(!net.isConnected(2, 3), rules(net, 2, 'n3').join());
    assert.deepEqual(heads(net).slice(0, 3), before.slice(0, 3));
    const transaction = payment(net.node(2), 30);
    submit(net.node(2), transaction);
    const honest = () => heads(net).slice(0, 3);
    assert.ok(net.runUntil(() => new Set(honest()).size === 1 && height(net) > 2, 20_000));
  });

  it('who sends transactions with bad signatures is banned', () => {
    const net = network({ nodes: 3 });
    net.connectAll();
    net.run(500);
    net.wire = only('n2', (delivery, message) => {
      if (message.kind !== 'transactions') return [delivery];
      const transactions = message.transactions.map((bytes) => {
        const bent = bytes.slice();
        bent[bent.length - 1] = (bent[bent.length - 1] as number) ^ 1;
        return bent;
      });
      return [{ ...delivery, bytes: encodeMessage({ ...message, transactions }) }];
    });
    for (let i = 0; i < 12; i++) {
      submit(net.node(2), payment(net.node(2), i));
      net.run(1_500);
    }
    for (const honest of [0, 1]) {
      const against = rules(net, honest, 'n2');
      assert.ok(against.includes('tx/signature-invalid'), against.join());
      assert.ok(!net.isConnected(honest, 2));
    }
    assert.ok(net.isConnected(0, 1));
  });

  const damages: readonly [string, (bytes: Uint8Array, random: Random) => Uint8Array][] = [
    ['cut short', (bytes, random) => bytes.slice(0, random.below(bytes.length))],
    ['too long', (bytes) => Uint8Array.of(...bytes, 0)],
    ['changed', (bytes, random) => bytes.map((byte) => (random.oneIn(8) ? random.below(256) : byte))],
    ['far too long', (bytes) => Uint8Array.of(bytes[0] as number, ...new Uint8Array(70_000))],
  ];
  for (const [name, damage] of damages) {
    it(`whose frames are ${name} is put out, and the others go on`, () => {
      const random = seeded(3);
      const net = network({ nodes: 4 });
      net.connectAll();
      net.run(500);
      const bent = (delivery: Delivery): readonly Delivery[] => [
        { ...delivery, bytes: damage(delivery.bytes, random) },
      ];
      net.wire = only('n3', bent);
      for (let i = 0; i < 40; i++) {
        net.send(3, i % 3, { kind: 'tx-announce', txids: [random.bytes(32)] });
        net.run(100);
      }
      const transaction = payment(net.node(2), 0);
      submit(net.node(2), transaction);
      const honest = () => heads(net).slice(0, 3);
      assert.ok(net.runUntil(() => height(net) > 0 && new Set(honest()).size === 1, 20_000));
      for (const index of [0, 1, 2]) assert.ok(!net.isConnected(index, 3), rules(net, index, 'n3').join());
    });
  }

  it('who replays everything it ever heard wins nothing', () => {
    const heard: Delivery[] = [];
    const net = network({ nodes: 4 });
    net.connectAll();
    net.run(500);
    net.wire = (delivery) => {
      if (delivery.to === 'n3' && heard.length < 400) heard.push(delivery);
      return [delivery];
    };
    grow(net, 5, 0);
    net.run(1_000);
    net.wire = (delivery) => [delivery];
    for (const { bytes } of heard) {
      for (const victim of [0, 1, 2]) net.tell(victim, { kind: 'frame', peer: 'n3', bytes });
      net.run(20);
    }
    assert.equal(new Set(heads(net).slice(0, 3)).size, 1);
    const transaction = payment(net.node(2), 40);
    submit(net.node(2), transaction);
    assert.ok(net.runUntil(() => height(net, 2) > 5 && new Set(heads(net).slice(0, 3)).size === 1, 20_000));
  });
});
