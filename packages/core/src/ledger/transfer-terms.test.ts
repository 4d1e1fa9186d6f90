import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AMOUNT_MAX, type Amount, amount } from '../base/amount.ts';
import { concatBytes } from '../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../base/fuzz.testing.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { flattenTransactions } from '../primitives/flat-transactions.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { createTransaction, type Transaction } from '../primitives/transaction.ts';
import { coinKey, fmix32 } from '../state/coin.ts';
import { MapCoins } from '../state/map-coins.ts';
import { TreeCoinMap } from '../state/tree-coin-map.ts';
import { Overlay, type StateView, viewOf } from '../state/view.ts';
import { applyChanges, type WorldState } from '../state/world-state.ts';
import { applyTransaction } from './apply-transaction.ts';
import { checkShape } from './check-shape.ts';
import type { BlockEnvironment } from './environment.ts';
import { History } from './testing/history.testing.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';
import { TransferQuotes } from './transfer-quotes.ts';
import { isShapedTransfer } from './transfer-shape.ts';
import { transferTerms } from './transfer-terms.ts';

const hasher = createPlainHasher();

/** One transaction, both ways: the short one never says what the long one does not. True when it was taken. */
function compare(
  { spec }: History,
  view: StateView,
  tx: Transaction,
  env: BlockEnvironment,
): { readonly isShort: boolean; readonly isValid: boolean } {
  const terms = transferTerms(spec, tx, env, ({ txid, index }) => view.coin(coinKey(txid, index)));
  const flat = flattenTransactions([tx], env.chainId, hasher);
  const isShaped = checkShape(spec, tx).ok;
  // Only amounts that add up to more than there is, over all assets, are left to the plain rules.
  const isHuge = tx.outputs.reduce((sum, { amount: paid }) => sum + paid, 0) > AMOUNT_MAX;
  assert.equal(isShapedTransfer(spec, flat, 0), isShaped && flat.isTransfer[0] === 1 && !isHuge);
  const applied = applyTransaction(spec, new Overlay(view), tx, env, SIGNATURES_CHECKED);
  if (terms !== undefined) {
    assert(applied.ok, applied.ok ? '' : `the short way takes what breaks ${applied.error.rule}`);
    assert.deepEqual(terms, { fee: applied.value.fee, gas: applied.value.gasUsed });
  }
  return { isShort: terms !== undefined, isValid: applied.ok };
}

/** The transaction with something about it changed; its signatures do not matter here. */
function changed(tx: Transaction, chainId: Uint8Array, random: SeededRandom): Transaction {
  const body = { ...tx, witnesses: [...tx.witnesses] };
  const [input] = tx.inputs as readonly [Outpoint];
  switch (random.below(9)) {
    case 0:
      body.inputs = [...tx.inputs, random.pick(tx.inputs)];
      break;
    case 1:
      body.inputs = [...tx.inputs, alias(input, random.below(3))];
      break;
    case 2:
      body.inputs = [alias(input, random.below(3)), ...tx.inputs.slice(1)];
      break;
    case 3:
      body.inputs = tx.inputs.toReversed();
      break;
    case 4:
      body.outputs = tx.outputs.map((output) => ({ ...output, amount: nudged(output.amount, random) }));
      break;
    case 5:
      body.outputs = tx.outputs.map((output) => ({ ...output, asset: random.below(2) }));
      break;
    case 6:
      body.witnesses.reverse();
      break;
    case 7:
      if (random.oneIn(2)) body.witnesses.pop();
      else body.witnesses.push(random.pick(tx.witnesses));
      break;
    default:
      body.expiryHeight = random.below(8);
  }
  return createTransaction({ ...body, witnessCount: body.witnesses.length }, body.witnesses, chainId);
}

/** Another outpoint with the coin key of this one. */
function alias({ txid, index }: Outpoint, other: number): Outpoint {
  const copy = txid.slice();
  const mask = fmix32(index) ^ fmix32(other);
  for (let i = 0; i < 4; i++) copy[i] = (copy[i] as number) ^ ((mask >>> (8 * i)) & 0xff);
  return { txid: copy, index: other };
}

function nudged(value: Amount, random: SeededRandom): Amount {
  return amount(Math.max(0, random.pick([value - 1, value + 1, value, 0, 2 ** 53 - 1, 1])));
}

/** What the short way is for. */
function isPlain(view: StateView, { inputs, outputs, actions, witnesses }: Transaction): boolean {
  const coins = inputs.map(({ txid, index }) => view.coin(coinKey(txid, index)));
  return (
    actions.length === 0 &&
    witnesses.every(({ lock }) => lock.kind === 'key') &&
    outputs.every(({ asset }) => asset === 0) &&
    coins.every((coin, i) => coin?.asset === 0 && !coin.reward && coin.index === inputs[i]?.index)
  );
}

/** The same state with its coins in a map, as nodes have them. */
function inWords({ coins, storage }: WorldState): WorldState {
  return { coins: MapCoins.over(new TreeCoinMap()).load(concatBytes(...coins.entries(1000))), storage };
}

test('quotes of transfers that came together are the terms of each, and those of nothing else', () => {
  const counts = { quoted: 0, others: 0 };
  for (let seed = 20; seed < 32; seed++) {
    const random = seededRandom(seed);
    const history = new History({ seed });
    for (let height = 0; height < 3; height++) history.grow(6);
    const { spec, env, chainId } = history;
    let state = history.state;
    for (const tx of history.transactions(25)) {
      const copies = isPlain(viewOf(state), tx) ? 80 : 4;
      const all = [tx, ...Array.from({ length: copies }, () => changed(tx, chainId, random)), tx];
      const flat = flattenTransactions(all, chainId, hasher);
      const quotes = TransferQuotes.open(spec, inWords(state), env, flat);
      const view = viewOf(state);
      all.forEach((one, i) => {
        const terms = transferTerms(spec, one, env, ({ txid, index }) => view.coin(coinKey(txid, index)));
        assert.deepEqual(quotes?.quote(i), terms);
        counts[terms === undefined ? 'others' : 'quoted']++;
      });
      const overlay = new Overlay(view);
      assert(applyTransaction(spec, overlay, tx, env, SIGNATURES_CHECKED).ok);
      state = applyChanges(state, overlay.changes()).state;
    }
  }
  assert(counts.quoted > 50 && counts.others > 100, JSON.stringify(counts));
});

test('the short way agrees with the long one on random transactions and damaged copies of them', () => {
  const counts = { short: 0, long: 0, refused: 0 };
  for (let seed = 0; seed < 12; seed++) {
    const random = seededRandom(seed);
    const history = new History({ seed });
    for (let height = 0; height < 3; height++) history.grow(6);
    const { spec, env, chainId } = history;
    const view = new Overlay(viewOf(history.state));
    for (const tx of history.transactions(25)) {
      const { isShort } = compare(history, view, tx, env);
      assert.equal(isShort, isPlain(view, tx), 'every plain transfer goes the short way, and no other');
      for (let i = isShort ? 80 : 5; i > 0; i--) {
        const copy = changed(tx, chainId, random);
        const baseFee = random.oneIn(3) ? amount(env.baseFee * (1 + random.below(4))) : env.baseFee;
        const at = { ...env, baseFee, height: env.height + random.below(2) };
        const { isValid, isShort: isShortCopy } = compare(history, view, copy, at);
        counts[isShortCopy ? 'short' : isValid ? 'long' : 'refused']++;
      }
      assert(applyTransaction(spec, view, tx, env, SIGNATURES_CHECKED).ok);
    }
  }
  assert(counts.short > 100 && counts.long > 100 && counts.refused > 100, JSON.stringify(counts));
});
