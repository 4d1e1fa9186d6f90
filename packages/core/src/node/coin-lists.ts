import { assert } from '../base/assert.ts';
import { halfSipHash, type SipKey } from '../base/half-sip-hash.ts';
import type { Hash } from '../crypto/hash.ts';
import { COIN_KEY_WORDS } from '../state/coin-map.ts';
import { LinearBuckets } from './linear-buckets.ts';

/** Coins in one piece of memory. Pieces are only ever added, so that growing copies nothing. */
const PIECE_BITS = 14;
const PIECE_MASK = (1 << PIECE_BITS) - 1;

/** Words of a coin: its key, then what follows. The places are numbers, 0 for none. */
const NEXT = COIN_KEY_WORDS;
/** The coin before it in its list; of the first one the last. */
const BEFORE = NEXT + 1;
/** The next one in the bucket of its key. */
const KEY_LINK = BEFORE + 1;
/** Of the first coin of a list: the first of the next list in the same bucket. */
const LIST_LINK = KEY_LINK + 1;
/** Of the first coin of a list: the hash of the address. */
const TAG = LIST_LINK + 1;
const COIN_WORDS = TAG + 1;

const ADDRESS_WORDS = 8;

/**
 * Keys of coins in a list for each address, in 52 bytes each and two tables beside; nothing is allocated per coin.
 *
 * A list is known by a hash of 32 bits of its address under a secret. Of ten million addresses some ten thousand share
 * one with another, so who reads a list looks at the coin itself. The last coin of a list has no next one and keeps the
 * length there.
 */
export class CoinLists {
  readonly #secret: SipKey;
  readonly #pieces: Int32Array[] = [];
  readonly #byKey = new LinearBuckets();
  readonly #byAddress = new LinearBuckets();
  /** Places that were ever used; place 0 stands for none. */
  #used = 1;
  /** The first free place; they are joined by NEXT. */
  #free = 0;
  #size = 0;
  #lists = 0;

  /** @param secret - known to nobody else: strangers choose keys and addresses */
  constructor(secret: SipKey) {
    this.#secret = secret;
  }

  /** Coins in all lists. */
  get size(): number {
    return this.#size;
  }

  /** Bytes of memory that it takes. */
  get byteLength(): number {
    const pieces = this.#pieces.length * COIN_WORDS * 4 * (PIECE_MASK + 1);
    return pieces + this.#byKey.byteLength + this.#byAddress.byteLength;
  }

  /** Coins in the list of an address: at least its own. */
  count(address: Int32Array): number {
    const first = this.first(address);
    return first === 0 ? 0 : this.#word(this.#word(first, BEFORE), NEXT);
  }

  /** The place of the first coin in the list of an address; 0 when there is none. */
  first(address: Int32Array): number {
    const tag = this.#tag(address, 0);
    let first = this.#byAddress.get(this.#byAddress.indexOf(tag));
    while (first !== 0 && this.#word(first, TAG) !== (tag | 0)) first = this.#word(first, LIST_LINK);
    return first;
  }

  /** The place after another in the list that begins with `first`; 0 after the last. */
  after(first: number, place: number): number {
    return place === this.#word(first, BEFORE) ? 0 : this.#word(place, NEXT);
  }

  /** The place of a key; 0 when it is not there. */
  find(keys: Int32Array, at: number): number {
    let place = this.#byKey.get(this.#bucketOfKey(keys, at));
    while (place !== 0 && !this.#hasKey(place, keys, at)) place = this.#word(place, KEY_LINK);
    return place;
  }

  /** The key at a place. */
  key(place: number): Hash {
    const start = 4 * (place & PIECE_MASK) * COIN_WORDS;
    return new Uint8Array(this.#piece(place).buffer).slice(start, start + 4 * COIN_KEY_WORDS);
  }

  /** Puts a key that is not there at the end of the list of an address. */
  add(keys: Int32Array, at: number, addresses: Int32Array, addressAt: number): void {
    const place = this.#take();
    const piece = this.#piece(place);
    const start = (place & PIECE_MASK) * COIN_WORDS;
    for (let i = 0; i < COIN_KEY_WORDS; i++) piece[start + i] = keys[at + i] as number;
    const bucket = this.#bucketOfKey(keys, at);
    this.#set(place, KEY_LINK, this.#byKey.get(bucket));
    this.#byKey.set(bucket, place);
    this.#size++;
    this.#append(place, this.#tag(addresses, addressAt));
    if (this.#byKey.isFull(this.#size)) this.#growKeys();
    if (this.#byAddress.isFull(this.#lists)) this.#growLists();
  }

  /**
   * Takes a key out of the list of its address.
   *
   * @throws AssertionError when it is not there
   */
  remove(keys: Int32Array, at: number, addresses: Int32Array, addressAt: number): void {
    const place = this.#unlinkKey(keys, at);
    const tag = this.#tag(addresses, addressAt);
    const bucket = this.#byAddress.indexOf(tag);
    let earlier = 0;
    let first = this.#byAddress.get(bucket);
    while (first !== 0 && this.#word(first, TAG) !== (tag | 0)) {
      earlier = first;
      first = this.#word(first, LIST_LINK);
    }
    assert(first !== 0, 'the list of a coin that is there');
    const heir = this.#unlink(place, first);
    if (heir !== first) {
      let follower = heir;
      if (heir === 0) {
        follower = this.#word(first, LIST_LINK);
        this.#lists--;
      } else {
        this.#set(heir, LIST_LINK, this.#word(first, LIST_LINK));
        this.#set(heir, TAG, tag);
      }
      if (earlier === 0) this.#byAddress.set(bucket, follower);
      else this.#set(earlier, LIST_LINK, follower);
    }
    this.#set(place, NEXT, this.#free);
    this.#free = place;
    this.#size--;
  }

  /** Puts a place at the end of the list with a tag, or begins one. */
  #append(place: number, tag: number): void {
    const bucket = this.#byAddress.indexOf(tag);
    const head = this.#byAddress.get(bucket);
    let first = head;
    while (first !== 0 && this.#word(first, TAG) !== (tag | 0)) first = this.#word(first, LIST_LINK);
    if (first === 0) {
      this.#set(place, BEFORE, place);
      this.#set(place, NEXT, 1);
      this.#set(place, TAG, tag);
      this.#set(place, LIST_LINK, head);
      this.#byAddress.set(bucket, place);
      this.#lists++;
      return;
    }
    const last = this.#word(first, BEFORE);
    this.#set(place, NEXT, this.#word(last, NEXT) + 1);
    this.#set(place, BEFORE, last);
    this.#set(last, NEXT, place);
    this.#set(first, BEFORE, place);
  }

  /** Takes a place out of the list that begins with `first`; the new first one, 0 when the list is empty then. */
  #unlink(place: number, first: number): number {
    const last = this.#word(first, BEFORE);
    if (first === last) return 0;
    const count = this.#word(last, NEXT) - 1;
    const before = this.#word(place, BEFORE);
    if (place === last) {
      this.#set(before, NEXT, count);
      this.#set(first, BEFORE, before);
      return first;
    }
    const next = this.#word(place, NEXT);
    this.#set(next, BEFORE, before);
    this.#set(last, NEXT, count);
    if (place === first) return next;
    this.#set(before, NEXT, next);
    return first;
  }

  /** Takes a key out of its bucket; its place. */
  #unlinkKey(keys: Int32Array, at: number): number {
    const bucket = this.#bucketOfKey(keys, at);
    let earlier = 0;
    let place = this.#byKey.get(bucket);
    while (place !== 0 && !this.#hasKey(place, keys, at)) {
      earlier = place;
      place = this.#word(place, KEY_LINK);
    }
    assert(place !== 0, 'a coin that is in no list');
    if (earlier === 0) this.#byKey.set(bucket, this.#word(place, KEY_LINK));
    else this.#set(earlier, KEY_LINK, this.#word(place, KEY_LINK));
    return place;
  }

  #growKeys(): void {
    const [from, to] = this.#byKey.grow();
    let place = this.#byKey.get(from);
    this.#byKey.set(from, 0);
    while (place !== 0) {
      const next = this.#word(place, KEY_LINK);
      const bucket = this.#bucketOfKey(this.#piece(place), (place & PIECE_MASK) * COIN_WORDS);
      assert(bucket === from || bucket === to, 'a bucket is split in two');
      this.#set(place, KEY_LINK, this.#byKey.get(bucket));
      this.#byKey.set(bucket, place);
      place = next;
    }
  }

  #growLists(): void {
    const [from, to] = this.#byAddress.grow();
    let first = this.#byAddress.get(from);
    this.#byAddress.set(from, 0);
    while (first !== 0) {
      const next = this.#word(first, LIST_LINK);
      const bucket = this.#byAddress.indexOf(this.#word(first, TAG));
      assert(bucket === from || bucket === to, 'a bucket is split in two');
      this.#set(first, LIST_LINK, this.#byAddress.get(bucket));
      this.#byAddress.set(bucket, first);
      first = next;
    }
  }

  #take(): number {
    const free = this.#free;
    if (free !== 0) {
      this.#free = this.#word(free, NEXT);
      return free;
    }
    assert(this.#used < 2 ** 31, 'places are words');
    if (this.#used >>> PIECE_BITS >= this.#pieces.length) {
      this.#pieces.push(new Int32Array(COIN_WORDS << PIECE_BITS));
    }
    return this.#used++;
  }

  #tag(addresses: Int32Array, at: number): number {
    return halfSipHash(this.#secret, addresses, at, ADDRESS_WORDS);
  }

  #bucketOfKey(keys: Int32Array, at: number): number {
    return this.#byKey.indexOf(halfSipHash(this.#secret, keys, at, COIN_KEY_WORDS));
  }

  #hasKey(place: number, keys: Int32Array, at: number): boolean {
    const piece = this.#piece(place);
    const start = (place & PIECE_MASK) * COIN_WORDS;
    for (let i = 0; i < COIN_KEY_WORDS; i++) if (piece[start + i] !== keys[at + i]) return false;
    return true;
  }

  #piece(place: number): Int32Array {
    return this.#pieces[place >>> PIECE_BITS] as Int32Array;
  }

  #word(place: number, word: number): number {
    return this.#piece(place)[(place & PIECE_MASK) * COIN_WORDS + word] as number;
  }

  #set(place: number, word: number, value: number): void {
    this.#piece(place)[(place & PIECE_MASK) * COIN_WORDS + word] = value;
  }
}
