import { OK, ok, type Result } from '@calin/core/base/result.ts';
import { refusePage } from './rules.ts';
import type { SealedStore } from './sealed-store.ts';

/** A store of one browser in memory; tabs share it. */
export class MemoryStore implements SealedStore {
  #text: string | undefined;
  /** Refuses everything by this rule, as a browser does that keeps nothing. */
  failing: 'page/storage' | 'page/storage-full' | undefined;

  async read(): Promise<Result<string | undefined>> {
    return this.failing === undefined ? ok(this.#text) : refusePage(this.failing);
  }

  async replace(sealed: string, before: string | undefined): Promise<Result<undefined>> {
    if (this.failing !== undefined) return refusePage(this.failing);
    if (this.#text !== before) return refusePage('page/changed');
    this.#text = sealed;
    return OK;
  }

  async clear(): Promise<Result<undefined>> {
    if (this.failing !== undefined) return refusePage(this.failing);
    this.#text = undefined;
    return OK;
  }
}
