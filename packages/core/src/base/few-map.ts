/** Entries that are searched one by one: about as long as it takes to hash a key and follow it. */
const FEW = 12;

/**
 * A map that mostly holds nothing, or a handful: what is under way, or beside the usual. A few entries are lists, which
 * take no memory when they change; a `Map` makes a new table whenever it loses its last entry, and where the map is old
 * that table is no garbage until all of the memory is looked at. More entries than a few are in a `Map`.
 */
export class FewMap<K extends string | number, V> {
  /** Keys and values in the order in which they were put in, as long as there is no {@link #map}. */
  readonly #keys: K[] = [];
  readonly #values: V[] = [];
  #count = 0;
  #map: Map<K, V> | undefined;

  /** How many entries there are. */
  get size(): number {
    return this.#map === undefined ? this.#count : this.#map.size;
  }

  /** The entry that was put in first; undefined when there is none. */
  get first(): readonly [K, V] | undefined {
    if (this.#map === undefined)
      return this.#count === 0 ? undefined : [this.#keys[0] as K, this.#values[0] as V];
    for (const entry of this.#map) return entry;
    return undefined;
  }

  has(key: K): boolean {
    return this.#map === undefined ? this.#find(key) >= 0 : this.#map.has(key);
  }

  get(key: K): V | undefined {
    if (this.#map !== undefined) return this.#map.get(key);
    const at = this.#find(key);
    return at < 0 ? undefined : this.#values[at];
  }

  /** Puts an entry in, behind all others unless its key is there. */
  set(key: K, value: V): void {
    if (this.#map !== undefined) {
      this.#map.set(key, value);
      return;
    }
    const at = this.#find(key);
    if (at >= 0) this.#values[at] = value;
    else if (this.#count === FEW) this.#grow().set(key, value);
    else {
      this.#keys.push(key);
      this.#values.push(value);
      this.#count += 1;
    }
  }

  /** Takes an entry out; false when there is none. */
  delete(key: K): boolean {
    if (this.#map !== undefined) return this.#deleteOfMany(this.#map, key);
    const at = this.#find(key);
    if (at < 0) return false;
    this.#count -= 1;
    for (let i = at; i < this.#count; i++) {
      this.#keys[i] = this.#keys[i + 1] as K;
      this.#values[i] = this.#values[i + 1] as V;
    }
    this.#keys.pop();
    this.#values.pop();
    return true;
  }

  /** The values, in the order in which their keys were put in. The map may lose them meanwhile, and gain no others. */
  values(): Iterable<V> {
    return this.#map?.values() ?? this.#values.slice();
  }

  /** The entries in that order, with the same promise. */
  [Symbol.iterator](): Iterator<readonly [K, V]> {
    if (this.#map !== undefined) return this.#map.entries();
    return this.#keys.map((key, i) => [key, this.#values[i] as V] as const).values();
  }

  #find(key: K): number {
    for (let at = 0; at < this.#count; at++) if (this.#keys[at] === key) return at;
    return -1;
  }

  #grow(): Map<K, V> {
    const map = new Map(this);
    this.#map = map;
    this.#keys.length = 0;
    this.#values.length = 0;
    this.#count = 0;
    return map;
  }

  #deleteOfMany(map: Map<K, V>, key: K): boolean {
    const isDeleted = map.delete(key);
    if (map.size === 0) this.#map = undefined;
    return isDeleted;
  }
}
