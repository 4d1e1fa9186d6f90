import { assert } from '../../base/assert.ts';
import type { SipKey } from '../../base/half-sip-hash.ts';
import type { Random } from '../../base/random.ts';
import type { PeerAddress } from '../../ports/network.ts';
import { type AddressEntry, chanceOf, isHopeless, isResting } from './address-entry.ts';
import type { SavedEntry } from './address-records.ts';
import { BookStore } from './book-store.ts';
import { type BookShape, type BucketPlace, newPlace, triedPlace } from './bucket-places.ts';
import { BucketTable } from './bucket-table.ts';
import {
  ADDRESS_SHARE_MAX,
  ADDRESSES_SHARED_MIN,
  BUCKET_SLOTS,
  CONTESTED_MAX,
  DIAL_TIMEOUT_MS,
  NEW_BUCKETS,
  TRIED_BUCKETS,
} from './limits.ts';
import { maySpeakOf, networkPlace, type PlaceKind, peerOf } from './network-place.ts';
import type { RecordHost } from './record-host.ts';

/** The shape of Bitcoin Core's book: 65,536 addresses heard of and 16,384 reached. */
export const BOOK_SHAPE: BookShape = {
  newBuckets: NEW_BUCKETS,
  triedBuckets: TRIED_BUCKETS,
  slots: BUCKET_SLOTS,
};

/** Who tells of an address: a peer at some place, the owner of the node, or a search that anybody may answer. */
export interface AddressSource {
  readonly group: string;
  readonly kind: PlaceKind | 'owner' | 'search';
}

/** Draws before {@link AddressBook.pick} gives up: enough to find a good one among many that are not allowed. */
const DRAWS_MAX = 200;

/** Each draw in vain makes the book less choosy about failures, as in AddrMan::Select. */
const LENIENCY = 1.2;

/**
 * The addresses of other nodes, in two tables: those that were only heard of and those that were reached. A secret
 * decides where an address stands, its network group and the group of its source how many buckets it may stand in. So
 * who has few groups can fill a small part of either table however much he says, and what was reached is only displaced
 * by an address that was reached too, after a dial has shown that the older one is gone.
 *
 * @see Heilman, Kendler, Zohar, Goldberg: "Eclipse Attacks on Bitcoin's Peer-to-Peer Network", 2015; AddrMan of Bitcoin
 *   Core (addrman.h)
 */
export class AddressBook {
  readonly #shape: BookShape;
  readonly #random: Random;
  readonly #store: BookStore;
  readonly #key: SipKey;
  readonly #entries = new Map<PeerAddress, AddressEntry>();
  readonly #heard = new BucketTable();
  readonly #tried = new BucketTable();
  /** Reached addresses whose slot is taken, with the time from when they wait. */
  readonly #contested = new Map<PeerAddress, number>();

  constructor(shape: BookShape, deps: { readonly random: Random; readonly host: RecordHost }) {
    assert(shape.slots <= BUCKET_SLOTS && shape.newBuckets <= NEW_BUCKETS, 'a book larger than its records');
    assert(shape.triedBuckets <= TRIED_BUCKETS, 'a book larger than its records');
    this.#shape = shape;
    this.#random = deps.random;
    this.#store = new BookStore(deps.host, (bucket) => this.#tableOf(bucket).bucket(bucket));
    const { random } = deps;
    this.#key = this.#store.key ?? { low: random.u32(), high: random.u32() };
    for (const { entry, bucket } of this.#store.entries()) this.#restore(entry, bucket);
  }

  /** Addresses in both tables. */
  get size(): number {
    return this.#entries.size;
  }

  /** Addresses that were reached. */
  get triedSize(): number {
    return this.#tried.size;
  }

  /** What is known of an address. */
  entry(address: PeerAddress): Readonly<AddressEntry> | undefined {
    return this.#entries.get(address);
  }

  /**
   * Notes an address that somebody told of.
   *
   * @returns true when it is new and has found a place; false for one that is known, malformed, names no peer, is of a
   *   place that the source may not speak of, or whose slot is taken by one that is not hopeless (for which the owner's
   *   word makes room)
   */
  add(address: PeerAddress, source: AddressSource, nowMs: number): boolean {
    const known = this.#entries.get(address);
    if (known !== undefined) {
      known.heardMs = Math.max(known.heardMs, nowMs);
      return false;
    }
    const { kind, group } = networkPlace(address);
    if (peerOf(address) === undefined || !isHeeded(source, kind)) return false;
    const place = newPlace(this.#key, this.#shape, { address, group, source: source.group });
    const holder = this.#heard.get(place.bucket, place.slot);
    if (holder !== undefined && !isHopeless(holder, nowMs) && source.kind !== 'owner') return false;
    if (holder !== undefined) this.#remove(holder);
    const saved = { address, source: source.group, heardMs: nowMs, attemptMs: 0, successMs: 0, attempts: 0 };
    this.#put(entryOf(saved, group, false, place));
    return true;
  }

  /**
   * Notes that an address is being dialled; it rests from now on, until {@link reached} says otherwise.
   *
   * @param isCounted - true when failing will tell something of the address: this node is connected to others
   */
  dialled(address: PeerAddress, nowMs: number, isCounted: boolean): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    entry.attemptMs = nowMs;
    if (isCounted) entry.attempts += 1;
    this.#store.touch(entry.bucket);
  }

  /** Notes that a node of our chain answers there: the address moves to those that were reached, if there is room. */
  reached(address: PeerAddress, nowMs: number): void {
    const entry = this.#entries.get(address);
    if (entry === undefined) return;
    entry.successMs = nowMs;
    entry.heardMs = Math.max(entry.heardMs, nowMs);
    entry.attempts = 0;
    this.#store.touch(entry.bucket);
    if (!entry.isTried) this.#promote(entry, nowMs);
  }

  /** Forgets an address: it leads to ourselves, or to another chain. */
  forget(address: PeerAddress): void {
    const entry = this.#entries.get(address);
    if (entry !== undefined) this.#remove(entry);
  }

  /**
   * An address to dial, at random: as often of those that were reached as of the others, rarely one that failed before,
   * never one that rests after a failure.
   */
  pick(
    nowMs: number,
    isAllowed: (entry: Readonly<AddressEntry>) => boolean,
    from: 'both' | 'heard' = 'both',
  ): PeerAddress | undefined {
    let leniency = 1;
    for (let draws = 0; draws < DRAWS_MAX; draws++) {
      const isTried = from === 'both' && this.#random.below(2) === 0;
      const first = isTried ? this.#tried : this.#heard;
      const other = from === 'both' ? (isTried ? this.#heard : this.#tried) : this.#heard;
      const entry = first.draw(this.#random) ?? other.draw(this.#random);
      if (entry === undefined) return undefined;
      if (isResting(entry, nowMs) || !isAllowed(entry)) continue;
      if (this.#random.u32() / 2 ** 32 < leniency * chanceOf(entry)) return entry.address;
      leniency *= LENIENCY;
    }
    return undefined;
  }

  /**
   * The address in a slot that another reached address wants: dialling it decides who stays. Settles what has been
   * decided meanwhile. After Heilman et al., countermeasure 3 ("test before evict").
   */
  contested(nowMs: number): PeerAddress | undefined {
    for (const [address, sinceMs] of [...this.#contested]) {
      const entry = this.#entries.get(address);
      const holder = entry === undefined ? undefined : this.#holderFor(entry);
      const verdict = holder === undefined ? 'gone' : judgeHolder(holder, sinceMs, nowMs);
      if (verdict === 'untested') return holder?.address;
      if (verdict === 'unanswered') continue;
      this.#contested.delete(address);
      if (verdict === 'alive' || entry === undefined) continue;
      if (holder !== undefined) this.#demote(holder, nowMs);
      this.#promote(entry, nowMs);
    }
    return undefined;
  }

  /** At most `countMax` addresses at random for a node at such a place: a share of all, and none that is hopeless. */
  sample(countMax: number, reader: PlaceKind, nowMs: number): readonly PeerAddress[] {
    const share = Math.max(ADDRESSES_SHARED_MIN, Math.floor(this.size * ADDRESS_SHARE_MAX));
    const good = [...this.#entries.values()].filter(
      (entry) => !isHopeless(entry, nowMs) && maySpeakOf(reader, networkPlace(entry.address).kind),
    );
    const addresses = this.#random.shuffle(good).map(({ address }) => address);
    return addresses.slice(0, Math.min(countMax, share));
  }

  /** Saves what has changed, at most `pagesMax` buckets; returns how many are left to save. */
  save(pagesMax: number): number {
    return this.#store.save(this.#key, pagesMax);
  }

  #tableOf(bucket: number): BucketTable {
    return bucket < this.#shape.newBuckets ? this.#heard : this.#tried;
  }

  #holderFor({ address, group }: AddressEntry): AddressEntry | undefined {
    const { bucket, slot } = triedPlace(this.#key, this.#shape, { address, group });
    return this.#tried.get(bucket, slot);
  }

  /** Moves an address to those that were reached, or lets it wait for its slot. */
  #promote(entry: AddressEntry, nowMs: number): void {
    const holder = this.#holderFor(entry);
    if (holder !== undefined) {
      if (this.#contested.size < CONTESTED_MAX && !this.#contested.has(entry.address)) {
        this.#contested.set(entry.address, nowMs);
      }
      return;
    }
    this.#remove(entry);
    this.#put(entryOf(entry, entry.group, true, triedPlace(this.#key, this.#shape, entry)));
  }

  /** Moves an address back to those that were only heard of, if its old slot there is free; else it is forgotten. */
  #demote(entry: AddressEntry, nowMs: number): void {
    this.#remove(entry);
    const place = newPlace(this.#key, this.#shape, entry);
    const holder = this.#heard.get(place.bucket, place.slot);
    if (holder !== undefined && !isHopeless(holder, nowMs)) return;
    if (holder !== undefined) this.#remove(holder);
    this.#put(entryOf(entry, entry.group, false, place));
  }

  #put(entry: AddressEntry): void {
    this.#entries.set(entry.address, entry);
    this.#tableOf(entry.bucket).add(entry);
    this.#store.touch(entry.bucket);
  }

  #remove(entry: AddressEntry): void {
    this.#entries.delete(entry.address);
    this.#contested.delete(entry.address);
    this.#tableOf(entry.bucket).remove(entry);
    this.#store.touch(entry.bucket);
  }

  /** Takes a saved address back. One whose slot is taken, which only another shape can cause, is dropped. */
  #restore(saved: SavedEntry, bucket: number): void {
    const isTried = bucket >= this.#shape.newBuckets;
    const { kind, group } = networkPlace(saved.address);
    if (kind === 'unknown' || this.#entries.has(saved.address)) return this.#store.touch(bucket);
    const named = { address: saved.address, group, source: saved.source };
    const place = (isTried ? triedPlace : newPlace)(this.#key, this.#shape, named);
    if (place.bucket !== bucket) this.#store.touch(bucket);
    if (this.#tableOf(place.bucket).get(place.bucket, place.slot) !== undefined) return;
    const entry = entryOf(saved, group, isTried, place);
    this.#entries.set(entry.address, entry);
    this.#tableOf(entry.bucket).add(entry);
    if (place.bucket !== bucket) this.#store.touch(place.bucket);
  }
}

/** All entries are made here, field by field: spread ones would take twice the memory. */
function entryOf(
  { address, source, heardMs, attemptMs, successMs, attempts }: SavedEntry,
  group: string,
  isTried: boolean,
  { bucket, slot }: BucketPlace,
): AddressEntry {
  return { address, group, source, heardMs, attemptMs, successMs, attempts, isTried, bucket, slot };
}

/** True when a source is believed about addresses of a kind. */
function isHeeded(source: AddressSource, kind: PlaceKind): boolean {
  if (source.kind === 'owner' || source.kind === 'search') return kind !== 'unknown';
  return maySpeakOf(source.kind, kind);
}

/** What dialling the holder of a contested slot has shown so far. */
function judgeHolder(
  { attemptMs, successMs }: AddressEntry,
  sinceMs: number,
  nowMs: number,
): 'alive' | 'gone' | 'unanswered' | 'untested' {
  if (successMs >= sinceMs) return 'alive';
  if (attemptMs < sinceMs) return 'untested';
  return nowMs - attemptMs < DIAL_TIMEOUT_MS ? 'unanswered' : 'gone';
}
