import type { Hash } from '../crypto/hash.ts';
import { nextBaseFee } from '../ledger/base-fee.ts';
import type { BlockEnvironment } from '../ledger/environment.ts';
import type { Address } from '../primitives/address.ts';
import type { Header } from '../primitives/header.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';

/** What the ledger is told about the block that would follow `parent`. */
export function environmentAfter(
  spec: ChainSpec,
  chainId: Hash,
  parent: Header,
  at: { readonly timeMs: number; readonly producer: Address },
): BlockEnvironment {
  return { chainId, height: parent.height + 1, baseFee: nextBaseFee(spec, parent), ...at };
}
