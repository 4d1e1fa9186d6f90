import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { checkLink, type Followed, readHeaders } from './followed.ts';
import { HEADERS_KEPT } from './limits.ts';
import { refuseLight } from './rules.ts';

/** Headers below those that a client follows, each named by the one after it: the last {@link HEADERS_KEPT} given. */
export class Ancestors {
  readonly #headers = new Map<number, Followed>();

  at(height: number): Followed | undefined {
    return this.#headers.get(height);
  }

  /**
   * Takes headers end to end, of which the last is the parent of one that is known.
   *
   * @param at - headers that are followed
   */
  take(bytes: Uint8Array, at: (height: number) => Followed | undefined): Result<boolean> {
    const headers = readHeaders(bytes);
    if (!headers.ok) return headers;
    let isNew = false;
    const last = headers.value.at(-1) as Followed;
    const child = at(last.header.height + 1) ?? this.at(last.header.height + 1);
    if (child === undefined) return refuseLight('light/not-followed', { height: last.header.height + 1 });
    for (const [i, one] of headers.value.entries()) {
      const linked = checkLink(headers.value[i + 1] ?? child, one);
      if (!linked.ok) return linked;
      const known = this.at(one.header.height);
      isNew ||= known === undefined || !equalBytes(known.id, one.id);
    }
    for (const one of headers.value) this.#keep(one);
    return ok(isNew);
  }

  #keep(one: Followed): void {
    this.#headers.set(one.header.height, one);
    const [oldest] = this.#headers.keys();
    if (this.#headers.size > HEADERS_KEPT && oldest !== undefined) this.#headers.delete(oldest);
  }
}
