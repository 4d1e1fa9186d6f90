/** A breach that is known and stays for now. */
export interface Exception {
  readonly path: string;
  readonly law: string;
  /** Why it stays, and what would end it. */
  readonly reason: string;
}

/**
 * The known breaches. The list may only shrink: an entry that excuses nothing is a finding itself, and a new one
 * needs a better reason than haste.
 */
export const EXCEPTIONS: readonly Exception[] = [];
