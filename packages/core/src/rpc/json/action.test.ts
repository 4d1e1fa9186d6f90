import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { encodeAction, type LedgerAction } from '../../ledger/actions/registry.ts';
import { tokenId } from '../../ledger/token.ts';
import { formatAddress } from '../../primitives/address.ts';
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

test('actions about validators name keys in hexadecimal and addresses with their prefix', () => {
  const key = new Uint8Array(32).fill(0xab);
  const [hex, address, five] = ['ab'.repeat(32), formatAddress(key, 'dcal'), amount(5)];
  const cases: readonly [LedgerAction, object][] = [
    [
      { kind: 'bond', publicKey: key, payTo: key, amount: five, commissionPermille: 30 },
      { validator: hex, payTo: address, amount: 5, commissionPermille: 30 },
    ],
    [
      { kind: 'delegate', validator: key, amount: five },
      { validator: hex, amount: 5 },
    ],
    [
      { kind: 'unbond', validator: key, amount: five },
      { validator: hex, shares: 5 },
    ],
    [
      { kind: 'redelegate', from: key, to: new Uint8Array(32), shares: five },
      { from: hex, to: '00'.repeat(32), shares: 5 },
    ],
    [
      { kind: 'withdraw', validator: key, epoch: 3, amount: five },
      { validator: hex, epoch: 3, amount: 5 },
    ],
    [
      { kind: 'validator-edit', validator: key, payTo: key, commissionPermille: 1 },
      { validator: hex, payTo: address, commissionPermille: 1 },
    ],
    [{ kind: 'unjail', validator: key }, { validator: hex }],
    [
      { kind: 'evidence', claim: five, bytes: Uint8Array.of(1) },
      { claim: 5, evidence: '01' },
    ],
    [{ kind: 'certificate', bytes: Uint8Array.of(1) }, { certificate: '01' }],
    [
      { kind: 'authority-vote', voter: key, change: 'add', subject: key },
      { voter: hex, change: 'add', subject: hex },
    ],
  ];
  for (const [action, fields] of cases) {
    assert.deepEqual(shown(action), { kind: action.kind, ...fields });
    assert.ok(actionJson.parse(shown(action), 'action').ok, action.kind);
  }
});
