import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Allocation, ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { simKey } from './keys.ts';
import { type SimConsensusOptions, simConsensus } from './sim-consensus.ts';

/** The first second of 2027: any moment would do, so long as it is always the same. */
const EPOCH_MS = 1_798_761_600_000;

/** Keys of makers of blocks are those from 0 on; owners of coins have those from here on. */
export const FIRST_OWNER = 4096;

/** Owners among whom the coins are dealt out. */
export const OWNERS = 16;

/** Hugs of one coin of the genesis block. */
const COIN_AMOUNT = amount(10_000_000);

/** What a scenario chooses of its chain. */
export interface SimSpecOptions extends SimConsensusOptions {
  /** Coins of the genesis block, for the workload to spend. */
  readonly coins: number;
}

/** The spec of a simulated chain: its consensus, and coins for a few owners. */
export function simSpec(options: SimSpecOptions): ChainSpec {
  const parsed = parseSimSpec(options);
  assert(parsed.ok, parsed.ok ? '' : `${parsed.error.message} ${JSON.stringify(parsed.error.evidence)}`);
  return parsed.value;
}

/** The same, for a consensus of somebody's choice: refused, by a rule of genesis files, when nodes cannot run it. */
export function parseSimSpec({ coins, ...consensus }: SimSpecOptions): Result<ChainSpec> {
  const parsed = parseGenesisFile({
    name: 'calin-sim',
    addressPrefix: 'dcal',
    genesisTimeMs: EPOCH_MS,
    consensus: simConsensus(consensus),
    fees: { baseFeeInitial: 1 },
  });
  if (!parsed.ok) return parsed;
  const allocations = Array.from({ length: coins }, (_, i): Allocation => {
    return { address: simKey(FIRST_OWNER + (i % OWNERS)).address, amount: COIN_AMOUNT };
  });
  return ok({ ...parsed.value, allocations });
}
