import { equalBytes } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import type { Hash } from '../crypto/hash.ts';

/**
 * The id at a height of the branch that ends with a block; the block itself at its own height. Undefined when the block
 * is not in the chain, or the height is above it.
 */
export function ancestorAt(
  chain: Pick<Chain, 'header' | 'idAt' | 'node'>,
  id: Hash,
  height: number,
): Hash | undefined {
  // Side branches end soon, as the chain keeps few side blocks; from there on heights lead on.
  for (let at = id; ; ) {
    const header = headerOf(chain, at);
    if (header === undefined || header.height < height) return undefined;
    if (header.height === height) return at;
    const best = chain.idAt(header.height);
    if (best !== undefined && equalBytes(best, at)) return chain.idAt(height);
    if (chain.node(at) === undefined) return undefined;
    at = header.parent;
  }
}

/** The header of a block of the tree, or of one that is final. */
function headerOf(chain: Pick<Chain, 'header' | 'idAt' | 'node'>, id: Hash) {
  const node = chain.node(id);
  if (node !== undefined) return node.header;
  const stored = chain.header(id);
  if (!stored.ok) return undefined;
  const best = chain.idAt(stored.value.height);
  return best !== undefined && equalBytes(best, id) ? stored.value : undefined;
}
