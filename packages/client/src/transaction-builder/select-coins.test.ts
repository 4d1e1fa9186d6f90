import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { openingName, type SpendableCoin } from './opening.ts';
import { type CoinTarget, selectCoins } from './select-coins.ts';
import { coin, keyOpening, must } from './wallet.testing.ts';

const FREE: CoinTarget = { amount: 1, inputPrice: 0, witnessPrice: () => 0, changePrice: 0, inputsMax: 255 };
const PRICED: CoinTarget = { ...FREE, inputPrice: 10, witnessPrice: () => 50, changePrice: 100 };

function amounts(coins: readonly SpendableCoin[]): number[] {
  return coins.map(({ amount }) => amount).toSorted((a, b) => b - a);
}

describe('selectCoins', () => {
  test('finds the coins that need no change', () => {
    const coins = [70, 40, 33, 21, 5].map((value) => coin(value));
    assert.deepEqual(amounts(must(selectCoins(coins, { ...FREE, amount: 61 }))), [40, 21]);
    assert.deepEqual(amounts(must(selectCoins(coins, { ...FREE, amount: 59 }))), [33, 21, 5]);
  });

  test('counts an input for each coin and a witness for each owner', () => {
    const coins = [coin(100), coin(130), coin(1000, keyOpening(1))];
    // 100 + 130 − two inputs − one witness = 160.
    const exact = must(selectCoins(coins, { ...PRICED, amount: 160, changePrice: 0 }));
    assert.deepEqual(amounts(exact), [130, 100]);
    const above = must(selectCoins(coins, { ...PRICED, amount: 161, changePrice: 0 }));
    assert.deepEqual(amounts(above), [1000]);
  });

  test('gives up less than change would cost, and no more', () => {
    const coins = [coin(10_000), coin(500)];
    const enough = (amount: number) => amounts(must(selectCoins(coins, { ...PRICED, amount })));
    // 500 − 60 = 440 is 99 above 341, and change costs 100.
    assert.deepEqual(enough(341), [500]);
    // 100 above: worth change, for which the smaller coin still is enough.
    assert.deepEqual(enough(340), [500]);
    assert.deepEqual(enough(441), [10_000]);
  });

  test('without an exact choice, takes the smallest coin that is enough alone', () => {
    const coins = [900, 800, 400, 300].map((value) => coin(value));
    assert.deepEqual(amounts(must(selectCoins(coins, { ...FREE, amount: 750 }))), [800]);
  });

  test('else the largest coins until it is enough', () => {
    const coins = [60, 50, 40, 30].map((value) => coin(value));
    assert.deepEqual(amounts(must(selectCoins(coins, { ...FREE, amount: 101 }))), [60, 50]);
  });

  test('the order of the list does not matter', () => {
    const random = seededRandom(3);
    const coins = Array.from({ length: 20 }, () => coin(100 + random.below(5)));
    const turned = coins.toReversed();
    const target = { ...PRICED, amount: 700 };
    assert.deepEqual(must(selectCoins(coins, target)), must(selectCoins(turned, target)));
  });

  test('leaves coins alone that are worth less than they cost', () => {
    const coins = [coin(10), coin(9), coin(55, keyOpening(1)), coin(300)];
    const refused = selectCoins(coins, { ...PRICED, amount: 241 });
    assert.ok(!refused.ok);
    assert.equal(refused.error.rule, 'wallet/insufficient-funds');
    assert.deepEqual(refused.error.evidence, { asset: 0, got: 240, expected: 241 });
    assert.deepEqual(amounts(must(selectCoins(coins, { ...PRICED, amount: 240 }))), [300]);
  });

  test('wallet/too-many-inputs: enough in all, but not in 255 coins', () => {
    const coins = Array.from({ length: 300 }, () => coin(10));
    const refused = selectCoins(coins, { ...FREE, amount: 2551 });
    assert.ok(!refused.ok);
    assert.equal(refused.error.rule, 'wallet/too-many-inputs');
    assert.deepEqual(refused.error.evidence, { asset: 0, got: 256, expected: 255 });
    assert.equal(must(selectCoins(coins, { ...FREE, amount: 2550 })).length, 255);
    const none = selectCoins([coin(5)], { ...FREE, inputsMax: 0 });
    assert.equal(!none.ok && none.error.rule, 'wallet/too-many-inputs');
  });

  test('a large wallet with no exact choice is answered in bounded time', () => {
    const random = seededRandom(8);
    const coins = Array.from({ length: 3000 }, () => coin(2 * (1000 + random.below(1_000_000))));
    const total = 200_000_001;
    const chosen = must(selectCoins(coins, { ...FREE, amount: total }));
    assert.ok(amounts(chosen).reduce((sum, value) => sum + value, 0) >= total);
  });

  test('is as good as a search through all subsets wherever no change is needed', () => {
    const random = seededRandom(17);
    let exact = 0;
    for (let round = 0; round < 200; round++) {
      const coins = Array.from({ length: 8 }, () =>
        coin(60 + random.below(400), keyOpening(random.below(3))),
      );
      const target = { ...PRICED, amount: 100 + random.below(900), changePrice: random.below(60) };
      const best = cheapestSubset(coins, target);
      if (best === undefined) continue;
      exact++;
      const spent = amounts(must(selectCoins(coins, target))).reduce((sum, value) => sum + value, 0);
      assert.equal(spent, best, `round ${round}`);
    }
    assert.ok(exact > 60, `${exact} rounds had a choice without change`);
  });
});

/** The least that a choice without change spends. */
function cheapestSubset(coins: readonly SpendableCoin[], target: CoinTarget): number | undefined {
  let best: number | undefined;
  for (let bits = 1; bits < 2 ** coins.length; bits++) {
    const chosen = coins.filter((_, i) => (bits >> i) & 1);
    const owners = new Set(chosen.map(({ opening }) => openingName(opening)));
    const spent = chosen.reduce((sum, { amount }) => sum + amount, 0);
    const left = spent - chosen.length * target.inputPrice - owners.size * 50 - target.amount;
    if (left >= 0 && left < Math.max(1, target.changePrice) && spent < (best ?? Number.POSITIVE_INFINITY))
      best = spent;
  }
  return best;
}
