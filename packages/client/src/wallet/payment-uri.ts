import { ok, type Result } from '@calin/core/base/result.ts';
import { type Address, formatAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { refuseWallet } from '../transaction-builder/rules.ts';

/** What somebody asks to be paid. */
export interface PaymentRequest {
  readonly address: Address;
  /** As people write it, in units of the asset such as `1.5`; undefined leaves it to the payer. */
  readonly amountText?: string | undefined;
  /** The native coin when left out. */
  readonly asset?: number | undefined;
  /** Who is paid: for the payer's list of contacts. At most 64 characters. */
  readonly label?: string | undefined;
  /** What for. At most 256 characters. */
  readonly message?: string | undefined;
}

const SCHEME = 'calin';
/** Characters of a whole URI: what a QR code of level M holds is 2,331. */
const TEXT_LENGTH_MAX = 2000;
const LABEL_LENGTH_MAX = 64;
const MESSAGE_LENGTH_MAX = 256;
const AMOUNT = /^(0|[1-9][0-9]{0,15})(\.[0-9]{1,18})?$/;
const ASSET = /^(0|[1-9][0-9]{0,15})$/;
/** Characters of a URI (RFC 3986) that may stand in a value; everything else is percent-encoded. */
const VALUE = /^(?:[A-Za-z0-9\-._~!$'()*+,;:@/?]|%[0-9A-Fa-f]{2})*$/;
/** Control characters, and those that turn the direction of text or break its line. */
const HIDDEN = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

/**
 * The request as a URI in the manner of BIP-21, such as `calin:cal1…?amount=1.5&label=Tea`. Names in a fixed order, the
 * native coin left out: one request has one text.
 *
 * @param prefix - of the network's addresses
 * @see https://github.com/bitcoin/bips/blob/master/bip-0021.mediawiki
 */
export function formatPaymentUri(request: PaymentRequest, prefix: string): string {
  const { address, amountText, asset = NATIVE_ASSET, label, message } = request;
  const fields = [
    ['amount', amountText],
    ['asset', asset === NATIVE_ASSET ? undefined : `${asset}`],
    ['label', label],
    ['message', message],
  ] as const;
  const query = fields.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  const place = `${SCHEME}:${formatAddress(address, prefix)}`;
  return query.length === 0 ? place : `${place}?${query.join('&')}`;
}

/** True for a text that says it is a payment request, well formed or not. */
export function isPaymentUri(text: string): boolean {
  return text.slice(0, SCHEME.length + 1).toLowerCase() === `${SCHEME}:`;
}

/**
 * Reads a payment request. As in BIP-21, an unknown name is passed over unless it begins with `req-`; a name that
 * stands twice, an amount that is no plain decimal number, and text that is not well formed or holds control
 * characters are refused: whoever shows the request must show what was meant. Refuses by `wallet/payment-uri` or
 * `codec/address`.
 *
 * @param prefix - of the network's addresses: a request for another network is refused
 */
export function parsePaymentUri(text: string, prefix: string): Result<PaymentRequest> {
  if (text.length > TEXT_LENGTH_MAX) return refuse('it is too long');
  if (!isPaymentUri(text)) return refuse('it does not begin with calin:');
  const [place = '', query, ...rest] = text.slice(SCHEME.length + 1).split('?');
  if (rest.length > 0) return refuse('it has two question marks');
  const address = parseAddress(place, prefix);
  if (!address.ok) return address;
  const fields = readQuery(query);
  if (!fields.ok) return fields;
  const { amount, asset, label, message } = fields.value;
  if (amount !== undefined && !(AMOUNT.test(amount) && /[1-9]/.test(amount)))
    return refuse('the amount is no decimal number above 0');
  const assetId = asset === undefined ? undefined : Number(asset);
  if (asset !== undefined && !(ASSET.test(asset) && Number.isSafeInteger(assetId)))
    return refuse('the asset is no number');
  if ((label?.length ?? 0) > LABEL_LENGTH_MAX) return refuse('the label is too long');
  if ((message?.length ?? 0) > MESSAGE_LENGTH_MAX) return refuse('the message is too long');
  return ok({ address: address.value, amountText: amount, asset: assetId, label, message });
}

/** The names that are known. */
type Fields = { [Name in 'amount' | 'asset' | 'label' | 'message']?: string };

function readQuery(query: string | undefined): Result<Fields> {
  const fields: Fields = {};
  const seen = new Set<string>();
  for (const pair of query === undefined ? [] : query.split('&')) {
    const [name = '', value, ...rest] = pair.split('=');
    if (value === undefined || rest.length > 0 || !/^[a-z][a-z0-9-]*$/.test(name))
      return refuse('a part of it is no name=value');
    if (seen.has(name)) return refuse(`${name} stands twice`);
    seen.add(name);
    if (name.startsWith('req-')) return refuse(`it asks for ${name}, which is not known`);
    const decoded = decodeValue(value);
    if (decoded === undefined) return refuse(`the text of ${name} is not well formed`);
    if (name === 'amount' || name === 'asset' || name === 'label' || name === 'message')
      fields[name] = decoded;
  }
  return ok(fields);
}

function decodeValue(value: string): string | undefined {
  if (value === '' || !VALUE.test(value)) return undefined;
  try {
    const text = decodeURIComponent(value);
    return HIDDEN.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function refuse(why: string): Result<never> {
  return refuseWallet('wallet/payment-uri', { why: why.slice(0, 100) });
}
