import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Refusal } from '../base/result.ts';
import { verifySignature } from '../crypto/signature.ts';
import type { Receipt } from '../primitives/receipt.ts';
import { Overlay, viewOf } from '../state/view.ts';
import { applyTransaction } from './apply-transaction.ts';
import { History } from './testing/history.testing.ts';
import { signForReal } from './testing/owners.testing.ts';
import type { Purse } from './testing/spend.testing.ts';
import { allocationOf, spend } from './testing/spend.testing.ts';

const history = new History({ seed: 1 });
const genesisTimeMs = history.spec.genesisTimeMs;

/** Spends an allocation (a coin of height 0) in a block of this height and time. */
function attempt(purse: Purse, height: number, timeMs = genesisTimeMs + 1000): Receipt | Refusal {
  const { spec } = history;
  const env = { ...history.env, height, timeMs };
  const overlay = new Overlay(viewOf(history.state));
  const tx = spend({ spec, env, view: overlay }, { from: [purse] });
  const applied = applyTransaction(spec, overlay, tx, env, verifySignature);
  return applied.ok ? applied.value : applied.error;
}

function assertOpens(purse: Purse, height: number, timeMs?: number): void {
  assert.ok('fee' in attempt(purse, height, timeMs));
}

function assertShut(purse: Purse, rule: string, evidence: object, height: number, timeMs?: number): void {
  const refusal = attempt(purse, height, timeMs);
  assert.ok('rule' in refusal, 'the lock opened');
  assert.equal(refusal.rule, rule);
  assert.deepEqual(refusal.evidence, evidence);
}

test('key: opens at once', () => assertOpens(allocationOf(history, 'key 1'), 1));

test('multisig: two of three open at once', () => assertOpens(allocationOf(history, 'multisig'), 1));

test('timelock by height: opens at its height and stays open', () => {
  const purse = allocationOf(history, 'timelock by height');
  assertShut(purse, 'tx/height-too-low', { got: 2, expected: 3 }, 2);
  assertOpens(purse, 3);
  assertOpens(purse, 4_000_000_000);
});

test('timelock by time: opens at the header time, around a multisig', () => {
  const purse = allocationOf(history, 'timelock by time');
  const from = genesisTimeMs + 3500;
  assertShut(purse, 'tx/time-too-early', { got: from - 1, expected: from }, 9, from - 1);
  assertOpens(purse, 9, from);
});

test('htlc: the receiver claims with the secret at any height', () => {
  const claim = allocationOf(history, 'htlc', 0, 0);
  assertOpens(claim, 1);
  assertOpens(claim, 1000);
  const { opening } = claim;
  const wrong = { ...claim, opening: { ...opening, preimage: new Uint8Array(32) } };
  const refusal = attempt(wrong, 1);
  assert.ok('rule' in refusal);
  assert.equal(refusal.rule, 'tx/preimage-wrong');
  // SHA-256 of 32 zero bytes.
  assert.equal(refusal.evidence['got'], '66687aadf862bd776c8fc18b8e9f8e20089714856ee233b3902a591d0d5f2925');
});

test('htlc: the sender takes it back from the refund height on', () => {
  const refund = allocationOf(history, 'htlc', 0, 1);
  assertShut(refund, 'tx/height-too-low', { got: 3, expected: 4 }, 3);
  assertOpens(refund, 4);
});

test('recoverable: the owner at once, the guardians once the coin has rested', () => {
  assertOpens(allocationOf(history, 'recoverable', 0, 0), 1);
  const guardians = allocationOf(history, 'recoverable', 0, 1);
  assertShut(guardians, 'tx/age-too-low', { got: 1, expected: 2 }, 1);
  assertOpens(guardians, 2);
});

test('a key of the wrong path does not open another one', () => {
  const claim = allocationOf(history, 'htlc', 0, 0);
  const refund = allocationOf(history, 'htlc', 0, 1);
  // The receiver signs, but in the place of the sender.
  const { spec, env } = history;
  const overlay = new Overlay(viewOf(history.state));
  const later = { ...env, height: 4 };
  const tx = spend(
    { spec, env: later, view: overlay },
    { from: [refund], signer: (txid) => signature(claim, txid) },
  );
  const applied = applyTransaction(spec, overlay, tx, later, verifySignature);
  assert.equal(applied.ok ? '' : applied.error.rule, 'tx/signature-invalid');
});

function signature({ opening }: Purse, txid: Uint8Array): Uint8Array {
  const [key] = opening.signers;
  assert.ok(key);
  return signForReal(txid, key);
}
