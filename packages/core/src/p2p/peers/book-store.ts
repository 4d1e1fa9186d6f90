import type { SipKey } from '../../base/half-sip-hash.ts';
import type { AddressEntry } from './address-entry.ts';
import {
  encodeBook,
  encodeEntries,
  parseBook,
  parseEntries,
  type SavedBook,
  type SavedEntry,
} from './address-records.ts';
import type { RecordHost } from './record-host.ts';

const BOOK_KEY = 'book';

/** The records of an address book: its secret with a list of buckets, and one for each bucket that is not empty. */
export class BookStore {
  readonly #host: RecordHost;
  readonly #entriesOf: (bucket: number) => readonly AddressEntry[];
  readonly #saved: SavedBook | undefined;
  /** Buckets that have a record. */
  readonly #written: Set<number>;
  /** Buckets that differ from their record. */
  readonly #touched = new Set<number>();

  constructor(host: RecordHost, entriesOf: (bucket: number) => readonly AddressEntry[]) {
    this.#host = host;
    this.#entriesOf = entriesOf;
    this.#saved = this.#loadBook();
    this.#written = new Set(this.#saved?.buckets);
  }

  /** The secret of the saved book; undefined when there is none. */
  get key(): SipKey | undefined {
    return this.#saved?.key;
  }

  /** The saved addresses with the bucket they stood in. Damaged records are left out. */
  *entries(): Generator<{ readonly entry: SavedEntry; readonly bucket: number }> {
    for (const bucket of this.#saved?.buckets ?? []) {
      const bytes = this.#host.load(keyOf(bucket));
      const parsed = bytes === undefined ? undefined : parseEntries(bytes);
      if (parsed?.ok === false) this.#warn(parsed.error.rule, bucket);
      if (parsed?.ok !== true) continue;
      for (const entry of parsed.value) yield { entry, bucket };
    }
  }

  /** Notes that a bucket has changed. */
  touch(bucket: number): void {
    this.#touched.add(bucket);
  }

  /** Writes at most `pagesMax` changed buckets; returns how many are left. */
  save(key: SipKey, pagesMax: number): number {
    if (this.#touched.size === 0) return 0;
    let left = pagesMax;
    for (const bucket of [...this.#touched]) {
      if (left === 0) break;
      left -= 1;
      this.#touched.delete(bucket);
      const entries = this.#entriesOf(bucket);
      this.#host.save(keyOf(bucket), entries.length === 0 ? undefined : encodeEntries(entries));
      if (entries.length === 0) this.#written.delete(bucket);
      else this.#written.add(bucket);
    }
    const buckets = [...this.#written].toSorted((a, b) => a - b);
    this.#host.save(BOOK_KEY, encodeBook({ key, buckets }));
    return this.#touched.size;
  }

  #loadBook(): SavedBook | undefined {
    const bytes = this.#host.load(BOOK_KEY);
    const parsed = bytes === undefined ? undefined : parseBook(bytes);
    if (parsed?.ok === false) this.#warn(parsed.error.rule, undefined);
    return parsed?.ok === true ? parsed.value : undefined;
  }

  #warn(rule: string, bucket: number | undefined): void {
    this.#host.log('warn', 'saved addresses cannot be read', {
      rule,
      ...(bucket === undefined ? {} : { bucket }),
    });
  }
}

function keyOf(bucket: number): string {
  return `book/${bucket}`;
}
