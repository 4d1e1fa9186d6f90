import { assert } from '../base/assert.ts';
import { equalBytes } from '../base/bytes.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import type { ReadStore } from '../ports/store.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { encodeStateProof, proveState } from '../state/state-proof.ts';
import { storageKey } from '../state/storage.ts';
import { getValue, type WorldState } from '../state/world-state.ts';
import type { BlockNode } from './block-tree.ts';
import type { ChainParts } from './chain-parts.ts';
import { layout } from './layout.ts';
import { readIdAt } from './read-block.ts';
import { type StagedEntry, stagedPut } from './staged-batch.ts';

/** A set of validators with the proof that it is in the state after a block. */
export interface SetProof {
  /** As `encodeValidatorSet` writes it. */
  readonly value: Uint8Array;
  /** As `encodeStateProof` writes it. */
  readonly proof: Uint8Array;
}

/** The newest set and the one before it: a light client needs one of them to go on. */
const SETS_PROVED = 2;

/**
 * Keeps the proofs of the newest sets, where a block of the best branch is the first that can become final of those
 * whose state has the newest one. States are let go of long before light clients ask what comes after the block that
 * they saw last.
 */
export function setProofsOf(
  { consensus: { validators, finality } }: Pick<ChainSpec, 'consensus'>,
  { id, height }: Pick<BlockNode, 'id' | 'height'>,
  state: WorldState,
): readonly StagedEntry[] {
  if (validators === undefined) return [];
  const interval = finality.kind === 'votes' ? finality.intervalBlocks : 1;
  const isFirst =
    height % interval === 0 &&
    newestSetAfter(height, validators.epochBlocks) >
      newestSetAfter(height - interval, validators.epochBlocks);
  return isFirst ? [recordOf({ id, height }, state, validators.epochBlocks)] : [];
}

/** The same for a block that votes made final without those between it and `before`, the last final one until now. */
export function decidedSetProofs(
  parts: ChainParts,
  store: ReadStore,
  height: number,
  before: number,
): readonly StagedEntry[] {
  const { validators } = parts.options.spec.consensus;
  const id = readIdAt(store, height);
  if (validators === undefined || id === undefined) return [];
  const { epochBlocks } = validators;
  const newest = newestSetAfter(height, epochBlocks);
  if (newestSetAfter(before, epochBlocks) === newest) return [];
  if (readSetProof(store, height, newest) !== undefined) return [];
  const state = height === parts.tree.head.height ? parts.headState : parts.states.get(id);
  return state === undefined ? [] : [recordOf({ id, height }, state, epochBlocks)];
}

/** Layout: id of the block 32, then for each set what {@link writeProof} writes. */
function recordOf(
  { id, height }: Pick<BlockNode, 'id' | 'height'>,
  state: WorldState,
  epochBlocks: number,
): StagedEntry {
  const newest = newestSetAfter(height, epochBlocks);
  const writer = new Writer(4096).hash(id);
  for (let epoch = newest; epoch > newest - SETS_PROVED; epoch--) writeProof(writer, state, epoch);
  return stagedPut(layout.setProofs(height), writer.finish());
}

/**
 * Whether what is kept for a block of the best branch is what its state proves. Nothing is right too, and what is left
 * of another branch, for both are never given.
 */
export function areSetProofsRight(
  store: ReadStore,
  block: Pick<BlockNode, 'id' | 'height'>,
  state: WorldState,
  epochBlocks: number,
): boolean {
  const bytes = store.get(layout.setProofs(block.height));
  if (bytes === undefined || !equalBytes(bytes.subarray(0, 32), block.id)) return true;
  return equalBytes(bytes, recordOf(block, state, epochBlocks).value ?? bytes);
}

/** What is kept of a set for the state after the block of the best branch at a height. */
export function readSetProof(store: ReadStore, height: number, epoch: number): SetProof | undefined {
  const bytes = store.get(layout.setProofs(height));
  const id = readIdAt(store, height);
  if (bytes === undefined || id === undefined) return undefined;
  const reader = new Reader(bytes);
  // What is left of another branch proves nothing about this one.
  if (!equalBytes(reader.hash(), id)) return undefined;
  while (reader.left > 0) {
    const found = reader.u32();
    const value = reader.take(reader.u32());
    const proof = reader.take(reader.u32());
    assert(reader.failure === undefined, 'a malformed record of proofs');
    if (found === epoch) return { value, proof };
  }
  return undefined;
}

/** Layout: epoch u32, valueBytes u32, value, proofBytes u32, proof; nothing where the state has no such set. */
function writeProof(writer: Writer, state: WorldState, epoch: number): void {
  const key = validatorSetKey(Math.max(0, epoch));
  const value = getValue(state, NAMESPACE.validators, key);
  if (epoch < 0 || value === undefined) return;
  const proof = encodeStateProof(proveState(state, 'storage', storageKey(NAMESPACE.validators, key)));
  writer.u32(epoch).u32(value.length).bytes(value).u32(proof.length).bytes(proof);
}

/** The newest set in the state after a block: the last one of an epoch decides that of the epoch after the next. */
function newestSetAfter(height: number, epochBlocks: number): number {
  return Math.floor(height / epochBlocks) + 1;
}
