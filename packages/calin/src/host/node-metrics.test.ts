import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import type { Notification } from '@calin/core/node/effects.ts';
import { Traffic } from '../adapters/libp2p/traffic.ts';
import { post, startTestServer, statusCall, TestHost } from '../server/server.testing.ts';
import { type MetricFamily, readExposition } from './exposition.testing.ts';
import { LazyMetrics } from './lazy-metrics.ts';
import { type NetworkFigures, NodeMetrics } from './node-metrics.ts';

const STILL = { isOwn: () => false, nowMs: () => 0 };

function figures(): NetworkFigures {
  const traffic = new Traffic();
  traffic.count('sent', 'body', 1000);
  traffic.count('sent', 'body', 500);
  traffic.count('received', 'unknown', 7);
  return { traffic, peers: () => ({ inbound: 2, outbound: 3 }), bans: () => 4 };
}

/** The names in the first cell of a row of the reference page; `_p99_` is short for the name before with that part. */
function namesOfRow(row: string): string[] {
  const cell = /^\| (`calin_[^|]*) \|/.exec(row)?.[1] ?? '';
  const names = [...cell.matchAll(/`([a-z0-9_]+)(?:\{[a-z,]*\})?`/g)].map((found) => found[1] ?? '');
  const [first = ''] = names;
  return names.map((name) => (name.startsWith('_') ? first.replace(/_p50_/, name) : name));
}

describe('metrics', () => {
  it('say what the node and its network are doing', async (test) => {
    const { view, node } = new TestHost();
    const metrics = new NodeMetrics({ view, network: figures(), index: { heapBytes: 5_000_000 }, ...STILL });
    test.after(() => metrics.close());
    const text = await metrics.text();
    for (const line of [
      'calin_head_height 0',
      `calin_ready ${node.node.life === 'ready' ? 1 : 0}`,
      'calin_peers{direction="inbound"} 2',
      'calin_peers{direction="outbound"} 3',
      'calin_bans 4',
      'calin_index_heap_bytes 5000000',
      'calin_network_bytes_total{direction="sent",kind="body"} 1500',
      'calin_network_messages_total{direction="sent",kind="body"} 2',
      'calin_network_bytes_total{direction="received",kind="unknown"} 7',
    ]) {
      assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
    }
    assert.match(text, /^calin_heap_used_bytes [1-9]\d+$/m);
    assert.match(text, /^calin_event_loop_delay_max_seconds \d/m);
  });

  it('keep to the text format, and are all of those that are promised', async (test) => {
    const all = { network: figures(), index: { heapBytes: 0 } };
    const metrics = new NodeMetrics({ view: new TestHost().view, ...all, ...STILL });
    test.after(() => metrics.close());
    const families = readExposition(await metrics.text());
    const page = readFileSync(new URL('../../../../docs/reference/metrics.md', import.meta.url), 'utf8');
    const told = page.split('\n').flatMap(namesOfRow);
    assert.deepEqual(
      [...families.keys()].toSorted(),
      told.toSorted(),
      'docs/reference/metrics.md names them all',
    );
    for (const [name, { type }] of families) {
      assert.match(name, /^calin_[a-z0-9]+(?:_[a-z0-9]+)*$/);
      assert.equal(name.endsWith('_total'), type === 'counter', `${name} is a ${type}`);
    }
    const kinds = (name: string): MetricFamily | undefined => families.get(name);
    assert.equal(kinds('calin_block_propagation_seconds')?.type, 'histogram');
    assert.equal(kinds('calin_reorg_depth_blocks')?.type, 'histogram');
    const bytes = kinds('calin_network_bytes_total')?.samples ?? [];
    assert.deepEqual(bytes[0]?.labels, { direction: 'sent', kind: 'body' });
  });

  it('count on from one reading to the next, not twice', async (test) => {
    const network = figures();
    const metrics = new NodeMetrics({ view: new TestHost().view, network, ...STILL });
    test.after(() => metrics.close());
    await metrics.text();
    network.traffic.count('sent', 'body', 1);
    assert.match(await metrics.text(), /^calin_network_bytes_total\{direction="sent",kind="body"\} 1501$/m);
  });

  it('observe how long blocks took and how deep branches were replaced', async (test) => {
    const { view, node } = new TestHost();
    node.runner.dispatch({ type: 'start' });
    assert.equal(view.status().life, 'ready');
    const head = node.node.chain.head;
    const metrics = new NodeMetrics({
      view,
      network: undefined,
      ...STILL,
      nowMs: () => head.header.timeMs + 400,
    });
    test.after(() => metrics.close());
    const moved: Notification = { kind: 'head', head, reverted: 0, transactions: () => [] };
    const producer = new NodeMetrics({ view, network: undefined, ...STILL, isOwn: () => true });
    test.after(() => producer.close());
    producer.notify(moved);
    assert.match(await producer.text(), /^calin_block_propagation_seconds_count 0$/m);
    metrics.notify(moved);
    metrics.notify({ ...moved, reverted: 2 });
    const text = await metrics.text();
    assert.match(text, /^calin_block_propagation_seconds_bucket\{le="0.25"\} 0$/m);
    assert.match(text, /^calin_block_propagation_seconds_bucket\{le="0.5"\} 2$/m);
    assert.match(text, /^calin_reorg_depth_blocks_sum 2$/m);
    assert.match(text, /^calin_reorg_depth_blocks_count 1$/m);
    assert.doesNotMatch(text, /calin_peers/);
  });

  it('begin when they are asked for, at the latest, and end with the node', async (test) => {
    const { view, node } = new TestHost();
    const metrics = new LazyMetrics({ view, network: undefined, ...STILL });
    test.after(() => metrics.close());
    const { head } = node.node.chain;
    node.runner.dispatch({ type: 'start' });
    metrics.notify({ kind: 'head', head, reverted: 1, transactions: () => [] });
    const text = await metrics.text();
    assert.match(text, /^calin_reorg_depth_blocks_count 0$/m);
    metrics.notify({ kind: 'head', head, reverted: 1, transactions: () => [] });
    assert.match(await metrics.text(), /^calin_reorg_depth_blocks_count 1$/m);
    const real = new NodeMetrics({ view, network: undefined, ...STILL });
    test.after(() => real.close());
    assert.equal(metrics.contentType, real.contentType);
  });

  it('are answered by the server under /metrics, and only where there are any', async (test) => {
    const host = new TestHost();
    const metrics = new NodeMetrics({ view: host.view, network: undefined, ...STILL });
    test.after(() => metrics.close());
    const { server } = await startTestServer(test, { host, metrics });
    const response = await fetch(`${server.url}/metrics`);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
    assert.match(await response.text(), /^calin_head_height 0$/m);
    assert.equal((await post(`${server.url}/metrics`, statusCall())).status, 405);
    const bare = await startTestServer(test);
    assert.equal((await fetch(`${bare.server.url}/metrics`)).status, 404);
  });
});
