import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { hash } from '../crypto/hash.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type Admission, admitTogether } from './admit-together.ts';

const id = (n: number) => hash('seal', Uint8Array.of(n));

/** A transaction that builds on others; only its id and its inputs matter here. */
function transaction(n: number, ...parents: number[]): Transaction {
  const inputs = parents.map((parent) => ({ txid: id(parent), index: 0 }));
  const empty = new Uint8Array(0);
  return {
    expiryHeight: 0,
    inputs,
    outputs: [],
    actions: [],
    witnessCount: 0,
    witnesses: [],
    bytes: empty,
    txid: id(n),
  };
}

/** A pool that finds some transactions poor alone and some hopeless. */
class PickyPool implements Admission {
  readonly packages: string[][] = [];
  readonly #poor: ReadonlySet<string>;
  readonly #hopeless: ReadonlySet<string>;

  constructor(poor: number[], hopeless: number[] = []) {
    this.#poor = new Set(poor.map((n) => toHex(id(n))));
    this.#hopeless = new Set(hopeless.map((n) => toHex(id(n))));
  }

  add({ txid }: Transaction): Result<unknown> {
    const name = toHex(txid);
    if (this.#hopeless.has(name)) return refusal('tx/expired');
    return this.#poor.has(name) ? refusal('mempool/fee-too-low') : { ok: true, value: undefined };
  }

  addPackage(together: readonly Transaction[]): Result<unknown> {
    const names = together.map(({ txid }) => toHex(txid));
    this.packages.push(names);
    return this.#hopeless.has(names.at(-1) ?? '') ? refusal('tx/expired') : { ok: true, value: undefined };
  }
}

function refusal(rule: string): Result<never> {
  return { ok: false, error: { rule, message: '', help: '', evidence: {}, banPoints: 0, retry: false } };
}

const outcome = (verdicts: readonly Result<unknown>[]) =>
  verdicts.map((one) => (one.ok ? 'ok' : one.error.rule));

describe('transactions that are submitted together', () => {
  test('a child pays for its parent and its grandparent, which are then accepted too', () => {
    const pool = new PickyPool([1, 2]);
    const verdicts = admitTogether([transaction(1), transaction(2, 1), transaction(3, 2)], pool);
    assert.deepEqual(outcome(verdicts), ['ok', 'ok', 'ok']);
    assert.deepEqual(pool.packages, [[1, 2].map((n) => toHex(id(n)))]);
  });

  test('a parent whose child cannot help stays refused by its own rule', () => {
    const pool = new PickyPool([1], [2]);
    const verdicts = admitTogether([transaction(1), transaction(2, 1)], pool);
    assert.deepEqual(outcome(verdicts), ['mempool/fee-too-low', 'tx/expired']);
  });

  test('those that have nothing to do with it go alone', () => {
    const pool = new PickyPool([1], [4]);
    const verdicts = admitTogether([transaction(1), transaction(3, 9), transaction(4)], pool);
    assert.deepEqual(outcome(verdicts), ['mempool/fee-too-low', 'ok', 'tx/expired']);
    assert.deepEqual(pool.packages, []);
  });
});
