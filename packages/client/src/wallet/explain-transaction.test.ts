import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '@calin/core/base/amount.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { encodeAction, type LedgerAction } from '@calin/core/ledger/actions/registry.ts';
import { testKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { addressOf, formatAddress } from '@calin/core/primitives/address.ts';
import type { Lock } from '@calin/core/primitives/lock.ts';
import { sortKeys } from '@calin/core/primitives/locks/key-set.ts';
import { buildTransaction } from '../transaction-builder/build-transaction.ts';
import { createPartial } from '../transaction-builder/partial-transaction.ts';
import {
  CHAIN_ID,
  coin,
  keyOpening,
  must,
  payment,
  request,
  SPEC,
} from '../transaction-builder/wallet.testing.ts';
import { explainTransaction, type WalletKnowledge } from './explain-transaction.ts';
import { statementWords, warningWords } from './explain-words.ts';

const PAYER = formatAddress(testKey(9).address, 'dcal');
const PAYEE = formatAddress(testKey(8).address, 'dcal');
const TOKEN = 77;

/** A wallet with the keys of the payer and its change, which knows everything that a test does not change. */
function knowledge(changes: Partial<WalletKnowledge> = {}): WalletKnowledge {
  return {
    chainId: CHAIN_ID,
    spec: SPEC,
    addressPrefix: 'dcal',
    ownKeys: [testKey(0).publicKey, testKey(9).publicKey],
    ownAddresses: new Set(),
    names: new Map([[PAYEE, 'bob']]),
    paidAddresses: new Set(),
    tokens: new Map([[TOKEN, { symbol: 'TEA', decimals: 2 }]]),
    typicalFeePerGas: 10,
    holdings: undefined,
    inputsKnown: true,
    ...changes,
  };
}

function explain(changes: Parameters<typeof request>[0], known: Partial<WalletKnowledge> = {}) {
  const unsigned = must(buildTransaction(request(changes)));
  const wallet = knowledge(known);
  const { statements, warnings } = explainTransaction(createPartial(unsigned, CHAIN_ID), wallet);
  return {
    unsigned,
    words: statements.map((statement) => statementWords(statement, wallet)),
    warnings: warnings.map(({ id }) => id),
    warningText: warnings.map((warning) => warningWords(warning, wallet)),
  };
}

test('a payment is told whole: what is spent, who is paid, what comes back and the fee to the hug', () => {
  const { words, warnings, unsigned } = explain({
    coins: [coin(500_000_000)],
    outputs: [payment(200_000_000)],
    expiryHeight: 900,
  });
  const fee = unsigned.fee;
  assert.deepEqual(words, [
    'Spends 5 CALIN in 1 coin',
    `Pays 2 CALIN to bob (${PAYEE})`,
    `Keeps ${(300_000_000 - fee) / 1e8} CALIN at ${PAYER}, which is yours`,
    `Costs a fee of ${(fee / 1e8).toFixed(8).replace(/0+$/, '')} CALIN, at most 0.1 % of what is paid`,
    'Can be in no block after height 900',
  ]);
  assert.deepEqual(warnings, []);
});

test('each warning is given for its reason and no other', () => {
  const pay = { coins: [coin(500_000_000)], outputs: [payment(200_000_000)] };
  assert.deepEqual(explain(pay, { names: new Map() }).warnings, ['new-address']);
  assert.ok(explain(pay, { names: new Map() }).warningText[0]?.includes(PAYEE));
  assert.deepEqual(explain(pay, { names: new Map(), paidAddresses: new Set([PAYEE]) }).warnings, []);
  assert.deepEqual(explain(pay, { chainId: hash('header', Uint8Array.of(2)) }).warnings, ['foreign-chain']);
  assert.deepEqual(explain(pay, { inputsKnown: false }).warnings, ['inputs-unproved']);
  assert.deepEqual(explain(pay, { typicalFeePerGas: 2 }).warnings, ['large-fee']);
  assert.deepEqual(explain(pay, { typicalFeePerGas: undefined }).warnings, []);
  const small = { coins: [coin(500_000_000)], outputs: [payment(20_000)] };
  assert.deepEqual(explain(small).warnings, ['large-fee']);
  const token = { coins: [coin(500_000_000), coin(100, keyOpening(), TOKEN)], outputs: [payment(60, TOKEN)] };
  assert.deepEqual(explain(token).warnings, []);
  assert.ok(explain(token).words.includes(`Pays 0.6 TEA (asset ${TOKEN}) to bob (${PAYEE})`));
  assert.deepEqual(explain(token, { tokens: new Map() }).warnings, ['unknown-token']);
  const all = { coins: [coin(500_000_000), coin(60, keyOpening(), TOKEN)], outputs: [payment(60, TOKEN)] };
  const holdings = new Map([
    [0, 900_000_000],
    [TOKEN, 60],
  ]);
  assert.deepEqual(explain(all, { holdings }).warnings, ['everything']);
  assert.deepEqual(explain(all, { holdings: new Map([[TOKEN, 61]]) }).warnings, []);
});

test('inputs that cannot pay for the outputs are seen, whatever their maker claims', () => {
  const unsigned = must(
    buildTransaction(request({ coins: [coin(500_000_000)], outputs: [payment(200_000_000)] })),
  );
  const partial = createPartial(unsigned, CHAIN_ID);
  const lied = { ...partial, coins: [{ asset: 0, amount: amount(100) }] };
  const ids = explainTransaction(lied, knowledge({ inputsKnown: false })).warnings.map(({ id }) => id);
  assert.deepEqual(ids, ['inputs-unproved', 'inputs-short']);
});

test('what goes back to a lock in which an own key takes part has not left; to another it has', () => {
  const lock: Lock = {
    kind: 'multisig',
    threshold: 2,
    publicKeys: sortKeys([0, 4, 5].map((n) => testKey(n).publicKey)),
  };
  const spend = {
    coins: [coin(500_000_000, { lock, path: 0 })],
    outputs: [payment(200_000_000)],
    changeAddress: addressOf(lock),
  };
  const mine = explain(spend).words;
  assert.match(mine[2] ?? '', /^Keeps .* which is yours$/);
  assert.match(mine.at(-1) ?? '', /^Opens the lock dcal1\S+ with 2 of 3 keys$/);
  const foreign = explain(spend, { ownKeys: [] });
  assert.match(foreign.words[2] ?? '', /^Pays /);
  assert.deepEqual(foreign.warnings, ['new-address']);
});

test('every action has words, and one that is not known is said to be', () => {
  const bytes = Uint8Array.of(1, 2, 3);
  const [key, address] = [testKey(3).publicKey, testKey(3).address];
  const one = amount(100_000_000);
  const actions: readonly LedgerAction[] = [
    { kind: 'data', hash: hash('coin', bytes), note: 'two\nlines' },
    {
      kind: 'token-create',
      symbol: 'TEA',
      name: 'Tea',
      decimals: 2,
      supplyMax: amount(900),
      supply: amount(150),
      minter: address,
    },
    { kind: 'token-mint', asset: TOKEN, amount: amount(150) },
    { kind: 'token-burn', asset: TOKEN, amount: amount(150) },
    { kind: 'bond', publicKey: key, payTo: address, amount: one, commissionPermille: 50 },
    { kind: 'delegate', validator: key, amount: one },
    { kind: 'unjail', validator: key },
    { kind: 'withdraw', validator: key, epoch: 4, amount: one },
  ];
  const partial = createPartial(
    must(buildTransaction(request({ coins: [coin(500_000_000)], outputs: [payment(1000)] }))),
    CHAIN_ID,
  );
  const body = { ...partial.body, actions: [...actions.map(encodeAction), { tag: 200, body: bytes }] };
  const wallet = knowledge();
  const { statements, warnings } = explainTransaction({ ...partial, body }, wallet);
  const words = statements.map((statement) => statementWords(statement, wallet)).join('\n');
  assert.ok(
    words.includes('the note "two\\nlines" into the chain'),
    'a note cannot pretend to be a line of ours',
  );
  assert.match(words, /Makes the token TEA \("Tea"\): 1\.5 at once, at most 9\n/);
  assert.match(words, /Destroys 1\.5 TEA \(asset 77\) for ever/);
  assert.match(words, /Bonds 1 CALIN for the validator [0-9a-f]{64}, which keeps 5 % /);
  assert.match(words, /Withdraws 1 CALIN .* in epoch 4/);
  assert.ok(warnings.some(({ id }) => id === 'unknown-action'));
});

test('the bond and what is delegated are no fee', () => {
  const delegate: LedgerAction = {
    kind: 'delegate',
    validator: testKey(3).publicKey,
    amount: amount(100_000_000),
  };
  const { words, unsigned } = explain({ coins: [coin(500_000_000)], actions: [delegate] });
  assert.ok(words.includes(`Costs a fee of ${(unsigned.fee / 1e8).toFixed(8).replace(/0+$/, '')} CALIN`));
});
