import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { multiaddr } from '@multiformats/multiaddr';
import { formatPeerAddress, parsePeerAddress } from './peer-address.ts';

const PEER = '12D3KooWHxgvdRYZY5CssCQiLS2LW4NsoMhHwzMxAUMdCdjLKZPa';
const RELAY = '12D3KooWNvkFmXNJpgbQVpZLHWHETdp7LJW2XNLqNA2XieUJemrW';

describe('addresses of peers', () => {
  it('name the peer at their end', () => {
    for (const text of [
      `/ip4/192.0.2.7/tcp/8646/p2p/${PEER}`,
      `/ip6/2001:db8::1/tcp/8646/ws/p2p/${PEER}`,
      `/dns4/seed.example.org/tcp/8646/p2p/${PEER}`,
      `/ip4/192.0.2.7/tcp/8646/p2p/${RELAY}/p2p-circuit/p2p/${PEER}`,
    ]) {
      const parsed = parsePeerAddress(text);
      assert.ok(parsed.ok, text);
      assert.equal(parsed.value.peer, PEER);
      assert.equal(parsed.value.address.toString(), text);
    }
  });

  it('are refused when nobody could be proved there, or nothing is meant', () => {
    for (const text of [
      '',
      'nonsense',
      '192.0.2.7:8646',
      '/ip4/192.0.2.7/tcp/8646',
      `/ip4/192.0.2.7/tcp/8646/p2p/${RELAY}/p2p-circuit`,
      `/ip4/192.0.2.999/tcp/8646/p2p/${PEER}`,
      '/ip4/192.0.2.7/tcp/8646/p2p/12D3KooW',
      `/ip4/192.0.2.7/tcp/8646/p2p/${PEER}${' '.repeat(300)}`,
    ]) {
      const parsed = parsePeerAddress(text);
      assert.equal(parsed.ok ? '' : parsed.error.rule, 'network/address', text);
    }
  });

  it('are completed once, and left out when they are too long', () => {
    const bare = multiaddr('/ip4/192.0.2.7/tcp/8646');
    const whole = `/ip4/192.0.2.7/tcp/8646/p2p/${PEER}`;
    assert.equal(formatPeerAddress(bare, PEER), whole);
    assert.equal(formatPeerAddress(multiaddr(whole), PEER), whole);
    assert.equal(formatPeerAddress(multiaddr(`/dns4/${'a'.repeat(250)}/tcp/1`), PEER), undefined);
  });
});
