import { assert } from '../base/assert.ts';
import { type Hash, ZERO_HASH } from '../crypto/hash.ts';
import { type Coin, decodeCoin, encodeCoin, fmix32 } from './coin.ts';
import { isRecord } from './coin-diff.ts';
import {
  COIN_ENTRY_WORDS,
  COIN_KEY_WORDS,
  COIN_RECORD_WORDS,
  type CoinMap,
  type CoinMapChanges,
} from './coin-map.ts';
import { CoinTable, grown, NO_RECORD } from './coin-table.ts';
import { KeyOrder } from './key-order.ts';
import type { CoinOverlay } from './view.ts';

/** Keys that go to the map in one call: enough to pay for the call, few enough to stay in the cache. */
const FIND_KEYS_MAX = 4096;

/** Writes whose room is kept from block to block; the room of a larger block is given back. */
const WRITES_KEPT_MAX = 262_144;

/** Words of an output before its coin's height and origin: asset 2, amount 2, address 8, as in the record. */
const OUTPUT_WORDS = 12;

/** A map without coins. */
const NOTHING: Pick<CoinMap, 'find'> = {
  find: (_keys, count, records) => void records.fill(0, 0, count * COIN_RECORD_WORDS),
};

/** What a block changes, and what undoes it. */
export interface FlatDifference {
  readonly changes: CoinMapChanges;
  /** The part about coins of {@link encodeChanges}, coinCount u32 and the entries; whoever asked for it may keep it. */
  readonly undo: Uint8Array;
}

/**
 * What a block does to the coins of a map, which itself stays as it is. The hot path speaks in words and makes no
 * object; the rules for everything else speak in {@link Coin}s, as an {@link Overlay} does. One value serves block
 * after block ({@link reset}), so that none of them allocates.
 */
export class FlatCoins implements CoinOverlay {
  #map: Pick<CoinMap, 'find'>;
  readonly #table = new CoinTable();
  /** Entry and offset of its record before the write, for each write. */
  #journal: Int32Array = new Int32Array(1024);
  #written = 0;
  #order = new KeyOrder();
  #removed: Int32Array = new Int32Array(0);
  #added: Int32Array = new Int32Array(0);
  #wanted: Int32Array = new Int32Array(0);
  readonly #key = new Int32Array(COIN_KEY_WORDS);
  readonly #keyBytes = new Uint8Array(this.#key.buffer);
  readonly #record = new Int32Array(COIN_RECORD_WORDS);
  readonly #recordBytes = new Uint8Array(this.#record.buffer);

  constructor(map: Pick<CoinMap, 'find'>) {
    this.#map = map;
  }

  /**
   * Starts over, on this map, for the next block.
   *
   * @param seed - the id of the block, where it has one: see {@link CoinTable.clear}
   */
  reset(map: Pick<CoinMap, 'find'>, seed: Hash = ZERO_HASH): void {
    this.#map = map;
    this.#table.clear(seed);
    this.#written = 0;
    if (this.#journal.length <= 2 * WRITES_KEPT_MAX) return;
    this.#journal = new Int32Array(1024);
    this.#order = new KeyOrder();
    this.#removed = new Int32Array(0);
    this.#added = new Int32Array(0);
  }

  /** Lets go of the map: what has not been looked up is not there. */
  detach(): void {
    this.#map = NOTHING;
  }

  /** Records of coins, {@link COIN_RECORD_WORDS} words each. Another array after anything was added or looked up. */
  get records(): Int32Array {
    return this.#table.records;
  }

  /**
   * Looks up in the map what is about to be spent: {@link spend} sees nothing else of the map.
   *
   * @param outpoints - offsets in `words` of outpoints; those from `from` to `to` − 1 are looked up
   */
  prefetch(words: Int32Array, outpoints: Uint32Array, from: number, to: number): void {
    for (let start = from; start < to; start += FIND_KEYS_MAX) {
      this.#prefetch(words, outpoints, start, Math.min(to, start + FIND_KEYS_MAX));
    }
  }

  /**
   * Spends the coin of the outpoint at `words[at]`: txid 8 words, index 1.
   *
   * @returns the offset of its record in {@link records}; −1, and no change, when it is not there or was not prefetched
   */
  spend(words: Int32Array, at: number): number {
    const first = (words[at] as number) ^ fmix32(words[at + COIN_KEY_WORDS] as number);
    const entry = this.#table.find(words, at, first);
    return entry < 0 ? NO_RECORD : this.#spendEntry(entry);
  }

  /**
   * Adds the coin of output `index` of a transaction, which is not a reward.
   *
   * @param txids - where its txid stands, 8 words at `txidAt`
   * @param words - where the output stands, 12 words at `at`
   * @throws AssertionError when the block has the coin already. That no earlier block has made it is not looked at: a
   *   txid covers an input that can be spent only once, so it is new, and the map would say so in the end.
   */
  add(txids: Int32Array, txidAt: number, index: number, words: Int32Array, at: number, height: number): void {
    const table = this.#table;
    table.reserve(1, 1);
    const first = (txids[txidAt] as number) ^ fmix32(index);
    const found = table.find(txids, txidAt, first);
    const entry = found >= 0 ? found : table.insert(~found, txids, txidAt, first, NO_RECORD);
    assert(table.now[entry] === NO_RECORD, 'a new txid has no coins yet');
    const { records, recordsEnd } = table;
    for (let i = 0; i < OUTPUT_WORDS; i++) records[recordsEnd + i] = words[at + i] as number;
    records[recordsEnd + OUTPUT_WORDS] = height;
    records[recordsEnd + OUTPUT_WORDS + 1] = index << 1;
    this.#addRecord(entry);
  }

  /** The coin under a key, unless it is spent or never was. */
  coin(key: Hash): Coin | undefined {
    const table = this.#table;
    this.#readKey(key);
    const entry = table.find(this.#key, 0, this.#key[0] as number);
    if (entry < 0) return this.#findRecord() ? decodeCoin(this.#recordBytes) : undefined;
    const now = table.now[entry] as number;
    return now === NO_RECORD ? undefined : coinAt(table.records, now);
  }

  /** Removes a coin and returns it; undefined, and no change, when there is none. */
  spendCoin(key: Hash): Coin | undefined {
    const entry = this.#entryOf(key);
    if (entry < 0) return undefined;
    const record = this.#spendEntry(entry);
    return record === NO_RECORD ? undefined : coinAt(this.#table.records, record);
  }

  /** Adds a coin. False, and no change, when the key already holds one. */
  addCoin(key: Hash, coin: Coin): boolean {
    const table = this.#table;
    const found = this.#entryOf(key);
    const entry = found >= 0 ? found : table.insert(~found, this.#key, 0, this.#key[0] as number, NO_RECORD);
    if (table.now[entry] !== NO_RECORD) return false;
    this.#recordBytes.set(encodeCoin(coin));
    table.records.set(this.#record, table.recordsEnd);
    this.#addRecord(entry);
    return true;
  }

  /** The present moment, for {@link rollback}. */
  mark(): number {
    return this.#written;
  }

  /** Takes back every write since the mark. */
  rollback(mark: number): void {
    assert(mark <= this.#written, 'a mark of writes that were already taken back');
    const { now } = this.#table;
    while (this.#written > mark) {
      this.#written--;
      const entry = this.#journal[2 * this.#written] as number;
      const previous = this.#journal[2 * this.#written + 1] as number;
      // Where there is a coin now, it was added. Its record goes with it when it is the last one, so that refused
      // attempts in great number leave none behind.
      const last = this.#table.recordsEnd - COIN_RECORD_WORDS;
      if (now[entry] === last) this.#table.recordsEnd = last;
      now[entry] = previous;
    }
  }

  /** {@link changes} and {@link encodeUndo}. */
  difference(): FlatDifference {
    return { changes: this.changes(), undo: this.encodeUndo() };
  }

  /**
   * How the coins differ from the map, in the order of their keys: what was made and spent inside is absent. The arrays
   * hold until the next call, or until {@link reset}.
   */
  changes(): CoinMapChanges {
    const { keys, before, now, records } = this.#table;
    const count = this.#countChanged();
    const order = this.#order.sort(keys, count);
    this.#removed = atLeast(this.#removed, count * COIN_KEY_WORDS);
    this.#added = atLeast(this.#added, count * COIN_ENTRY_WORDS);
    let removed = 0;
    let added = 0;
    for (let i = 0; i < count; i++) {
      const entry = order[i] as number;
      const record = now[entry] as number;
      if (before[entry] !== NO_RECORD) {
        copyWords(keys, entry * COIN_KEY_WORDS, this.#removed, removed++ * COIN_KEY_WORDS, COIN_KEY_WORDS);
      }
      if (record !== NO_RECORD) {
        const to = added++ * COIN_ENTRY_WORDS;
        copyWords(keys, entry * COIN_KEY_WORDS, this.#added, to, COIN_KEY_WORDS);
        copyWords(records, record, this.#added, to + COIN_KEY_WORDS, COIN_RECORD_WORDS);
      }
    }
    return {
      removed: this.#removed.subarray(0, removed * COIN_KEY_WORDS),
      removedCount: removed,
      added: this.#added.subarray(0, added * COIN_ENTRY_WORDS),
      addedCount: added,
    };
  }

  /** What undoes the changes: the part about coins of {@link encodeChanges}, coinCount u32 and the entries. */
  encodeUndo(): Uint8Array {
    return this.#encode(this.#table.before);
  }

  #encode(side: Int32Array): Uint8Array {
    const { keys, records } = this.#table;
    const count = this.#countChanged();
    const order = this.#order.sort(keys, count);
    let present = 0;
    for (let i = 0; i < count; i++) if (side[order[i] as number] !== NO_RECORD) present++;
    const bytes = new Uint8Array(4 + count * (4 * COIN_KEY_WORDS + 1) + present * 4 * COIN_RECORD_WORDS);
    const view = new DataView(bytes.buffer);
    view.setUint32(0, count, true);
    let offset = 4;
    for (let i = 0; i < count; i++) {
      const entry = order[i] as number;
      const record = side[entry] as number;
      offset = writeWords(view, offset, keys, entry * COIN_KEY_WORDS, COIN_KEY_WORDS);
      view.setUint8(offset++, record === NO_RECORD ? 0 : 1);
      if (record !== NO_RECORD) offset = writeWords(view, offset, records, record, COIN_RECORD_WORDS);
    }
    return bytes;
  }

  /** Hands the changed entries to the order and says how many there are. */
  #countChanged(): number {
    const table = this.#table;
    const changed = this.#order.open(table.count);
    let count = 0;
    for (let entry = 0; entry < table.count; entry++) if (table.isChanged(entry)) changed[count++] = entry;
    return count;
  }

  #prefetch(words: Int32Array, outpoints: Uint32Array, from: number, to: number): void {
    const table = this.#table;
    const count = to - from;
    table.reserve(count, count);
    const wanted = this.#wantedKeys(words, outpoints, from, to);
    const start = table.recordsEnd;
    const { records } = table;
    this.#map.find(wanted, count, records.subarray(start, start + count * COIN_RECORD_WORDS));
    for (let i = 0; i < count; i++) {
      const record = start + i * COIN_RECORD_WORDS;
      // A key that is not there has no record. It is not kept, so that made-up inputs take no room.
      if (!isRecord(records, record)) continue;
      const key = i * COIN_KEY_WORDS;
      const first = wanted[key] as number;
      const found = table.find(wanted, key, first);
      if (found >= 0) continue;
      const kept = table.recordsEnd;
      if (kept !== record) copyWords(records, record, records, kept, COIN_RECORD_WORDS);
      table.recordsEnd += COIN_RECORD_WORDS;
      table.insert(~found, wanted, key, first, kept);
    }
  }

  #wantedKeys(words: Int32Array, outpoints: Uint32Array, from: number, to: number): Int32Array {
    this.#wanted = atLeast(this.#wanted, (to - from) * COIN_KEY_WORDS);
    const wanted = this.#wanted;
    let key = 0;
    for (let i = from; i < to; i++) {
      const at = outpoints[i] as number;
      copyWords(words, at, wanted, key, COIN_KEY_WORDS);
      wanted[key] = (words[at] as number) ^ fmix32(words[at + COIN_KEY_WORDS] as number);
      key += COIN_KEY_WORDS;
    }
    return wanted;
  }

  #spendEntry(entry: number): number {
    const { now } = this.#table;
    const record = now[entry] as number;
    if (record === NO_RECORD) return NO_RECORD;
    this.#write(entry, record);
    now[entry] = NO_RECORD;
    return record;
  }

  /** Gives an entry that has no coin the record that was written after the last one. */
  #addRecord(entry: number): void {
    const table = this.#table;
    this.#write(entry, NO_RECORD);
    table.now[entry] = table.recordsEnd;
    table.recordsEnd += COIN_RECORD_WORDS;
  }

  #write(entry: number, previous: number): void {
    const at = 2 * this.#written++;
    if (at + 2 > this.#journal.length) this.#journal = grown(this.#journal, at + 2);
    this.#journal[at] = entry;
    this.#journal[at + 1] = previous;
  }

  /** The entry of a key, made when the map has its coin; otherwise the complement of its slot. Leaves room for one. */
  #entryOf(key: Hash): number {
    const table = this.#table;
    table.reserve(1, 2);
    this.#readKey(key);
    const first = this.#key[0] as number;
    const found = table.find(this.#key, 0, first);
    if (found >= 0 || !this.#findRecord()) return found;
    const record = table.recordsEnd;
    table.records.set(this.#record, record);
    table.recordsEnd += COIN_RECORD_WORDS;
    return table.insert(~found, this.#key, 0, first, record);
  }

  #readKey(key: Hash): void {
    assert(key.length === 4 * COIN_KEY_WORDS, `a coin key has 32 bytes, not ${key.length}`);
    this.#keyBytes.set(key);
  }

  /** Looks up the key that was read last. */
  #findRecord(): boolean {
    this.#map.find(this.#key, 1, this.#record);
    return isRecord(this.#record, 0);
  }
}

function coinAt(records: Int32Array, at: number): Coin {
  return decodeCoin(new Uint8Array(records.buffer, 4 * at, 4 * COIN_RECORD_WORDS));
}

function copyWords(from: Int32Array, at: number, to: Int32Array, toAt: number, count: number): void {
  for (let i = 0; i < count; i++) to[toAt + i] = from[at + i] as number;
}

/** Returns the offset behind the words, which need no alignment. */
function writeWords(view: DataView, offset: number, words: Int32Array, at: number, count: number): number {
  for (let i = 0; i < count; i++) view.setInt32(offset + 4 * i, words[at + i] as number, true);
  return offset + 4 * count;
}

/** An array whose old contents nobody needs. */
function atLeast(words: Int32Array, lengthMin: number): Int32Array {
  return words.length >= lengthMin ? words : new Int32Array(2 * lengthMin);
}
