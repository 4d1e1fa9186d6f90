import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../../base/bytes.ts';
import { seededRandom } from '../../base/fuzz.testing.ts';
import { joinSpec } from '../../chain/join.testing.ts';
import type { StorageMode } from '../../chain/storage-mode.ts';
import type { TestNode, TestNodeOptions } from '../../node/test-node.testing.ts';
import type { MemoryStore } from '../../ports/memory-store.ts';
import { stateRoot } from '../../state/world-state.ts';
import { encodeMessage, type Message } from '../messages/message.ts';
import { TestNetwork, type TestNetworkOptions, type Wire } from '../test-network.testing.ts';

const spec = joinSpec(3);
const FULL: StorageMode = { kind: 'full' };
const ARCHIVE: StorageMode = { kind: 'archive' };
const LIMITS = {
  blocksMin: 10,
  lookMs: 2_000,
  retryMs: 100,
  chunkTimeoutMs: 500,
  headersTimeoutMs: 500,
  blocksTimeoutMs: 500,
  stuckMs: 8_000,
};

/** What makes a node one that joins by a snapshot. */
function joiner(index: number): Partial<TestNodeOptions> {
  const snapshot = { isWanted: true, limits: LIMITS };
  return {
    index: false,
    storage: FULL,
    p2p: { seed: new Uint8Array(32).fill(0x80 + index), agent: 'joiner', snapshot },
  };
}

/** Nodes that have the same chain; the first has made it. */
function served(nodes: number, blocks: number, options: Partial<TestNetworkOptions> = {}): TestNetwork {
  const net = new TestNetwork({ spec, nodes, node: () => ({ index: false, storage: FULL }), ...options });
  net.connectAll();
  mine(net, blocks);
  assert.ok(net.runUntil(() => net.nodes.every((node) => head(node) === head(net.node(0)))));
  return net;
}

function mine(net: TestNetwork, blocks: number): void {
  assert.ok(net.node(0).ask({ kind: 'mine', blocks }, 100_000).ok);
  net.nowMs = Math.max(net.nowMs, net.node(0).nowMs);
}

const head = ({ node }: TestNode) => toHex(node.chain.head.id);

/** Adds a node that joins, connected to some others. */
function join(net: TestNetwork, to: readonly number[], more: Partial<TestNodeOptions> = {}): TestNode {
  const index = net.nodes.length;
  const node = net.addNode({ ...joiner(index), ...more });
  for (const other of to) net.connect(index, other);
  return node;
}

/** Stops a node and takes it off the network. */
function leave(net: TestNetwork, node: TestNode): void {
  const index = net.nodes.indexOf(node);
  for (let other = 0; other < index; other++) net.disconnect(index, other);
  net.run(10);
  node.runner.dispatch({ type: 'stop' });
}

/** Lets time pass until a node has all blocks, the past included. */
function settle(net: TestNetwork, node: TestNode, what = ''): void {
  const isAtHead = () => head(node) === head(net.node(0)) && node.node.life === 'ready';
  assert.ok(net.runUntil(isAtHead, 60_000), what);
  assert.ok(
    net.runUntil(() => node.node.chain.past.missing === 0, 60_000),
    what,
  );
  assert.deepEqual(stateRoot(node.node.chain.state), node.node.chain.head.header.stateRoot);
  assert.equal(node.node.chain.storage.blocksFrom, 1);
}

const begun = (node: TestNode) =>
  node.logs.some(({ message }) => message === 'the chain begins with a snapshot');
const framesOf = (net: TestNetwork, kind: Message['kind']) => net.sent.get(kind)?.frames ?? 0;

describe('a node that joins by a snapshot', () => {
  it('begins at the newest checkpoint that is final, follows the head, and fetches the past', () => {
    const net = served(3, 22);
    const node = join(net, [0, 1, 2]);
    settle(net, node);
    assert.ok(begun(node));
    assert.equal(node.node.chain.storage.statesFrom, 15);
    for (let height = 1; height <= 22; height++) {
      const id = node.node.chain.idAt(height) as Uint8Array;
      assert.deepEqual(node.node.chain.block(id), net.node(0).node.chain.block(id));
      assert.deepEqual(node.node.chain.receipts(id), net.node(0).node.chain.receipts(id));
    }
    assert.equal(framesOf(net, 'body'), 44 + 7);
    mine(net, 3);
    assert.ok(net.runUntil(() => head(node) === head(net.node(0))));
  });

  it('goes on as it was after a restart at any moment', () => {
    const source = served(2, 22);
    for (let stop = 0; stop < 400; stop += 70) {
      let node = join(source, [0, 1]);
      source.run(stop);
      const store: MemoryStore = node.store.crash();
      leave(source, node);
      node = join(source, [0, 1], { store });
      settle(source, node);
      assert.deepEqual(
        node.logs.filter(({ level }) => level === 'error'),
        [],
      );
    }
  });

  it('takes back what it has when it is started without wanting a snapshot', () => {
    const net = served(1, 22);
    const first = join(net, [0]);
    assert.ok(net.runUntil(() => first.node.chain.join.snapshot !== undefined, 5_000));
    const store = first.store.crash();
    leave(net, first);
    const node = join(net, [0], { store, p2p: { seed: new Uint8Array(32).fill(7), agent: 'plain' } });
    assert.ok(net.runUntil(() => head(node) === head(net.node(0)), 20_000));
    assert.equal(node.node.chain.storage.statesFrom, 0);
    assert.equal(store.get(node.node.chain.layout.join), undefined);
  });

  it('takes the chain block by block when it is short', () => {
    const net = served(1, 6);
    const node = join(net, [0]);
    settle(net, node);
    assert.ok(!begun(node));
    assert.equal(node.node.chain.storage.statesFrom, 0);
  });

  it('takes the chain block by block as an archive', () => {
    const net = served(1, 22);
    const node = join(net, [0], { storage: ARCHIVE });
    assert.ok(net.runUntil(() => head(node) === head(net.node(0))));
    assert.ok(!begun(node));
  });

  it('waits for the first peer', () => {
    const net = served(1, 22);
    const node = join(net, []);
    net.run(5_000);
    assert.equal(node.node.life, 'boot');
    net.connect(1, 0);
    settle(net, node);
    assert.ok(begun(node));
  });

  it('and is one that others can join by', () => {
    const net = served(1, 22);
    const first = join(net, [0]);
    settle(net, first);
    net.disconnect(0, 1);
    const second = join(net, [1]);
    settle(net, second);
    assert.ok(begun(second));
  });
});

describe('a network that loses, doubles, delays and reorders', () => {
  it('is joined all the same, and nobody is blamed for it', () => {
    const net = served(3, 22);
    for (let seed = 1; seed <= 2; seed++) {
      const dice = seededRandom(seed);
      const node = join(net, []);
      const index = net.nodes.indexOf(node);
      net.wire = (delivery, { kind }) => {
        const isAffected = delivery.to === `n${index}` || delivery.from === `n${index}`;
        // Without these there is no connection.
        if (!isAffected || kind === 'hello' || kind === 'pong') return [delivery];
        if (dice.oneIn(12)) return [];
        const late = { ...delivery, delayMs: delivery.delayMs + dice.below(60) };
        return dice.oneIn(12) ? [delivery, late] : [late];
      };
      for (const other of [0, 1, 2]) net.connect(index, other);
      settle(net, node, `seed ${seed}`);
      assert.ok(begun(node));
      const blamed = node.logs.filter(({ fields }) => {
        return fields['points'] !== undefined && String(fields['rule']).includes('snapshot');
      });
      assert.deepEqual(blamed, []);
      leave(net, node);
    }
  });
});

describe('a node that joins among liars', () => {
  /** Bends what node 1 sends to nodes that join. */
  function bent(bend: (message: Message) => Message | undefined): Wire {
    return (delivery, message) => {
      if (delivery.from !== 'n1' || Number(delivery.to.slice(1)) < 2) return [delivery];
      const changed = bend(message);
      return changed === undefined ? [] : [{ ...delivery, bytes: encodeMessage(changed) }];
    };
  }

  const flip = (bytes: Uint8Array, at: number) => bytes.with(at, (bytes[at] as number) ^ 1);

  it('holds what was never asked for against who sends it, and nothing that was', () => {
    const net = served(3, 22);
    const node = join(net, [0]);
    assert.ok(net.runUntil(() => node.node.chain.join.snapshot !== undefined, 5_000));
    const rules = () => node.logs.filter(({ fields }) => fields['rule'] === 'p2p/snapshot-unasked').length;
    const none = new Uint8Array(0);
    const stray = (request: number): readonly Message[] => [
      { kind: 'chunk', request, index: 9_999, bytes: none },
      { kind: 'past-headers', request, headers: [] },
      { kind: 'snapshot-outline', request, part: 0, parts: 0, bytes: none },
      { kind: 'past-record', request, id: new Uint8Array(32), record: 'block', bytes: none },
    ];
    for (const message of stray(1)) net.send(0, 3, message);
    net.run(20);
    assert.equal(rules(), 0);
    for (const message of stray(99_999)) net.send(0, 3, message);
    net.run(20);
    assert.ok(rules() >= 1);
  });

  it('gets there, whatever one of them sends, and blames no other', () => {
    const bends: readonly ((message: Message) => Message | undefined)[] = [
      (message) =>
        message.kind === 'chunk' && message.bytes.length > 0
          ? { ...message, bytes: flip(message.bytes, 99) }
          : message,
      (message) => (message.kind === 'chunk' ? { ...message, index: message.index + 1 } : message),
      (message) => (message.kind === 'chunk' ? { ...message, bytes: new Uint8Array(0) } : message),
      (message) => (message.kind === 'chunk' ? undefined : message),
      (message) =>
        message.kind === 'snapshot-outline' ? { ...message, bytes: flip(message.bytes, 60) } : message,
      (message) =>
        message.kind === 'snapshot-outline' ? { ...message, bytes: flip(message.bytes, 9) } : message,
      (message) =>
        message.kind === 'snapshot-outline' ? { ...message, parts: 0, bytes: new Uint8Array(0) } : message,
      (message) => (message.kind === 'snapshot-outline' ? undefined : message),
      (message) => (message.kind === 'past-headers' ? { ...message, headers: [] } : message),
      (message) =>
        message.kind === 'past-headers' ? { ...message, headers: message.headers.slice(1) } : message,
      (message) => (message.kind === 'past-headers' ? undefined : message),
      (message) =>
        message.kind === 'past-record' && message.bytes.length > 0
          ? { ...message, bytes: flip(message.bytes, 77 % message.bytes.length) }
          : message,
      (message) => (message.kind === 'past-record' ? { ...message, bytes: new Uint8Array(0) } : message),
      (message) => (message.kind === 'past-record' ? undefined : message),
      (message) =>
        message.kind === 'hello'
          ? { ...message, head: { ...message.head, weight: 1n << 200n, height: 9_999 } }
          : message,
    ];
    const net = served(3, 22);
    for (const [i, bend] of bends.entries()) {
      net.wire = bent(bend);
      const node = join(net, [1]);
      const index = net.nodes.indexOf(node);
      net.run(i % 2 === 0 ? 0 : 100);
      for (const other of [0, 2]) net.connect(index, other);
      settle(net, node, `bend ${i}`);
      assert.ok(begun(node), `bend ${i}`);
      const blamed = node.logs.filter(
        ({ fields }) => fields['points'] !== undefined && fields['peer'] !== 'n1',
      );
      assert.deepEqual(blamed, [], `bend ${i}`);
      leave(net, node);
    }
  });

  it('takes the chain block by block when nobody gives a snapshot', () => {
    for (const kind of ['snapshot-request', 'past-headers-request', 'chunk-request']) {
      const net = served(2, 22);
      net.wire = (delivery, message) => (message.kind === kind ? [] : [delivery]);
      const node = join(net, [0, 1]);
      assert.ok(
        net.runUntil(() => head(node) === head(net.node(0)), 30_000),
        kind,
      );
      assert.ok(!begun(node));
      assert.equal(node.node.chain.storage.statesFrom, 0);
      assert.deepEqual(node.node.chain.join.tip.height, 0);
    }
  });

  it('takes the chain block by block when the only long one is a lie', () => {
    const net = served(2, 6);
    net.wire = bent((message) =>
      message.kind === 'hello'
        ? { ...message, head: { ...message.head, weight: 1n << 200n, height: 9_999 } }
        : message,
    );
    const node = join(net, [0, 1]);
    assert.ok(net.runUntil(() => head(node) === head(net.node(0)), 30_000));
    assert.ok(!begun(node));
  });

  it('begins again with another outline when the snapshot is gone', () => {
    const net = served(3, 22, { node: () => ({ index: false, storage: FULL }) });
    let isSlow = true;
    net.wire = (delivery, message) => (message.kind === 'chunk' && isSlow ? [] : [delivery]);
    const node = join(net, [0, 2]);
    assert.ok(net.runUntil(() => node.node.chain.join.snapshot !== undefined, 5_000));
    // In steps: nobody waits so long for a pong.
    for (let times = 0; times < 4; times++) {
      mine(net, 5);
      net.run(1_000);
    }
    isSlow = false;
    settle(net, node);
    assert.ok(begun(node));
    assert.ok(node.node.chain.storage.statesFrom > 15);
  });
});
