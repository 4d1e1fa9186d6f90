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
  /** Who the validators of an epoch are. Key: epoch u32. Value: `encodeValidatorSet`. */
  validators: 4,
  /** A validator and its stake. Key: address of its key lock 32. Value: the record of `ledger/stake/pool.ts`. */
  pool: 5,
  /**
   * The pools that can be chosen, by numbers without gaps. Key: number u32. Value: public key 32. Under the key of no
   * bytes: how many there are, u32. See `ledger/stake/seats.ts`.
   */
  seat: 6,
  /** Shares of a pool. Key: owner's address 32, public key of the validator 32. Value: `ledger/stake/delegation.ts`. */
  delegation: 7,
  /** Stake that rests before it can be withdrawn. Key: owner's address 32. Value: `ledger/stake/unbonding.ts`. */
  unbonding: 8,
  /** What a validator was convicted of. Key: its public key 32. Value: the log of `ledger/stake/convictions.ts`. */
  conviction: 9,
  /** Who signed in the present epoch. Key: no bytes. Value: the count of `ledger/stake/attendance.ts`. */
  attendance: 10,
  /** What the seeds of later sets are made of. Key: no bytes. Value: hash 32. */
  randomness: 11,
  /** The authorities of the set that is written next. Key: no bytes. Value: `ledger/stake/authorities.ts`. */
  authorities: 12,
  /** The last vote of an authority. Key: its public key 32. Value: height u32, change u8, subject 32. */
  authorityVote: 13,
  /** Who wants a change. Key: change u8, subject 32. Value: `ledger/stake/authority-proposal.ts`. */
  authorityProposal: 14,
  /** What those who sign in the present epoch have earned together. Key: no bytes. Value: hugs u64. */
  signersPot: 15,
} as const;

/** The number of a namespace, a u8. */
export type Namespace = (typeof NAMESPACE)[keyof typeof NAMESPACE];

const KNOWN: ReadonlySet<number> = new Set(Object.values(NAMESPACE));

/** True for the numbers of {@link NAMESPACE}. */
export function isNamespace(value: number): value is Namespace {
  return KNOWN.has(value);
}
