import { assert } from '../../base/assert.ts';
import { equalBytes } from '../../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import type { Result } from '../../base/result.ts';
import {
  encodeAddresses,
  encodeBook,
  encodeEntries,
  parseAddresses,
  parseBook,
  parseEntries,
} from './address-records.ts';
import { encodeBans, encodePages, parseBans, parsePages } from './ban-records.ts';
import { parseBanTarget } from './bans.ts';
import { endpointOf, networkPlace, peerOf } from './network-place.ts';

const WORDS = [
  '/ip4/',
  '/ip6/',
  '/dns4/',
  '/tcp/1',
  '/p2p/',
  '/p2p-circuit',
  '5.6.7.8',
  '2a01::',
  '::',
  ':',
  '.',
  '/',
  'n1',
];

/**
 * Random and damaged records and addresses: the parsers never throw, what they accept is written as the same bytes, and
 * the target of a ban has one form. Throws an AssertionError when one of it fails.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p/peers',
  run(random, iterations) {
    for (let i = 0; i < iterations; i++) {
      checkRecord(random, bansBytes(random), parseBans, encodeBans);
      checkRecord(random, encodePages([0, 5, 63].slice(random.below(4))), parsePages, encodePages);
      checkRecord(random, entriesBytes(random), parseEntries, encodeEntries);
      checkRecord(random, bookBytes(random), parseBook, encodeBook);
      const addresses = encodeAddresses(['n1', '/ip4/5.6.7.8/tcp/1/p2p/Node1'].slice(random.below(3)));
      checkRecord(random, addresses, (bytes) => parseAddresses(bytes, 4), encodeAddresses);
      checkText(randomText(random));
    }
  },
};

function checkRecord<T>(
  random: SeededRandom,
  good: Uint8Array,
  parse: (bytes: Uint8Array) => Result<T>,
  encode: (value: T) => Uint8Array,
): void {
  assert(parse(good).ok, 'an own record is not read back');
  const bytes = damage(random, good);
  const parsed = parse(bytes);
  assert(!parsed.ok || equalBytes(encode(parsed.value), bytes), 'two records of one value');
}

function checkText(text: string): void {
  const { kind, group } = networkPlace(text);
  assert(group !== '' && group.length <= 256, 'a place without a group');
  if (kind !== 'unknown') assert(endpointOf(text) !== '', 'an address without an endpoint');
  const peer = peerOf(text);
  assert(peer === undefined || text.endsWith(peer), 'a peer that is not in the address');
  const target = parseBanTarget(text);
  if (!target.ok) return;
  const again = parseBanTarget(target.value);
  assert(again.ok && again.value === target.value, `two forms of the target ${text}`);
}

function bansBytes(random: SeededRandom): Uint8Array {
  const ban = () => ({ target: 'Peer1', reason: 'p2p/too-much', untilMs: random.u32() });
  return encodeBans(Array.from({ length: random.below(4) }, ban));
}

function entriesBytes(random: SeededRandom): Uint8Array {
  const times = () => ({ heardMs: random.u32(), attemptMs: random.u32(), successMs: 0 });
  const entry = () => ({ address: 'n1', source: 'owner', ...times(), attempts: random.below(9) });
  return encodeEntries(Array.from({ length: random.below(4) }, entry));
}

function bookBytes(random: SeededRandom): Uint8Array {
  const key = { low: random.u32(), high: random.u32() };
  return encodeBook({ key, buckets: Array.from({ length: random.below(5) }, (_, i) => i) });
}

function damage(random: SeededRandom, good: Uint8Array): Uint8Array {
  const bytes = good.slice(0, random.oneIn(3) ? random.below(good.length + 1) : good.length);
  for (let n = random.below(3); n > 0 && bytes.length > 0; n--)
    bytes[random.below(bytes.length)] = random.u32() & 0xff;
  return bytes;
}

function randomText(random: SeededRandom): string {
  let text = '';
  for (let n = random.below(7); n > 0; n--) text += random.pick(WORDS);
  if (random.oneIn(8)) text += String.fromCharCode(random.below(0x10000));
  return random.oneIn(8) ? text.repeat(20) : text;
}
