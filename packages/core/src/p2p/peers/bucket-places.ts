import { halfSipHash, type SipKey } from '../../base/half-sip-hash.ts';
import type { PeerAddress } from '../../ports/network.ts';
import { NEW_BUCKETS_PER_SOURCE, TRIED_BUCKETS_PER_GROUP } from './limits.ts';
import { endpointOf } from './network-place.ts';

/** The measures of a book. */
export interface BookShape {
  readonly newBuckets: number;
  readonly triedBuckets: number;
  readonly slots: number;
}

/** Where an address stands in a table. */
export interface BucketPlace {
  readonly bucket: number;
  readonly slot: number;
}

/**
 * The place of an address that was only heard of. Sources of one group reach {@link NEW_BUCKETS_PER_SOURCE} buckets
 * in all, whatever they tell: hash(group of the source, one of 64 numbers that both groups choose).
 *
 * @see Heilman, Kendler, Zohar, Goldberg: "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", 2015, section 2.2
 */
export function newPlace(
  key: SipKey,
  shape: BookShape,
  {
    address,
    group,
    source,
  }: { readonly address: PeerAddress; readonly group: string; readonly source: string },
): BucketPlace {
  const share = hashTexts(key, 1, [group, source]) % NEW_BUCKETS_PER_SOURCE;
  const bucket = hashTexts(key, 2 + share, [source]) % shape.newBuckets;
  return { bucket, slot: slotOf(key, shape, bucket, address) };
}

/** The place of an address that was reached: one group fills {@link TRIED_BUCKETS_PER_GROUP} buckets at most. */
export function triedPlace(
  key: SipKey,
  shape: BookShape,
  { address, group }: { readonly address: PeerAddress; readonly group: string },
): BucketPlace {
  const share = hashTexts(key, 0, [endpointOf(address)]) % TRIED_BUCKETS_PER_GROUP;
  const bucket = shape.newBuckets + (hashTexts(key, 0x100 + share, [group]) % shape.triedBuckets);
  return { bucket, slot: slotOf(key, shape, bucket, address) };
}

/** By the endpoint alone: a thousand peer ids that are said to live behind one port share one slot. */
function slotOf(key: SipKey, { slots }: BookShape, bucket: number, address: PeerAddress): number {
  return hashTexts(key, 0x1_0000 + bucket, [endpointOf(address)]) % slots;
}

/** A keyed hash of a number and some texts of ASCII, two characters to a word; the texts' lengths tell them apart. */
export function hashTexts(key: SipKey, use: number, texts: readonly string[]): number {
  let count = 1;
  for (const text of texts) count += 1 + ((text.length + 1) >>> 1);
  const words = new Int32Array(count);
  words[0] = use;
  let at = 1;
  for (const text of texts) {
    words[at++] = text.length;
    for (let i = 0; i < text.length; i += 2) {
      words[at++] = text.charCodeAt(i) | ((i + 1 < text.length ? text.charCodeAt(i + 1) : 0) << 16);
    }
  }
  return halfSipHash(key, words, 0, count);
}
