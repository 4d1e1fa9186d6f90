import { NATIVE_UNITS } from '@calin/client/wallet/asset-units.ts';
import { formatCount } from '../../../words/format-units.ts';

/** Who else is called so. */
export interface SameSymbol {
  /** Ids of other tokens, as far as they were looked at. */
  readonly others: readonly number[];
  readonly hasMore: boolean;
  readonly isNative: boolean;
}

/** A token as far as its symbol matters. */
interface Named {
  readonly asset: number;
  readonly symbol: string;
}

/** Characters that are taken for one another: nobody shall pass for the native coin by them. */
const ALIKE: Readonly<Record<string, string>> = { 0: 'O', 1: 'I', L: 'I', 5: 'S', 8: 'B', 2: 'Z' };

/** A symbol with characters that look alike as one. */
function blurred(symbol: string): string {
  return Array.from(symbol.toUpperCase(), (letter) => ALIKE[letter] ?? letter).join('');
}

/**
 * Finds tokens that have the same symbol, and says whether it can be taken for that of the native coin.
 *
 * @param asset - undefined for a token that is to be made
 * @param found - tokens whose symbol or name begins with the symbol
 */
export function sameSymbol(
  { asset, symbol }: { readonly asset: number | undefined; readonly symbol: string },
  { tokens, next }: { readonly tokens: readonly Named[]; readonly next: unknown },
): SameSymbol {
  const wanted = symbol.toUpperCase();
  const others = tokens.filter((one) => one.asset !== asset && one.symbol === wanted);
  return {
    others: others.map((one) => one.asset),
    hasMore: next !== null && others.length === tokens.length,
    isNative: blurred(symbol) === blurred(NATIVE_UNITS.symbol),
  };
}

/** The warning as a sentence; undefined when nobody else is called so. */
export function sameSymbolWords({ others, hasMore, isNative }: SameSymbol): string | undefined {
  if (isNative) return 'Its symbol is that of the coin of the chain, which it is not.';
  if (others.length === 0) return undefined;
  const count = hasMore ? `More than ${formatCount(others.length)}` : formatCount(others.length);
  const many = hasMore || others.length > 1;
  return `${count} other ${many ? 'tokens have' : 'token has'} the same symbol. Only the id tells them apart.`;
}
