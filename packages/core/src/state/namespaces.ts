/**
 * Who owns which entries of the storage map. The set is closed: a number is never reused, and a new one is a new
 * version of the protocol. Each number is hashed into the key and the value, so no entry can stand for another
 * namespace's.
 */
export const NAMESPACE = {
  /**
   * How much of the native coin exists. Key: asset id 0 as u64 (8 bytes). Value: issued u64, burned u64, in hugs, as
   * `ledger/supply.ts` writes it.
   */
  supply: 1,
  /** What a token is, its supply included. Key: asset id u64 (8 bytes). Value: the record of `ledger/token.ts`. */
  token: 2,
  /**
   * What was notarised. Key: author's address 32, notarised hash 32. Value: timeMs u64, height u32, txid 32, as
   * `ledger/actions/data.ts` writes it.
   */
  data: 3,
} as const;

/** The number of a namespace, a u8. */
export type Namespace = (typeof NAMESPACE)[keyof typeof NAMESPACE];

const KNOWN: ReadonlySet<number> = new Set(Object.values(NAMESPACE));

/** True for the numbers of {@link NAMESPACE}. */
export function isNamespace(value: number): value is Namespace {
  return KNOWN.has(value);
}
