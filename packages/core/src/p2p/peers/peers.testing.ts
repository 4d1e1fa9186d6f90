import { Random } from '../../base/random.ts';
import type { PeerAddress, PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { Message } from '../messages/message.ts';

/** A time at which tests begin: some day in 2023. */
export const START_MS = 1_700_000_000_000;

/** A generator for one test. */
export function testRandom(seed: number): Random {
  return new Random(Uint8Array.from({ length: 32 }, (_, i) => (seed + 31 * i) & 0xff));
}

/** What the peers' part asks of its node, written down instead of done. */
export class PeersHost
  implements Pick<P2pHost, 'dial' | 'load' | 'log' | 'random' | 'save' | 'send' | 'wake'>
{
  readonly random: Random;
  /** The records on disk, kept by a host that follows this one after a restart. */
  readonly records: Map<string, Uint8Array>;
  readonly dialled: PeerAddress[] = [];
  readonly sent: { readonly peer: PeerId; readonly message: Message }[] = [];
  readonly wakes: number[] = [];
  readonly warnings: string[] = [];
  saves = 0;

  constructor(options: { readonly seed?: number; readonly records?: Map<string, Uint8Array> } = {}) {
    this.random = testRandom(options.seed ?? 1);
    this.records = options.records ?? new Map();
  }

  dial(address: PeerAddress): void {
    this.dialled.push(address);
  }

  send(peer: PeerId, message: Message): void {
    this.sent.push({ peer, message });
  }

  wake(atMs: number): void {
    this.wakes.push(atMs);
  }

  save(key: string, value: Uint8Array | undefined): void {
    this.saves += 1;
    if (value === undefined) this.records.delete(key);
    else this.records.set(key, value);
  }

  load(key: string): Uint8Array | undefined {
    return this.records.get(key);
  }

  log(level: string, message: string): void {
    if (level === 'warn') this.warnings.push(message);
  }

  /** Bytes of all records. */
  get recordBytes(): number {
    let bytes = 0;
    for (const value of this.records.values()) bytes += value.length;
    return bytes;
  }
}

/** The address of node `n` in the network group `a.b`; public when `a` is a public number. */
export function addressIn(group: string, n: number): PeerAddress {
  return `/ip4/${group}.${(n >>> 8) & 0xff}.${n & 0xff}/tcp/8646/p2p/Node${group.replace('.', 'x')}x${n}`;
}

/** A public network group by its number, of which there are some ten thousand. */
export function publicGroup(n: number): string {
  return `${20 + (n % 50)}.${Math.floor(n / 50) % 250}`;
}
