import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { greet, TestNetworks } from './libp2p-network.testing.ts';

describe('a machine that is banned', () => {
  const networks = new TestNetworks();
  after(() => networks.stop());

  it('is refused before a byte of the handshake, as long as the ban holds, and nobody else is', async () => {
    const asked: string[] = [];
    let banned = '127.0.0.9';
    const node = await networks.start({}, (address) => {
      asked.push(address);
      return address.startsWith(`/ip4/${banned}/tcp/`);
    });
    assert.equal(await greet(node.address, '127.0.0.9'), '');
    assert.match(await greet(node.address, '127.0.0.8'), /multistream/);
    banned = 'nobody';
    assert.match(await greet(node.address, '127.0.0.9'), /multistream/);
    assert.equal(asked.length, 3, asked.join());
  });
});
