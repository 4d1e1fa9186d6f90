import { equalBytes } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { Hash } from '../crypto/hash.ts';
import type { WorldState } from '../state/world-state.ts';
import type { ChainParts } from './chain-parts.ts';
import { bestStateOf, undoBlock } from './execute.ts';
import { layout } from './layout.ts';
import { readHeaderOf, readIdAt } from './read-block.ts';
import { refuseChain, refuseData } from './rules.ts';

interface StateAt {
  readonly id: Hash;
  readonly height: number;
  readonly state: WorldState;
  /** Bytes of the undo records between it and the final block where the way began. */
  readonly bytesBehind: number;
}

/**
 * States after blocks that are final, made from the undo records behind them. One request goes back a bounded number of
 * blocks, so that it does not hold up the node; what it reached is remembered, and the next request goes on from there.
 * One such state at a time, and not for long: what lies between it and the head is kept in memory, and coins in a map
 * that changes in place go there and come back.
 */
export class HistoricStates {
  #reached: StateAt | undefined;
  /** Height of the head when it was last asked for. */
  #usedAt = 0;

  /**
   * The state after the block of the best branch at a height that is final.
   *
   * @returns `chain/state-gone` when undo records do not reach back so far, `chain/state-far` when it takes more
   *   requests, `chain/state-too-far` when it would take more memory than a node sets aside, or `data/…` when the store
   *   is damaged
   */
  at(parts: ChainParts, height: number): Result<WorldState> {
    const { pruned, tree } = parts;
    if (height < pruned.undo) return refuseChain('chain/state-gone', { got: height, expected: pruned.undo });
    const start = this.#start(parts, height);
    if (!start.ok) return start;
    const reached = walkBack(parts, start.value, height);
    if (!reached.ok) return reached;
    this.#reached = reached.value;
    this.#usedAt = tree.head.height;
    if (reached.value.height === height) return ok(reached.value.state);
    if (reached.value.bytesBehind > parts.options.limits.historicBytesMax) {
      return refuseChain('chain/state-too-far', { got: height, expected: reached.value.height });
    }
    return refuseChain('chain/state-far', { got: reached.value.height, expected: height });
  }

  /** Lets the state go when the chain has grown by many blocks since it was asked for, or has lost its block. */
  tidy({ tree, options }: ChainParts): void {
    if (tree.head.height - this.#usedAt > options.limits.recentStatesMax) this.#reached = undefined;
  }

  /** What was reached before, if it is on the way; otherwise the last final block. */
  #start(parts: ChainParts, height: number): Result<StateAt> {
    const { tree, store } = parts;
    const { root } = tree;
    const reached = this.#reached;
    if (reached !== undefined && reached.height >= height && reached.height <= root.height) {
      const id = readIdAt(store, reached.height);
      if (id !== undefined && equalBytes(id, reached.id)) return ok(reached);
    }
    const state = bestStateOf(parts, root);
    return state.ok ? ok({ id: root.id, height: root.height, state: state.value, bytesBehind: 0 }) : state;
  }
}

function walkBack({ store, options }: ChainParts, start: StateAt, height: number): Result<StateAt> {
  const { historicBlocksMax, historicUndoBytesMax, historicBytesMax } = options.limits;
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
