import { amount } from '@calin/core/base/amount.ts';
import type { MethodResult } from '../rpc/rpc-client.ts';
import { formatAmountText, NATIVE_DECIMALS } from '../units/amount-text.ts';

/** What a transaction did to one asset of an address, as `account_getActivity` tells it. */
export type Activity = MethodResult<'account_getActivity'>['entries'][number];

/** What the owner calls things. */
export interface HistoryNames {
  /** Label of a transaction by its id. */
  label(txid: string): string | undefined;
  /** Contact on the other side of a transaction, where one is known. */
  contact(txid: string): string | undefined;
}

const HEADER = ['time', 'txid', 'height', 'asset', 'symbol', 'received', 'sent', 'label', 'contact'];

/**
 * The history as CSV (RFC 4180): lines end by CR LF, times are UTC, amounts decimal numbers with a point. A cell that
 * a spreadsheet would take for a formula gets an apostrophe in front: labels come from payment requests of strangers.
 *
 * @param isoTime - writes milliseconds since 1970 as ISO 8601
 * @see https://www.rfc-editor.org/rfc/rfc4180
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function formatHistoryCsv(
  entries: readonly Activity[],
  names: HistoryNames,
  isoTime: (timeMs: number) => string,
): string {
  const rows = entries.map((entry) => {
    const { timeMs, txid, height, asset, symbol, received, sent } = entry;
    const decimals = asset === 0 ? NATIVE_DECIMALS : entry.decimals;
    return [
      isoTime(timeMs),
      txid,
      `${height}`,
      `${asset}`,
      symbol ?? 'CALIN',
      units(received, decimals),
      units(sent, decimals),
      names.label(txid) ?? '',
      names.contact(txid) ?? '',
    ];
  });
  return [HEADER, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function cell(text: string): string {
  const guarded = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/** What the node says has been checked by its schema. */
function units(value: number, decimals: number): string {
  return formatAmountText(amount(value), decimals);
}
