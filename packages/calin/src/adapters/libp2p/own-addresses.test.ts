import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Libp2pEvents, Listener } from '@libp2p/interface';
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr';
import { DIAL_BACKS_MAX } from './limits.ts';
import { type AddressComponents, forcedDialler, ownAddresses } from './own-addresses.ts';

describe('the addresses of this node', () => {
  it('are told as soon as it listens, public ones too, and still looked into by AutoNAT', () => {
    const events: AddressComponents['events'] & EventTarget = new EventTarget();
    const told: [string, number][] = [];
    const confirmObservedAddr = (address: Multiaddr, { ttl }: { ttl: number }): void => {
      told.push([address.toString(), ttl]);
    };
    const service = ownAddresses()({ events, addressManager: { confirmObservedAddr } }) as {
      start(): void;
      stop(): void;
    };
    const listen = (...texts: string[]): void => {
      const listener = { getAddrs: () => texts.map((text) => multiaddr(text)) };
      const detail = listener as Partial<Listener> as Listener;
      const event: Libp2pEvents['transport:listening'] = new CustomEvent('transport:listening', { detail });
      events.dispatchEvent(event);
    };
    service.start();
    listen('/ip4/5.6.7.8/tcp/8646', '/ip6/3fff:1::1/tcp/8646');
    const expired = 0;
    assert.deepEqual(told, [
      ['/ip4/5.6.7.8/tcp/8646', expired],
      ['/ip6/3fff:1::1/tcp/8646', expired],
    ]);
    service.stop();
    listen('/ip4/5.6.7.9/tcp/8646');
    assert.equal(told.length, 2);
  });
});

describe('dials that others have asked for', () => {
  it('make a new connection each, and leave room for the own ones', async () => {
    const address = multiaddr('/ip4/5.6.7.8/tcp/8646');
    const waiting: ((error: Error) => void)[] = [];
    const forced: unknown[] = [];
    const dialler = forcedDialler({
      openConnection(_address, options) {
        forced.push(options?.force);
        return new Promise((_resolve, reject) => waiting.push(reject));
      },
    });
    const dials = Array.from({ length: DIAL_BACKS_MAX }, () => dialler.openConnection(address));
    await assert.rejects(dialler.openConnection(address), /too many/);
    assert.deepEqual(forced, new Array(DIAL_BACKS_MAX).fill(true));
    waiting[0]?.(new Error('nobody there'));
    await assert.rejects(dials[0] as Promise<unknown>, /nobody there/);
    const next = dialler.openConnection(address);
    assert.equal(waiting.length, DIAL_BACKS_MAX + 1, 'one that has ended makes room');
    for (const reject of waiting) reject(new Error('the end'));
    assert.equal((await Promise.allSettled([...dials, next])).length, DIAL_BACKS_MAX + 1);
  });
});
