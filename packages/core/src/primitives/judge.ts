import type { Result } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { PublicKey } from '../crypto/signature.ts';

/**
 * What a validator can be shown to have done: signed two blocks or votes of which the rules allow one; voted for
 * another block than the one it was locked on (Buchman, Kwon, Milosevic 2018, "The latest gossip on BFT consensus"); or
 * cast a vote whose span encloses that of another (Buterin, Griffith 2017, "Casper the Friendly Finality Gadget").
 */
export type Offence = 'double-sign' | 'lock-break' | 'surround';

/** What a piece of evidence shows. */
export interface Conviction {
  readonly offender: PublicKey;
  /** The epoch in whose name the offender signed. */
  readonly epoch: number;
  readonly offence: Offence;
  /** Names this piece of evidence. */
  readonly id: Hash;
}

/** Who has signed a block, as a certificate says. */
export interface Attendance {
  readonly epoch: number;
  /** Of the block that was signed. */
  readonly height: number;
  /** Distinct members of the set of the epoch, in any order. */
  readonly signers: readonly PublicKey[];
}

/**
 * Reads what the consensus signs, for a ledger that knows no votes. Pure, and bound to the branch of the block that is
 * executed: the same bytes give the same answer on every node. Refuses what is malformed, what the signatures do not
 * bear out, and signers that are not in the set.
 */
export interface Judge {
  evidence(bytes: Uint8Array): Result<Conviction>;
  certificate(bytes: Uint8Array): Result<Attendance>;
}
