import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatIp } from './ip.ts';
import {
  endpointOf,
  formatNetwork,
  maySpeakOf,
  networkPlace,
  parseNetwork,
  peerOf,
} from './network-place.ts';

test('an address says in which group it is, and of which kind', () => {
  const places = [
    ['/ip4/5.6.7.8/tcp/8646/p2p/Node1', 'public', '5.6.0.0'],
    ['/ip4/5.6.255.1/tcp/1/ws/p2p/Node2', 'public', '5.6.0.0'],
    ['/ip6/2a01:4f8:c2c:1::5/tcp/1/p2p/Node1', 'public', '2a01:4f8::'],
    ['/ip6/2002:506:708::1/tcp/1/p2p/Node1', 'public', '5.6.0.0'],
    ['/dns4/seed.example.org/tcp/1/p2p/Node1', 'named', 'named'],
    ['/dnsaddr/other.example.com/p2p/Node1', 'named', 'named'],
    ['/ip4/127.0.0.1/tcp/7001/p2p/Node1', 'private', '/ip4/127.0.0.1/tcp/7001'],
    ['/ip6zone/eth0/ip6/fe80::1/tcp/1/p2p/Node1', 'private', '/ip6zone/eth0/ip6/fe80::1/tcp/1'],
    ['n17', 'plain', 'n17'],
    ['/ip4/5.6.7.8.9/tcp/1/p2p/Node1', 'unknown', 'unknown'],
    ['/ip4/2a01::1/tcp/1/p2p/Node1', 'unknown', 'unknown'],
    ['/unix/socket', 'unknown', 'unknown'],
    ['/', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
    ['with space', 'unknown', 'unknown'],
    ['n'.repeat(257), 'unknown', 'unknown'],
  ] as const;
  for (const [address, kind, group] of places) {
    const place = networkPlace(address);
    assert.deepEqual({ kind: place.kind, group: place.group }, { kind, group }, address);
  }
});

test('a machine that is reached directly has a number, and one on the internet a name for what it does', () => {
  const numberOf = (address: string) => {
    const { ip } = networkPlace(address);
    return ip === undefined ? undefined : formatIp(ip);
  };
  assert.equal(numberOf('/ip4/5.6.7.8/tcp/1/p2p/Node1'), '5.6.7.8');
  assert.equal(numberOf('/ip4/5.6.7.8/tcp/1/p2p/Relay/p2p-circuit/p2p/Node1'), undefined);
  assert.equal(numberOf('/ip4/192.168.1.1/tcp/1/p2p/Node1'), '192.168.1.1');
  assert.equal(numberOf('/ip4/192.168.1.1/tcp/1/p2p/Relay/p2p-circuit/p2p/Node1'), undefined);
  assert.equal(networkPlace('/ip4/5.6.7.8/tcp/1/p2p/Node1').host, '5.6.7.8/32');
  assert.equal(networkPlace('/ip4/192.168.1.1/tcp/1/p2p/Node1').host, undefined);
});

test('the peer is named at the end', () => {
  assert.equal(peerOf('/ip4/5.6.7.8/tcp/1/p2p/Relay/p2p-circuit/p2p/Node1'), 'Node1');
  assert.equal(peerOf('n17'), 'n17');
  for (const address of [
    '/ip4/5.6.7.8/tcp/1',
    '/ip4/5.6.7.8/p2p/',
    '/p2p/a/b',
    `/ip4/5.6.7.8/p2p/${'x'.repeat(65)}`,
  ]) {
    assert.equal(peerOf(address), undefined, address);
  }
  assert.equal(endpointOf('/ip4/5.6.7.8/tcp/1/p2p/Node1'), '/ip4/5.6.7.8/tcp/1');
  assert.equal(endpointOf('n17'), 'n17');
});

test('strangers far away do not speak of places near by', () => {
  for (const source of ['public', 'named', 'private', 'plain', 'unknown'] as const) {
    assert.equal(maySpeakOf(source, 'public'), true);
    assert.equal(maySpeakOf(source, 'private'), source === 'private');
    assert.equal(maySpeakOf(source, 'plain'), source === 'plain');
    assert.equal(maySpeakOf(source, 'unknown'), false);
  }
});

test('networks have one canonical text', () => {
  const canonical = (text: string) => {
    const network = parseNetwork(text);
    return network === undefined ? undefined : formatNetwork(network.ip, network.bits);
  };
  assert.equal(canonical('5.6.7.8'), '5.6.7.8/32');
  assert.equal(canonical('5.6.7.8/16'), '5.6.0.0/16');
  assert.equal(canonical('2a01:4f8:c2c:1::5'), '2a01:4f8:c2c:1::/64');
  assert.equal(canonical('2A01:04f8::/32'), '2a01:4f8::/32');
  assert.equal(canonical('::ffff:5.6.7.8'), '5.6.7.8/32');
  for (const text of ['5.6.7.8/0', '5.6.7.8/33', '5.6.7.8/8/8', '5.6.7/8', '2a01::/129', 'Node1', '', '/8']) {
    assert.equal(canonical(text), undefined, text);
  }
  assert.equal(networkPlace('/ip6/2a01:4f8:c2c:1::5/tcp/1/p2p/Node1').host, '2a01:4f8:c2c:1::/64');
});
