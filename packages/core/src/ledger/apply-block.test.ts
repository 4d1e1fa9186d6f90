import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import type { Result } from '../base/result.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import type { Block } from '../primitives/block.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import type { CoinMapChanges } from '../state/coin-map.ts';
import { MapCoins } from '../state/map-coins.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { stateCoins, stateRoot, type WorldState } from '../state/world-state.ts';
import { applyBlock, applyBlockInSteps, type BlockResult } from './apply-block.ts';
import type { BlockEnvironment } from './environment.ts';
import { History } from './testing/history.testing.ts';
import { withHeader, withTransactions } from './testing/tamper.testing.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';
import { TurnWork } from './turn-work.ts';

const hasher = createPlainHasher();

/** A map that hashes what an update has changed in three pieces. */
class PiecemealMap extends TreeCoinMap {
  #left = 0;

  override update(changes: CoinMapChanges): void {
    super.update(changes);
    this.#left = 2;
  }

  override refresh(): boolean {
    this.#left -= 1;
    return this.#left < 0;
  }
}

/** The same state with its coins in a map of its own. */
function overMap({ coins, storage }: WorldState): WorldState {
  let loaded = MapCoins.over(new PiecemealMap());
  for (const run of coins.entries(64)) loaded = loaded.load(run);
  return { coins: loaded, storage };
}

/** What became of a block, the state by its root and all of its coins. */
function told(result: Result<BlockResult>): unknown {
  if (!result.ok) return result;
  const { state, ...rest } = result.value;
  const coins = [...stateCoins(state)].map(({ key, coin }) => [toHex(key), coin]);
  return { ...rest, root: stateRoot(state), coins };
}

/** A block of the history, or one that somebody has changed. */
function disguised(block: Block, random: SeededRandom): Block {
  const [reward, ...others] = block.transactions;
  assert.ok(reward !== undefined);
  switch (random.below(6)) {
    case 0:
      return withTransactions(block, [reward, ...others.toReversed()]);
    case 1:
      return withTransactions(block, [reward, ...others, ...others.slice(0, 1)]);
    case 2:
      return withHeader(block, { stateRoot: block.header.stateRoot.map((byte) => byte ^ 1) });
    case 3:
      return withHeader(block, { gasUsed: block.header.gasUsed + 1 });
    default:
      return block;
  }
}

/** One block on one state, applied in pieces that are as small as they can be. */
class Piecewise {
  readonly #history: History;
  readonly #env: BlockEnvironment;
  readonly before: WorldState;
  readonly block: Block;

  constructor(history: History, height: number, state: WorldState, block: Block) {
    this.#history = history;
    const made = history.blocks[height];
    assert.ok(made !== undefined);
    this.#env = made.env;
    this.before = state;
    this.block = block;
  }

  whole(state: WorldState = this.before): Result<BlockResult> {
    return applyBlock(this.#history.spec, state, this.block, this.#env, SIGNATURES_CHECKED, hasher);
  }

  /** @param between - called after each piece but the last */
  pieces(between: (piece: number) => void): { readonly count: number; readonly result: Result<BlockResult> } {
    const { spec } = this.#history;
    const work = new TurnWork(0.1);
    const { before, block } = this;
    const steps = applyBlockInSteps(spec, before, block, this.#env, SIGNATURES_CHECKED, hasher, work);
    for (let count = 1; ; count++) {
      const step = steps.next();
      if (step.done === true) return { count, result: step.value };
      between(count);
    }
  }
}

/** What others may do with the states of a chain between two pieces. */
function disturb({ before, block, whole }: Disturbed, random: SeededRandom): void {
  const root = toHex(stateRoot(before));
  assert.equal(root, toHex(block.parentRoot), 'the state before is as it was');
  const { key, coin } = random.pick([...stateCoins(before)]);
  assert.deepEqual(before.coins.get(key), coin);
  // Moves a map to this version.
  if (random.oneIn(2)) before.coins.prove(key);
  // Makes a rival of the version that is being made.
  if (random.oneIn(2)) whole();
}

interface Disturbed {
  readonly before: WorldState;
  readonly block: { readonly parentRoot: Uint8Array };
  readonly whole: () => unknown;
}

describe('a block that is applied piece by piece', () => {
  for (const kind of ['tree', 'map'] as const) {
    it(`does what it does at once, over a ${kind}, whatever happens between the pieces`, () => {
      const seen = { accepted: 0, refused: 0, pieces: 0 };
      for (let seed = 1; seed <= 25; seed++) {
        const random = seededRandom(seed);
        const history = new History({ seed: random.u32() });
        for (let height = 0; height < 4; height++) history.grow(5);
        const height = random.below(4);
        const parent = history.blocks[height - 1]?.result.state ?? history.genesisState;
        const made = disguised(history.blocks[height]?.block as Block, random);
        const scanned = scanBlock(made.bytes, history.chainId, hasher);
        const block = random.oneIn(3) || !scanned.ok ? made : scanned.value;
        const before = kind === 'tree' ? parent : overMap(parent);
        const alone = new Piecewise(history, height, kind === 'tree' ? parent : overMap(parent), block);
        const expected = told(alone.whole());
        const tried = new Piecewise(history, height, before, block);
        const scene = { before, block: { parentRoot: stateRoot(parent) }, whole: () => tried.whole() };
        const calm = tried.pieces(() => {});
        assert.deepEqual(told(calm.result), expected);
        // Disturbed once, after each piece in turn, and then after all of them.
        for (let at = 1; at <= calm.count; at++) {
          const { result } = tried.pieces((piece) => {
            if (piece === at || at === calm.count) disturb(scene, random);
          });
          assert.deepEqual(told(result), expected);
        }
        seen[calm.result.ok ? 'accepted' : 'refused'] += 1;
        seen.pieces = Math.max(seen.pieces, calm.count);
      }
      assert.ok(seen.accepted >= 5 && seen.refused >= 5, JSON.stringify(seen));
      assert.ok(seen.pieces >= (kind === 'map' ? 5 : 3), JSON.stringify(seen));
    });
  }

  it('may be given up after any piece', () => {
    const history = new History({ seed: 4 });
    for (let height = 0; height < 2; height++) history.grow(6);
    const parent = history.blocks[0]?.result.state as WorldState;
    const before = overMap(parent);
    const piecewise = new Piecewise(history, 1, before, history.blocks[1]?.block as Block);
    const { count } = piecewise.pieces(() => {});
    for (let given = 1; given < count; given++) {
      assert.throws(() =>
        piecewise.pieces((piece) => {
          if (piece === given) throw new Error('given up');
        }),
      );
      assert.equal(toHex(stateRoot(before)), toHex(stateRoot(parent)));
    }
    assert.deepEqual(told(piecewise.whole()), told(piecewise.whole(parent)));
  });
});
