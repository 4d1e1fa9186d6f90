import assert from 'node:assert/strict';
import { test } from 'node:test';
import { amount } from '../../base/amount.ts';
import { verifySignature } from '../../crypto/signature.ts';
import { NATIVE_ASSET } from '../../primitives/output.ts';
import { decodeReceipts } from '../../primitives/receipt.ts';
import { viewOf } from '../../state/view.ts';
import { applyBlock } from '../apply-block.ts';
import { readSupply } from '../supply.ts';
import { History } from '../testing/history.testing.ts';
import { keyOpening, signForReal, testKey } from '../testing/owners.testing.ts';
import { allocationOf, outputOf, type SpendOptions, spend } from '../testing/spend.testing.ts';
import { readToken, tokenId } from '../token.ts';
import { readDataRecord } from './data.ts';

/** A history that makes one block for each transaction, with every signature checked. */
function begin() {
  const history = new History({ seed: 8, signer: signForReal });
  const view = () => viewOf(history.state);
  const make = (options: SpendOptions) =>
    spend({ spec: history.spec, env: history.env, view: view() }, options);
  const run = (options: SpendOptions) => {
    const tx = make(options);
    const { state } = history;
    const { block, env } = history.add([tx]);
    assert.equal(block.transactions.length, 2, 'the transaction was refused');
    assert.ok(applyBlock(history.spec, state, block, env, verifySignature).ok);
    return tx;
  };
  return { history, view, make, run };
}

const to = (n: number, asset: number, value: number) => ({
  asset,
  amount: amount(value),
  address: testKey(n).address,
});

test('a token from its creation to its last unit: create, send, mint up to the maximum, burn, mint again', () => {
  const { history, view, run } = begin();
  const from = allocationOf(history, 'key 0');
  const asset = tokenId(from.outpoint, 0);
  const gas = (n: number, round: number) => allocationOf(history, `key ${n}`, round);
  const created = run({
    from: [from],
    outputs: [to(0, asset, 60)],
    actions: [
      {
        kind: 'token-create',
        symbol: 'CUP',
        name: 'Cup of coffee',
        decimals: 1,
        supplyMax: amount(100),
        supply: amount(60),
        minter: testKey(1).address,
      },
    ],
  });
  const record = {
    symbol: 'CUP',
    name: 'Cup of coffee',
    decimals: 1,
    supplyMax: 100,
    supply: 60,
    minter: testKey(1).address,
    height: 1,
    txid: created.txid,
  };
  assert.deepEqual(readToken(view(), asset), record);

  const sent = run({
    from: [gas(0, 1), outputOf(created, 0, keyOpening(testKey(0)))],
    outputs: [to(2, asset, 25), to(0, asset, 35)],
  });
  assert.deepEqual(readToken(view(), asset), record, 'sending changes no record');

  const minted = run({
    from: [gas(1, 0)],
    outputs: [to(1, asset, 40)],
    actions: [{ kind: 'token-mint', asset, amount: amount(40) }],
  });
  assert.equal(readToken(view(), asset)?.supply, 100);

  run({
    from: [gas(2, 0), outputOf(sent, 0, keyOpening(testKey(2)))],
    actions: [{ kind: 'token-burn', asset, amount: amount(25) }],
  });
  assert.equal(readToken(view(), asset)?.supply, 75);

  run({
    from: [gas(1, 1), outputOf(minted, 0, keyOpening(testKey(1)))],
    outputs: [to(1, asset, 65)],
    actions: [{ kind: 'token-mint', asset, amount: amount(25) }],
  });
  assert.deepEqual(readToken(view(), asset), { ...record, supply: 100 }, 'room that was burned free');
});

test('a token without a minter keeps its first supply but for what is burned', () => {
  const { history, view, run } = begin();
  const from = allocationOf(history, 'key 3');
  const asset = tokenId(from.outpoint, 1);
  run({
    from: [from],
    outputs: [to(3, asset, 5)],
    actions: [
      { kind: 'data', hash: new Uint8Array(32), note: '' },
      {
        kind: 'token-create',
        symbol: 'ART',
        name: '',
        decimals: 0,
        supplyMax: amount(6),
        supply: amount(6),
        minter: new Uint8Array(32),
      },
      { kind: 'token-burn', asset, amount: amount(1) },
    ],
  });
  assert.equal(readToken(view(), asset)?.supply, 5);
});

test('burned native coins leave the supply, beside the base fees', () => {
  const { history, view, run } = begin();
  const before = readSupply(view());
  const actions = [{ kind: 'token-burn', asset: NATIVE_ASSET, amount: amount(12_345) }] as const;
  run({ from: [allocationOf(history, 'key 0')], actions });
  const receipts = decodeReceipts(history.blocks[0]?.result.receipts ?? new Uint8Array(0));
  const fees = receipts[1]?.burned;
  assert.deepEqual(readSupply(view()), {
    issued: before.issued + history.spec.economy.reward,
    burned: 12_345 + (fees as number),
  });
});

test('a notarised hash: proved by author, height and time; once for each author', () => {
  const { history, view, make, run } = begin();
  const hash = new Uint8Array(32).fill(3);
  const [alice, bob] = [allocationOf(history, 'key 1'), allocationOf(history, 'multisig')];
  const actions = [{ kind: 'data', hash, note: 'contract of sale' }] as const;
  // The first witness is the author, whoever else takes part.
  const tx = run({ from: [alice, bob], actions });
  const record = { height: 1, timeMs: history.head.header.timeMs, txid: tx.txid };
  assert.deepEqual(readDataRecord(view(), testKey(1).address, hash), record);
  const multisig = history.owners[4];
  assert.ok(multisig);
  assert.equal(readDataRecord(view(), multisig.address, hash), undefined);

  const again = make({ from: [allocationOf(history, 'key 1', 1)], actions });
  assert.equal(history.fork(1, 0).add([again]).block.transactions.length, 1, 'refused');
  run({ from: [allocationOf(history, 'multisig', 1)], actions });
  assert.equal(readDataRecord(view(), multisig.address, hash)?.height, 2);
  assert.deepEqual(readDataRecord(view(), testKey(1).address, hash), record, 'the first entry stands');
});

test('the same hash twice in one transaction is one too many', () => {
  const { history, make } = begin();
  const note = { kind: 'data', hash: new Uint8Array(32), note: '' } as const;
  const twice = make({ from: [allocationOf(history, 'key 1')], actions: [note, note] });
  assert.equal(history.add([twice]).block.transactions.length, 1);
});
