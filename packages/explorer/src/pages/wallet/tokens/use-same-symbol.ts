import { useQuery } from '@tanstack/react-query';
import { tokensQuery } from '../../../node/queries.ts';
import { sameSymbol, sameSymbolWords } from './same-symbol.ts';

/**
 * A warning when another token can be taken for this one by its symbol; undefined while there is none, or where the
 * node keeps no index of tokens.
 *
 * @param asset - undefined for a token that is to be made
 */
export function useSameSymbol(asset: number | undefined, symbol: string | undefined): string | undefined {
  const { data } = useQuery({ ...tokensQuery(symbol ?? '', undefined), enabled: (symbol ?? '') !== '' });
  if (symbol === undefined || symbol === '' || data === undefined) return undefined;
  return sameSymbolWords(sameSymbol({ asset, symbol }, data));
}
