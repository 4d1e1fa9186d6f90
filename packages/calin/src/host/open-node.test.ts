import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { devAccount, devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { openDataFolder } from '../adapters/data-folder.ts';
import { createKeySigner } from '../adapters/key-signer.ts';
import { readRunningNode } from '../adapters/running-node-file.ts';
import { ensureDevFolder, removeChain } from './dev-network.ts';
import { faucetMethods } from './faucet.ts';
import { openNode } from './open-node.ts';
import type { RunningNode } from './serve-node.ts';
import { verifyFolder } from './verify-folder.ts';

function temporary(context: TestContext): string {
  const path = join(mkdtempSync(join(tmpdir(), 'calin-node-')), 'data');
  context.after(() => rmSync(join(path, '..'), { recursive: true, force: true }));
  return path;
}

const onTransaction = { kind: 'on-transaction', intervalMs: 0 } as const;

async function start(
  context: TestContext,
  path: string,
  pace: { readonly kind: 'on-transaction' | 'interval'; readonly intervalMs: number } = onTransaction,
): Promise<RunningNode> {
  assert.ok(ensureDevFolder(path, Date.now()).ok);
  const folder = openDataFolder(path);
  assert.ok(folder.ok);
  const key = devAuthority();
  const { publicKey } = key;
  const node = await openNode({
    folder: folder.value,
    production: { ...pace, publicKey, payTo: keyAddress(publicKey) },
    signer: createKeySigner(key),
    hostMethods: faucetMethods,
    port: 0,
    log: { write: () => {} },
  });
  assert.ok(node.ok);
  context.after(() => node.value.stop());
  return node.value;
}

const address = formatAddress(devAccount(0).address, 'dcal');

/** Pays through the faucet and waits for the block. */
async function faucet(client: RpcClient, amount: number): Promise<number> {
  const paid = await client.call('dev_faucet', { address, amount });
  assert.ok(paid.ok, JSON.stringify(paid));
  for (const endMs = performance.now() + 60_000; performance.now() < endMs; ) {
    const found = await client.call('tx_get', { txid: paid.value.txid });
    assert.ok(found.ok);
    if (found.value.block !== null) return found.value.block.height;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('no block took the payment');
}

test('a payment is in a block, survives a restart, and the folder verifies while the node runs', async (context) => {
  const path = temporary(context);
  const first = await start(context, path);
  assert.equal(readRunningNode(path), first.url);
  assert.equal(await faucet(new RpcClient({ url: first.url }), 5), 1);
  const live = await verifyFolder(path, () => {});
  assert.ok(live.ok, JSON.stringify(live));
  assert.deepEqual([live.value.height, live.value.transactions], [1, 2]);
  assert.ok(!readdirSync(path).some((name) => name.startsWith('verify-')), 'the copy is removed');
  await first.stop();
  assert.equal(await first.ended, undefined);
  assert.equal(readRunningNode(path), undefined);
  const second = await start(context, path);
  const client = new RpcClient({ url: second.url });
  const status = await client.call('node_status', {});
  assert.ok(status.ok);
  assert.equal(status.value.head.id, live.value.headId);
  const balance = await client.call('account_getBalance', { address });
  assert.ok(balance.ok);
  assert.equal(balance.value.balances[0]?.confirmed, 1_000_000_000_005);
  assert.equal(await faucet(client, 7), 2);
  await second.stop();
});

test('the faucet pays many at the same time, also between two blocks', async (context) => {
  for (const pace of [onTransaction, { kind: 'interval', intervalMs: 60_000 } as const]) {
    const node = await start(context, temporary(context), pace);
    const client = new RpcClient({ url: node.url });
    const payments = Array.from({ length: 20 }, () => client.call('dev_faucet', { address, amount: 100 }));
    const answers = await Promise.all(payments);
    assert.deepEqual(
      answers.filter((answer) => !answer.ok),
      [],
    );
    assert.equal(new Set(answers.map((answer) => (answer.ok ? answer.value.txid : ''))).size, 20);
    await node.stop();
  }
});

test('a port that is taken is refused, and the folder is free again', async (context) => {
  const node = await start(context, temporary(context));
  const path = temporary(context);
  assert.ok(ensureDevFolder(path, Date.now()).ok);
  const folder = openDataFolder(path);
  assert.ok(folder.ok);
  const log = { write: () => {} };
  const production = { kind: 'off' } as const;
  const options = { folder: folder.value, production, signer: undefined, port: node.port, log };
  const refused = await openNode(options);
  assert.ok(!refused.ok && refused.error.rule === 'server/port-in-use');
  const again = await openNode({ ...options, port: 0 });
  assert.ok(again.ok, 'the store was closed');
  await again.value.stop();
  await node.stop();
});

test('the node describes itself as OpenRPC tools ask for it', async (context) => {
  const node = await start(context, temporary(context));
  const asked = await new RpcClient({ url: node.url }).call('rpc.discover', {});
  assert.ok(asked.ok);
  assert.deepEqual(asked.value, await (await fetch(`${node.url}/openrpc.json`)).json());
  await node.stop();
});

test('the faucet refuses what it cannot pay, and other methods of the kind', async (context) => {
  const node = await start(context, temporary(context));
  const client = new RpcClient({ url: node.url });
  const tooMuch = await client.call('dev_faucet', { address, amount: Number.MAX_SAFE_INTEGER });
  assert.ok(!tooMuch.ok && tooMuch.error.rule === 'wallet/insufficient-funds', JSON.stringify(tooMuch));
  const nobody = await client.call('dev_faucet', { address: 'dcal1nobody', amount: 1 });
  assert.ok(!nobody.ok && nobody.error.rule === 'codec/address');
  await node.stop();
});

test('removing a chain keeps the keys and touches nothing of others', async (context) => {
  const path = temporary(context);
  const node = await start(context, path);
  const held = removeChain(path);
  assert.ok(!held.ok && held.error.rule === 'store/locked');
  await node.stop();
  assert.ok(removeChain(path).ok);
  assert.deepEqual(readdirSync(path), ['keystore']);
  const foreign = removeChain(join(path, '..'));
  assert.ok(!foreign.ok && foreign.error.rule === 'cli/not-ours');
});
