import { type Amount, addAmounts } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import type { Failure } from '../base/result.ts';
import { isStrongPublicKey } from '../crypto/public-key.ts';
import type { ChainSpec } from './chain-spec.ts';
import { ADDRESS_PREFIXES } from './prefixes.ts';
import { refuseGenesis } from './rules.ts';

/** Bytes of the transfer that every chain must be able to hold: one input, two outputs, one key witness. */
const TRANSFER = { bytes: 248, signatures: 1, outputs: 2 } as const;

/** Bytes of a block that the largest transaction leaves to the header, the count and a reward of several outputs. */
const BLOCK_RESERVED_BYTES = 1024;

/** What must hold between the values of a spec, beside the range of each; undefined when all of it does. */
export function checkSpec(spec: ChainSpec): Failure | undefined {
  for (const check of CHECKS) {
    const failure = check(spec);
    if (failure !== undefined) return failure;
  }
  return undefined;
}

type Check = (spec: ChainSpec) => Failure | undefined;

const CHECKS: readonly Check[] = [
  checkPrefix,
  checkAuthorities,
  checkEconomy,
  checkFees,
  checkLimits,
  checkCap,
];

function checkPrefix({ dev, addressPrefix }: ChainSpec): Failure | undefined {
  const real: readonly string[] = [ADDRESS_PREFIXES.main, ADDRESS_PREFIXES.test];
  if (!dev || !real.includes(addressPrefix)) return undefined;
  return refuseGenesis('genesis/dev-prefix', {
    path: 'genesis.addressPrefix',
    got: addressPrefix,
    expected: ADDRESS_PREFIXES.dev,
  });
}

function checkAuthorities({ consensus }: ChainSpec): Failure | undefined {
  const path = 'genesis.consensus.production.authorities';
  if (consensus.production.kind !== 'poa') return undefined;
  const { authorities } = consensus.production;
  if (authorities.length === 0) return refuseGenesis('genesis/authority-missing', { path });
  const seen = new Set<string>();
  for (const [i, authority] of authorities.entries()) {
    const evidence = { path: `${path}[${i}]`, got: toHex(authority) };
    if (seen.has(evidence.got)) return refuseGenesis('genesis/authority-repeated', evidence);
    if (!isStrongPublicKey(authority)) return refuseGenesis('genesis/authority-key', evidence);
    seen.add(evidence.got);
  }
  return undefined;
}

function checkEconomy({ economy: { cap, reward, schedule } }: ChainSpec): Failure | undefined {
  if (reward > cap)
    return refuseGenesis('genesis/reward', { path: 'genesis.economy.reward', got: reward, expected: cap });
  if (schedule.kind !== 'decay' || schedule.numerator < schedule.denominator) return undefined;
  return refuseGenesis('genesis/schedule', {
    path: 'genesis.economy.schedule.numerator',
    got: schedule.numerator,
    expected: schedule.denominator - 1,
  });
}

function checkFees({ fees, limits }: ChainSpec): Failure | undefined {
  if (fees.baseFeeInitial < fees.baseFeeMin) {
    return refuseGenesis('genesis/base-fee', {
      path: 'genesis.fees.baseFeeInitial',
      got: fees.baseFeeInitial,
      expected: fees.baseFeeMin,
    });
  }
  if (fees.blockGasTarget <= limits.blockGasMax) return undefined;
  return refuseGenesis('genesis/gas-target', {
    path: 'genesis.fees.blockGasTarget',
    got: fees.blockGasTarget,
    expected: limits.blockGasMax,
  });
}

function checkLimits({ fees, limits }: ChainSpec): Failure | undefined {
  const transactionBytesMax = limits.blockBytesMax - BLOCK_RESERVED_BYTES;
  if (limits.transactionBytesMax > transactionBytesMax) {
    return refuseGenesis('genesis/transaction-limit', {
      path: 'genesis.limits.transactionBytesMax',
      got: limits.transactionBytesMax,
      expected: transactionBytesMax,
    });
  }
  const { gasPerByte, gasPerSignature, gasPerOutput } = fees;
  const expected =
    TRANSFER.bytes * gasPerByte + TRANSFER.signatures * gasPerSignature + TRANSFER.outputs * gasPerOutput;
  if (limits.blockGasMax >= expected) return undefined;
  return refuseGenesis('genesis/gas-limit', {
    path: 'genesis.limits.blockGasMax',
    got: limits.blockGasMax,
    expected,
  });
}

function checkCap({ economy, allocations }: ChainSpec): Failure | undefined {
  let sum = 0 as Amount;
  for (const [i, { amount }] of allocations.entries()) {
    const next = addAmounts(sum, amount);
    if (next === undefined || next > economy.cap) {
      return refuseGenesis('genesis/allocations-over-cap', {
        path: `genesis.allocations[${i}].amount`,
        got: amount,
        expected: economy.cap - sum,
      });
    }
    sum = next;
  }
  return undefined;
}
