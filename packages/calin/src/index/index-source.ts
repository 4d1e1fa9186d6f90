import { equalBytes } from '@calin/core/base/bytes.ts';
import type { Chain } from '@calin/core/chain/chain.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { readSupply, type Supply } from '@calin/core/ledger/supply.ts';
import type { Node } from '@calin/core/node/node.ts';

/** A block of the best branch. */
export interface Place {
  readonly height: number;
  readonly id: Hash;
}

/** What the index has to do next to come nearer to the head. */
export type IndexStep = { readonly headHeight: number } & (
  | /** Nothing: it is there. */ { readonly kind: 'wait' }
  | /** Take its last block back out: it left the best branch. */ { readonly kind: 'back' }
  | /** Nothing for now: a block is not here. */ {
      readonly kind: 'missing';
      readonly height: number;
      readonly rule: string;
    }
  | NextBlock
);

/** A block to add, as bytes, with what only the node knows of it. */
export interface NextBlock {
  readonly kind: 'block';
  readonly headHeight: number;
  readonly block: Uint8Array;
  readonly receipts: Uint8Array;
  readonly weight: bigint;
  /** Where blocks may destroy what no block says: the supply after it, or what the next block changed in the state. */
  readonly supply: Supply | undefined;
  readonly undoOfNext: Uint8Array | undefined;
}

/** Says what is next after a block; after none in an empty index. */
export interface IndexSource {
  next(after: Place | undefined): Promise<IndexStep>;
}

const EMPTY = new Uint8Array(0);

/** What comes after a block on the best branch of a node: one or two reads of its store, and no work. */
export function nextStep(node: SourceNode, after: Place | undefined): IndexStep {
  const { chain, store, spec } = node;
  const headHeight = chain.head.height;
  const height = after === undefined ? 0 : after.height + 1;
  const id = after === undefined ? undefined : chain.idAt(after.height);
  if (after !== undefined && (id === undefined || !equalBytes(id, after.id)))
    return { kind: 'back', headHeight };
  if (height > headHeight) return { kind: 'wait', headHeight };
  const known = { headHeight, supply: undefined, undoOfNext: undefined };
  if (height === 0) {
    return { kind: 'block', ...known, block: chain.genesis.bytes, receipts: EMPTY, weight: 0n };
  }
  const next = chain.idAt(height);
  const header = next && chain.header(next);
  const block = next && chain.blockBytes(next);
  const receipts = next && chain.receiptBytes(next);
  if (!header?.ok || !block?.ok || !receipts?.ok) {
    const failed = [header, block, receipts].find((read) => read?.ok === false);
    const rule = failed?.ok === false ? failed.error.rule : 'data/missing-block';
    return { kind: 'missing', headHeight, height, rule };
  }
  const weight = chain.weightOf(header.value);
  const found = { kind: 'block', ...known, block: block.value, receipts: receipts.value, weight } as const;
  // Without stake all that is burned stands in receipts and actions.
  if (spec.consensus.validators?.kind !== 'stake') return found;
  if (height === headHeight) return { ...found, supply: readSupply(node.view()) };
  const after2 = chain.idAt(height + 1);
  return { ...found, undoOfNext: after2 && store.get(chain.layout.undo(after2)) };
}

/** What {@link nextStep} reads. */
export type SourceNode = Pick<Node, 'store' | 'spec' | 'view'> & {
  readonly chain: Pick<
    Chain,
    'head' | 'genesis' | 'layout' | 'idAt' | 'header' | 'blockBytes' | 'receiptBytes' | 'weightOf'
  >;
};
