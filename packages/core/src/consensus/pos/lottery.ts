import { Writer } from '../../codec/writer.ts';
import { type Hash, hash } from '../../crypto/hash.ts';

/** Bytes of an output that are the ticket. */
const TICKET_BYTES = 7;
/** One more than the greatest ticket. */
const TICKETS = 1n << BigInt(8 * TICKET_BYTES);

/** One member's chances in every slot of an epoch. */
export interface Chance {
  /** Of the member. */
  readonly weight: number;
  /** Of the whole set. */
  readonly total: number;
  /** Winners of a slot on average, in thousandths. */
  readonly winnersPermille: number;
}

/**
 * What the members of a set prove the output of for a slot: the hash of the set's seed and the slot u64. Nothing that a
 * producer could choose is in it. The seed follows from the spec, so it is of one chain.
 */
export function lotteryInput(seed: Hash, slot: number): Hash {
  return hash('lottery', new Writer(40).hash(seed).u53(slot).finish());
}

/**
 * Says whether an output wins: its first 7 bytes, the highest first, make a ticket t, and it wins if
 * t / 2^56 < winnersPermille / 1000 × weight / total. The numbers are compared multiplied out, at most 2^125, so there
 * is nothing to round. The chance is linear in the weight: a stake in two parts has the same number of winning tickets
 * on average as in one.
 *
 * @param output - at least 7 bytes, all equally likely
 */
export function isWinning(output: Uint8Array, { weight, total, winnersPermille }: Chance): boolean {
  return ticketOf(output) * 1000n * BigInt(total) < TICKETS * BigInt(winnersPermille) * BigInt(weight);
}

function ticketOf(output: Uint8Array): bigint {
  let ticket = 0n;
  for (let i = 0; i < TICKET_BYTES; i++) ticket = (ticket << 8n) | BigInt(output[i] as number);
  return ticket;
}
