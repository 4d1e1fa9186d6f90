import { type AssetUnits, assetUnits, parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { isPaymentUri, type PaymentRequest, parsePaymentUri } from '@calin/client/wallet/payment-uri.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET, type Output } from '@calin/core/primitives/output.ts';
import { type AccountPlace, findAddress } from '../accounts/find-account.ts';
import { refuseCli } from '../rules.ts';
import type { SigningConnection } from './connect.ts';

/** What a person typed about a payment. */
export interface OrderValues {
  /** An account, an address or a payment request. */
  readonly to: string;
  readonly amount: string | undefined;
  readonly asset: number | undefined;
}

/** A payment that is to be made. */
export interface Order {
  readonly output: Output;
  readonly units: AssetUnits;
  /** Who is paid, as the network writes the address. */
  readonly toText: string;
  /** The same as a person named it. */
  readonly toName: string;
}

/**
 * Reads whom to pay and how much. Where a payment request says something that was also typed, they must agree: refuses
 * by `cli/option-value` otherwise, and by `cli/missing` when nobody says an amount.
 */
export async function readOrder(
  values: OrderValues,
  connection: SigningConnection,
  place: AccountPlace,
): Promise<Result<Order>> {
  const request = readRequest(values.to, place);
  if (!request.ok) return request;
  const { address, asset: asked, amountText, label } = request.value;
  const asset = values.asset ?? asked ?? NATIVE_ASSET;
  if (asked !== undefined && asset !== asked) return differs('--asset', `${asset}`, `${asked}`);
  const units = await assetUnits(asset, connection);
  if (!units.ok) return units;
  const text = values.amount ?? amountText;
  if (text === undefined) return refuseCli('cli/missing', { expected: '--amount AMOUNT' });
  const amount = parseAssetAmount(text, units.value);
  if (!amount.ok) return amount;
  const wanted = parseAssetAmount(amountText ?? text, units.value);
  if (!wanted.ok) return wanted;
  if (wanted.value !== amount.value) return differs('--amount', text, amountText ?? text);
  const toText = formatAddress(address, place.network.addressPrefix);
  // The label is a stranger's text, so the address stands beside it.
  const toName = isPaymentUri(values.to)
    ? label === undefined
      ? toText
      : `${label} (${toText})`
    : values.to;
  return ok({ output: { asset, amount: amount.value, address }, units: units.value, toText, toName });
}

function readRequest(text: string, place: AccountPlace): Result<PaymentRequest> {
  if (isPaymentUri(text)) return parsePaymentUri(text, place.network.addressPrefix);
  const address = findAddress(text, place);
  return address.ok ? ok({ address: address.value }) : address;
}

function differs(option: string, got: string, expected: string): Result<never> {
  return refuseCli('cli/option-value', {
    option,
    got: got.slice(0, 80),
    expected,
    why: 'the payment request says otherwise',
  });
}
