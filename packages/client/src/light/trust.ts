import type { Result } from '@calin/core/base/result.ts';
import { OK } from '@calin/core/base/result.ts';
import { AUTHORITY_EVIDENCE_EPOCHS } from '@calin/core/ledger/stake/limits.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { ChainSpec, ConsensusSpec } from '@calin/core/spec/chain-spec.ts';
import { refuseLight } from './rules.ts';

/**
 * For how long what a client trusts is good to go on from: two thirds of the time that stake rests before it can be
 * withdrawn. Until then validators who signed a second history still have what they would lose, and a third of the
 * time is left to show it. Without an end on a chain without validators.
 *
 * @see https://blog.ethereum.org/2014/11/25/proof-stake-learned-love-weak-subjectivity
 */
export function trustPeriodMs({ consensus }: Pick<ChainSpec, 'consensus'>): number {
  const { validators } = consensus;
  if (validators === undefined) return Number.POSITIVE_INFINITY;
  const epochs = validators.kind === 'stake' ? validators.unbondingEpochs : AUTHORITY_EVIDENCE_EPOCHS;
  return Math.floor((2 * epochs * validators.epochBlocks * spacingMs(consensus)) / 3);
}

/** How far apart blocks are: the least there is between two where there are slots, what is aimed at elsewhere. */
function spacingMs({ production, finality }: ConsensusSpec): number {
  if (production.kind === 'pow') return production.blockMs;
  if (production.kind !== 'leader') return production.slotMs;
  return finality.kind === 'votes-each' ? finality.blockMs : 0;
}

/** Refuses what is older than the trust period by `light/trust-expired`. */
export function checkTrust({ timeMs }: Header, trustMs: number, nowMs: number): Result<undefined> {
  const oldestMs = nowMs - trustMs;
  return timeMs >= oldestMs ? OK : refuseLight('light/trust-expired', { got: timeMs, expected: oldestMs });
}
