import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coin } from '@calin/client/transaction-builder/wallet.testing.ts';
import type { BalanceJson } from '../../../node/shapes.ts';
import { heldTokens } from './held-tokens.ts';
import { sameSymbol, sameSymbolWords } from './same-symbol.ts';
import { readTokenDraft, type TokenDraft } from './token-draft.ts';

const owner = new Uint8Array(32).fill(7);
const GOLD: TokenDraft = {
  symbol: 'gold',
  name: ' Gold ',
  decimals: '2',
  supply: '10.5',
  supplyMax: '',
  isMintable: false,
};

function balance(asset: number, confirmed: number, immature = 0): BalanceJson {
  return { asset, confirmed, immature, incoming: 0, outgoing: 0 };
}

test('tokens are added up over accounts and locks, and the native coin is none', () => {
  const [main, fund, later] = ['main', 'fund', 'later'].map((name) => ({ name, address: `dcal1${name}` }));
  assert.ok(main && fund && later);
  const held = heldTokens(
    [main, fund, later],
    [[balance(0, 5), balance(9, 7), balance(3, 0)], [balance(9, 1, 2), balance(4, 6)], undefined],
  );
  assert.deepEqual(held, [
    { asset: 4, total: 6, parts: [{ ...fund, amount: 6 }] },
    {
      asset: 9,
      total: 10,
      parts: [
        { ...main, amount: 7 },
        { ...fund, amount: 3 },
      ],
    },
  ]);
});

test('tokens that can be taken for one another are told', () => {
  const tokens = [
    { asset: 1, symbol: 'GOLD' },
    { asset: 2, symbol: 'GOLD' },
    { asset: 3, symbol: 'GOLDEN' },
  ];
  const all = { tokens, next: null };
  const found = sameSymbol({ asset: 1, symbol: 'GOLD' }, all);
  assert.deepEqual(found, { others: [2], hasMore: false, isNative: false });
  assert.match(sameSymbolWords(found) ?? '', /^1 other token has the same symbol/);
  assert.match(
    sameSymbolWords(sameSymbol({ asset: undefined, symbol: 'gold' }, all)) ?? '',
    /^2 other tokens have/,
  );
  assert.equal(sameSymbolWords(sameSymbol({ asset: 3, symbol: 'GOLDEN' }, all)), undefined);
  assert.match(sameSymbolWords(sameSymbol({ asset: 5, symbol: 'CA1IN' }, all)) ?? '', /coin of the chain/);
  const page = { tokens: tokens.slice(0, 2), next: 'more' };
  assert.match(sameSymbolWords(sameSymbol({ asset: 9, symbol: 'GOLD' }, page)) ?? '', /^More than 2/);
});

test('a token is planned from what was typed, with small letters and spaces put right', () => {
  const made = readTokenDraft(GOLD, owner);
  assert.ok(made.ok);
  const [action] = made.plan.actions;
  assert.ok(action?.kind === 'token-create');
  const { symbol, name, decimals, supply, supplyMax, minter } = action;
  assert.deepEqual([symbol, name, decimals, supply, supplyMax], ['GOLD', 'Gold', 2, 1050, 1050]);
  assert.deepEqual(minter, new Uint8Array(32));
  assert.equal(made.plan.outputs(coin(5))[0]?.amount, 1050);
  const mintable = readTokenDraft({ ...GOLD, isMintable: true, supplyMax: '1000' }, owner);
  assert.ok(mintable.ok && mintable.plan.actions[0]?.kind === 'token-create');
  assert.deepEqual(mintable.plan.actions[0].minter, owner);
});

test('what is wrong stands beside its field', () => {
  const cases: readonly [Partial<TokenDraft>, keyof TokenDraft, string][] = [
    [{ symbol: 'GO-LD' }, 'symbol', 'token/symbol'],
    [{ name: 'x'.repeat(65) }, 'name', 'token/name'],
    [{ decimals: '19' }, 'decimals', 'page/number'],
    [{ decimals: '' }, 'decimals', 'page/number'],
    [{ supply: '1.234' }, 'supply', 'amount/too-many-decimals'],
    [{ supply: '' }, 'supply', 'amount/syntax'],
    [{ supplyMax: 'many' }, 'supplyMax', 'amount/syntax'],
    [{ supplyMax: '10' }, 'supplyMax', 'token/supply-range'],
  ];
  for (const [change, field, rule] of cases) {
    const made = readTokenDraft({ ...GOLD, ...change }, owner);
    assert.deepEqual(made.ok ? undefined : [made.field, made.refusal.rule], [field, rule]);
  }
});
