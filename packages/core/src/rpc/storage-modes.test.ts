import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import { parseStateProof, verifyStateProof } from '../state/state-proof.ts';
import { ALICE, TestFace, textOf } from './node-view.testing.ts';

interface Refused {
  readonly data: { readonly rule: string; readonly evidence: Readonly<Record<string, unknown>> };
}

interface Shown {
  readonly txids: readonly string[];
  readonly header: Readonly<Record<string, unknown>>;
}

/** What a call that must succeed gives. */
function given<T>(face: TestFace, method: string, params: unknown = {}): T {
  const { result, error } = face.call(method, params);
  assert.equal(error, undefined, JSON.stringify(error));
  return result as T;
}

/** The rule and the evidence of a call that must be refused. */
function refused(face: TestFace, method: string, params: unknown): Refused['data'] {
  const { error } = face.call(method, params);
  assert.deepEqual(face.failures, []);
  return (error as Refused).data;
}

describe('a pruned node', () => {
  const limits = { undoBlocks: 2, recentStatesMax: 4, historicBlocksMax: 3 };
  const face = new TestFace({ storage: { kind: 'pruned', blocks: 12 }, limits });
  const payment = face.submit(face.payment(0));
  given(face, 'dev_mine', { blocks: 4 });
  const early = given<Shown>(face, 'chain_getBlock', { height: 1 });
  given(face, 'dev_mine', { blocks: 40 });
  const { storage, head } = given<{
    storage: { mode: string; blocksFrom: number; statesFrom: number };
    head: { height: number };
  }>(face, 'node_status');

  test('says in its status what it keeps', () => {
    assert.equal(storage.mode, 'pruned');
    assert.ok(storage.blocksFrom > 20 && storage.blocksFrom <= head.height - 11, `${storage.blocksFrom}`);
    assert.equal(storage.statesFrom, head.height - 12);
  });

  test('has every header, and the genesis block', () => {
    assert.deepEqual(given<Shown['header']>(face, 'chain_getHeader', { height: 1 }), early.header);
    assert.deepEqual(given<Shown>(face, 'chain_getBlock', { height: 0 }).txids, []);
    given(face, 'chain_getBlock', { height: storage.blocksFrom });
  });

  test('refuses blocks and transactions that it has let go, and says from where on it has them', () => {
    const expected = { rule: 'rpc/block-pruned', got: 1, expected: storage.blocksFrom };
    for (const [method, params] of [
      ['chain_getBlock', { height: 1 }],
      ['chain_getBlock', { id: early.header['id'] }],
      ['tx_get', { txid: payment }],
      ['tx_getProof', { txid: payment }],
    ] as const) {
      const { rule, evidence } = refused(face, method, params);
      assert.deepEqual({ rule, got: evidence['got'], expected: evidence['expected'] }, expected, method);
    }
    assert.equal(refused(face, 'chain_getBlock', { height: 1000 }).rule, 'rpc/block-unknown');
    assert.equal(refused(face, 'tx_get', { txid: '0'.repeat(64) }).rule, 'rpc/transaction-unknown');
  });

  test('proves the coins of its head, and old states as far back as they reach', () => {
    const coin = { txid: payment, index: 0 };
    assert.equal(given<{ present: boolean }>(face, 'state_getProof', { coin }).present, true);
    const gone = refused(face, 'state_getProof', { coin, height: storage.statesFrom - 1 });
    assert.equal(gone.rule, 'chain/state-gone');
    assert.equal(gone.evidence['expected'], storage.statesFrom);
    const oldest = { coin, height: storage.statesFrom };
    for (let requests = 0; requests < 2; requests++) {
      assert.equal(refused(face, 'state_getProof', oldest).rule, 'chain/state-far');
    }
    given(face, 'state_getProof', oldest);
  });
});

describe('a node without the index', () => {
  const face = new TestFace({ index: false });
  const payment = face.submit(face.payment(0));
  given(face, 'dev_mine', { blocks: 2 });

  test('says so in its status, and keeps blocks and state as ever', () => {
    const { storage } = given<{ storage: { mode: string; index: boolean } }>(face, 'node_status');
    assert.deepEqual([storage.mode, storage.index], ['archive', false]);
    assert.equal(
      given<{ present: boolean }>(face, 'state_getProof', { coin: { txid: payment, index: 0 } }).present,
      true,
    );
    assert.ok(given<Shown>(face, 'chain_getBlock', { height: 1 }).txids.includes(payment));
  });

  test('answers for what waits, and refuses by name what only the index knows', () => {
    const idle = new TestFace({ index: false, production: { kind: 'off' } });
    const waiting = idle.submit(idle.payment(0));
    assert.equal(given<{ block: unknown }>(idle, 'tx_get', { txid: waiting }).block, null);
    assert.equal(refused(idle, 'tx_getProof', { txid: waiting }).rule, 'rpc/transaction-waiting');
    for (const [method, params] of [
      ['tx_get', { txid: payment }],
      ['tx_getProof', { txid: payment }],
      ['account_getBalance', { address: textOf(ALICE) }],
      ['account_getCoins', { address: textOf(ALICE) }],
      ['account_getHistory', { address: textOf(ALICE) }],
    ] as const) {
      const { error } = face.call(method, params);
      const { data } = error as { data: { rule: string; help: string } };
      assert.equal(data.rule, 'node/no-index', method);
      assert.match(data.help, /--index on/);
    }
    assert.deepEqual(face.failures, []);
  });
});

describe('a node in archive mode', () => {
  const limits = { undoBlocks: 2, recentStatesMax: 4, historicBlocksMax: 8 };
  const face = new TestFace({ storage: { kind: 'archive' }, limits });
  given(face, 'dev_mine', { blocks: 3 });
  const payment = face.submit(face.payment(0));
  given(face, 'dev_mine', { blocks: 40 });
  const coin = { txid: payment, index: 0 };

  test('proves a coin, and that it was not there before, against the headers of old blocks', () => {
    const { height } = given<{ block: { height: number } }>(face, 'tx_get', { txid: payment }).block;
    for (const [at, present] of [
      [height, true],
      [height - 1, false],
      [0, false],
      [height + 5, true],
    ] as const) {
      const { proof, calls } = ask(at);
      assert.ok(calls <= 6, `${calls} calls for block ${at}`);
      assert.equal(proof.present, present);
      const header = face.node.node.chain.header(fromHex(String(proof.header['id'])));
      assert.ok(header.ok && header.value.height === at);
      const parsed = parseStateProof(fromHex(proof.proof));
      assert.ok(parsed.ok);
      const { stateRoot } = header.value;
      const proved = verifyStateProof(stateRoot, 'coins', fromHex(proof.key), parsed.value);
      assert.ok(proved.ok && proved.value.present === present);
      assert.notEqual(toHex(stateRoot), toHex(face.node.node.chain.head.header.stateRoot));
    }
  });

  /** Asks until the state has been worked out. */
  function ask(height: number) {
    for (let calls = 1; calls < 20; calls++) {
      const { result, error } = face.call('state_getProof', { coin, height });
      if (error === undefined) {
        return {
          calls,
          proof: result as {
            present: boolean;
            key: string;
            proof: string;
            header: Readonly<Record<string, unknown>>;
          },
        };
      }
      const { data } = error as Refused & { data: { retry: boolean } };
      assert.deepEqual([data.rule, data.retry], ['chain/state-far', true]);
    }
    throw new Error('a state is reached after a few calls');
  }
});
