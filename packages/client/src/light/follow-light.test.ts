import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { encodeLinkCertificate, linkMessage } from '@calin/core/consensus/votes/link.ts';
import { sign, verifySignature } from '@calin/core/crypto/signature.ts';
import { AUTHORITY } from '@calin/core/node/test-node.testing.ts';
import { epochOfHeight } from '@calin/core/primitives/validator-set.ts';
import { ALICE, BOB, rpcSpec, TestFace, textOf } from '@calin/core/rpc/node-view.testing.ts';
import { NAMESPACE } from '@calin/core/state/namespaces.ts';
import { askAncestors, type LightServer } from './ask-server.ts';
import { serverOf } from './face-server.testing.ts';
import { catchUpLight, followLight, type LightProgress } from './follow-light.ts';
import { LightClient, type LightOptions } from './light-client.ts';
import { proveBalance } from './prove-balance.ts';
import { proveReceipt, proveTransaction } from './verify-inclusion.ts';
import { proveCoin, proveValue } from './verify-state.ts';

const ruleOf = (result: Result<unknown>): string => (result.ok ? 'ok' : result.error.rule);
const nowMs = (face: TestFace) => () => face.node.queries.status().head.header.timeMs;

function clientOf(options: LightOptions): LightClient {
  const begun = LightClient.begin(options, { verify: verifySignature });
  assert.ok(begun.ok, ruleOf(begun));
  return begun.value;
}

function mine(face: TestFace, blocks: number): void {
  for (let i = 0; i < blocks; i++) assert.equal(face.call('dev_mine', { blocks: 1 }).error, undefined);
}

async function result<T>(answer: Promise<Result<T>>): Promise<T> {
  const given = await answer;
  assert.ok(given.ok, ruleOf(given));
  return given.value;
}

/** Has the only validator vote for a checkpoint, and the node take the certificate. */
function vote(face: TestFace, height: number): void {
  const { chain } = face.node.node;
  const at = (one: number) => ({ height: one, id: chain.idAt(one) ?? assert.fail(`no block ${one}`) });
  const [source, target] = [at(height), at(height + 2)];
  const link = { epoch: epochOfHeight(height + 2, 4), source, target };
  const signature = sign(linkMessage(chain.chainId, link), AUTHORITY.secretKey);
  const certificate = { ...link, memberCount: 1, indices: [0], signatures: [signature] };
  assert.equal(ruleOf(chain.finalise(source.id, encodeLinkCertificate(certificate))), 'ok');
}

const finality = { kind: 'votes', intervalBlocks: 2, lagBlocks: 1, resendMs: 1_000 } as const;
const validators = { kind: 'authorities', authorities: [AUTHORITY.publicKey], epochBlocks: 4 } as const;
const votingSpec = { ...rpcSpec, consensus: { ...rpcSpec.consensus, finality, validators } };
const EVER = { trustMs: Number.POSITIVE_INFINITY };

describe('a light client at a node whose authority makes the blocks', () => {
  const face = new TestFace();
  const payment = face.payment(0);
  const txid = face.submit(payment);
  mine(face, 14);
  const server = serverOf(face);

  test('comes to its head, tells how far it is, and goes on with it', async () => {
    const client = clientOf({ spec: rpcSpec });
    const seen: LightProgress[] = [];
    const reached = await result(
      catchUpLight(client, server, { nowMs: nowMs(face), onProgress: (progress) => seen.push(progress) }),
    );
    const { head } = face.node.queries.status();
    assert.equal(reached.headHeight, head.header.height);
    assert.equal(toHex(client.head?.id ?? new Uint8Array()), toHex(head.id));
    assert.equal(reached.finalHeight, head.header.height - 10);
    assert.ok(seen.length > 0 && client.bytes > 1_000);
    mine(face, 1);
    const later = await result(catchUpLight(client, server, { nowMs: nowMs(face) }));
    assert.equal(later.headHeight, head.header.height + 1);
  });

  test('checks coins, values, transactions and receipts by the headers', async () => {
    const client = clientOf({ spec: rpcSpec });
    await result(catchUpLight(client, server, { nowMs: nowMs(face) }));
    const { header } = await result(Promise.resolve(client.at(2)));
    const asked = await result(server.call('state_getProof', { coin: { txid, index: 0 }, height: 2 }));
    const value = asked.value === null ? undefined : fromHex(asked.value);
    const proof = fromHex(asked.proof);
    const coin = proveCoin(header, { txid: payment.txid, index: 0 }, { value, proof });
    assert.ok(coin.ok && coin.value?.amount === 1_000);
    assert.equal(
      ruleOf(proveCoin(header, { txid: payment.txid, index: 1 }, { value, proof })),
      'state/proof-root',
    );
    assert.equal(
      ruleOf(proveCoin(header, { txid: payment.txid, index: 0 }, { value: undefined, proof })),
      'light/value-mismatch',
    );
    const absent = await result(server.call('state_getProof', { coin: { txid, index: 9 }, height: 2 }));
    const none = proveCoin(
      header,
      { txid: payment.txid, index: 9 },
      { value: undefined, proof: fromHex(absent.proof) },
    );
    assert.deepEqual(none, ok(undefined));
    const name = { namespace: NAMESPACE.supply, key: new Uint8Array(8) };
    const supply = await result(
      server.call('state_getProof', { namespace: name.namespace, key: toHex(name.key), height: 2 }),
    );
    const given = { value: fromHex(supply.value ?? ''), proof: fromHex(supply.proof) };
    assert.deepEqual(proveValue(header, name, given), ok(true));
    assert.equal(
      ruleOf(proveValue(header, name, { ...given, value: new Uint8Array(16) })),
      'light/value-mismatch',
    );

    const path = await result(server.call('tx_getProof', { txid }));
    const block = await result(Promise.resolve(client.at(path.header.height)));
    const { index, size } = path;
    const way = { index, size, siblings: path.siblings.map(fromHex) };
    const receiptWay = { index, size, siblings: path.receiptSiblings.map(fromHex) };
    const transaction = proveTransaction(block.header, payment.bytes, way, client.chainId);
    assert.ok(transaction.ok && toHex(transaction.value.txid) === txid);
    const receipt = proveReceipt(block.header, fromHex(path.receipt), receiptWay);
    assert.ok(receipt.ok && toHex(receipt.value.txid) === txid && receipt.value.fee > 0);
    assert.equal(
      ruleOf(proveReceipt(header, fromHex(path.receipt), receiptWay)),
      block.header.height === 2 ? 'ok' : 'light/inclusion',
    );
    const other = { ...receiptWay, index: 0 };
    assert.equal(ruleOf(proveReceipt(block.header, fromHex(path.receipt), other)), 'light/inclusion');
    assert.equal(
      ruleOf(proveTransaction(block.header, payment.bytes, other, client.chainId)),
      'light/inclusion',
    );
  });

  test('goes over to the branch that the node goes over to', async () => {
    const forking = new TestFace();
    mine(forking, 8);
    const client = clientOf({ spec: rpcSpec });
    const options = { nowMs: nowMs(forking) };
    await result(catchUpLight(client, serverOf(forking), options));
    assert.equal(forking.call('dev_reorg', { depth: 3 }).error, undefined);
    const before = toHex(client.head?.id ?? new Uint8Array());
    await result(catchUpLight(client, serverOf(forking), options));
    const { head } = forking.node.queries.status();
    assert.equal(toHex(client.head?.id ?? new Uint8Array()), toHex(head.id));
    assert.notEqual(toHex(head.id), before);
  });

  test('follows until it is told to stop, through calls that fail', async () => {
    const client = clientOf({ spec: rpcSpec });
    const stop = new AbortController();
    let failures = 3;
    const flaky: LightServer = {
      call: ((...call: Parameters<LightServer['call']>) => {
        if (failures-- > 0) {
          const error = {
            rule: 'rpc/unreachable',
            message: '',
            help: '',
            evidence: {},
            banPoints: 0,
            retry: true,
          };
          return Promise.resolve({ ok: false, error });
        }
        return server.call(...call);
      }) as LightServer['call'],
    };
    const onProgress = ({ headHeight, tip }: LightProgress) => {
      if (headHeight === tip.head.height) stop.abort();
    };
    const followed = await followLight(client, flaky, {
      nowMs: nowMs(face),
      onProgress,
      pollMs: 1,
      signal: stop.signal,
    });
    assert.deepEqual(followed, ok(undefined));
    assert.equal(client.head?.header.height, face.node.queries.status().head.header.height);
  });

  test('believes no server: what does not have the shape or does not hold is refused', async () => {
    const lies = [
      ['json/type', { headers: 7, count: 1, head: { height: 5, id: '00'.repeat(32) }, finalHeight: 0 }],
      ['json/missing', {}],
      ['json/type', undefined],
      ['json/range', { headers: '*', count: 1, head: { height: 5, id: '00'.repeat(32) }, finalHeight: 0 }],
      [
        'rpc/bad-response',
        { headers: 'A', count: 1, head: { height: 5, id: '00'.repeat(32) }, finalHeight: 0 },
      ],
      [
        'codec/truncated',
        { headers: 'AAAA', count: 1, head: { height: 5, id: '00'.repeat(32) }, finalHeight: 0 },
      ],
    ] as const;
    for (const [rule, answer] of lies) {
      const liar = { call: () => Promise.resolve(ok(answer)) } as unknown as LightServer;
      const client = clientOf({ spec: rpcSpec });
      assert.equal(ruleOf(await catchUpLight(client, liar, { nowMs: nowMs(face) })), rule);
      assert.equal(client.head?.header.height, 0);
    }
  });
});

describe('the balance of an account', () => {
  const face = new TestFace();
  face.submit(face.payment(0));
  face.submit(face.payment(1));
  mine(face, 12);
  const server = serverOf(face);
  const account = { address: BOB.address, addressPrefix: rpcSpec.addressPrefix };

  /** The server, which says something else than the truth of an account's coins. */
  const lying = (change: (coins: readonly object[]) => readonly object[]): LightServer => ({
    call: (async (...asked: Parameters<LightServer['call']>) => {
      const answer = await server.call(...asked);
      if (asked[0] !== 'account_getCoins' || !answer.ok) return answer;
      const { coins } = answer.value as { coins: readonly object[] };
      return ok({ ...(answer.value as object), coins: change(coins) });
    }) as LightServer['call'],
  });

  test('is what its coins in final blocks prove', async () => {
    const client = clientOf({ spec: rpcSpec });
    await result(catchUpLight(client, server, { nowMs: nowMs(face) }));
    const { final } = client;
    assert.ok(final);
    const proved = await result(proveBalance(server, final, account));
    assert.deepEqual(proved, {
      height: final.header.height,
      amounts: new Map([[0, 2_000]]),
      coins: 2,
      complete: true,
    });
    const early = await result(proveBalance(server, await result(Promise.resolve(client.at(0))), account));
    assert.deepEqual([early.coins, early.amounts.size], [0, 0], 'nothing of it was there at genesis');
    const repeated = await result(
      proveBalance(
        lying((coins) => [...coins, ...coins]),
        final,
        account,
      ),
    );
    assert.deepEqual(repeated.amounts, new Map([[0, 2_000]]), 'a coin is there once');
    const hidden = await result(
      proveBalance(
        lying((coins) => coins.slice(1)),
        final,
        account,
      ),
    );
    assert.equal(hidden.coins, 1);
    const raised = lying((coins) => coins.map((coin) => ({ ...coin, amount: 9 })));
    assert.deepEqual((await result(proveBalance(raised, final, account))).amounts, new Map([[0, 2_000]]));
    const others = await result(proveBalance(server, final, { ...account, address: ALICE.address }));
    assert.ok(others.coins > 2);
    // Coins of somebody else prove nothing for this account.
    const mixed = await server.call('account_getCoins', { address: textOf(ALICE), limit: 5 });
    assert.ok(mixed.ok);
    const borrowed = await result(
      proveBalance(
        lying(() => mixed.value.coins),
        final,
        account,
      ),
    );
    assert.equal(borrowed.coins, 0);
  });
});

describe('a light client at a node whose blocks become final by votes', () => {
  const face = new TestFace({ spec: votingSpec });
  mine(face, 30);
  for (let height = 2; height <= 28; height += 2) vote(face, height);

  test('comes over the epochs by certificates, with the proofs that the node kept', async () => {
    const server = serverOf(face);
    const client = clientOf({ spec: votingSpec, ...EVER });
    const reached = await result(catchUpLight(client, server, { nowMs: nowMs(face) }));
    assert.equal(reached.finalHeight, 28);
    assert.deepEqual(new Set(server.calls), new Set(['chain_getHeaders', 'chain_getFinality']));
    const ancestors = await result(askAncestors(server, 21, 7));
    assert.ok(client.take(ancestors, nowMs(face)()).ok);
    assert.ok(client.at(21).ok);
  });

  test('begins at a checkpoint that somebody wrote down', async () => {
    const { chain } = face.node.node;
    const checkpoint = { height: 12, id: chain.idAt(12) ?? assert.fail(), sets: [] };
    const client = clientOf({ spec: votingSpec, checkpoint, ...EVER });
    assert.equal(
      (await result(catchUpLight(client, serverOf(face), { nowMs: nowMs(face) }))).finalHeight,
      28,
    );
    const wrong = clientOf({
      spec: votingSpec,
      checkpoint: { ...checkpoint, id: new Uint8Array(32) },
      ...EVER,
    });
    assert.equal(ruleOf(await catchUpLight(wrong, serverOf(face), { nowMs: nowMs(face) })), 'light/anchor');
  });
});
