/** The part of the address that says which run is shown; unread, as it came. */
export interface RunSearch {
  /** A plan as text. */
  readonly run?: string;
  /** The moment at which it is shown: microseconds of the run. */
  readonly at?: number;
  /** The first digits of the hash that the run has there, by who made the link. */
  readonly hash?: string;
}

/** Digits of a hash that a link carries: nobody finds another run for them by chance. */
export const LINK_HASH_DIGITS = 16;

/** Takes out of an address what is meant for this page. */
export function readSearch({ run, at, hash }: Readonly<Record<string, unknown>>): RunSearch {
  return {
    ...(run === undefined ? {} : { run: String(run) }),
    ...(Number.isSafeInteger(at) && Number(at) > 0 ? { at: Number(at) } : {}),
    ...(typeof hash === 'string' && /^[0-9a-f]{16}$/.test(hash) ? { hash } : {}),
  };
}
