import { amount } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type Address, addressOf } from '@calin/core/primitives/address.ts';
import type { Output } from '@calin/core/primitives/output.ts';
import { buildSweep } from '../transaction-builder/build-sweep.ts';
import { buildTransaction } from '../transaction-builder/build-transaction.ts';
import type { Opening } from '../transaction-builder/opening.ts';
import {
  addPreimage,
  createPartial,
  type PartialTransaction,
} from '../transaction-builder/partial-transaction.ts';
import { estimateFeePerGas } from './build-payment.ts';
import { spendableCoins } from './spendable-coins.ts';
import type { WalletChain } from './wallet-chain.ts';

/** What is spent from a lock. */
export interface LockSpending {
  readonly opening: Opening;
  /** The secret of a hash lock; may be added later. */
  readonly preimage: Uint8Array | undefined;
  /** What is paid; `everything` of the native coin, less the fee, to an address. */
  readonly output: Output | { readonly everything: Address };
  /** Hugs per gas; the node's estimate when undefined. */
  readonly feePerGas: number | undefined;
}

/** Makes the transaction that its signers complete; what is left goes back to the lock. Refuses by `wallet/…`. */
export async function spendFromLock(
  chain: WalletChain,
  { opening, preimage, output, feePerGas: wanted }: LockSpending,
): Promise<Result<PartialTransaction>> {
  const coins = await spendableCoins(chain, opening);
  if (!coins.ok) return coins;
  const feePerGas = wanted === undefined ? await estimateFeePerGas(chain) : ok(amount(wanted));
  if (!feePerGas.ok) return feePerGas;
  const { spendable } = coins.value;
  const shared = { spec: chain.spec, feePerGas: feePerGas.value };
  const built =
    'everything' in output
      ? buildSweep({ ...shared, coins: spendable, to: output.everything })
      : buildTransaction({
          ...shared,
          coins: spendable,
          outputs: [output],
          changeAddress: addressOf(opening.lock),
        });
  if (!built.ok) return built;
  const partial = createPartial(built.value, chain.chainId);
  return preimage === undefined ? ok(partial) : addPreimage(partial, preimage);
}
