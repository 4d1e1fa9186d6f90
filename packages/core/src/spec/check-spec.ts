import { type Amount, addAmounts } from '../base/amount.ts';
import type { Failure } from '../base/result.ts';
import type { ChainSpec } from './chain-spec.ts';
import { checkCombination } from './check-combination.ts';
import { checkEpochs } from './check-epochs.ts';
import { checkAuthorityKeys, checkValidators } from './check-validators.ts';
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
  checkCombination,
  checkAuthorities,
  checkValidators,
  checkEpochs,
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
  const { production, validators } = consensus;
  if (production.kind !== 'poa') return undefined;
  if (production.authorities.length === 0 && validators?.kind === 'authorities') return undefined;
  return checkAuthorityKeys(production.authorities, path);
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

function checkCap({ economy, allocations, consensus: { validators } }: ChainSpec): Failure | undefined {
  const stakes = validators?.kind === 'stake' ? validators.stakes : [];
  const lists = [
    { path: 'genesis.allocations', parts: allocations },
    { path: 'genesis.consensus.validators.stakes', parts: stakes },
  ];
  let sum = 0 as Amount;
  for (const { path, parts } of lists) {
    for (const [i, { amount }] of parts.entries()) {
      const next = addAmounts(sum, amount);
      if (next === undefined || next > economy.cap) {
        return refuseGenesis('genesis/allocations-over-cap', {
          path: `${path}[${i}].amount`,
          got: amount,
          expected: economy.cap - sum,
        });
      }
      sum = next;
    }
  }
  return undefined;
}
