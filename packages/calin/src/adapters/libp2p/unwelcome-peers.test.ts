import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CLOSES_MAX, UNWELCOME_MS, UNWELCOME_PEERS_MAX } from './limits.ts';
import { UnwelcomePeers } from './unwelcome-peers.ts';

describe('unwelcome peers', () => {
  it('are turned away after a few closes, until they have kept quiet', () => {
    const peers = new UnwelcomePeers();
    for (let i = 0; i < CLOSES_MAX; i++) {
      assert.equal(peers.isTurnedAway('a', i), false);
      peers.closed('a', i);
    }
    assert.equal(peers.isTurnedAway('a', 10), true);
    assert.equal(peers.isTurnedAway('b', 10), false);
    assert.equal(peers.isTurnedAway('a', 10 + UNWELCOME_MS - 1), true, 'each try counts');
    assert.equal(peers.isTurnedAway('a', 10 + 2 * UNWELCOME_MS), false);
    peers.closed('a', 10 + 2 * UNWELCOME_MS);
    assert.equal(peers.isTurnedAway('a', 11 + 2 * UNWELCOME_MS), false, 'it begins anew');
  });

  it('are forgiven when this node dials them', () => {
    const peers = new UnwelcomePeers();
    for (let i = 0; i < CLOSES_MAX; i++) peers.closed('a', i);
    peers.forgive('a');
    assert.equal(peers.isTurnedAway('a', 10), false);
  });

  it('are not remembered without end', () => {
    const peers = new UnwelcomePeers();
    for (let i = 0; i < 3 * UNWELCOME_PEERS_MAX; i++) {
      for (let times = 0; times < CLOSES_MAX; times++) peers.closed(`peer-${i}`, i);
    }
    assert.equal(peers.size, UNWELCOME_PEERS_MAX);
    assert.equal(peers.isTurnedAway(`peer-${3 * UNWELCOME_PEERS_MAX - 1}`, 3 * UNWELCOME_PEERS_MAX), true);
    assert.equal(peers.isTurnedAway('peer-0', 0), false);
  });
});
