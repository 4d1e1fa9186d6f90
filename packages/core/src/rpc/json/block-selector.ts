import { fromHex } from '../../base/bytes.ts';
import type { Failure, Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import { choice, optional } from '../../base/schema.ts';
import type { BlockAt, NodeView } from '../node-view.ts';
import { refuseRpc } from '../rules.ts';
import { hashField, heightField } from './fields.ts';

/** The fields by which a method lets a block be named; at most one of them, the head when there is none. */
export const blockSelector = {
  height: optional(heightField('Height on the best branch; the genesis block has 0.')),
  id: optional(hashField('Id of the block.')),
  at: optional(
    choice('The head of the best branch, or the last block that can no longer be undone.', ['head', 'final']),
  ),
};

/** What the caller gave of {@link blockSelector}. */
export interface BlockSelection {
  readonly height?: number | undefined;
  readonly id?: string | undefined;
  readonly at?: 'head' | 'final' | undefined;
}

/** The block that is meant. Refuses by `rpc/block-selector`. */
export function readBlockSelection({ height, id, at }: BlockSelection): Result<BlockAt> {
  const given = [height, id, at].filter((field) => field !== undefined).length;
  if (given > 1) return refuseRpc('rpc/block-selector', { got: given, expected: 1 });
  if (height !== undefined) return ok({ kind: 'height', height });
  if (id !== undefined) return ok({ kind: 'id', id: fromHex(id) });
  return ok({ kind: at ?? 'head' });
}

/** The refusal of a block whose header the node has, if it has let the rest of it go; undefined otherwise. */
export function refusePrunedBlock(view: NodeView, height: number | undefined): Failure | undefined {
  const { blocksFrom } = view.status().storage;
  if (height === undefined || height === 0 || height >= blocksFrom) return undefined;
  return refuseRpc('rpc/block-pruned', { got: height, expected: blocksFrom });
}

/** The refusal of a block that the node does not have, naming what was asked for. */
export function refuseUnknownBlock({ height, id, at }: BlockSelection) {
  return refuseRpc('rpc/block-unknown', { got: height ?? id ?? at ?? 'head' });
}
