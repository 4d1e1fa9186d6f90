import type { Random } from '../../base/random.ts';
import type { AddressEntry } from './address-entry.ts';

/** Buckets of addresses with a slot for each that a secret has chosen; empty buckets take no memory. */
export class BucketTable {
  readonly #buckets = new Map<number, Map<number, AddressEntry>>();
  /** Numbers of the buckets that hold something, for drawing one; and where each number stands in the list. */
  readonly #filled: number[] = [];
  readonly #places = new Map<number, number>();
  #size = 0;

  /** Addresses in all buckets. */
  get size(): number {
    return this.#size;
  }

  /** The address in a slot. */
  get(bucket: number, slot: number): AddressEntry | undefined {
    return this.#buckets.get(bucket)?.get(slot);
  }

  /** Puts an address where its `bucket` and `slot` say; the slot must be free. */
  add(entry: AddressEntry): void {
    const { bucket, slot } = entry;
    let slots = this.#buckets.get(bucket);
    if (slots === undefined) {
      slots = new Map();
      this.#buckets.set(bucket, slots);
      this.#places.set(bucket, this.#filled.length);
      this.#filled.push(bucket);
    }
    if (!slots.has(slot)) this.#size += 1;
    slots.set(slot, entry);
  }

  /** Empties the slot of an address. */
  remove({ bucket, slot }: AddressEntry): void {
    const slots = this.#buckets.get(bucket);
    if (slots?.delete(slot) !== true) return;
    this.#size -= 1;
    if (slots.size > 0) return;
    this.#buckets.delete(bucket);
    this.#unlist(bucket);
  }

  /** The addresses of one bucket. */
  bucket(bucket: number): readonly AddressEntry[] {
    return [...(this.#buckets.get(bucket)?.values() ?? [])];
  }

  /**
   * An address at random: first a bucket, then one in it, so that whoever can reach few buckets is drawn rarely,
   * however many addresses he has put there.
   */
  draw(random: Random): AddressEntry | undefined {
    if (this.#filled.length === 0) return undefined;
    const slots = this.#buckets.get(this.#filled[random.below(this.#filled.length)] as number);
    if (slots === undefined) return undefined;
    let left = random.below(slots.size);
    for (const entry of slots.values()) {
      if (left === 0) return entry;
      left -= 1;
    }
    return undefined;
  }

  #unlist(bucket: number): void {
    const place = this.#places.get(bucket) as number;
    const last = this.#filled.pop() as number;
    this.#places.delete(bucket);
    if (last === bucket) return;
    this.#filled[place] = last;
    this.#places.set(last, place);
  }
}
