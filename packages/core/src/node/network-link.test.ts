import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { Random } from '../base/random.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import type { P2pConfig } from '../p2p/config.ts';
import { TestNetwork } from '../p2p/test-network.testing.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { devSpec } from '../spec/presets.ts';
import { NetworkLink, type NetworkLinkDependencies } from './network-link.ts';
import { Outbox } from './outbox.ts';
import { refuseNode } from './rules.ts';
import { AUTHORITY, TestNode } from './test-node.testing.ts';

const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: testKey(1).address, amount: amount(1_000_000_000) }],
});

const config: P2pConfig = { seed: new Uint8Array(32), agent: 'test' };

/** A link to a node that keeps what it is asked, and answers nothing. */
function createLink(more: Partial<NetworkLinkDependencies> = {}) {
  const { chain, mempool, store } = new TestNode({ spec }).node;
  const outbox = new Outbox();
  const asked: number[] = [];
  const ask = (request: number) => void asked.push(request);
  const deps = {
    chain,
    mempool,
    store,
    outbox,
    importBlock: ask,
    submit: ask,
    begin: () => {},
    caughtUp: () => {},
    aloneTooLong: () => {},
    ...more,
  };
  return { link: new NetworkLink(config, deps), outbox, asked };
}

describe('the link between a node and its network', () => {
  it('passes a verdict on after the protocol has returned, also one that came at once', () => {
    const heard: string[] = [];
    const { link, asked } = createLink();
    link.p2p.blockDone = (_id, from, result) => void heard.push(`${from} ${result.ok}`);
    link.p2p.transactionsDone = (from, verdicts) => void heard.push(`${from} ${verdicts.length}`);
    link.importBlock({ id: new Uint8Array(32), bytes: new Uint8Array(1) }, 'n1');
    link.submit([new Uint8Array(1)], 'n2');
    assert.ok(asked.length === 2 && asked.every((request) => request < 0));
    link.reply(asked[0] as number, refuseNode('node/busy'));
    link.reply(asked[1] as number, { ok: true, value: [{ txid: new Uint8Array(32), accepted: true }] });
    assert.deepEqual(heard, []);
    link.settle(1);
    assert.deepEqual(heard, ['n1 false', 'n2 1']);
    assert.throws(() => link.reply(asked[0] as number, refuseNode('node/busy')), /nobody asked/);
  });

  it('does not let a part that insists hold a step up', () => {
    let tries = 0;
    const { link, outbox } = createLink({
      importBlock: (request) => link.reply(request, refuseNode('node/busy')),
    });
    const insist = () => {
      tries += 1;
      link.importBlock({ id: new Uint8Array(32), bytes: new Uint8Array(1) }, 'n1');
    };
    link.p2p.blockDone = insist;
    insist();
    link.settle(1_000);
    assert.equal(tries, 2);
    assert.ok(outbox.take().some((effect) => effect.type === 'set-timer' && effect.name === 'p2p'));
  });

  it('is stopped for being alone only after the protocol has returned', () => {
    let stopped = 0;
    const { link } = createLink({ aloneTooLong: () => void stopped++ });
    link.aloneTooLong();
    assert.equal(stopped, 0);
    link.settle(1);
    assert.equal(stopped, 1);
  });

  it('has one timer, for the earliest wake', () => {
    const { link, outbox } = createLink();
    const timers = () =>
      outbox.take().flatMap((effect) => (effect.type === 'set-timer' ? [effect.atMs] : []));
    link.start(1_000);
    link.wake(2_000);
    link.settle(1_000);
    assert.deepEqual(timers(), [2_000]);
    link.wake(2_500);
    link.settle(1_001);
    assert.deepEqual(timers(), []);
    link.wake(1_500);
    link.settle(1_002);
    assert.deepEqual(timers(), [1_500]);
    link.timer(1_500);
    link.settle(1_500);
    assert.deepEqual(timers(), [2_000]);
  });

  it('keeps small records over a restart', () => {
    const store = new MemoryStore();
    const first = new TestNode({ spec, store });
    const { link, outbox } = createLink({ store: first.node.store });
    link.save('other/1', Uint8Array.of(1, 2));
    link.save('other/2', Uint8Array.of(3));
    link.save('other/2', undefined);
    assert.deepEqual(link.load('other/1'), Uint8Array.of(1, 2), 'also before it is written');
    link.settle(1_000);
    for (const effect of outbox.take()) if (effect.type === 'commit') store.commit(effect.batch, () => {});
    const again = createLink({ store: store.crash() }).link;
    assert.deepEqual(again.load('other/1'), Uint8Array.of(1, 2));
    assert.equal(again.load('other/2'), undefined);
    assert.throws(() => again.save('', Uint8Array.of(1)), /a key of 0 characters/);
  });

  it('says nothing after an own block before that block is on disk', () => {
    const writes: (() => void)[] = [];
    const store = new MemoryStore({ schedule: (write) => writes.push(write) });
    const net = new TestNetwork({ spec, nodes: 2, node: (i) => (i === 0 ? { store } : {}) });
    net.run(10);
    for (const write of writes.splice(0)) write();
    net.connect(1, 0);
    net.run(100);
    const heard = () => net.node(1).node.p2p?.peers.get('n0')?.head.height;
    assert.equal(heard(), 0);
    net.node(0).runner.request({ kind: 'mine', blocks: 1 }, () => {});
    net.run(3_000);
    assert.equal(net.node(0).node.chain.head.height, 1);
    assert.equal(heard(), 0);
    for (let write = writes.shift(); write !== undefined; write = writes.shift()) write();
    net.run(3_000);
    for (let write = writes.shift(); write !== undefined; write = writes.shift()) write();
    net.run(100);
    assert.equal(heard(), 1);
  });

  it('draws from the seed of its configuration', () => {
    assert.equal(createLink().link.random.u32(), createLink().link.random.u32());
    assert.notEqual(new Random(new Uint8Array(32)).u32(), new Random(new Uint8Array(32).fill(1)).u32());
  });
});
