import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { WorldState } from '../state/world-state.ts';
import type { ChainParts } from './chain-parts.ts';
import { undoBlock } from './execute.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { refuseChain, refuseData } from './rules.ts';

interface StateAt {
  readonly id: Hash;
  readonly height: number;
  readonly state: WorldState;
  /** Bytes of the undo records between it and the kept state where the way began. */
  readonly bytesBehind: number;
}

/**
 * States after older blocks of the best branch, made from the undo records behind them. One request goes back a
 * bounded number of blocks, so that it does not hold up the node; what it reached is remembered, and the next one goes
 * on from there. One such state at a time, and not for long: what lies between it and the head is kept in memory, and
 * coins in a map that changes in place go there and come back.
 */
export class HistoricStates {
  #reached: StateAt | undefined;
  /** Height of the head when it was last asked for. */
  #usedAt = 0;

  /**
   * The state after the block of the best branch at a height up to that of the head.
   *
   * @returns `chain/state-gone` when undo records do not reach back so far, `chain/state-far` when it takes more
   *   requests, `chain/state-too-far` when it would take more memory than a node sets aside, or `data/…` when the store
   *   is damaged
   */
  at(parts: ChainParts, height: number): Result<WorldState> {
    const { pruned, tree } = parts;
    const kept = nearestKept(parts, height);
    if (kept.height === height) return ok(kept.state);
    if (height < pruned.undo) return refuseChain('chain/state-gone', { got: height, expected: pruned.undo });
    const reached = walkBack(parts, this.#nearest(parts, height, kept), height);
    if (!reached.ok) return reached;
    this.#reached = reached.value;
    this.#usedAt = tree.head.height;
    if (reached.value.height === height) return ok(reached.value.state);
    if (reached.value.bytesBehind > bytesBehindMax(parts)) {
      return refuseChain('chain/state-too-far', { got: height, expected: reached.value.height });
    }
    return refuseChain('chain/state-far', { got: reached.value.height, expected: height });
  }

  /** Lets the state go when the chain has grown by many blocks since it was asked for, or has lost its block. */
  tidy({ tree, options }: ChainParts): void {
    if (tree.head.height - this.#usedAt > options.limits.recentStatesMax) this.#reached = undefined;
  }

  /** What was reached before, if it is on the way and further than what is kept. */
  #nearest({ store }: ChainParts, height: number, kept: StateAt): StateAt {
    const reached = this.#reached;
    if (reached === undefined || reached.height < height || reached.height >= kept.height) return kept;
    const id = readIdAt(store, reached.height);
    return id !== undefined && equalBytes(id, reached.id) ? reached : kept;
  }
}

/** The lowest of the states that are kept without a gap from the head down to a height. */
function nearestKept({ store, tree, states, headState }: ChainParts, height: number): StateAt {
  const { head } = tree;
  let at: StateAt = { id: head.id, height: head.height, state: headState, bytesBehind: 0 };
  while (at.height > height) {
    const id = readIdAt(store, at.height - 1);
    const state = id === undefined ? undefined : states.get(id);
    if (id === undefined || state === undefined) break;
    at = { id, height: at.height - 1, state, bytesBehind: 0 };
  }
  return at;
}

/** How much may lie between the head and a state, in bytes of undo records. */
function bytesBehindMax({ options: { mode, limits } }: ChainParts): number {
  return mode.kind === 'archive' ? limits.historicArchiveBytesMax : limits.historicBytesMax;
}

function walkBack(parts: ChainParts, start: StateAt, height: number): Result<StateAt> {
  const { store } = parts;
  const { historicBlocksMax, historicUndoBytesMax } = parts.options.limits;
  const historicBytesMax = bytesBehindMax(parts);
  let at = start;
  let bytes = 0;
  for (let blocks = 0; at.height > height && blocks < historicBlocksMax; blocks++) {
    if (at.bytesBehind > historicBytesMax) break;
    const undoBytes = store.get(layout.undo(at.id))?.length ?? 0;
    bytes += undoBytes;
    // One block in any case, or a large one could never be passed.
    if (blocks > 0 && bytes > historicUndoBytesMax) break;
    const id = readIdAt(store, at.height - 1);
    if (id === undefined) return refuseData('data/missing-block', { height: at.height - 1 });
    const parent = readHeaderOf(store, id);
    if (!parent.ok) return parent;
    const before = undoBlock(store, at.id, at.state, parent.value);
    if (!before.ok) return before;
    const bytesBehind = at.bytesBehind + undoBytes;
    at = { id, height: at.height - 1, state: before.value, bytesBehind };
  }
  return ok(at);
}
