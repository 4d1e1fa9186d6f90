import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { PeerAddress } from '../../ports/network.ts';
import { AddressBook, BOOK_SHAPE } from './address-book.ts';
import { Exchange } from './exchange.ts';
import {
  ADDRESS_ANSWER_INTERVAL_MS,
  ADDRESS_ANSWER_TIMEOUT_MS,
  ADDRESS_REPEAT_MS,
  ADDRESS_REQUEST_INTERVAL_MS,
  ADDRESS_SHARE_MAX,
  SAMPLE_MS,
} from './limits.ts';
import { networkPlace } from './network-place.ts';
import { addressIn, PeersHost, publicGroup, START_MS, testRandom } from './peers.testing.ts';

const SOURCE = networkPlace(addressIn('5.6', 1));

function setUp(addresses = 0) {
  const host = new PeersHost();
  const random = testRandom(3);
  const book = new AddressBook(BOOK_SHAPE, { random, host });
  for (let n = 0; n < addresses; n++)
    book.add(addressIn(publicGroup(n), n), { kind: 'owner', group: `g${n}` }, START_MS);
  const exchange = new Exchange({ book, random, host });
  const kinds = () => host.sent.splice(0).map(({ peer, message }) => `${message.kind} to ${peer}`);
  const given = (peer: string, nowMs: number): readonly PeerAddress[] => {
    host.sent.length = 0;
    exchange.requested(peer, 'public', nowMs);
    const message = host.sent[0]?.message;
    return message?.kind === 'peers' ? message.addresses : [];
  };
  return { host, book, exchange, kinds, given };
}

describe('asking for addresses', () => {
  test('whom we have chosen at once, whoever has come to us never', () => {
    const { exchange, kinds } = setUp();
    exchange.ready('Ours', true, START_MS);
    exchange.ready('Theirs', false, START_MS);
    assert.deepEqual(kinds(), ['peers-request to Ours']);
    for (let nowMs = START_MS; nowMs < START_MS + 10 * ADDRESS_REQUEST_INTERVAL_MS; nowMs += 10_000)
      exchange.tick(nowMs);
    const later = kinds();
    assert.ok(later.length >= 6 && later.length <= 20, `${later.length}`);
    assert.ok(later.every((line) => line === 'peers-request to Ours'));
  });

  test('nobody twice within the time in which he would not answer', () => {
    const { exchange, kinds } = setUp();
    exchange.ready('Ours', true, START_MS);
    kinds();
    exchange.tick(START_MS + ADDRESS_REPEAT_MS - 1);
    assert.deepEqual(kinds(), []);
    assert.ok(ADDRESS_REPEAT_MS >= 2 * ADDRESS_ANSWER_INTERVAL_MS);
  });

  test('what is answered goes into the book, once', () => {
    const { exchange, book } = setUp();
    exchange.ready('Ours', true, START_MS);
    const answer = [addressIn('7.8', 1), addressIn('9.9', 2)];
    assert.ok(exchange.answered('Ours', answer, SOURCE, START_MS).ok);
    assert.equal(book.size, 2);
    const again = exchange.answered('Ours', [addressIn('9.9', 3)], SOURCE, START_MS);
    assert.ok(!again.ok && again.error.rule === 'p2p/peers-unexpected' && again.error.banPoints > 0);
    assert.equal(book.size, 2);
  });

  test('what nobody has asked for is refused, and so is what comes too late', () => {
    const { exchange, book } = setUp();
    exchange.ready('Theirs', false, START_MS);
    exchange.ready('Ours', true, START_MS);
    for (const [peer, nowMs] of [
      ['Theirs', START_MS],
      ['Stranger', START_MS],
      ['Ours', START_MS + ADDRESS_ANSWER_TIMEOUT_MS],
    ] as const) {
      assert.equal(exchange.answered(peer, [addressIn('7.8', 1)], SOURCE, nowMs).ok, false, peer);
    }
    assert.equal(book.size, 0);
  });
});

describe('telling of addresses', () => {
  test('a share of the book, the same to all for a while', () => {
    const { exchange, book, given } = setUp(400);
    for (const peer of ['A', 'B', 'C']) exchange.ready(peer, false, START_MS);
    const first = given('A', START_MS);
    assert.ok(first.length > 0 && first.length <= book.size * ADDRESS_SHARE_MAX);
    assert.deepEqual(given('B', START_MS + SAMPLE_MS - 1), first);
    assert.notDeepEqual(given('C', START_MS + SAMPLE_MS), first);
  });

  test('asking often does not read the book', () => {
    const { exchange, book, given } = setUp(5000);
    const seen = new Set<PeerAddress>();
    for (let n = 0; n < 1000; n++) {
      exchange.ready(`Spy${n}`, false, START_MS + n);
      for (const address of given(`Spy${n}`, START_MS + n)) seen.add(address);
      exchange.gone(`Spy${n}`);
    }
    assert.equal(seen.size, 100);
    assert.ok(book.size > 4000);
    assert.equal(exchange.size, 0);
  });

  test('one peer gets nothing when it asks again at once', () => {
    const { exchange, given } = setUp(50);
    exchange.ready('A', false, START_MS);
    assert.ok(given('A', START_MS).length > 0);
    assert.deepEqual(given('A', START_MS + ADDRESS_ANSWER_INTERVAL_MS - 1), []);
    assert.ok(given('A', START_MS + ADDRESS_ANSWER_INTERVAL_MS).length > 0);
    assert.deepEqual(given('Stranger', START_MS), []);
  });

  test('a young network hears of its new nodes at once', () => {
    const { exchange, book, given } = setUp(1);
    exchange.ready('A', false, START_MS);
    exchange.ready('B', false, START_MS);
    assert.equal(given('A', START_MS).length, 1);
    book.add(addressIn('9.9', 2), { kind: 'owner', group: 'owner' }, START_MS);
    assert.equal(given('B', START_MS + 1).length, 2);
  });
});
