/** Where a search leads to. */
export type Place =
  | { readonly kind: 'block'; readonly block: string }
  | { readonly kind: 'hash'; readonly hash: string }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'nothing' };

/**
 * What a text that somebody typed names, by its looks: a height, a hash of a block or a transaction, or an address.
 *
 * @param addressPrefix - of the chain, such as `cal`
 */
export function findPlace(typed: string, addressPrefix: string): Place {
  const text = typed.trim();
  const digits = text.replace(/^#/, '').replaceAll(/[\s,]/g, '');
  if (/^\d{1,10}$/.test(digits)) return { kind: 'block', block: String(Number(digits)) };
  const hash = text.replace(/^0x/i, '').toLowerCase();
  if (/^[0-9a-f]{64}$/.test(hash)) return { kind: 'hash', hash };
  const address = text.toLowerCase();
  if (address.startsWith(`${addressPrefix}1`) && /^[a-z0-9]{20,90}$/.test(address))
    return { kind: 'address', address };
  return { kind: 'nothing' };
}
