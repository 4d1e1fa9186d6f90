import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { until } from '../until.testing.ts';
import { type TestNetwork, TestNetworks } from './libp2p-network.testing.ts';

describe('finding each other', () => {
  let networks: TestNetworks;
  beforeEach(() => {
    networks = new TestNetworks();
  });
  afterEach(() => networks.stop());

  const hasHeardOf = (node: TestNetwork, other: TestNetwork): boolean =>
    node.events.some((event) => event.kind === 'discovered' && event.address === other.address);

  it('the bootstrap list is told at the start, as it was given', async () => {
    const seed = await networks.start();
    const node = await networks.start({ bootstrap: [seed.address] });
    await until(() => hasHeardOf(node, seed));
    const first = node.events.find(({ kind }) => kind === 'discovered');
    assert.deepEqual(first, { kind: 'discovered', address: seed.address, isOwners: true });
  });

  it('the log tells once of one of that list that cannot be reached, and why', async () => {
    const seed = await networks.start();
    const [lost, stranger] = [
      seed.address.replace(/tcp\/\d+/, 'tcp/9'),
      seed.address.replace(/tcp\/\d+/, 'tcp/7'),
    ];
    const node = await networks.start({ bootstrap: [lost] });
    const failed = (address: string) =>
      node.events.filter((event) => event.kind === 'dial-failed' && event.address === address).length;
    for (const times of [1, 2]) {
      node.network.dial(lost);
      await until(() => failed(lost) === times);
    }
    node.network.dial(stranger);
    await until(() => failed(stranger) === 1);
    const warnings = node.logs.filter(({ level }) => level === 'warn');
    assert.deepEqual(
      warnings.map(({ fields }) => fields['address']),
      [lost],
    );
    assert.match(String(warnings[0]?.fields['why']), /ECONNREFUSED/);
  });

  it('own addresses are told, with the id at the end', async () => {
    const listen = ['/ip4/127.0.0.1/tcp/0', '/ip4/127.0.0.1/tcp/0/ws'];
    const node = await networks.start({ listen });
    const told = node.events.findLast((event) => event.kind === 'listening');
    assert.ok(told?.kind === 'listening');
    assert.equal(told.addresses.length, 2);
    for (const address of told.addresses) {
      assert.match(address, new RegExp(`^/ip4/127.0.0.1/tcp/[1-9]\\d*(?:/ws)?/p2p/${node.peer}$`));
    }
  });

  it('the distributed hash table tells of nodes that only a third one knows', async () => {
    const [seed, b, c] = [
      await networks.start({ dht: true }),
      await networks.start({ dht: true }),
      await networks.start({ dht: true }),
    ];
    for (const node of [b, c]) {
      node.network.dial(seed.address);
      await until(() => node.network.peers === 1);
    }
    await until(() => hasHeardOf(b, c) || hasHeardOf(c, b));
  });

  it('a local network is asked, and answers', async () => {
    const chainId = randomBytes(32).toString('hex');
    const [a, b] = [
      await networks.start({ mdns: true, chainId }),
      await networks.start({ mdns: true, chainId }),
    ];
    await until(() => hasHeardOf(a, b) && hasHeardOf(b, a));
  });

  it('nodes of another chain are not found in the hash table', async () => {
    const seed = await networks.start({ dht: true });
    const same = await networks.start({ dht: true });
    const other = await networks.start({ dht: true, chainId: 'cd'.repeat(32) });
    for (const node of [same, other]) {
      node.network.dial(seed.address);
      await until(() => node.network.peers === 1);
    }
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(hasHeardOf(same, other), false);
  });

  it('a node that nobody can reach is dialled through a relay', async () => {
    const relay = await networks.start({ relay: true });
    const hidden = await networks.start({ listen: [`${relay.address}/p2p-circuit`] });
    await until(() => hidden.network.listening.some((address) => address.includes('/p2p-circuit')));
    const address = hidden.network.listening.find((text) => text.includes('/p2p-circuit')) ?? '';
    const node = await networks.start({ listen: [] });
    node.network.dial(address);
    await until(() => node.network.peers === 1 && hidden.network.peers === 1);
    node.network.send(hidden.peer, { kind: 'ping', nonce: 5 }, 'urgent');
    await until(() => hidden.events.some(({ kind }) => kind === 'frame'));
  });

  it('an address that is in use is refused, and everything is closed again', async () => {
    const node = await networks.start();
    const taken = node.address.replace(/\/p2p\/.*/, '');
    await assert.rejects(networks.start({ listen: [taken] }), ({ message }: Error) => {
      assert.match(message, /cannot listen/);
      assert.match(
        message,
        /"why":"\/ip4\/127\.0\.0\.1\/tcp\/\d+: Error: listen EADDRINUSE[^\\]*"/,
        'one line, no stack',
      );
      return true;
    });
  });
});
