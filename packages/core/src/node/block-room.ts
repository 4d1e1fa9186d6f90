import { coinsOfBytesMax } from '../chain/execute.ts';
import { SIGNATURE_BYTES } from '../crypto/signature.ts';
import { BLOCK_OVERHEAD_BYTES } from '../ledger/apply-block.ts';
import { REWARD_BYTES_MAX } from '../ledger/reward-transaction.ts';
import { gasLeast } from '../ledger/transaction-gas.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { CoinState } from '../state/coin-state.ts';

/** What a block holds beside the transactions of the pool, and a seal, which is not counted elsewhere. */
const BLOCK_BYTES_MIN = BLOCK_OVERHEAD_BYTES + REWARD_BYTES_MAX + SIGNATURE_BYTES;

/** No candidates, because there is no memory for the coins of the first one. */
export const NO_ROOM: readonly Transaction[] = [];

/**
 * The candidates for whose coins there is memory, first ones first: all of them but near the limit, where only half of
 * the bytes are considered, or a quarter, and so on. Undefined when there is no room for a block at all.
 */
export function withRoom(
  coins: CoinState,
  candidates: Iterable<Transaction>,
  bytesMax: number,
): Iterable<Transaction> | undefined {
  const hasRoom = (bytes: number) => coins.hasRoomFor(coinsOfBytesMax(bytes + BLOCK_BYTES_MIN));
  if (hasRoom(bytesMax)) return candidates;
  for (let bytes = Math.floor(bytesMax / 2); bytes > 0; bytes = Math.floor(bytes / 2)) {
    if (!hasRoom(bytes)) continue;
    const first = [...firstBytes(candidates, bytes)];
    return first.length === 0 ? NO_ROOM : first;
  }
  return hasRoom(0) ? NO_ROOM : undefined;
}

/**
 * Bytes and gas of candidates that are looked at for all that a block may have of each, so that enough are left when
 * some are refused.
 */
const CANDIDATES_SHARE = 1.25;

/** A list of the first candidates, as many as are looked at for one block. */
export function firstCandidates(spec: ChainSpec, candidates: Iterable<Transaction>): readonly Transaction[] {
  let bytesLeft = CANDIDATES_SHARE * spec.limits.blockBytesMax;
  let gasLeft = CANDIDATES_SHARE * spec.limits.blockGasMax;
  const first: Transaction[] = [];
  for (const candidate of candidates) {
    bytesLeft -= candidate.bytes.length;
    gasLeft -= gasLeast(spec, candidate);
    if (bytesLeft < 0 || gasLeft < 0) break;
    first.push(candidate);
  }
  return first;
}

/** The first transactions of so many bytes in all. */
function* firstBytes(transactions: Iterable<Transaction>, bytesMax: number): Generator<Transaction> {
  let left = bytesMax;
  for (const transaction of transactions) {
    left -= transaction.bytes.length;
    if (left < 0) return;
    yield transaction;
  }
}
