import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { encodeAction, type LedgerAction } from '../../ledger/actions/registry.ts';
import { tokenId } from '../../ledger/token.ts';
import { actionJson, presentAction } from './action.ts';

const first = { txid: new Uint8Array(32).fill(9), index: 4 };
const shown = (action: LedgerAction) => presentAction(encodeAction(action), 2, first, 'dcal');

test('minting and burning name asset and amount', () => {
  for (const kind of ['token-mint', 'token-burn'] as const) {
    const action = { kind, asset: 5, amount: amount(7) };
    assert.deepEqual(shown(action), action);
  }
});

test('a new token is shown with the id that follows from the first input and the position', () => {
  const token = { symbol: 'A', name: '', decimals: 0, supplyMax: amount(1), supply: amount(1) };
  const json = shown({ kind: 'token-create', ...token, minter: new Uint8Array(32) });
  assert.deepEqual(json, { kind: 'token-create', asset: tokenId(first, 2), ...token, minter: null });
});

test('what cannot be read is shown as its bytes', () => {
  const json = presentAction({ tag: 200, body: Uint8Array.of(1, 2) }, 0, first, 'dcal');
  assert.deepEqual(json, { kind: 'unknown', tag: 200, body: '0102' });
  const torn = presentAction({ tag: 3, body: Uint8Array.of(1) }, 0, undefined, 'dcal');
  assert.deepEqual(torn, { kind: 'unknown', tag: 3, body: '01' });
  for (const one of [json, torn]) assert.ok(actionJson.parse(one, 'action').ok);
});
