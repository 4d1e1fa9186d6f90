import type { Result } from '@calin/core/base/result.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { INPUTS_MAX } from '@calin/core/primitives/limits.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { buildTransaction, type TransactionRequest, type UnsignedTransaction } from './build-transaction.ts';
import { refuseWallet } from './rules.ts';

/** What is swept, and where to. */
export interface SweepRequest extends Pick<TransactionRequest, 'spec' | 'feePerGas' | 'expiryHeight'> {
  /** Coins of any asset; issued ones stay where they are. */
  readonly coins: TransactionRequest['coins'];
  readonly to: Address;
}

/**
 * Pays all native coins to one address, less the fee: as many of them, the largest first, as one transaction can spend.
 * Refuses by `wallet/insufficient-funds` when they are worth no more than the fee.
 */
export function buildSweep({ coins, to, ...request }: SweepRequest): Result<UnsignedTransaction> {
  const native = coins
    .filter(({ asset }) => asset === NATIVE_ASSET)
    .toSorted((a, b) => b.amount - a.amount)
    .slice(0, INPUTS_MAX);
  // With nothing to pay, all that is left after the fee is change.
  const built = buildTransaction({
    ...request,
    coins: [],
    mustSpend: native,
    outputs: [],
    changeAddress: to,
  });
  if (!built.ok || built.value.change.length > 0) return built;
  const { fee, gas } = built.value;
  return refuseWallet('wallet/insufficient-funds', {
    asset: NATIVE_ASSET,
    got: fee,
    expected: gas * request.feePerGas + 1,
  });
}
