import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { blankHistory, grown, ruleOf, specOfDepth, TestChain } from '../../chain/chain.testing.ts';
import type { Hash } from '../../crypto/hash.ts';
import { headerId } from '../../primitives/header.ts';
import type { Message, MessageOf } from '../messages/message.ts';
import { Allowance } from './allowance.ts';
import { BlockServer } from './block-server.ts';
import { SERVE_LIMITS, type ServeLimits } from './limits.ts';

const spec = specOfDepth(10);
const history = blankHistory(77, spec);
const blocks = grown(history, 150, 1);
const ids = blocks.map(({ id }) => id);
const test = new TestChain({ spec });
test.importAll(blocks);
const side = grown(history.fork(147, 5), 1, 1).at(-1) as (typeof blocks)[number];
test.import(side);

interface Sent {
  readonly peer: string;
  readonly message: Message;
  readonly atMs: number;
}

/** A server with a clock of its own, which notes what it sends. */
class Counter {
  readonly sent: Sent[] = [];
  readonly server: BlockServer;
  nowMs = 0;

  constructor(limits: Partial<ServeLimits> = {}, { chain } = test) {
    this.server = new BlockServer(
      { ...SERVE_LIMITS, ...limits },
      { chain, send: (peer, message) => void this.sent.push({ peer, message, atMs: this.nowMs }) },
    );
  }

  /** Asks, and gives all that comes within some time. */
  ask(peer: string, message: MessageOf<'headers-request'> | MessageOf<'bodies-request'>): string {
    return ruleOf(this.server.ask(peer, message));
  }

  run(forMs = 100_000): void {
    const endMs = this.nowMs + forMs;
    for (let nextMs = this.nowMs; nextMs <= endMs; ) {
      this.nowMs = Math.max(nextMs, this.nowMs);
      nextMs = this.server.advance(this.nowMs);
    }
  }

  of<K extends Message['kind']>(kind: K, peer = 'a'): MessageOf<K>[] {
    return this.sent.flatMap((one) =>
      one.peer === peer && one.message.kind === kind ? [one.message as MessageOf<K>] : [],
    );
  }
}

const bodies = (request: number, wanted: readonly Hash[]) =>
  ({ kind: 'bodies-request', request, ids: wanted }) as const;
const headers = (request: number, locator: readonly Hash[], limit: number) =>
  ({ kind: 'headers-request', request, locator, limit }) as const;

describe('giving headers', () => {
  const heights = (counter: Counter) =>
    counter.of('headers').map((one) => one.headers.map(({ height }) => height));

  it('goes on after the first block of the locator that is on the best branch', () => {
    const counter = new Counter();
    counter.ask('a', headers(1, [new Uint8Array(32), side.id, ids[99] as Hash, ids[5] as Hash], 20));
    counter.run();
    assert.deepEqual(heights(counter), [Array.from({ length: 20 }, (_, i) => 101 + i)]);
    const given = counter.of('headers')[0]?.headers ?? [];
    assert.deepEqual(given.map(headerId), ids.slice(100, 120));
  });

  it('goes beyond what one look into the chain gives, and ends at the head', () => {
    const counter = new Counter();
    counter.ask('a', headers(1, [test.chain.chainId], 2_000));
    counter.ask('a', headers(2, [ids[149] as Hash], 2_000));
    counter.ask('a', headers(3, [new Uint8Array(32)], 2_000));
    counter.run();
    assert.deepEqual(
      heights(counter).map(({ length }) => length),
      [150, 0, 0],
    );
  });
});

describe('giving blocks', () => {
  it('sends those that were asked for in their order, then says which are missing', () => {
    const counter = new Counter();
    const unknown = new Uint8Array(32).fill(9);
    counter.ask('a', bodies(7, [ids[3] as Hash, unknown, ids[1] as Hash]));
    counter.run();
    const kinds = counter.sent.map(({ message }) => message.kind);
    assert.deepEqual(kinds, ['body', 'body', 'bodies-missing']);
    assert.deepEqual(
      counter.of('body').map(({ bytes }) => bytes),
      [blocks[3]?.bytes, blocks[1]?.bytes],
    );
    assert.deepEqual(counter.of('bodies-missing')[0], { kind: 'bodies-missing', request: 7, ids: [unknown] });
  });

  it('gives no block that was never executed', () => {
    const counter = new Counter();
    counter.ask('a', bodies(1, [side.id]));
    counter.run();
    assert.deepEqual(
      counter.sent.map(({ message }) => message.kind),
      ['bodies-missing'],
    );
  });

  it('says that a pruned block is missing', () => {
    const pruned = new TestChain({ spec, mode: { kind: 'pruned', blocks: 20 }, checkpointBlocks: 4 });
    pruned.importAll(blocks);
    const counter = new Counter({}, pruned);
    counter.ask('a', bodies(1, [ids[2] as Hash, ids[149] as Hash]));
    counter.run();
    assert.deepEqual(
      counter.sent.map(({ message }) => message.kind),
      ['body', 'bodies-missing'],
    );
  });
});

describe('the budgets of giving', () => {
  const size = (blocks[0] as (typeof blocks)[number]).bytes.length;

  it('bound what waits of one peer', () => {
    const counter = new Counter({ requestsMax: 3, blocksMax: 10 });
    assert.equal(counter.ask('a', bodies(1, ids.slice(0, 6))), 'ok');
    assert.equal(counter.ask('a', bodies(2, ids.slice(0, 6))), 'p2p/requests-too-many');
    assert.equal(counter.ask('a', headers(3, [], 5)), 'ok');
    assert.equal(counter.ask('a', headers(4, [], 5)), 'ok');
    assert.equal(counter.ask('a', headers(5, [], 5)), 'p2p/requests-too-many');
    assert.equal(counter.ask('b', bodies(1, ids.slice(0, 6))), 'ok');
    counter.run();
    assert.equal(counter.ask('a', bodies(6, ids.slice(0, 6))), 'ok');
  });

  it('spread what one peer takes over time, however it asks', () => {
    const perSecond = 10 * size;
    const counter = new Counter({ peerBytesPerSecond: perSecond, peerBytesBurst: 5 * size });
    let asked = 0;
    for (let second = 0; second < 10; second++) {
      if (counter.ask('a', bodies(second, ids.slice(0, 20))) === 'ok') asked += 20;
      counter.run(1_000);
    }
    const bytes = counter.of('body').reduce((sum, message) => sum + message.bytes.length, 0);
    assert.ok(asked > 100);
    assert.ok(bytes <= 10 * perSecond + 5 * size + 2 * size, `${bytes / size} blocks`);
    assert.ok(bytes >= 8 * perSecond, `${bytes / size} blocks`);
  });

  it('are shared: a greedy peer does not make another one wait', () => {
    const counter = new Counter({ bytesPerSecond: 10 * size, bytesBurst: 2 * size });
    counter.ask('greedy', bodies(1, ids.slice(0, 64)));
    counter.ask('greedy', bodies(2, ids.slice(0, 64)));
    counter.ask('modest', bodies(1, ids.slice(0, 2)));
    counter.run(1_000);
    assert.equal(counter.of('body', 'modest').length, 2);
  });

  it('let a step read a bounded number of bytes', () => {
    const counter = new Counter({ stepBytes: 3 * size });
    counter.ask('a', bodies(1, ids.slice(0, 64)));
    assert.equal(counter.server.advance(5), 5);
    assert.ok(counter.sent.length <= 4, `${counter.sent.length}`);
  });

  it('are forgotten with the peer', () => {
    const counter = new Counter();
    counter.ask('a', bodies(1, ids.slice(0, 64)));
    counter.server.peerGone('a');
    counter.run();
    assert.deepEqual([counter.sent.length, counter.server.waiting], [0, 0]);
  });
});

describe('an allowance', () => {
  it('allows a burst and then its rate, and lets one gift go below zero', () => {
    const allowance = new Allowance(1_000, 500);
    assert.equal(allowance.waitMs(0), 0);
    allowance.take(2_500);
    assert.equal(allowance.waitMs(0), 2_001);
    assert.equal(allowance.waitMs(1_000), 1_001);
    assert.equal(allowance.waitMs(2_001), 0);
    // A clock that goes back gives nothing, and takes nothing.
    allowance.take(1_000);
    assert.ok(allowance.waitMs(0) >= 999);
  });
});
