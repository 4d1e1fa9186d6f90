import type { PeerAddress } from '../../ports/network.ts';
import {
  ADDRESS_AGE_MS_MAX,
  ATTEMPTS_AFTER_SUCCESS_MAX,
  ATTEMPTS_MAX,
  BACKOFF_MS_MAX,
  BACKOFF_MS_MIN,
  BACKOFF_OFFLINE_MS,
} from './limits.ts';

/** What is known about one address. Times are milliseconds since 1970, 0 for never. */
export interface AddressEntry {
  readonly address: PeerAddress;
  readonly group: string;
  /** Network group of whoever told of it first. */
  readonly source: string;
  /** When somebody told of it last. */
  heardMs: number;
  attemptMs: number;
  successMs: number;
  /** Dials in vain since the last success. */
  attempts: number;
  /** True when it was reached once and stands among those. */
  isTried: boolean;
  bucket: number;
  slot: number;
}

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 86_400_000;

/** True for an address that has earned its removal. After AddrInfo::IsTerrible of Bitcoin Core (addrman.cpp). */
export function isHopeless(entry: AddressEntry, nowMs: number): boolean {
  const { attemptMs, attempts, heardMs, successMs } = entry;
  // What was dialled this minute may answer yet.
  if (attemptMs > 0 && nowMs - attemptMs < MINUTE_MS) return false;
  if (nowMs - Math.max(heardMs, successMs) > ADDRESS_AGE_MS_MAX) return true;
  if (successMs === 0) return attempts >= ATTEMPTS_MAX;
  return nowMs - successMs > WEEK_MS && attempts >= ATTEMPTS_AFTER_SUCCESS_MAX;
}

/** True while an address rests after a dial in vain: for twice as long after each failure, an hour at most. */
export function isResting({ attemptMs, attempts, successMs }: AddressEntry, nowMs: number): boolean {
  if (attemptMs <= successMs || nowMs < attemptMs) return false;
  const restMs = attempts === 0 ? BACKOFF_OFFLINE_MS : BACKOFF_MS_MIN * 2 ** (attempts - 1);
  return nowMs - attemptMs < Math.min(BACKOFF_MS_MAX, restMs);
}

/**
 * How probable it is that a drawn address is taken: each failure takes a third off. After AddrInfo::GetChance of
 * Bitcoin Core.
 */
export function chanceOf({ attempts }: AddressEntry): number {
  return 0.66 ** Math.min(attempts, 8);
}
