import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Allocation, ChainSpec, PowSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { simKey } from './keys.ts';

/** The first second of 2027: any moment would do, so long as it is always the same. */
const EPOCH_MS = 1_798_761_600_000;

/** Keys of makers of blocks are those from 0 on; owners of coins have those from here on. */
export const FIRST_OWNER = 4096;

/** Owners among whom the coins are dealt out. */
export const OWNERS = 16;

/** Hugs of one coin of the genesis block. */
const COIN_AMOUNT = amount(10_000_000);

/** What a scenario chooses of its chain. */
export interface SimSpecOptions {
  /** Keys 0 to this − 1 make blocks in turn, unless blocks take work. */
  readonly authorities: number;
  readonly slotMs: number;
  /** Blocks take work, and anybody makes them. */
  readonly work?: Omit<PowSpec, 'kind'>;
  /** Blocks that must follow before one is final. */
  readonly finalityBlocks: number;
  /** Coins of the genesis block, for the workload to spend. */
  readonly coins: number;
}

/** The spec of a simulated chain: blocks by authorities in turn or by work, coins for a few owners. */
export function simSpec({ authorities, slotMs, work, finalityBlocks, coins }: SimSpecOptions): ChainSpec {
  const keys = Array.from({ length: authorities }, (_, i) => toHex(simKey(i).publicKey));
  const parsed = parseGenesisFile({
    name: 'calin-sim',
    addressPrefix: 'dcal',
    genesisTimeMs: EPOCH_MS,
    consensus: {
      production: work === undefined ? { kind: 'poa', authorities: keys, slotMs } : { kind: 'pow', ...work },
      finality: { kind: 'depth', blocks: finalityBlocks },
    },
    fees: { baseFeeInitial: 1 },
  });
  assert(parsed.ok, parsed.ok ? '' : parsed.error.message);
  const allocations = Array.from({ length: coins }, (_, i): Allocation => {
    return { address: simKey(FIRST_OWNER + (i % OWNERS)).address, amount: COIN_AMOUNT };
  });
  return { ...parsed.value, allocations };
}
