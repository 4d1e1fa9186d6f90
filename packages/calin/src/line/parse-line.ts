import { NATIVE_DECIMALS, parseAmountText } from '@calin/client/units/amount-text.ts';
import type { Amount } from '@calin/core/base/amount.ts';
import { parseHex } from '@calin/core/base/bytes.ts';
import type { Failure, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { SecretKey } from '@calin/core/crypto/signature.ts';
import { type Address, parseAddress } from '@calin/core/primitives/address.ts';
import { refuseLine } from './rules.ts';

/** How a line begins that brings blocks. */
export const DATA_PREFIX = 'SYNC_BLOCKCHAIN:';

/** A line that was understood. */
export type LineCommand =
  | {
      readonly kind: 'add-transaction';
      readonly sender: Address;
      readonly receiver: Address;
      /** In hugs. */
      readonly amount: Amount;
      /** To be overwritten by whoever has used it. */
      readonly secretKey: SecretKey;
    }
  | {
      readonly kind: 'get-blockchain';
      /** The lowest height that is wanted; undefined for the last blocks. */
      readonly from: number | undefined;
    }
  | { readonly kind: 'sync-blockchain'; readonly data: string }
  | { readonly kind: 'validate-blockchain' };

/** How each command is written. */
const FORMS = {
  ADD_TRANSACTION: 'ADD_TRANSACTION:<sender>:<receiver>:<amount>:<private_key>',
  GET_BLOCKCHAIN: 'GET_BLOCKCHAIN or GET_BLOCKCHAIN:<height>',
  SYNC_BLOCKCHAIN: 'SYNC_BLOCKCHAIN:<data>',
  VALIDATE_BLOCKCHAIN: 'VALIDATE_BLOCKCHAIN',
} as const;

const HEIGHT = /^(?:0|[1-9]\d{0,9})$/;
const HEIGHT_MAX = 4_294_967_295;
const SECRET_KEY_BYTES = 32;
/** The first line of an HTTP request, and lines of its head that a browser may be made to send. */
const HTTP = /^(?:[A-Z]+ \S* HTTP\/\d|(?:Host|Origin|User-Agent|Connection|Accept|Content-[A-Za-z]+): )/;

/**
 * Reads one line. What it refuses by names the field and never repeats it: a key may stand in the wrong place.
 *
 * @param line - printable ASCII, without its end
 * @param addressPrefix - of the chain's addresses
 * @returns refuses by `line/unknown-command`, `line/fields`, `line/private-key`, `line/http`, `address/…` or `amount/…`
 */
export function parseLine(line: string, addressPrefix: string): Result<LineCommand> {
  const colon = line.indexOf(':');
  const name = colon < 0 ? line : line.slice(0, colon);
  const rest = colon < 0 ? undefined : line.slice(colon + 1);
  switch (name) {
    case 'ADD_TRANSACTION':
      return parsePayment(rest, addressPrefix);
    case 'GET_BLOCKCHAIN':
      return parseGet(rest);
    case 'SYNC_BLOCKCHAIN':
      if (rest === undefined || rest === '') return refuseFields('SYNC_BLOCKCHAIN');
      return ok({ kind: 'sync-blockchain', data: rest });
    case 'VALIDATE_BLOCKCHAIN':
      return rest === undefined ? ok({ kind: 'validate-blockchain' }) : refuseFields('VALIDATE_BLOCKCHAIN');
    default:
      return refuseLine(HTTP.test(line) ? 'line/http' : 'line/unknown-command');
  }
}

function parsePayment(rest: string | undefined, addressPrefix: string): Result<LineCommand> {
  const fields = rest?.split(':', 5) ?? [];
  const [senderText, receiverText, amountText, keyText] = fields;
  if (
    fields.length !== 4 ||
    senderText === undefined ||
    receiverText === undefined ||
    amountText === undefined ||
    keyText === undefined
  )
    return refuseFields('ADD_TRANSACTION', { got: fields.length, fields: 4 });
  const sender = parseAddress(senderText, addressPrefix);
  if (!sender.ok) return inField(sender, 'sender');
  const receiver = parseAddress(receiverText, addressPrefix);
  if (!receiver.ok) return inField(receiver, 'receiver');
  const amount = parseAmountText(amountText, NATIVE_DECIMALS);
  if (!amount.ok) return inField(amount, 'amount');
  const secretKey = parseHex(keyText);
  if (secretKey?.length !== SECRET_KEY_BYTES) return refuseLine('line/private-key');
  return ok({
    kind: 'add-transaction',
    sender: sender.value,
    receiver: receiver.value,
    amount: amount.value,
    secretKey,
  });
}

function parseGet(rest: string | undefined): Result<LineCommand> {
  if (rest === undefined) return ok({ kind: 'get-blockchain', from: undefined });
  const from = HEIGHT.test(rest) ? Number(rest) : Number.POSITIVE_INFINITY;
  return from <= HEIGHT_MAX ? ok({ kind: 'get-blockchain', from }) : refuseFields('GET_BLOCKCHAIN');
}

function refuseFields(name: keyof typeof FORMS, evidence: Readonly<Record<string, number>> = {}): Failure {
  return refuseLine('line/fields', { ...evidence, expected: FORMS[name] });
}

/** The same refusal with the name of the field in the place of its text. */
function inField({ error }: Failure, field: string): Failure {
  return { ok: false, error: { ...error, evidence: { field } } };
}
