import { OK, ok, type Result } from '@calin/core/base/result.ts';
import { refusePage } from './rules.ts';

/** Where the sealed wallet of one network is kept. */
export interface SealedStore {
  /** The text that is kept; undefined when none is. Refuses by `page/storage`. */
  read(): Promise<Result<string | undefined>>;
  /**
   * Puts a text in place of another one, or of nothing; all at once, or not at all. Refuses by `page/changed` when
   * something else is there by now, `page/storage-full` or `page/storage`.
   */
  replace(sealed: string, before: string | undefined): Promise<Result<undefined>>;
  /** Takes away whatever is there. Refuses by `page/storage`. */
  clear(): Promise<Result<undefined>>;
}

const DATABASE = 'calin-wallet';
const TABLE = 'sealed';

/**
 * Keeps it in IndexedDB: there a reading and a writing are one transaction for all tabs of the browser, which
 * localStorage has not, and there is room for a wallet of any size.
 *
 * @param addressPrefix - of the network: each has a wallet of its own
 */
export class IndexedStore implements SealedStore {
  readonly #addressPrefix: string;

  constructor(addressPrefix: string) {
    this.#addressPrefix = addressPrefix;
  }

  read(): Promise<Result<string | undefined>> {
    return this.#run('readonly', (table, done) => {
      const found = table.get(this.#addressPrefix);
      found.onsuccess = () => done(ok(asText(found.result)));
    });
  }

  replace(sealed: string, before: string | undefined): Promise<Result<undefined>> {
    return this.#run('readwrite', (table, done) => {
      const found = table.get(this.#addressPrefix);
      found.onsuccess = () => {
        if (asText(found.result) !== before) return done(refusePage('page/changed'));
        table.put(sealed, this.#addressPrefix);
        return done(OK);
      };
    });
  }

  clear(): Promise<Result<undefined>> {
    return this.#run('readwrite', (table, done) => {
      table.delete(this.#addressPrefix);
      done(OK);
    });
  }

  /** Runs one transaction; what it says counts once it is complete. */
  async #run<T>(
    mode: IDBTransactionMode,
    work: (table: IDBObjectStore, done: (value: Result<T>) => void) => void,
  ): Promise<Result<T>> {
    let database: IDBDatabase | undefined;
    try {
      database = await openDatabase();
      const transaction = database.transaction(TABLE, mode, { durability: 'strict' });
      return await new Promise((resolve, reject) => {
        let answer: Result<T> = refusePage('page/storage');
        transaction.oncomplete = () => resolve(answer);
        transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
        work(transaction.objectStore(TABLE), (value) => {
          answer = value;
        });
      });
    } catch (error) {
      const name = error instanceof Error ? error.name : 'unknown';
      return refusePage(name === 'QuotaExceededError' ? 'page/storage-full' : 'page/storage', { why: name });
    } finally {
      database?.close();
    }
  }
}

function openDatabase(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE);
    opening.onsuccess = () => resolve(opening.result);
    opening.onerror = () => reject(opening.error ?? new Error('not opened'));
    opening.onblocked = () => reject(new Error('blocked'));
  });
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
