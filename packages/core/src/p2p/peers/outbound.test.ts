import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PeerAddress } from '../../ports/network.ts';
import { AddressBook, BOOK_SHAPE } from './address-book.ts';
import {
  ANCHORS_MAX,
  DIAL_TIMEOUT_MS,
  DIALS_MAX,
  EXTRA_PEER_MS,
  FEELER_INTERVAL_MS,
  FEELER_TIMEOUT_MS,
  GROUP_PATIENCE_MS,
  STALE_HEAD_MS,
} from './limits.ts';
import { networkPlace, peerOf } from './network-place.ts';
import { Outbound } from './outbound.ts';
import { addressIn, PeersHost, publicGroup, START_MS, testRandom } from './peers.testing.ts';

/** A node's outbound connections in a world where the test says who answers. */
class World {
  #nextMs = 0;
  readonly host: PeersHost;
  readonly book: AddressBook;
  readonly outbound: Outbound;
  /** Connected addresses by peer. */
  readonly links = new Map<string, PeerAddress>();
  readonly closed: string[] = [];
  readonly banned = new Set<PeerAddress>();
  /** Who answers a dial; all when not set. */
  answers: (address: PeerAddress) => boolean = () => true;
  /** Whether the node's head moves all the time. */
  isMoving = true;
  nowMs = START_MS;

  constructor(options: { records?: Map<string, Uint8Array>; target?: number; seed?: number } = {}) {
    const { target = 8, seed = 5, records } = options;
    this.host = new PeersHost(records === undefined ? {} : { records });
    const random = testRandom(seed);
    this.book = new AddressBook(BOOK_SHAPE, { random, host: this.host });
    this.outbound = new Outbound(
      { target },
      {
        book: this.book,
        random,
        host: this.host,
        disconnect: (peer) => this.closed.push(peer),
        mayDial: (address) => !this.banned.has(address) && !this.links.has(peerOf(address) as string),
        isOnline: () => this.links.size > 0,
      },
    );
  }

  /** Fills the book: address `n` is in group `n` of `groups`. */
  know(count: number, groups: number): void {
    for (let n = 0; n < count; n++) {
      const address = addressIn(publicGroup(n % groups), n);
      this.book.add(address, { kind: 'owner', group: `g${n}` }, this.nowMs);
    }
  }

  /** Lets time pass, answers what is dialled, and closes what is to be closed. */
  run(forMs: number, stepMs = 1000): void {
    for (const endMs = this.nowMs + forMs; this.nowMs < endMs; this.nowMs += stepMs) {
      if (this.isMoving) this.outbound.headMoved(this.nowMs);
      if (this.nowMs >= this.#nextMs) this.#nextMs = this.outbound.tick(this.nowMs);
      for (const address of this.host.dialled.splice(0)) this.#answer(address);
      for (const peer of this.closed.splice(0)) this.leave(peer);
    }
  }

  leave(peer: string): void {
    this.#nextMs = 0;
    this.links.delete(peer);
    this.outbound.disconnected(peer, this.nowMs);
  }

  searchAgain(): void {
    this.#nextMs = 0;
    this.outbound.searchAgain();
  }

  get groups(): string[] {
    return [...this.links.values()].map((address) => networkPlace(address).group);
  }

  #answer(address: PeerAddress): void {
    const peer = peerOf(address) as string;
    if (!this.answers(address)) return this.outbound.dialFailed(address);
    this.#nextMs = 0;
    this.links.set(peer, address);
    this.outbound.connected(peer, address, this.nowMs);
    if (!this.outbound.ready(peer, this.nowMs)) this.leave(peer);
  }
}

describe('outbound connections', () => {
  test('are as many as wanted, each in a network group of its own', () => {
    const world = new World();
    world.know(500, 40);
    world.run(5000);
    assert.equal(world.links.size, 8);
    assert.equal(new Set(world.groups).size, 8);
    assert.equal(world.book.triedSize, 8);
  });

  test('are replaced when they break', () => {
    const world = new World();
    world.know(500, 40);
    world.run(5000);
    for (const peer of [...world.links.keys()].slice(0, 3)) world.leave(peer);
    world.run(5000);
    assert.equal(world.links.size, 8);
    assert.equal(new Set(world.groups).size, 8);
  });

  test('never go to who is banned', () => {
    const world = new World();
    world.know(20, 20);
    for (let n = 0; n < 15; n++) world.banned.add(addressIn(publicGroup(n), n));
    world.run(60_000);
    assert.equal(world.links.size, 5);
    assert.ok([...world.links.values()].every((address) => !world.banned.has(address)));
  });

  test('take a second peer of a group only after a while in which there was no other group', () => {
    const world = new World();
    world.know(200, 3);
    world.run(GROUP_PATIENCE_MS - 5000);
    assert.equal(world.links.size, 3);
    world.run(10 * GROUP_PATIENCE_MS);
    assert.equal(world.links.size, 8);
    const most = Math.max(...world.groups.map((group) => world.groups.filter((one) => one === group).length));
    assert.ok(most <= 4, `${most} in one group`);
  });

  test('leave a crowded group for a new one as soon as a feeler has found it', () => {
    const world = new World();
    world.know(200, 2);
    world.run(5 * GROUP_PATIENCE_MS);
    assert.equal(new Set(world.groups).size, 2);
    for (let n = 0; n < 40; n++)
      world.book.add(addressIn(publicGroup(100 + n), n), { kind: 'owner', group: `h${n}` }, world.nowMs);
    world.run(20 * FEELER_INTERVAL_MS);
    assert.equal(new Set(world.groups).size, world.links.size, 'no group twice in the end');
  });

  test('are tried in bounded numbers, and a dial that is never answered is given up', () => {
    const world = new World();
    world.know(500, 100);
    world.outbound.tick(world.nowMs);
    assert.equal(world.host.dialled.splice(0).length, 8);
    for (let n = 0; n < 200; n++) {
      world.nowMs += 1000;
      world.outbound.tick(world.nowMs);
      assert.ok(world.outbound.dials <= DIALS_MAX);
    }
    assert.ok(world.host.dialled.length >= (200_000 / DIAL_TIMEOUT_MS - 1) * 8, 'others were tried');
  });

  test('of a network where nobody answers are tried ever less, and at once when somebody is new', () => {
    const world = new World();
    world.answers = () => false;
    world.know(3, 3);
    let dials = 0;
    world.run(3_600_000);
    world.answers = () => {
      dials += 1;
      return false;
    };
    world.run(60_000);
    assert.ok(dials >= 1 && dials <= 3 * 4, `${dials} dials in a minute`);
    world.answers = (address) => address.includes('9.9');
    world.book.add(addressIn('9.9', 1), { kind: 'owner', group: 'owner' }, world.nowMs);
    world.searchAgain();
    world.run(2500);
    assert.equal(world.links.size, 1);
  });

  test('that break off at once are not made again and again', () => {
    const world = new World();
    world.know(1, 1);
    let connections = 0;
    for (let n = 0; n < 60; n++) {
      world.run(1000);
      for (const peer of [...world.links.keys()]) {
        connections += 1;
        world.leave(peer);
      }
    }
    assert.ok(connections >= 2 && connections <= 5, `${connections} in a minute`);
  });
});

describe('feelers', () => {
  test('find out which addresses are real, one by one, and leave', () => {
    const world = new World();
    world.know(300, 30);
    world.answers = (address) => Number(address.split('x').at(-1)) % 2 === 0;
    world.run(60_000);
    const { triedSize } = world.book;
    world.run(40 * FEELER_INTERVAL_MS);
    assert.equal(world.links.size, 8, 'none of them stays');
    assert.ok(world.book.triedSize >= triedSize + 10, `${world.book.triedSize}`);
    for (const address of world.links.values()) assert.equal(Number(address.split('x').at(-1)) % 2, 0);
  });

  test('that never say hello are closed', () => {
    const world = new World({ target: 0 });
    world.know(1, 1);
    while (world.host.dialled.length === 0) {
      world.nowMs += 1000;
      world.outbound.tick(world.nowMs);
    }
    const [address] = world.host.dialled.splice(0);
    world.outbound.connected('Silent', address as string, world.nowMs);
    world.outbound.tick(world.nowMs + FEELER_TIMEOUT_MS - 1);
    assert.deepEqual(world.closed, []);
    world.outbound.tick(world.nowMs + FEELER_TIMEOUT_MS);
    assert.deepEqual(world.closed, ['Silent']);
  });
});

describe('anchors', () => {
  test('are dialled first after a restart, though the book is full of strangers', () => {
    const world = new World();
    world.know(50, 50);
    world.run(10_000);
    const oldest = [...world.links.values()].filter((address) => world.outbound.isAnchor(address));
    assert.equal(oldest.length, ANCHORS_MAX);
    const { records } = world.host;
    records.delete('book');
    const after = new World({ records, seed: 77 });
    after.know(5000, 300);
    after.outbound.tick(after.nowMs);
    assert.equal(after.host.dialled.length, 8);
    assert.deepEqual(after.host.dialled.slice(0, ANCHORS_MAX).toSorted(), oldest.toSorted());
  });

  test('stay until others have proved themselves, and go when they lead elsewhere', () => {
    const world = new World();
    world.know(50, 50);
    world.run(10_000);
    const { records } = world.host;
    const after = new World({ records, seed: 77 });
    after.answers = () => false;
    after.run(10_000);
    const anchors = [...world.links.values()].filter((address) => after.outbound.isAnchor(address));
    assert.equal(anchors.length, ANCHORS_MAX, 'a night without a network costs none');
    for (const address of anchors) after.outbound.forget(address);
    assert.equal(records.has('anchors'), false);
  });

  test('whose record is damaged are left out', () => {
    const records = new Map([['anchors', new Uint8Array([9, 9, 9])]]);
    const world = new World({ records });
    assert.deepEqual(world.host.warnings, ['saved anchors cannot be read']);
    world.run(1000);
    assert.equal(world.links.size, 0);
  });
});

describe('when the head stands still', () => {
  test('one more peer is tried, and the one that gave no block for longest goes', () => {
    const world = new World();
    world.know(200, 100);
    world.run(10_000);
    const before = [...world.links.keys()];
    const idle = before[3] as string;
    world.isMoving = false;
    world.outbound.headMoved(world.nowMs);
    world.run(60_000);
    for (const peer of before) if (peer !== idle) world.outbound.gaveBlock(peer, world.nowMs);
    world.run(STALE_HEAD_MS);
    assert.equal(world.links.size, 9);
    const [extra] = [...world.links.keys()].filter((peer) => !before.includes(peer));
    world.outbound.gaveBlock(extra as string, world.nowMs);
    world.outbound.headMoved(world.nowMs);
    world.run(EXTRA_PEER_MS);
    assert.equal(world.links.size, 8);
    assert.equal(world.links.has(idle), false);
    assert.ok(world.links.has(extra as string));
  });

  test('nothing happens while it moves', () => {
    const world = new World();
    world.isMoving = false;
    world.know(200, 100);
    for (let n = 0; n < 20; n++) {
      world.outbound.headMoved(world.nowMs);
      world.run(STALE_HEAD_MS / 2, 10_000);
      assert.ok(world.links.size <= 8);
    }
  });
});

/**
 * Heilman et al. 2015: the attacker fills the book of a running node, waits for its restart, and answers every dial.
 * What he can get is one connection for each network group that he has.
 */
test('an eclipse needs as many network groups as there are connections, also after a restart', () => {
  const world = new World();
  world.know(30, 10);
  world.run(600_000);
  const groups = ['201.1', '202.2', '203.3'];
  for (let n = 0; n < 60_000; n++) {
    const address = addressIn(groups[n % 3] as string, n);
    if (world.book.add(address, networkPlace(address), world.nowMs)) world.book.reached(address, world.nowMs);
  }
  // The anchors, which would help, have a test of their own.
  world.host.records.delete('anchors');
  world.book.save(10_000);
  for (let seed = 0; seed < 5; seed++) {
    const after = new World({ records: new Map(world.host.records), seed });
    after.nowMs = world.nowMs;
    after.run(60_000);
    const bad = after.groups.filter((group) => groups.includes(group.split('.', 2).join('.'))).length;
    assert.equal(after.links.size, 8);
    assert.ok(bad <= 3, `${bad} of 8`);
    after.run(3_600_000, 5000);
    const later = after.groups.filter((group) => groups.includes(group.split('.', 2).join('.'))).length;
    assert.ok(later <= 3, `${later} of 8 after an hour`);
  }
});

test('a clock that is set back does not stop the search or the feelers', () => {
  const world = new World();
  world.know(200, 50);
  world.run(10_000);
  world.nowMs -= 30 * 86_400_000;
  world.leave([...world.links.keys()][0] as string);
  const { triedSize } = world.book;
  world.run(10 * FEELER_INTERVAL_MS);
  assert.equal(world.links.size, 8);
  assert.ok(world.book.triedSize > triedSize + 2, 'feelers go on');
});

test('it says when it wants to be called, and never for the past', () => {
  const world = new World();
  world.know(500, 40);
  for (let n = 0; n < 500; n++) {
    const nextMs = world.outbound.tick(world.nowMs);
    assert.ok(nextMs > world.nowMs && nextMs <= world.nowMs + STALE_HEAD_MS);
    world.run(1);
    world.nowMs = nextMs;
  }
});

test('whatever happens in whatever order, connections and dials stay within their numbers', () => {
  const step = fc.record({
    kind: fc.constantFrom('tick', 'answer', 'fail', 'connect', 'ready', 'leave', 'forget', 'add'),
    n: fc.integer({ min: 0, max: 30 }),
    passedMs: fc.integer({ min: 0, max: 40_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200, size: 'max' }), (steps) => {
      const world = new World();
      for (const { kind, n, passedMs } of steps) {
        world.nowMs += passedMs;
        const address = addressIn(publicGroup(n % 5), n);
        const peer = peerOf(address) as string;
        const { outbound, nowMs } = world;
        if (kind === 'tick') outbound.tick(nowMs);
        else if (kind === 'fail') outbound.dialFailed(address);
        else if (kind === 'connect' || (kind === 'answer' && outbound.isDialling(address))) {
          world.links.set(peer, address);
          outbound.connected(peer, address, nowMs);
        } else if (kind === 'ready') outbound.ready(peer, nowMs);
        else if (kind === 'leave') world.leave(peer);
        else if (kind === 'forget') outbound.forget(address);
        else if (kind === 'add') world.book.add(address, { kind: 'owner', group: 'owner' }, nowMs);
        assert.ok(outbound.dials <= DIALS_MAX && outbound.links <= world.links.size);
        assert.ok(world.host.dialled.every((one) => networkPlace(one).kind === 'public'));
      }
    }),
    { numRuns: 100 },
  );
});
