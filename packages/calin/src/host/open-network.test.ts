import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { createDataFolder, type NodeSettings, openDataFolder } from '../adapters/data-folder.ts';
import { until } from '../adapters/until.testing.ts';
import { formatPeers } from '../cli/present-peers.ts';
import { createDevSpec } from './dev-network.ts';
import { catchUpOf, type NetworkOptions } from './open-network.ts';
import { openNode } from './open-node.ts';
import type { RunningNode } from './serve-node.ts';

const LOOPBACK = { listen: ['/ip4/127.0.0.1/tcp/0'], dht: false };

/** Folders and nodes of one file of tests. */
class Nodes {
  readonly #root = mkdtempSync(join(tmpdir(), 'calin-nodes-'));
  readonly #running: RunningNode[] = [];
  readonly spec = createDevSpec(1_700_000_000_000);

  make(name: string, spec: ChainSpec = this.spec, settings: NodeSettings = {}): string {
    const path = join(this.#root, name);
    assert.ok(createDataFolder(path, spec, settings).ok);
    return path;
  }

  async open(path: string, network: NetworkOptions): Promise<Result<RunningNode>> {
    const folder = openDataFolder(path);
    assert.ok(folder.ok, JSON.stringify(folder));
    const node = await openNode({
      folder: folder.value,
      production: { kind: 'off' },
      signer: undefined,
      port: 0,
      signatureWorkers: 0,
      network,
      log: { write: () => {} },
    });
    if (node.ok) this.#running.push(node.value);
    else folder.value.close();
    return node;
  }

  async start(path: string, network: NetworkOptions = LOOPBACK): Promise<RunningNode> {
    const node = await this.open(path, network);
    assert.ok(node.ok, JSON.stringify(node));
    return node.value;
  }

  async stop(): Promise<void> {
    for (const node of this.#running) await node.stop();
    rmSync(this.#root, { recursive: true, force: true });
  }
}

const addressOf = (node: RunningNode): string => node.network?.listening[0] ?? '';
const peersOf = (node: RunningNode): number => node.runner.node.p2p?.peers.size ?? 0;

describe('nodes of a network', () => {
  const nodes = new Nodes();
  after(() => nodes.stop());

  it('wait for the first of those whom they are told of, also in development', () => {
    const folder = openDataFolder(nodes.make('waiting'));
    assert.ok(folder.ok);
    const waitMs = (network: NetworkOptions) => catchUpOf(folder.value, network).aloneReadyMs;
    assert.equal(waitMs(LOOPBACK), 0);
    assert.equal(waitMs({ listen: ['/ip4/0.0.0.0/tcp/0'] }), 0, 'a network of others begins with this one');
    assert.equal(waitMs({ ...LOOPBACK, bootstrap: ['/ip4/127.0.0.1/tcp/1/p2p/x'] }), 10_000);
    folder.value.close();
  });

  it('shake hands, keep their ids over restarts, and say goodbye', async () => {
    const [pathA, pathB] = [nodes.make('a'), nodes.make('b')];
    const [a, b] = [await nodes.start(pathA), await nodes.start(pathB)];
    a.network?.dial(addressOf(b));
    await until(() => peersOf(a) === 1 && peersOf(b) === 1);
    const metrics = await (await fetch(`${b.url}/metrics`)).text();
    assert.match(metrics, /^calin_peers\{direction="inbound"\} 1$/m);
    assert.match(metrics, /^calin_network_messages_total\{direction="received",kind="hello"\} 1$/m);
    const id = addressOf(a).split('/p2p/')[1];
    await a.stop();
    await until(() => peersOf(b) === 0);
    const again = await nodes.start(pathA);
    assert.equal(addressOf(again).split('/p2p/')[1], id);
    again.network?.dial(addressOf(b));
    await until(() => peersOf(again) === 1 && peersOf(b) === 1);
  });

  it('of another chain are refused', async () => {
    const a = await nodes.start(nodes.make('c'));
    const other = await nodes.start(nodes.make('d', createDevSpec(1_700_000_000_001)));
    other.network?.dial(addressOf(a));
    await until(() => a.network?.traffic.received.get('hello')?.messages === 1);
    await until(() => a.network?.peers === 0 && other.network?.peers === 0);
    assert.equal(peersOf(a) + peersOf(other), 0);
  });

  it('are told of the seeds that the folder was made with, and of the bootstrap list', async () => {
    const [seed, listed] = [await nodes.start(nodes.make('seed')), await nodes.start(nodes.make('listed'))];
    const path = nodes.make('young', nodes.spec, { seeds: [addressOf(seed)] });
    const young = await nodes.start(path, { ...LOOPBACK, bootstrap: [addressOf(listed)] });
    await until(() => peersOf(young) === 2 && peersOf(seed) === 1 && peersOf(listed) === 1);
  });

  it('wait for their first peer where they may have missed blocks, and not where nobody could tell', async () => {
    const spec = { ...nodes.spec, dev: false, name: 'calin-real' };
    const first = await nodes.start(nodes.make('first', spec));
    assert.equal(first.runner.node.life, 'ready');
    const bootstrap = [addressOf(first)];
    await first.stop();
    const second = await nodes.start(nodes.make('second', spec), { ...LOOPBACK, bootstrap });
    assert.equal(second.runner.node.life, 'boot');
  });

  it('stop when they have been alone for as long as they were told', async () => {
    const node = await nodes.start(nodes.make('lonely'), { ...LOOPBACK, aloneEndMs: 3000 });
    assert.equal(node.runner.node.life, 'ready');
    assert.equal(await node.ended, undefined);
    assert.equal(node.runner.node.life, 'dead');
  });

  it('are listed with their bans, and can be kept out and let in again', async () => {
    const [a, b] = [await nodes.start(nodes.make('owner')), await nodes.start(nodes.make('guest'))];
    const client = new RpcClient({ url: a.url });
    b.network?.dial(addressOf(a));
    await until(() => peersOf(a) === 1 && peersOf(b) === 1);
    const id = addressOf(b).split('/p2p/')[1] ?? '';
    const before = await client.call('net_peers', {});
    assert.ok(before.ok);
    assert.deepEqual(before.value.listening, [addressOf(a)]);
    assert.deepEqual(
      before.value.peers.map((peer) => [peer.id, peer.direction, peer.said?.height]),
      [[id, 'inbound', 0]],
    );
    assert.match(formatPeers(before.value, [], Date.now()), new RegExp(`${id} +in +0 .* calin/`));
    const banned = await client.call('net_ban', { target: id, durationMs: 7_200_000 });
    assert.ok(banned.ok);
    await until(() => peersOf(a) === 0 && peersOf(b) === 0);
    b.network?.dial(addressOf(a));
    await until(() => a.network?.traffic.sent.get('bye')?.messages === 2);
    const bans = await client.call('net_bans', {});
    assert.deepEqual(bans, { ok: true, value: [banned.value] });
    const text = formatPeers(before.value, [banned.value], Date.now());
    assert.match(text, new RegExp(`${id} +\\d+ min +ordered`));
    assert.match(await (await fetch(`${a.url}/metrics`)).text(), /^calin_bans 1$/m);
    assert.ok((await client.call('net_unban', { target: id })).ok);
    assert.match(await (await fetch(`${a.url}/metrics`)).text(), /^calin_bans 0$/m);
  });

  it('refuse addresses and seeds that mean nothing, and a port that is taken', async () => {
    const path = nodes.make('e');
    const taken = addressOf(await nodes.start(nodes.make('f'))).replace(/\/p2p\/.*/, '');
    const refusals = [
      [{ listen: ['127.0.0.1:8646'] }, 'network/address'],
      [{ listen: ['/ip4/192.0.2.7/tcp/8646/p2p-circuit'] }, 'network/address'],
      [{ ...LOOPBACK, announce: ['here'] }, 'network/address'],
      [{ ...LOOPBACK, bootstrap: ['/ip4/192.0.2.7/tcp/8646'] }, 'network/address'],
      [{ listen: [taken] }, 'network/cannot-listen'],
    ] as const;
    for (const [network, rule] of refusals) {
      const refused = await nodes.open(path, network);
      assert.equal(refused.ok ? '' : refused.error.rule, rule);
    }
    const torn = await nodes.open(nodes.make('g', nodes.spec, { seeds: 'nobody' }), LOOPBACK);
    assert.equal(torn.ok ? '' : torn.error.rule, 'folder/malformed');
    const node = await nodes.start(path);
    assert.equal(peersOf(node), 0, 'what was refused holds nothing of the folder');
  });
});
