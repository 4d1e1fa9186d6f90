import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Peer } from '../peer.ts';
import { FAILURES_FREE, UNANSWERED_MAX } from './limits.ts';
import { RelayPeer } from './relay-peer.ts';
import { Unanswered } from './unanswered.ts';

const HASH = new Uint8Array(32);
const HEAD = { id: HASH, height: 0, weight: 0n };

/** A peer that has just come. */
function arrival(id: string, address = `/ip4/5.6.7.8/tcp/1/p2p/${id}`): RelayPeer {
  const hello: Peer['hello'] = {
    ...{ kind: 'hello', protocol: 1, chainId: HASH, features: 0, nonce: new Uint8Array(8), head: HEAD },
    ...{ finalHeight: 0, timeMs: 0, agent: 'test', listen: [] },
  };
  const connection = { id, address, direction: 'inbound', connectedMs: 0 } as const;
  return new RelayPeer(
    { ...connection, hello, head: HEAD, finalHeight: 0, toldHead: HASH, latencyMs: undefined },
    0,
  );
}

/** Fails as often as nothing is held against it. */
function failFreely(unanswered: Unanswered, peer: RelayPeer): void {
  for (let i = 0; i < FAILURES_FREE; i++) assert.ok(!unanswered.count(peer, i, i));
}

describe('what peers leave unanswered', () => {
  it('is held against them from the fifth time in a row on', () => {
    const unanswered = new Unanswered();
    const peer = arrival('a');
    failFreely(unanswered, peer);
    assert.ok(unanswered.count(peer, 10, 10));
    assert.equal(peer.failures, FAILURES_FREE + 1);
  });

  it('counts once for all that was asked while the link stood still', () => {
    const unanswered = new Unanswered();
    const peer = arrival('a');
    for (let sentMs = 0; sentMs < 100; sentMs++) assert.ok(!unanswered.count(peer, sentMs, 5_000 + sentMs));
    assert.equal(peer.failures, 1);
  });

  it('outlives the link, and the name where the machine is known', () => {
    for (const [id, address, isKnown] of [
      ['a', '/ip4/9.9.9.9/tcp/1/p2p/a', true],
      ['b', '/ip4/5.6.7.8/tcp/9/p2p/b', true],
      ['b', '/ip4/5.6.7.9/tcp/9/p2p/b', false],
      ['b', '/ip4/192.168.0.4/tcp/9/p2p/b', false],
    ] as const) {
      const unanswered = new Unanswered();
      failFreely(unanswered, arrival('a'));
      const peer = arrival(id, address);
      unanswered.recall(peer, 10);
      assert.equal(peer.failures, isKnown ? FAILURES_FREE : 0, address);
      assert.equal(unanswered.count(peer, 10, 10), isKnown, address);
    }
  });

  it('is forgotten with an answer, and one with each minute', () => {
    const unanswered = new Unanswered();
    const peer = arrival('a');
    failFreely(unanswered, peer);
    const later = arrival('a');
    unanswered.recall(later, 120_000);
    assert.equal(later.failures, FAILURES_FREE - 2);
    unanswered.answered(peer);
    assert.equal(unanswered.size, 0);
    unanswered.recall(later, 120_000);
    assert.equal(later.failures, 0);
  });

  it('does not grow, and who floods it with names does not wash an old one clean', () => {
    const unanswered = new Unanswered();
    const offender = arrival('offender', '/ip4/7.7.7.7/tcp/1/p2p/offender');
    for (let i = 0; i < 10; i++) unanswered.count(offender, i, i);
    for (let i = 0; i < 3 * UNANSWERED_MAX; i++) {
      unanswered.count(arrival(`name${i}`, `name${i}`), i, i);
      assert.ok(unanswered.size <= UNANSWERED_MAX);
    }
    const back = arrival('offender', '/ip4/7.7.7.7/tcp/1/p2p/offender');
    unanswered.recall(back, 1_000);
    assert.equal(back.failures, 10);
  });
});
