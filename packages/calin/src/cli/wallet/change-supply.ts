import type { TokenPlan } from '@calin/client/wallet/plan-token.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { SigningAccount } from '../accounts/find-account.ts';
import type { CommandIo } from '../command.ts';
import type { NodeOptions } from './connect.ts';

/** The options that both commands have. */
export interface SupplyValues extends NodeOptions {
  readonly from: string;
  readonly asset: number;
  readonly amount: string;
  readonly keystore: string | undefined;
  readonly password: string | undefined;
}

/** What is done with the amount. */
export interface SupplyChange {
  /** What the answer says was done: `Minted`, `Burned`. */
  readonly done: string;
  plan(asset: number, amount: Amount, from: SigningAccount): TokenPlan;
}

/** Mints or burns an amount of a token and says so. */
export async function changeSupply(
  values: SupplyValues,
  io: CommandIo,
  change: SupplyChange,
): Promise<Result<undefined>> {
  const { connectToSign } = await import('./connect.ts');
  const { findSigner } = await import('../accounts/find-account.ts');
  const { keystoreOf } = await import('../accounts/network.ts');
  const { assetUnits, formatAssetAmount, NATIVE_UNITS, parseAssetAmount } = await import(
    '@calin/client/wallet/asset-units.ts'
  );
  const { pay } = await import('./pay.ts');
  const { formatPayment } = await import('./present-payment.ts');
  const connection = await connectToSign(values);
  if (!connection.ok) return connection;
  const units = await assetUnits(values.asset, connection.value);
  if (!units.ok) return units;
  const amount = parseAssetAmount(values.amount, units.value);
  if (!amount.ok) return amount;
  const place = { network: connection.value.network, keystore: keystoreOf(values) };
  const from = await findSigner(values.from, place, values.password);
  if (!from.ok) return from;
  const payment = await pay(connection.value, from.value, {
    ...change.plan(values.asset, amount.value, from.value),
    feePerGas: undefined,
    wait: true,
  });
  if (!payment.ok) return payment;
  const { txid, fee, block } = payment.value;
  io.answer({
    json: { asset: values.asset, amount: amount.value, txid, block: block ?? null, fee },
    text: formatPayment(
      `${change.done} ${formatAssetAmount(amount.value, units.value)}`,
      payment.value,
      formatAssetAmount(fee, NATIVE_UNITS),
    ),
  });
  return ok(undefined);
}
