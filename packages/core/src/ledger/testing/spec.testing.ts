import { type Amount, amount } from '../../base/amount.ts';
import type { Address } from '../../primitives/address.ts';
import type { ChainSpec, EconomySpec, FeeSpec, LimitSpec } from '../../spec/chain-spec.ts';
import { testKey } from './owners.testing.ts';

/** What a test may want otherwise than {@link testSpec} has it. */
export interface SpecChanges {
  readonly economy?: Partial<EconomySpec>;
  readonly fees?: Partial<FeeSpec>;
  readonly limits?: Partial<LimitSpec>;
  /** Who gets {@link ALLOCATION} hugs each; the same address may come several times. */
  readonly allocated?: readonly Address[];
}

/** Hugs of one allocation: 100,000 CALIN. */
export const ALLOCATION = amount(10_000_000_000_000);

/**
 * A small chain for tests: test key 0 makes its blocks, the reward halves every 4 blocks and matures in 2, and
 * blocks are so small that a few transactions move the base fee and reach the limits.
 */
export function testSpec({
  economy,
  fees,
  limits,
  allocated = [testKey(0).address],
}: SpecChanges = {}): ChainSpec {
  return {
    name: 'calin-test',
    addressPrefix: 'dcal',
    genesisTimeMs: 1_760_000_000_000,
    dev: true,
    consensus: {
      production: { kind: 'poa', authorities: [testKey(0).publicKey], slotMs: 1000 },
      finality: { kind: 'depth', blocks: 6 },
    },
    economy: {
      cap: amount(2_100_000_000_000_000),
      reward: amount(5_000_000_000),
      schedule: { kind: 'halving', intervalBlocks: 4 },
      rewardMaturityBlocks: 2,
      ...economy,
    },
    fees: { ...FEES, ...fees },
    limits: { blockBytesMax: 40_000, blockGasMax: 60_000, transactionBytesMax: 16_384, ...limits },
    allocations: allocated.map((address): { address: Address; amount: Amount } => ({
      address,
      amount: ALLOCATION,
    })),
  };
}

const FEES: FeeSpec = {
  baseFeeInitial: amount(10),
  baseFeeMin: amount(1),
  baseFeeChangeDenominator: 8,
  blockGasTarget: 6_000,
  gasPerByte: 1,
  gasPerSignature: 400,
  gasPerOutput: 100,
  gasPerAction: 100,
};
