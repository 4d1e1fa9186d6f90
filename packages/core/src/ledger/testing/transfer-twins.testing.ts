import assert from 'node:assert/strict';
import { amount } from '../../base/amount.ts';
import { toHex } from '../../base/bytes.ts';
import type { SeededRandom } from '../../base/fuzz.testing.ts';
import { ZERO_HASH } from '../../crypto/hash.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import { type FlatTransactions, flattenTransactions } from '../../primitives/flat-transactions.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { ChainSpec } from '../../spec/chain-spec.ts';
import { compareCoinChanges, encodeCoinChanges } from '../../state/changes.ts';
import { coinKey, encodeCoin } from '../../state/coin.ts';
import { mapChanges } from '../../state/coin-map.testing.ts';
import { FlatCoins } from '../../state/flat-coins.ts';
import { TreeCoinMap } from '../../state/tree-coin-map.ts';
import { Overlay, viewOf } from '../../state/view.ts';
import { applyChanges, emptyState, stateCoins, type WorldState } from '../../state/world-state.ts';
import { applyTransaction } from '../apply-transaction.ts';
import { TransferPath } from '../apply-transfer.ts';
import type { BlockEnvironment } from '../environment.ts';
import { SIGNATURES_CHECKED } from '../transaction-signatures.ts';
import type { Found } from './random-transfer.testing.ts';

const hasher = createPlainHasher();

/** How often each outcome came up: `applied` by the fast path, `plain` by the plain one alone, or a rule. */
export type Outcomes = Map<string, number>;

/** Both ways through one block, side by side on the same state. */
export class TransferTwins {
  readonly spec: ChainSpec;
  readonly env: BlockEnvironment;
  readonly overlay: Overlay;
  readonly coins: FlatCoins;
  readonly path: TransferPath;
  readonly outcomes: Outcomes;
  readonly #state: WorldState;
  readonly #mixed: Overlay;

  constructor(spec: ChainSpec, env: BlockEnvironment, state: WorldState, outcomes: Outcomes) {
    this.spec = spec;
    this.env = env;
    this.#state = state;
    this.outcomes = outcomes;
    const map = new TreeCoinMap();
    const entries = [...stateCoins(state)].map(({ key, coin }) => ({ key, record: encodeCoin(coin) }));
    map.update(mapChanges([], entries));
    this.coins = new FlatCoins(map);
    this.path = new TransferPath(spec, env, this.coins);
    this.overlay = new Overlay(viewOf(state));
    this.#mixed = new Overlay(viewOf(state), this.coins);
  }

  /** Asks both about a transaction that stands alone; true when it is valid. */
  tryOne(tx: Transaction): boolean {
    const flat = flattenTransactions([tx], this.env.chainId, hasher);
    this.coins.prefetch(flat.words, flat.outpoints, 0, flat.outpoints.length);
    return this.try(flat, 0, tx);
  }

  /** Asks both about transaction `i`: the same answer, the same receipt, the same effects. */
  try(flat: FlatTransactions, i: number, tx: Transaction): boolean {
    const { spec, env, path, coins } = this;
    const mark = coins.mark();
    const isQuoted = path.quote(flat, i);
    const quote = { gasUsed: path.gasUsed, fee: path.fee };
    assert.equal(coins.mark(), mark, 'a quote leaves no trace');
    const isApplied = path.apply(flat, i);
    assert.equal(isQuoted, isApplied);
    const plain = applyTransaction(spec, this.overlay, tx, env, SIGNATURES_CHECKED);
    if (isApplied) {
      assert.ok(plain.ok, plain.ok ? '' : plain.error.rule);
      const { gasUsed, fee, burned } = path;
      assert.deepEqual(quote, { gasUsed, fee });
      assert.deepEqual({ txid: flat.txid(i), gasUsed, fee, burned }, plain.value);
    } else {
      assert.equal(coins.mark(), mark, 'a transaction that is not taken leaves no trace');
      assert.ok(!plain.ok || flat.isTransfer[i] === 0, 'every valid transfer is taken');
      // What is not taken goes the plain way, over the same coins.
      const mixed = applyTransaction(spec, this.#mixed, tx, env, SIGNATURES_CHECKED);
      assert.deepEqual(mixed, plain);
    }
    const refused = plain.ok ? 'plain' : plain.error.rule;
    this.#count(isApplied ? 'applied' : refused);
    return plain.ok;
  }

  /** The same coins in the end. */
  finish(): void {
    const { coins: changes } = this.overlay.changes();
    const undo = applyChanges(this.#state, { coins: changes, storage: [] }).undo.coins;
    assert.equal(toHex(this.coins.encodeUndo()), toHex(encodeCoinChanges(undo)));
    const removed = changes.filter(({ key }) => this.#state.coins.get(key) !== undefined);
    const added = changes.flatMap(({ key, coin }) => (coin ? [{ key, record: encodeCoin(coin) }] : []));
    assert.deepEqual(
      this.coins.changes(),
      mapChanges(
        removed.map(({ key }) => key),
        added,
      ),
    );
  }

  #count(outcome: string): void {
    this.outcomes.set(outcome, (this.outcomes.get(outcome) ?? 0) + 1);
  }
}

/** A state of these coins and nothing else. */
export function stateOf(coins: readonly Found[]): WorldState {
  const changes = coins
    .map(({ outpoint, coin }) => ({ key: coinKey(outpoint.txid, outpoint.index), coin }))
    .toSorted(compareCoinChanges);
  return applyChanges(emptyState, { coins: changes, storage: [] }).state;
}

/** A block that nothing leads to, at one of a few heights. */
export function randomEnvironment(random: SeededRandom, baseFee: number): BlockEnvironment {
  const height = random.pick([2, 9, 0xffff_fffe]);
  return { chainId: random.bytes(32), height, timeMs: 5, producer: ZERO_HASH, baseFee: amount(baseFee) };
}
