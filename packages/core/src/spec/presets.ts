import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { PublicKey } from '../crypto/signature.ts';
import { formatAddress } from '../primitives/address.ts';
import type { Allocation, ChainSpec } from './chain-spec.ts';
import { parseGenesisFile } from './genesis-file.ts';
import type { GenesisFile } from './genesis-schema.ts';
import { ADDRESS_PREFIXES } from './prefixes.ts';

/** What a development chain leaves open. */
export interface DevOptions {
  /** The one key that makes blocks. */
  readonly authority: PublicKey;
  readonly genesisTimeMs: number;
  /** Coins from the start; at most the default cap of 21 million CALIN together. */
  readonly allocations: readonly Allocation[];
  /** How blocks are made; by the authority when left out. */
  readonly production?: 'poa' | 'pow';
}

/**
 * Work for a development chain: two cores find a block about every second at first, and within an hour every ten
 * seconds whatever the machine. A half-life of ten minutes follows miners that come and go while somebody watches.
 */
const DEV_WORK = {
  kind: 'pow',
  initialDifficulty: 50_000_000,
  blockMs: 10_000,
  halfLifeMs: 600_000,
} as const;

/**
 * The spec of a chain on one machine: blocks whenever there is something to do (slots of a millisecond), cheap
 * fees, and rewards that can be spent after one block, so that nobody waits.
 *
 * @throws AssertionError when the key is not one, or the allocations exceed the cap
 */
export function devSpec({
  authority,
  genesisTimeMs,
  allocations,
  production = 'poa',
}: DevOptions): ChainSpec {
  const file = {
    name: 'calin-dev',
    addressPrefix: ADDRESS_PREFIXES.dev,
    genesisTimeMs,
    dev: true,
    consensus: {
      production:
        production === 'pow' ? DEV_WORK : { kind: 'poa', authorities: [toHex(authority)], slotMs: 1 },
      finality: { kind: 'depth', blocks: 10 },
    },
    economy: { rewardMaturityBlocks: 1 },
    fees: { baseFeeInitial: 1 },
    allocations: allocations.map(({ address, amount }) => ({
      address: formatAddress(address, ADDRESS_PREFIXES.dev),
      amount,
    })),
  } satisfies { [K in keyof GenesisFile]?: unknown };
  const spec = parseGenesisFile(file);
  assert(spec.ok, spec.ok ? '' : `${spec.error.message} ${String(spec.error.evidence['path'])}`);
  return spec.value;
}
