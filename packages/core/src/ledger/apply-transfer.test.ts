import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AMOUNT_MAX, amount } from '../base/amount.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { flattenTransactions } from '../primitives/flat-transactions.ts';
import type { Output } from '../primitives/output.ts';
import { parseTransaction, type Transaction } from '../primitives/transaction.ts';
import type { LimitSpec } from '../spec/chain-spec.ts';
import { History } from './testing/history.testing.ts';
import { keyOpening, signBlank, signTransaction, testKey, testOwners } from './testing/owners.testing.ts';
import { type Found, randomKeyCoin, randomTransfer } from './testing/random-transfer.testing.ts';
import { testSpec } from './testing/spec.testing.ts';
import {
  type Outcomes,
  randomEnvironment,
  stateOf,
  TransferTwins,
} from './testing/transfer-twins.testing.ts';
import { gasOf } from './transaction-gas.ts';

const hasher = createPlainHasher();

function assertSeen(outcomes: Outcomes, wanted: Readonly<Record<string, number>>): void {
  const seen = JSON.stringify([...outcomes]);
  for (const [outcome, timesMin] of Object.entries(wanted)) {
    assert.ok((outcomes.get(outcome) ?? 0) >= timesMin, `${outcome} in ${seen}`);
  }
}

describe('the fast path of a transfer', () => {
  it('says what the plain rules say, about right and wrong ones', () => {
    const outcomes: Outcomes = new Map();
    for (let seed = 0; seed < 60; seed++) {
      const random = seededRandom(seed);
      const spec = testSpec({
        limits: { transactionBytesMax: random.pick([1000, 8000]), blockGasMax: random.pick([4000, 30_000]) },
      });
      const env = randomEnvironment(random, random.pick([1, 10, 2 ** 40]));
      const coins = Array.from({ length: 40 }, () => randomKeyCoin(random, env.height));
      const state = stateOf(coins);
      const twins = new TransferTwins(spec, env, state, outcomes);
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
        const twins = new TransferTwins(spec, env, state, outcomes);
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

  it('stands at the same limits as the plain rules', () => {
    const random = seededRandom(8);
    const env = randomEnvironment(random, 10);
    const { address } = testKey(0);
    const coin = (asset: number, value: number): Found => {
      const found = randomKeyCoin(random, env.height);
      return { ...found, coin: { ...found.coin, asset, amount: amount(value), address, reward: false } };
    };
    const coins = [coin(0, 100_000), coin(5, AMOUNT_MAX), coin(5, 1)];
    const inputs = coins.map(({ outpoint }) => outpoint);
    const sign = (count: number, outputs: readonly Output[]) =>
      signTransaction(
        { expiryHeight: 0, inputs: inputs.slice(0, count), outputs, actions: [] },
        [keyOpening(testKey(0))],
        env.chainId,
        signBlank,
      );
    const tx = sign(2, [{ asset: 5, amount: amount(AMOUNT_MAX), address }]);
    const gas = gasOf(testSpec(), tx);
    const outcomeOf = (limits: Partial<LimitSpec>, baseFee: number, made: Transaction = tx) => {
      const outcomes: Outcomes = new Map();
      const block = { ...env, baseFee: amount(baseFee) };
      const twins = new TransferTwins(testSpec({ limits }), block, stateOf(coins), outcomes);
      twins.tryOne(made);
      twins.finish();
      return [...outcomes.keys()].join();
    };
    const { length } = tx.bytes;
    assert.equal(outcomeOf({ transactionBytesMax: length, blockGasMax: gas }, 1), 'applied');
    assert.equal(outcomeOf({ transactionBytesMax: length - 1 }, 1), 'tx/too-large');
    assert.equal(outcomeOf({ blockGasMax: gas - 1 }, 1), 'tx/gas-too-high');
    assert.equal(outcomeOf({}, Math.floor(100_000 / gas)), 'applied');
    assert.equal(outcomeOf({}, Math.floor(100_000 / gas) + 1), 'tx/fee-too-low');
    assert.equal(outcomeOf({}, AMOUNT_MAX), 'tx/fee-too-low');
    // The sum of these inputs is 2^53, and so is that of the outputs.
    const parts = [AMOUNT_MAX, 1].map((value): Output => ({ asset: 5, amount: amount(value), address }));
    assert.equal(outcomeOf({}, 1, sign(3, parts)), 'tx/sum-too-large');
  });

  it('compares every word of an address', () => {
    const random = seededRandom(9);
    const spec = testSpec();
    const env = randomEnvironment(random, 1);
    for (let word = 0; word <= 8; word++) {
      const address = testKey(0).address.slice();
      // The last round changes nothing, to see that the transaction is valid but for that.
      if (word < 8) address[4 * word] = (address[4 * word] as number) ^ 1;
      const found = randomKeyCoin(random, env.height);
      const coin = { ...found.coin, asset: 0, amount: amount(100_000), address, reward: false };
      const outcomes: Outcomes = new Map();
      const twins = new TransferTwins(spec, env, stateOf([{ ...found, coin }]), outcomes);
      const body = {
        expiryHeight: 0,
        inputs: [found.outpoint],
        outputs: [{ asset: 0, amount: amount(1), address }],
        actions: [],
      };
      twins.tryOne(signTransaction(body, [keyOpening(testKey(0))], env.chainId, signBlank));
      assert.deepEqual([...outcomes.keys()], [word < 8 ? 'tx/witness-missing' : 'applied']);
    }
  });

  it('says what the plain rules say, whatever byte changes', () => {
    const outcomes: Outcomes = new Map();
    const random = seededRandom(5);
    const spec = testSpec();
    const env = randomEnvironment(random, 1);
    const coins = Array.from({ length: 40 }, () => randomKeyCoin(random, env.height));
    const state = stateOf(coins);
    const owners = testOwners(spec.genesisTimeMs);
    for (let wanted = 12; wanted > 0; ) {
      const tx = randomTransfer({ random, spec, env, coins }, owners);
      if (!new TransferTwins(spec, env, state, outcomes).tryOne(tx)) continue;
      wanted--;
      const twins = new TransferTwins(spec, env, state, outcomes);
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
    const env = randomEnvironment(random, 1);
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
    const twins = new TransferTwins(spec, env, stateOf(coins), outcomes);
    const short = { ...body, outputs: outputs.slice(0, 254) };
    assert.equal(twins.tryOne(signTransaction(short, openings, env.chainId, signBlank)), false);
    assert.equal(twins.tryOne(signTransaction(body, openings, env.chainId, signBlank)), true);
    twins.finish();
    assert.deepEqual([...outcomes.keys()], ['tx/asset-imbalance', 'applied']);
  });
});
