import { assert } from '../../base/assert.ts';
import type { Result } from '../../base/result.ts';
import { Reader } from '../../codec/reader.ts';
import { Writer } from '../../codec/writer.ts';
import type { Lock } from './lock.ts';
import { readVote, VOTE_BODY_BYTES, type Vote, writeVote } from './vote.ts';

/** What a validator must know after a crash so that it does not contradict itself. */
export interface VotesEachRecord {
  readonly height: number;
  readonly round: number;
  readonly lock: Lock | undefined;
  /** The bytes of the latest certificate of prevotes, so that a lock can be explained to others. */
  readonly polka: Uint8Array | undefined;
  /** What this node signed, or was about to, in its last two rounds of the height. */
  readonly votes: readonly Vote[];
}

/** Votes of a record: three in each of two rounds. */
const VOTES_MAX = 6;

/**
 * The bytes of a record: version u32, height u32, round u32, 1 + round of the lock or 0 u32, 1 + its other
 * round u32, its block 32, number of votes u32, votes of 52 bytes, then the certificate to the end.
 */
export function encodeRecord({ height, round, lock, polka, votes }: VotesEachRecord): Uint8Array {
  assert(votes.length <= VOTES_MAX, `${votes.length} votes of one node in two rounds`);
  const writer = new Writer(64 + VOTE_BODY_BYTES * votes.length + (polka?.length ?? 0));
  writer.u32(1).u32(height).u32(round);
  writer.u32(lock === undefined ? 0 : lock.round + 1).u32(lock === undefined ? 0 : lock.otherRound + 1);
  writer.hash(lock?.blockId ?? new Uint8Array(32)).u32(votes.length);
  for (const vote of votes) writeVote(writer, vote);
  return writer.bytes(polka ?? new Uint8Array(0)).finish();
}

/**
 * Reads a record that this program wrote.
 *
 * @throws AssertionError when it is malformed: a validator that does not know what it signed must not go on
 */
export function decodeRecord(bytes: Uint8Array): VotesEachRecord {
  const parsed = parseRecord(bytes);
  assert(parsed.ok, 'a malformed record of votes');
  return parsed.value;
}

function parseRecord(bytes: Uint8Array): Result<VotesEachRecord> {
  const reader = new Reader(bytes);
  const version = reader.u32();
  if (version !== 1) reader.fail('codec/unknown-tag', { field: 'record version', got: version });
  const [height, round, lockRound] = [reader.u32(), reader.u32(), reader.u32()];
  const otherRound = reader.u32() - 1;
  const blockId = reader.hash();
  const count = reader.count(reader.u32(), VOTES_MAX, VOTE_BODY_BYTES);
  const votes = Array.from({ length: count }, () => readVote(reader));
  const polka = reader.left > 0 ? reader.take(reader.left) : undefined;
  const lock = lockRound === 0 ? undefined : { round: lockRound - 1, blockId, otherRound };
  return reader.finish({ height, round, lock, polka, votes });
}
