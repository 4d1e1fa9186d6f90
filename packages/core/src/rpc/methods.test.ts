import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { amount } from '../base/amount.ts';
import { equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { refuseSchema } from '../base/schema.ts';
import { refuseChain } from '../chain/rules.ts';
import { refuseCodec } from '../codec/rules.ts';
import { verifyMerkleProof } from '../crypto/merkle.ts';
import { refuseHistory } from '../history/rules.ts';
import { refuseIndex } from '../index/rules.ts';
import { tokenId } from '../ledger/token.ts';
import { refuseNode } from '../node/rules.ts';
import { refuseP2p } from '../p2p/rules.ts';
import { type Header, headerId } from '../primitives/header.ts';
import { parseTransaction, transactionLeaf } from '../primitives/transaction.ts';
import { specHash } from '../spec/chain-spec.ts';
import { parseGenesisFile } from '../spec/genesis-file.ts';
import { coinHash, coinKey, parseCoin } from '../state/coin.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { parseStateProof, verifyStateProof } from '../state/state-proof.ts';
import type { TransactionJson } from './json/transaction.ts';
import type { AnyMethod, ParamsOf, ResultOf } from './method.ts';
import { METHODS, type Methods } from './methods.ts';
import { ALICE, BOB, rpcSpec, TestFace, textOf } from './node-view.testing.ts';
import { refuseRpc } from './rules.ts';

const table: readonly [string, AnyMethod][] = Object.entries(METHODS);

/** Calls a method that must succeed; its result must have the shape that it declares. */
function call<Name extends keyof Methods>(
  face: TestFace,
  name: Name,
  params: ParamsOf<Methods[Name]>,
): ResultOf<Methods[Name]> {
  const { result, error } = face.call(name, params);
  assert.equal(error, undefined, `${name}: ${JSON.stringify(error)}`);
  const shaped = (METHODS[name] as AnyMethod).result.parse(result, 'result');
  assert.ok(shaped.ok, `${name}: ${shaped.ok ? '' : JSON.stringify(shaped.error)}`);
  assert.deepEqual(shaped.value, result);
  assert.deepEqual(face.failures, []);
  return result as ResultOf<Methods[Name]>;
}

/** Calls a method that must refuse, and gives the rule. */
function refused(face: TestFace, name: keyof Methods, params: unknown): string {
  const { error } = face.call(name, params);
  assert.deepEqual(face.failures, []);
  return (error as { data: { rule: string } }).data.rule;
}

describe('the table of methods', () => {
  test('every method stands under its own name', () => {
    for (const [name, method] of table) assert.equal(method.name, name);
  });

  test('every example has the declared shape', () => {
    for (const [name, { params, example }] of table) {
      const parsed = params.parse(example, 'params');
      assert.ok(parsed.ok, `${name}: ${parsed.ok ? '' : JSON.stringify(parsed.error)}`);
    }
  });

  test('every documented error is a rule', () => {
    const tables = [
      refuseRpc,
      refuseChain,
      refuseNode,
      refuseP2p,
      refuseCodec,
      refuseHistory,
      refuseIndex,
      refuseSchema,
    ];
    const rules = new Set(tables.flatMap((refuse) => Object.keys(refuse.rules)));
    for (const [name, { errors }] of table) {
      for (const rule of errors) assert.ok(rules.has(rule), `${name} documents ${rule}`);
      assert.equal(new Set(errors).size, errors.length);
    }
  });

  test('the methods of development networks are those named dev_, and say so', () => {
    for (const [name, { devOnly, errors }] of table) {
      assert.equal(devOnly, name.startsWith('dev_'), name);
      assert.equal(errors.includes('rpc/dev-only'), devOnly, name);
    }
  });

  test('every example is answered by a development node: by a result of its shape or a documented rule', () => {
    for (const [name, method] of table) {
      const face = new TestFace();
      const { result, error } = face.call(name, method.example);
      assert.deepEqual(face.failures, [], name);
      if (error === undefined) {
        if (method.kind !== 'host') assert.ok(method.result.parse(result, name).ok, name);
      } else {
        const { rule } = (error as { data: { rule: string } }).data;
        assert.ok(method.errors.includes(rule), `${name} refused by ${rule}`);
      }
    }
  });
});

describe('the chain', () => {
  const face = new TestFace();
  const payment = face.payment(0);
  const txid = face.submit(payment);

  test('node_status says where the chain is', () => {
    const status = call(face, 'node_status', {});
    assert.equal(status.head.height, 1);
    assert.equal(status.life, 'ready');
    assert.equal(status.chainId, toHex(face.node.queries.chainId));
    assert.equal(status.mempool.transactions, 0);
    assert.equal(status.addressPrefix, 'dcal');
    assert.ok(status.supply.issued > status.supply.burned && status.supply.burned > 0);
  });

  test('chain_getGenesis gives the chain back', () => {
    const parsed = parseGenesisFile(call(face, 'chain_getGenesis', {}));
    assert.ok(parsed.ok && equalBytes(specHash(parsed.value), specHash(rpcSpec)));
  });

  test('a block is found by height, by id, as the head, and only if it is there', () => {
    const head = call(face, 'chain_getBlock', {});
    assert.deepEqual(call(face, 'chain_getBlock', { height: 1 }), head);
    assert.deepEqual(call(face, 'chain_getBlock', { id: head.header.id }), head);
    assert.deepEqual(call(face, 'chain_getBlock', { at: 'head' }), head);
    assert.deepEqual(call(face, 'chain_getHeader', { height: 1 }), head.header);
    assert.equal(call(face, 'chain_getHeader', { at: 'final' }).height, 0);
    assert.equal(head.txids[1], txid);
    assert.equal(head.transactions, undefined);
    assert.equal(refused(face, 'chain_getBlock', { height: 2 }), 'rpc/block-unknown');
    assert.equal(refused(face, 'chain_getHeader', { id: '00'.repeat(32) }), 'rpc/block-unknown');
    assert.equal(refused(face, 'chain_getBlock', { height: 1, at: 'head' }), 'rpc/block-selector');
  });

  test('a full block tells its transactions and what each did', () => {
    const { transactions, receipts } = call(face, 'chain_getBlock', { transactions: 'full' });
    assert.equal(transactions?.length, 2);
    assert.equal(transactions?.[1]?.txid, txid);
    assert.equal(receipts?.[1]?.fee, receipts?.[1]?.burned);
    assert.ok((receipts?.[1]?.fee ?? 0) > 0);
    const genesis = call(face, 'chain_getBlock', { height: 0, transactions: 'full' });
    assert.deepEqual(genesis.txids, []);
  });

  test('a header holds all that its id is made from', () => {
    const json = call(face, 'chain_getHeader', {});
    const { parent, txRoot, receiptRoot, stateRoot, seal, ...plain } = json;
    const producer = face.node.queries.status().head.header.producer;
    const hashes = { parent, txRoot, receiptRoot, stateRoot, seal };
    const bytes = Object.fromEntries(Object.entries(hashes).map(([name, hex]) => [name, fromHex(hex)]));
    assert.equal(toHex(headerId({ ...plain, ...bytes, producer } as unknown as Header)), json.id);
  });

  test('tx_get gives a transaction with its place, and its bytes are the whole of it', () => {
    const { transaction, block } = call(face, 'tx_get', { txid });
    assert.equal(block?.height, 1);
    assert.equal(block?.position, 1);
    assert.equal(block?.confirmations, 1);
    const parsed = parseTransaction(fromHex(transaction.bytes), face.node.queries.chainId);
    assert.ok(parsed.ok && equalBytes(parsed.value.txid, payment.txid));
    assert.equal(transaction.outputs[0]?.address, textOf(BOB));
    assert.equal(transaction.witnesses[0]?.address, textOf(ALICE));
    assert.equal(refused(face, 'tx_get', { txid: '00'.repeat(32) }), 'rpc/transaction-unknown');
  });

  test('tx_getProof leads from the bytes of the transaction to txRoot', () => {
    const { header, index, size, siblings } = call(face, 'tx_getProof', { txid });
    const proof = { index, size, siblings: siblings.map(fromHex) };
    assert.ok(verifyMerkleProof(fromHex(header.txRoot), transactionLeaf(payment), proof));
    assert.equal(header.id, call(face, 'chain_getHeader', { height: 1 }).id);
  });

  test('state_getProof proves a coin and its absence against the header', () => {
    const key = coinKey(payment.txid, 0);
    const { header, value, proof, present } = call(face, 'state_getProof', { coin: { txid, index: 0 } });
    const parsed = parseStateProof(fromHex(proof));
    const coin = parseCoin(fromHex(value ?? ''));
    assert.ok(parsed.ok && coin.ok && present);
    const verified = verifyStateProof(fromHex(header.stateRoot), 'coins', key, parsed.value);
    assert.ok(verified.ok && verified.value.present);
    assert.ok(equalBytes(verified.value.valueHash, coinHash(coin.value)));
    assert.ok(equalBytes(coin.value.address, BOB.address));
    const before = call(face, 'state_getProof', { coin: { txid, index: 0 }, height: 0 });
    assert.equal(before.present, false);
    assert.equal(before.value, null);
    assert.equal(before.header.height, 0);
  });

  test('state_getProof is about exactly one thing', () => {
    const coin = { txid, index: 0 };
    for (const params of [{}, { coin, token: 1 }, { namespace: 1 }, { key: '00' }, { coin, namespace: 1 }]) {
      assert.equal(refused(face, 'state_getProof', params), 'rpc/proof-key', JSON.stringify(params));
    }
    assert.equal(refused(face, 'state_getProof', { namespace: 99, key: '00' }), 'node/unknown-namespace');
    const key = '00'.repeat(8);
    assert.equal(call(face, 'state_getProof', { namespace: NAMESPACE.supply, key }).present, true);
  });
});

describe('accounts', () => {
  const face = new TestFace();
  const txid = face.submit(face.payment(0));

  test('account_getBalance adds up by asset and takes an unused address for an empty one', () => {
    const bob = { asset: 0, confirmed: 1000, immature: 0, incoming: 0, outgoing: 0 };
    assert.deepEqual(call(face, 'account_getBalance', { address: textOf(BOB) }), { balances: [bob] });
    const other = { asset: 77, confirmed: 0, immature: 0, incoming: 0, outgoing: 0 };
    const params = { address: textOf(BOB), asset: 77 };
    assert.deepEqual(call(face, 'account_getBalance', params), { balances: [other] });
  });

  test('an address with a typing error or of another network is refused with the reason', () => {
    const typo = textOf(BOB).replace(/.$/, (last) => (last === 'q' ? 'p' : 'q'));
    for (const name of ['account_getBalance', 'account_getCoins', 'account_getHistory'] as const) {
      assert.equal(refused(face, name, { address: typo }), 'codec/address', name);
      const { error } = face.call(name, { address: 'cal1qqqq' });
      assert.equal((error as { code: number }).code, -32602, name);
    }
  });

  test('account_getCoins goes through all coins page by page, each once', () => {
    const seen: string[] = [];
    let pages = 0;
    for (let after: { txid: string; index: number } | null | undefined; after !== null; pages++) {
      const params = { address: textOf(ALICE), limit: 7, ...(after === undefined ? {} : { after }) };
      const { coins, next } = call(face, 'account_getCoins', params);
      seen.push(...coins.map(({ outpoint }) => `${outpoint.txid}/${outpoint.index}`));
      after = next;
    }
    assert.equal(pages, 3);
    assert.equal(seen.length, 20);
    assert.equal(new Set(seen).size, 20);
    assert.ok(seen.includes(`${txid}/1`), 'the change is one of them');
    const { coins, next } = call(face, 'account_getCoins', { address: textOf(ALICE), limit: 20 });
    assert.equal(coins.length, 20);
    assert.equal(next, null, 'a page that holds just the rest is the last one');
  });

  test('account_getHistory goes back page by page, newest first', () => {
    for (const index of [1, 2]) {
      face.node.advance(2000);
      face.submit(face.payment(index));
    }
    const first = call(face, 'account_getHistory', { address: textOf(BOB), limit: 2 });
    assert.equal(first.total, 3);
    assert.deepEqual(
      first.entries.map(({ index }) => index),
      [2, 1],
    );
    assert.equal(first.next, 1);
    const rest = call(face, 'account_getHistory', { address: textOf(BOB), limit: 2, before: first.next });
    assert.deepEqual(
      rest.entries.map((entry) => entry.txid),
      [txid],
    );
    assert.equal(rest.next, null);
  });

  test('a page is bounded', () => {
    assert.equal(refused(face, 'account_getCoins', { address: textOf(BOB), limit: 1001 }), 'json/range');
    assert.equal(refused(face, 'account_getHistory', { address: textOf(BOB), limit: 101 }), 'json/range');
    assert.equal(refused(face, 'mempool_get', { limit: 1001 }), 'json/range');
    assert.equal(refused(face, 'tx_submit', { transactions: Array(1001).fill('') }), 'json/range');
  });
});

describe('tokens and notarised hashes', () => {
  const face = new TestFace();
  const note = { kind: 'data', hash: new Uint8Array(32).fill(7), note: 'A title' } as const;
  const create = {
    kind: 'token-create',
    symbol: 'GOLD',
    name: 'Gold',
    decimals: 2,
    supplyMax: amount(1_000_000),
    supply: amount(500),
    minter: ALICE.address,
  } as const;
  const asset = tokenId({ txid: specHash(rpcSpec), index: 0 }, 1);
  const outputs = [{ asset, amount: amount(500), address: BOB.address }];
  const txid = face.submit(face.payment(0, { actions: [note, create], outputs }));

  test('the actions of a transaction are shown with their meaning', () => {
    const { transaction } = call(face, 'tx_get', { txid });
    const created = { symbol: 'GOLD', name: 'Gold', decimals: 2, supplyMax: 1_000_000, supply: 500 };
    assert.deepEqual((transaction as TransactionJson).actions, [
      { kind: 'data', hash: '07'.repeat(32), note: 'A title' },
      { kind: 'token-create', asset, ...created, minter: textOf(ALICE) },
    ]);
  });

  test('token_get describes the token, account_getBalance who holds it, state_getProof proves it', () => {
    const token = call(face, 'token_get', { asset });
    assert.equal(token.symbol, 'GOLD');
    assert.equal(token.supply, 500);
    assert.equal(token.minter, textOf(ALICE));
    assert.equal(token.txid, txid);
    const { balances } = call(face, 'account_getBalance', { address: textOf(BOB), asset });
    assert.equal(balances[0]?.confirmed, 500);
    assert.equal(call(face, 'state_getProof', { token: asset }).present, true);
    assert.equal(call(face, 'state_getProof', { token: asset + 1 }).present, false);
    assert.equal(refused(face, 'token_get', { asset: asset + 1 }), 'rpc/token-unknown');
  });

  test('state_getProof finds a notarised hash by author and hash', () => {
    const key = toHex(ALICE.address) + '07'.repeat(32);
    const found = call(face, 'state_getProof', { namespace: NAMESPACE.data, key });
    assert.equal(found.present, true);
  });
});

describe('the pool', () => {
  const face = new TestFace({ production: { kind: 'off' } });
  const payment = face.payment(0);

  test('tx_submit gives a verdict on each, with rule and help', () => {
    const hex = toHex(payment.bytes);
    const verdicts = call(face, 'tx_submit', { transactions: [hex, hex, '0102'] });
    assert.deepEqual(verdicts[0], { txid: toHex(payment.txid), accepted: true });
    assert.equal(verdicts[1]?.accepted, false);
    assert.equal(verdicts[2]?.txid, null);
    assert.equal(verdicts[2]?.refusal?.rule, 'codec/truncated');
    assert.deepEqual(call(face, 'tx_submit', { transactions: [] }), []);
    assert.equal(refused(face, 'tx_submit', { transactions: ['0'] }), 'json/type');
  });

  test('a waiting transaction is in mempool_get and tx_get, but has no proof yet', () => {
    const txid = toHex(payment.txid);
    const pool = call(face, 'mempool_get', {});
    assert.equal(pool.transactions, 1);
    assert.deepEqual(
      pool.entries.map((entry) => [entry.txid, entry.bytes]),
      [[txid, payment.bytes.length]],
    );
    assert.deepEqual(call(face, 'mempool_get', { limit: 0 }).entries, []);
    assert.equal(call(face, 'tx_get', { txid }).block, null);
    assert.equal(refused(face, 'tx_getProof', { txid }), 'rpc/transaction-waiting');
    assert.equal(call(face, 'account_getBalance', { address: textOf(BOB) }).balances[0]?.incoming, 1000);
  });

  test('tx_estimateFee tells the rate, and the fee of a transaction', () => {
    const rate = call(face, 'tx_estimateFee', { targetBlocks: 1 });
    assert.ok(rate.feePerGas >= rate.baseFee);
    assert.equal(rate.fee, null);
    const { gas, fee, feePerGas } = call(face, 'tx_estimateFee', { transaction: toHex(payment.bytes) });
    assert.equal(fee, (gas ?? 0) * feePerGas);
    assert.equal(refused(face, 'tx_estimateFee', { transaction: '0102' }), 'codec/truncated');
    assert.equal(refused(face, 'tx_estimateFee', { targetBlocks: 26 }), 'json/range');
  });
});

describe('development networks', () => {
  test('dev_mine, dev_snapshot, dev_revert, dev_reorg and dev_setTime move the chain', () => {
    const face = new TestFace();
    const { snapshot, head } = call(face, 'dev_snapshot', {});
    const mined = call(face, 'dev_mine', { blocks: 3 });
    assert.equal(mined.length, 3);
    assert.equal(call(face, 'chain_getHeader', {}).id, mined[2]);
    const replaced = call(face, 'dev_reorg', { depth: 2 });
    assert.equal(replaced.length, 3);
    assert.equal(call(face, 'chain_getHeader', { height: 4 }).id, replaced[2]);
    const sides = call(face, 'chain_getSides', {});
    assert.deepEqual([sides.head.id, sides.finalHeight], [replaced[2], 0]);
    assert.deepEqual(
      sides.blocks.map(({ id, height, parent }) => [id, height, parent]),
      [
        [mined[2], 3, mined[1]],
        [mined[1], 2, mined[0]],
      ],
    );
    assert.ok(sides.blocks.every(({ weight }) => BigInt(weight) < BigInt(sides.weight)));
    assert.deepEqual(call(face, 'chain_getSides', { limit: 1 }).blocks, sides.blocks.slice(0, 1));
    assert.deepEqual(call(face, 'dev_revert', { snapshot }), { head });
    assert.equal(call(face, 'node_status', {}).head.height, 0);
    assert.equal(refused(face, 'dev_revert', { snapshot }), 'node/unknown-snapshot');
    const timeMs = face.node.nowMs + 1_000_000;
    assert.deepEqual(call(face, 'dev_setTime', { timeMs }), { timeMs });
    assert.equal(refused(face, 'dev_setTime', { timeMs: 0 }), 'node/time-goes-back');
    assert.equal(refused(face, 'dev_reorg', { depth: 1 }), 'node/reorg-depth');
    const lastMs = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    assert.equal(refused(face, 'dev_setTime', { timeMs: lastMs + 1 }), 'json/range');
    assert.deepEqual(call(face, 'dev_setTime', { timeMs: lastMs }), { timeMs: lastMs });
    call(face, 'dev_mine', { blocks: 1 });
    const late = call(face, 'chain_getHeader', {});
    assert.doesNotThrow(() => new Date(late.timeMs).toISOString());
  });

  test('dev_faucet is the host’s work, with checked parameters', () => {
    const face = new TestFace();
    call(face, 'dev_faucet', { address: textOf(BOB), amount: 5 });
    assert.deepEqual(face.hosted, [['dev_faucet', { address: textOf(BOB), amount: 5 }]]);
    assert.equal(refused(face, 'dev_faucet', { address: textOf(BOB), amount: -5 }), 'json/type');
    assert.equal(face.hosted.length, 1);
  });

  test('none of it works on another network', () => {
    const face = new TestFace({ spec: { ...rpcSpec, dev: false } });
    for (const [name, method] of table.filter(([, { devOnly }]) => devOnly)) {
      assert.equal(refused(face, name as keyof Methods, method.example), 'rpc/dev-only', name);
    }
  });
});
