import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { tokenId } from '@calin/core/ledger/token.ts';
import { coin, must } from '../transaction-builder/wallet.testing.ts';
import { planBurn, planMint, planToken, type TokenDescription } from './plan-token.ts';

const owner = new Uint8Array(32).fill(7);
const GOLD: TokenDescription = {
  symbol: 'GOLD',
  name: 'Gold of the house',
  decimals: 2,
  supply: '10.5',
  supplyMax: '100',
  minter: owner,
  owner,
};

test('a token is made in its own units, and its supply goes to the owner', () => {
  const plan = must(planToken(GOLD));
  const { outpoint } = coin(5);
  const [action] = plan.actions;
  assert.ok(action?.kind === 'token-create');
  assert.deepEqual([action.supply, action.supplyMax, action.minter], [1050, 10_000, owner]);
  assert.deepEqual(plan.outputs({ ...coin(5), outpoint }), [
    { asset: tokenId(outpoint, 0), amount: 1050, address: owner },
  ]);
  // Without a supply there is no output, which could only be empty.
  const later = must(planToken({ ...GOLD, supply: '0' }));
  assert.deepEqual(later.outputs(coin(5)), []);
  const fixed = must(planToken({ ...GOLD, supplyMax: undefined, minter: undefined }));
  const [made] = fixed.actions;
  assert.ok(made?.kind === 'token-create');
  assert.deepEqual([made.supplyMax, made.minter], [1050, new Uint8Array(32)]);
});

test('what a person may mistype is refused by the rule of the ledger', () => {
  const cases: readonly [Partial<TokenDescription>, string][] = [
    [{ symbol: 'gold' }, 'token/symbol'],
    [{ symbol: '' }, 'token/symbol'],
    [{ symbol: 'ABCDEFGHIJKLM' }, 'token/symbol'],
    [{ name: 'ä'.repeat(33) }, 'token/name'],
    [{ name: 'turned\u202eround' }, 'token/name'],
    [{ supply: '1.234' }, 'amount/too-many-decimals'],
    [{ supplyMax: '10' }, 'token/supply-range'],
    [{ supply: '0', supplyMax: '0' }, 'token/supply-range'],
  ];
  for (const [change, rule] of cases) {
    const plan = planToken({ ...GOLD, ...change });
    assert.equal(plan.ok ? undefined : plan.error.rule, rule, JSON.stringify(change));
  }
});

test('minting pays the minter, who must agree; burning leaves nothing behind', () => {
  const minted = planMint(5, amount(7), owner);
  assert.deepEqual(minted.outputs(coin(1)), [{ asset: 5, amount: 7, address: owner }]);
  assert.equal(minted.isAuthority, true);
  const burned = planBurn(5, amount(7));
  assert.deepEqual(burned.outputs(coin(1)), []);
  assert.deepEqual(burned.actions, [{ kind: 'token-burn', asset: 5, amount: 7 }]);
});
