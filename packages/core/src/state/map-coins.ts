import { assert } from '../base/assert.ts';
import { concatBytes } from '../base/bytes.ts';
import { bytesKey } from '../base/bytes-key.ts';
import { type Hash, ZERO_HASH } from '../crypto/hash.ts';
import { type CoinChange, encodeCoinChanges } from './changes.ts';
import { COIN_BYTES, type Coin, decodeCoin } from './coin.ts';
import { correctionsOf, correctRun } from './coin-corrections.ts';
import { applyDiff, CoinDiff, isRecord, reserveFor } from './coin-diff.ts';
import { COIN_ENTRY_WORDS, COIN_KEY_WORDS, COIN_RECORD_WORDS, type CoinMap } from './coin-map.ts';
import { COIN_ENTRY_BYTES, type CoinDifferences, type CoinState } from './coin-state.ts';
import { FlatCoins, type FlatDifference } from './flat-coins.ts';
import type { TreeProof } from './proof.ts';
import { WholeCoinMap } from './whole-coin-map.ts';

/** Links that a single look goes along: each costs a search of some 15 comparisons. */
const NEARBY_LINKS_MAX = 4;

const NO_WORDS = new Int32Array(0);

/** For a single look-up, which is over before the next one begins. */
const keyWords = new Int32Array(COIN_KEY_WORDS);
const keyBytes = new Uint8Array(keyWords.buffer);
const recordWords = new Int32Array(COIN_RECORD_WORDS);
const recordBytes = new Uint8Array(recordWords.buffer);

/** A map and the version of the coins that it holds now. */
interface Shared {
  readonly map: CoinMap;
  current: MapCoins;
  /** Changes that the map has gone through, to get to other versions and to make new ones. */
  moved: number;
  /** Spreads keys over the tables of overlays; not to be guessed by those who make coins. */
  readonly seed: Hash;
  /** An overlay that nobody uses: its tables are as large as the blocks of this chain need. */
  spare: FlatCoins | undefined;
  /** For those who only look. */
  reader: FlatCoins | undefined;
}

/** How a version that is not in the map follows from one that is nearer to it. */
interface Link {
  readonly to: MapCoins;
  /** Leads from `to` to this version. */
  readonly diff: CoinDiff;
}

/**
 * Versions of the coins over one {@link CoinMap}, which holds one of them at a time; each other one is a difference
 * to its neighbour on the way to it. Reading a version moves the map there, so the newest is as fast as the map and
 * an old one costs what has changed since. The trick is Baker's ("Shallow binding makes functional arrays fast", 1991;
 * Conchon and Filliâtre, "A persistent union-find data structure", 2007). A version that nobody holds any more is
 * collected with its difference, for links lead only towards the map.
 */
export class MapCoins implements CoinState {
  readonly #shared: Shared;
  readonly #size: number;
  #root: Hash | undefined;
  #link: Link | undefined;

  private constructor(map: CoinMap, shared: Shared | Hash) {
    const isFirst = shared instanceof Uint8Array;
    this.#shared = isFirst
      ? { map, current: this, moved: 0, seed: shared, spare: undefined, reader: undefined }
      : shared;
    this.#size = map.size;
  }

  /**
   * The coins that a map holds; from now on only its versions change it.
   *
   * @param seed - 32 bytes that nobody can guess, so that nobody makes coins which meet in one place of a block's table
   */
  static over(map: CoinMap, seed: Hash = ZERO_HASH): MapCoins {
    return new MapCoins(new WholeCoinMap(map), seed);
  }

  get size(): number {
    return this.#size;
  }

  get moved(): number {
    return this.#shared.moved;
  }

  root(): Hash {
    this.#root ??= this.map().root();
    return this.#root;
  }

  refresh(partsMax: number): boolean {
    return this.#root !== undefined || this.map().refresh(partsMax);
  }

  get(key: Hash): Coin | undefined {
    assert(key.length === 32, 'a key of 32 bytes');
    const near = this.#nearby(key);
    if (near !== undefined) return near.diff.coin(near.at);
    keyBytes.set(key);
    this.#shared.map.find(keyWords, 1, recordWords);
    return isRecord(recordWords, 0) ? decodeCoin(recordBytes) : undefined;
  }

  apply(changes: readonly CoinChange[]): { coins: MapCoins; undo: readonly CoinChange[] } {
    const map = this.map();
    const back = applyDiff(map, new CoinDiff(encodeCoinChanges(changes)));
    const undoDiff = new CoinDiff(back);
    this.#shared.moved += undoDiff.count;
    const undo = Array.from({ length: undoDiff.count }, (_, i): CoinChange => {
      return { key: undoDiff.key(i).slice(), coin: undoDiff.coin(i) };
    });
    return { coins: this.#follow(undoDiff), undo };
  }

  /** Looks up many keys at once, as {@link CoinMap.find} does; of a version nearby without moving the map. */
  find(keys: Int32Array, count: number, records: Int32Array): void {
    if (this.#linksToMap() > NEARBY_LINKS_MAX) this.#moveHere();
    this.#shared.map.find(keys, count, records);
    // The difference that is nearest to this version says what it has, so it comes last.
    for (const diff of this.#diffs().toReversed()) findIn(diff, keys, count, records);
  }

  /**
   * The coins of some outpoints in words, and no others, for somebody who commits nothing, such as a pool that asks
   * what a transfer pays. Good until some are looked up again, on any version.
   *
   * @param outpoints - offsets in `words`
   */
  lookUp(words: Int32Array, outpoints: Uint32Array): FlatCoins {
    const reader = this.#shared.reader ?? new FlatCoins(this);
    this.#shared.reader = reader;
    reader.reset(this, this.#shared.seed);
    reader.prefetch(words, outpoints, 0, outpoints.length);
    // A version that was held on to would keep all differences that lead to later ones.
    reader.detach();
    return reader;
  }

  /** An overlay in words on this version, good wherever the map moves meanwhile. */
  openFlat(): FlatCoins {
    this.map();
    const flat = this.#shared.spare ?? new FlatCoins(this);
    this.#shared.spare = undefined;
    flat.reset(this, this.#shared.seed);
    return flat;
  }

  /**
   * The coins with what an overlay on them has done; the overlay cannot be used again.
   *
   * @param difference - of the overlay, which has not been written to since
   * @returns also how many coins changed
   */
  commitFlat(
    flat: FlatCoins,
    { changes, undo }: FlatDifference,
  ): { readonly coins: MapCoins; readonly changeCount: number } {
    const map = this.map();
    assert(reserveFor(map, changes), 'no memory for more coins');
    map.update(changes);
    flat.detach();
    this.#shared.spare = flat;
    const diff = new CoinDiff(undo);
    this.#shared.moved += diff.count;
    return { coins: this.#follow(diff), changeCount: diff.count };
  }

  load(entries: Uint8Array): MapCoins {
    const map = this.map();
    const added = new Int32Array(entries.buffer, entries.byteOffset, entries.length / 4);
    const addedCount = added.length / COIN_ENTRY_WORDS;
    assert(map.reserve(addedCount), 'no memory for more coins');
    map.update({ removed: NO_WORDS, removedCount: 0, added, addedCount });
    return new MapCoins(map, this.#shared.seed);
  }

  prove(key: Hash): TreeProof {
    return this.map().prove(key);
  }

  *entries(countPerRun: number): Generator<Uint8Array, void, undefined> {
    let from: Hash | undefined = new Uint8Array(32);
    while (from !== undefined) {
      const run: Uint8Array = this.#run(from, countPerRun);
      if (run.length > 0) yield run;
      from =
        run.length < countPerRun * COIN_ENTRY_BYTES ? undefined : nextKey(run.subarray(-COIN_ENTRY_BYTES));
    }
  }

  differences(later: CoinState): CoinDifferences {
    assert(later instanceof MapCoins && later.#shared === this.#shared, 'versions of the same coins');
    const [mine, theirs] = [this.#diffs(), later.#diffs()];
    const { count, keys, diffs } = joinKeys([...mine, ...theirs]);
    const before = new Int32Array(count * COIN_RECORD_WORDS);
    this.#shared.map.find(keys, count, before);
    const after = before.slice();
    // The difference that is nearest to a version says what it has, so it comes last.
    for (const diff of diffs.slice(0, mine.length).toReversed()) writeRecords(diff, before);
    for (const diff of diffs.slice(mine.length).toReversed()) writeRecords(diff, after);
    return { count, keys, before, after };
  }

  hasRoomFor(more: number): boolean {
    return this.map().reserve(more);
  }

  /** The map, holding this version. It must not be changed but by this class. */
  map(): CoinMap {
    if (this.#link !== undefined) this.#moveHere();
    return this.#shared.map;
  }

  /** Makes the version after this one, once the map holds it. */
  #follow(undo: CoinDiff): MapCoins {
    const next = new MapCoins(this.#shared.map, this.#shared);
    this.#link = { to: next, diff: undo };
    this.#shared.current = next;
    return next;
  }

  /**
   * Where the links to the map say what this version has under a key, so that a look at a state a few blocks back, or
   * at the head while a draft waits for its seal, does not move the map to and fro. From further away it is moved here.
   */
  #nearby(key: Hash): { readonly diff: CoinDiff; readonly at: number } | undefined {
    // A map that was lost half way answers for none of its versions: asking for its size says so.
    assert(this.#shared.map.size >= 0, 'the map is whole');
    let steps = 0;
    for (let link = this.#link; link !== undefined; link = link.to.#link) {
      if (++steps > NEARBY_LINKS_MAX) {
        this.#moveHere();
        return undefined;
      }
      const at = link.diff.find(key);
      if (at >= 0) return { diff: link.diff, at };
    }
    return undefined;
  }

  /** Links from here to the version that the map holds; stops to count above {@link NEARBY_LINKS_MAX}. */
  #linksToMap(): number {
    assert(this.#shared.map.size >= 0, 'the map is whole');
    let steps = 0;
    for (let link = this.#link; link !== undefined && steps <= NEARBY_LINKS_MAX; link = link.to.#link)
      steps++;
    return steps;
  }

  /** Moves the map from version to version up to this one; every link on the way turns round. */
  #moveHere(): void {
    const path: MapCoins[] = [];
    for (let version: MapCoins = this; version.#link !== undefined; version = version.#link.to)
      path.push(version);
    for (const version of path.toReversed()) {
      const { to, diff } = version.#link as Link;
      to.#link = { to: version, diff: new CoinDiff(applyDiff(this.#shared.map, diff)) };
      version.#link = undefined;
      this.#shared.current = version;
      this.#shared.moved += diff.count;
    }
  }

  /** What leads from the map to this version, the nearest to this version first. */
  #diffs(): readonly CoinDiff[] {
    const diffs: CoinDiff[] = [];
    for (let link = this.#link; link !== undefined; link = link.to.#link) diffs.push(link.diff);
    return diffs;
  }

  /** The first entries from a key on, without moving the map: what it holds, corrected by the links to it. */
  #run(from: Hash, countMax: number): Uint8Array {
    const held = this.#held(from, countMax);
    const isEnd = held.length < countMax * COIN_ENTRY_BYTES;
    const last = isEnd ? undefined : held.subarray(-COIN_ENTRY_BYTES).subarray(0, 32);
    const corrections = correctionsOf(this.#diffs(), from, last);
    if (corrections.length === 0) return held;
    const merged = correctRun(held, corrections);
    // Fewer than asked for would say that there are no more.
    if (merged.length < countMax * COIN_ENTRY_BYTES && last !== undefined) {
      const missing = countMax - merged.length / COIN_ENTRY_BYTES;
      const rest = this.#run(nextKey(last) ?? last, missing);
      return concatBytes(merged, rest);
    }
    return merged.subarray(0, countMax * COIN_ENTRY_BYTES);
  }

  #held(from: Hash, countMax: number): Uint8Array {
    const words = new Int32Array(COIN_KEY_WORDS);
    new Uint8Array(words.buffer).set(from);
    const entries = new Int32Array(countMax * COIN_ENTRY_WORDS);
    const count = this.#shared.map.scan(words, countMax, entries);
    return new Uint8Array(entries.buffer, 0, count * COIN_ENTRY_BYTES);
  }
}

/** A diff whose entry `i` is about key `places[i]` of a list; without places about key `i`. */
interface PlacedDiff {
  readonly diff: CoinDiff;
  readonly places: Uint32Array | undefined;
}

/** The keys of some diffs, each once. */
function joinKeys(diffs: readonly CoinDiff[]): {
  readonly count: number;
  readonly keys: Int32Array;
  readonly diffs: readonly PlacedDiff[];
} {
  const [only] = diffs;
  // The usual step, one block further: no key comes twice in one diff.
  if (only !== undefined && diffs.length === 1) {
    return { count: only.count, keys: only.keys(), diffs: [{ diff: only, places: undefined }] };
  }
  const found = new Map<string, { readonly place: number; readonly key: Hash }>();
  const placed = diffs.map((diff): PlacedDiff => {
    const places = new Uint32Array(diff.count);
    for (let i = 0; i < diff.count; i++) {
      const key = diff.key(i);
      const name = bytesKey(key);
      const place = found.get(name)?.place ?? found.size;
      if (place === found.size) found.set(name, { place, key });
      places[i] = place;
    }
    return { diff, places };
  });
  const keys = new Int32Array(found.size * COIN_KEY_WORDS);
  const bytes = new Uint8Array(keys.buffer);
  for (const { place, key } of found.values()) bytes.set(key, 4 * COIN_KEY_WORDS * place);
  return { count: found.size, keys, diffs: placed };
}

/** Writes what a diff says of some keys over their records; zeros for a coin that is absent. */
function findIn(diff: CoinDiff, keys: Int32Array, count: number, records: Int32Array): void {
  const keyBytes = new Uint8Array(keys.buffer, keys.byteOffset, keys.byteLength);
  const recordBytes = new Uint8Array(records.buffer, records.byteOffset, records.byteLength);
  for (let i = 0; i < count; i++) {
    const at = diff.find(keyBytes.subarray(32 * i, 32 * (i + 1)));
    if (at < 0) continue;
    const record = diff.record(at);
    if (record === undefined) recordBytes.fill(0, i * COIN_BYTES, (i + 1) * COIN_BYTES);
    else recordBytes.set(record, i * COIN_BYTES);
  }
}

/** Writes what a diff says over the records of its keys; zeros for a coin that is absent. */
function writeRecords({ diff, places }: PlacedDiff, records: Int32Array): void {
  const bytes = new Uint8Array(records.buffer);
  for (let i = 0; i < diff.count; i++) {
    const start = (places?.[i] ?? i) * COIN_BYTES;
    const record = diff.record(i);
    if (record === undefined) bytes.fill(0, start, start + COIN_BYTES);
    else bytes.set(record, start);
  }
}

/** The key after that of an entry; undefined after the last of all keys. */
function nextKey(entry: Uint8Array): Hash | undefined {
  const next = entry.slice(0, 32);
  for (let i = 31; i >= 0; i--) {
    next[i] = ((next[i] as number) + 1) & 0xff;
    if (next[i] !== 0) return next;
  }
  return undefined;
}
