import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { toHex } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { type FlatTransactions, flattenTransactions } from '../primitives/flat-transactions.ts';
import { parseTransaction, type Transaction } from '../primitives/transaction.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { compareCoinChanges, encodeCoinChanges } from '../state/changes.ts';
import { coinKey, encodeCoin } from '../state/coin.ts';
import { mapChanges } from '../state/coin-map.testing.ts';
import { FlatCoins } from '../state/flat-coins.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { Overlay, viewOf } from '../state/view.ts';
import { applyChanges, emptyState, stateCoins, type WorldState } from '../state/world-state.ts';
import { applyTransaction } from './apply-transaction.ts';
import { TransferPath } from './apply-transfer.ts';
import type { BlockEnvironment } from './environment.ts';
import { History } from './testing/history.testing.ts';
import { keyOpening, signBlank, signTransaction, testKey, testOwners } from './testing/owners.testing.ts';
import { type Found, randomKeyCoin, randomTransfer } from './testing/random-transfer.testing.ts';
import { testSpec } from './testing/spec.testing.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';

const hasher = createPlainHasher();

/** How often each outcome came up: `applied` by the fast path, `plain` by the plain one alone, or a rule. */
type Outcomes = Map<string, number>;

/** Both ways through one block, side by side on the same state. */
class Twins {
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
    const isApplied = path.apply(flat, i);
    const plain = applyTransaction(spec, this.overlay, tx, env, SIGNATURES_CHECKED);
    if (isApplied) {
      assert.ok(plain.ok, plain.ok ? '' : plain.error.rule);
      const { gasUsed, fee, burned } = path;
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

function assertSeen(outcomes: Outcomes, wanted: Readonly<Record<string, number>>): void {
  const seen = JSON.stringify([...outcomes]);
  for (const [outcome, timesMin] of Object.entries(wanted)) {
    assert.ok((outcomes.get(outcome) ?? 0) >= timesMin, `${outcome} in ${seen}`);
  }
}

function stateOf(coins: readonly Found[]): WorldState {
  const changes = coins
    .map(({ outpoint, coin }) => ({ key: coinKey(outpoint.txid, outpoint.index), coin }))
    .toSorted(compareCoinChanges);
  return applyChanges(emptyState, { coins: changes, storage: [] }).state;
}

function environment(random: SeededRandom, baseFee: number): BlockEnvironment {
  const height = random.pick([2, 9, 0xffff_fffe]);
  return { chainId: random.bytes(32), height, timeMs: 5, producer: ZERO_HASH, baseFee: amount(baseFee) };
}

describe('the fast path of a transfer', () => {
  it('says what the plain rules say, about right and wrong ones', () => {
    const outcomes: Outcomes = new Map();
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const spec = testSpec({
        limits: { transactionBytesMax: random.pick([1000, 8000]), blockGasMax: random.pick([4000, 30_000]) },
      });
      const env = environment(random, random.pick([1, 10, 2 ** 40]));
      const coins = Array.from({ length: 40 }, () => randomKeyCoin(random, env.height));
      const state = stateOf(coins);
      const twins = new Twins(spec, env, state, outcomes);
      const owners = testOwners(spec.genesisTimeMs);
      for (let i = 0; i < 60; i++) {
        const tx = randomTransfer({ random, spec, env, coins }, owners);
        if (!twins.tryOne(tx)) continue;
        for (const [index, output] of tx.outputs.entries()) {
          const coin = { ...output, index, height: env.height, reward: false };
          coins.push({ outpoint: { txid: tx.txid, index }, coin });
        }
      }
      twins.finish();
    }
    assertSeen(outcomes, {
      applied: 200,
      'tx/too-large': 3,
      'tx/gas-too-high': 3,
      'tx/input-repeated': 3,
      'tx/output-zero': 3,
      'tx/sum-too-large': 3,
      'tx/witness-unused': 3,
      'tx/witness-missing': 3,
      'tx/expired': 3,
      'tx/coin-missing': 3,
      'tx/coin-immature': 3,
      'tx/native-overspent': 3,
      'tx/asset-imbalance': 3,
      'tx/fee-too-low': 3,
    });
  });

  it('takes the transfers of a history among everything else, chained within the block', () => {
    const outcomes: Outcomes = new Map();
    for (let seed = 0; seed < 4; seed++) {
      const history = new History({ seed });
      for (let height = 1; height <= 6; height++) {
        const { spec, env, state } = history;
        const made = history.transactions(10);
        const twins = new Twins(spec, env, state, outcomes);
        const flat = flattenTransactions(made, env.chainId, hasher);
        twins.coins.prefetch(flat.words, flat.outpoints, 0, flat.outpoints.length);
        for (const [i, tx] of made.entries()) {
          assert.ok(twins.try(flat, i, tx));
          // Once more: its coins are spent now.
          assert.equal(twins.try(flat, i, tx), false);
        }
        twins.finish();
        history.add(made);
      }
    }
    assertSeen(outcomes, { applied: 30, plain: 60, 'tx/coin-missing': 90 });
  });

  it('says what the plain rules say, whatever byte changes', () => {
    const outcomes: Outcomes = new Map();
    const random = seededRandom(5);
    const spec = testSpec();
    const env = environment(random, 1);
    const coins = Array.from({ length: 40 }, () => randomKeyCoin(random, env.height));
    const state = stateOf(coins);
    const owners = testOwners(spec.genesisTimeMs);
    for (let wanted = 12; wanted > 0; ) {
      const tx = randomTransfer({ random, spec, env, coins }, owners);
      if (!new Twins(spec, env, state, outcomes).tryOne(tx)) continue;
      wanted--;
      const twins = new Twins(spec, env, state, outcomes);
      for (let at = 0; at < tx.bytes.length; at++) {
        const bytes = tx.bytes.slice();
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        const parsed = parseTransaction(bytes, env.chainId);
        if (!parsed.ok) continue;
        const mark = [twins.coins.mark(), twins.overlay.mark()] as const;
        twins.tryOne(parsed.value);
        twins.finish();
        twins.coins.rollback(mark[0]);
        twins.overlay.rollback(mark[1]);
      }
      twins.finish();
    }
    assertSeen(outcomes, {
      applied: 200,
      'tx/coin-missing': 100,
      'tx/witness-missing': 30,
      'tx/output-zero': 0,
    });
  });

  it('takes a transfer of as many parts as there can be, each of another asset', () => {
    const random = seededRandom(6);
    const spec = testSpec({ limits: { transactionBytesMax: 1_000_000, blockGasMax: 1_000_000 } });
    const env = environment(random, 1);
    const { address } = testKey(0);
    const coins = Array.from({ length: 255 }, (_, asset): Found => {
      const { outpoint, coin } = randomKeyCoin(random, env.height);
      return { outpoint, coin: { ...coin, asset, amount: amount(10_000_000), address, reward: false } };
    });
    const outputs = coins.map(({ coin: { asset } }) => {
      return { asset, amount: amount(asset === 0 ? 5_000_000 : 10_000_000), address };
    });
    const inputs = coins.map(({ outpoint }) => outpoint);
    const openings = [keyOpening(testKey(0))];
    const body = { expiryHeight: 0, inputs, outputs: outputs.toReversed(), actions: [] };
    const outcomes: Outcomes = new Map();
    const twins = new Twins(spec, env, stateOf(coins), outcomes);
    const short = { ...body, outputs: outputs.slice(0, 254) };
    assert.equal(twins.tryOne(signTransaction(short, openings, env.chainId, signBlank)), false);
    assert.equal(twins.tryOne(signTransaction(body, openings, env.chainId, signBlank)), true);
    twins.finish();
    assert.deepEqual([...outcomes.keys()], ['tx/asset-imbalance', 'applied']);
  });
});
