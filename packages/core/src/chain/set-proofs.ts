import { assert } from '../base/assert.ts';
import { Reader } from '../codec/reader.ts';
import { Writer } from '../codec/writer.ts';
import { validatorSetKey } from '../ledger/stake/validator-sets.ts';
import type { ReadStore } from '../ports/store.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { encodeStateProof, proveState } from '../state/state-proof.ts';
import { storageKey } from '../state/storage.ts';
import { getValue, type WorldState } from '../state/world-state.ts';
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
 * The proofs that are kept when votes make a block final: those of the newest sets, where it is the first such block
 * whose state has the newest one. States are let go of long before light clients ask what comes after the block that
 * they saw last.
 *
 * @param store - sees the batch that makes the block final; the block is on the best branch
 * @param before - the height of the block that was final until now
 */
export function setProofsOf(
  parts: ChainParts,
  store: ReadStore,
  height: number,
  before: number,
): readonly StagedEntry[] {
  const { validators } = parts.options.spec.consensus;
  if (validators === undefined) return [];
  const newest = newestSetAfter(height, validators.epochBlocks);
  if (newestSetAfter(before, validators.epochBlocks) === newest) return [];
  const id = readIdAt(store, height);
  const isHead = height === parts.tree.head.height;
  const state = isHead ? parts.headState : id === undefined ? undefined : parts.states.get(id);
  if (state === undefined) return [];
  const writer = new Writer(4096);
  for (let epoch = newest; epoch > newest - SETS_PROVED; epoch--) writeProof(writer, state, epoch);
  return [stagedPut(layout.setProofs(height), writer.finish())];
}

/** What is kept of a set for the state after the block at a height. */
export function readSetProof(store: ReadStore, height: number, epoch: number): SetProof | undefined {
  const bytes = store.get(layout.setProofs(height));
  if (bytes === undefined) return undefined;
  const reader = new Reader(bytes);
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
