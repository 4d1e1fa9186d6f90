import { formatAmountText } from '@calin/client/units/amount-text.ts';
import { isAmount } from '@calin/core/base/amount.ts';

const WHOLE = new Intl.NumberFormat('en');

/** A whole number with its thousands apart. */
export function formatCount(value: number): string {
  return WHOLE.format(value);
}

/**
 * An amount in two parts: thousands apart, and what stands behind the point, with it; empty for a whole number. What is
 * no amount, as only a node that lies can say, is shown as it is.
 */
export function splitAmount(units: number, decimals: number): readonly [whole: string, fraction: string] {
  if (!isAmount(units)) return [String(units), ''];
  const [whole = '0', fraction] = formatAmountText(units, decimals).split('.');
  return [formatCount(Number(whole)), fraction === undefined ? '' : `.${fraction}`];
}

/** Bytes as people read them. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  const kib = bytes / 1024;
  return kib < 1024 ? `${kib.toFixed(1)} KiB` : `${(kib / 1024).toFixed(1)} MiB`;
}

/** A part of a whole in percent, with one digit where it is small. */
export function formatShare(part: number, whole: number): string {
  const percent = whole === 0 ? 0 : (100 * part) / whole;
  if (percent > 0 && percent < 0.1) return '< 0.1 %';
  return `${percent > 0 && percent < 10 ? percent.toFixed(1) : Math.round(percent)} %`;
}
