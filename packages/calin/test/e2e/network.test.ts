import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { freePorts } from '../../src/host/cluster/free-ports.ts';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';
import { TcpGate } from './tcp-gate.testing.ts';

interface Status {
  readonly head: { readonly id: string; readonly height: number };
  readonly storage: { readonly statesFrom: number };
}

async function call<T>(url: string, method: string, params: unknown = {}): Promise<T> {
  const answer = (await rpc(url, method, params)) as { result?: T; error?: unknown };
  assert.ok(answer.result !== undefined, JSON.stringify(answer));
  return answer.result;
}

const headOf = async (node: RunningDev) => (await call<Status>(node.url, 'node_status')).head;

/** The address that a node prints at its start. */
function addressOf(node: RunningDev): string {
  const found = /\/ip4\/127\.0\.0\.1\/tcp\/\d+\/p2p\/\w+/.exec(node.output())?.[0];
  assert.ok(found !== undefined, node.output());
  return found;
}

/** Nodes, each in a place of its own. */
class Places {
  readonly #places: Workplace[] = [];

  add(): Workplace {
    const place = new Workplace();
    this.#places.push(place);
    return place;
  }

  start(genesis: string, words: readonly string[]): Promise<RunningDev> {
    return this.add().start(['node', '--genesis', genesis, '--no-dht', ...words]);
  }

  close(): void {
    for (const place of this.#places) place.close();
  }
}

describe('nodes of one chain', () => {
  const places = new Places();
  after(() => places.close());

  test('join with an empty folder, by every block or by a snapshot, and have the same state', async () => {
    const place = places.add();
    const genesis = join(place.folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify(await place.json(['init', '--example'])));
    const first = await places.start(genesis, ['--produce', 'dev-authority']);
    // A snapshot is taken every 500 blocks, and is worth while for a chain of a thousand.
    for (const blocks of [1000, 100]) await call(first.url, 'dev_mine', { blocks });
    const bootstrap = ['--bootstrap', addressOf(first)];
    const joined = [
      await places.start(genesis, bootstrap),
      await places.start(genesis, [...bootstrap, '--mode', 'full', '--sync', 'snapshot']),
    ];
    const paid = (await place.json([
      ...['send', '--rpc', first.url, '--from', 'dev0', '--to', 'dev1', '--amount', '5'],
    ])) as { txid: string };
    const { height } = await headOf(first);
    assert.ok(height > 1100);
    const expected = await call<{ id: string; stateRoot: string }>(first.url, 'chain_getHeader', { height });
    for (const node of joined) {
      await until('the last block', async () => ((await headOf(node)).height >= height ? true : undefined));
      assert.deepEqual(await call(node.url, 'chain_getHeader', { height }), expected);
    }
    const [full, young] = await Promise.all(joined.map((node) => call<Status>(node.url, 'node_status')));
    assert.equal(full?.storage.statesFrom, 0, 'one has executed every block');
    assert.ok((young?.storage.statesFrom ?? 0) >= 1000, 'the other has begun with a snapshot');
    const found = await call<{ block: { height: number } }>(joined[0]?.url ?? '', 'tx_get', {
      txid: paid.txid,
    });
    assert.equal(found.block.height, height);
  });

  test('make blocks on both sides of a cut, and agree once it is mended', async () => {
    const place = places.add();
    const made = await place.json(['cluster', '--nodes', '2', '--data', place.data, '--until-height', '1']);
    const { path } = made as { path: string };
    const file = join(path, 'node-0', 'genesis.json');
    const production = (name: string) => ['--produce', name, '--block-time', '300'];
    const [port, gatePort] = (await freePorts(2)) as [number, number];
    const gate = new TcpGate(gatePort, port);
    await gate.open();
    try {
      const entrance = `/ip4/127.0.0.1/tcp/${gatePort}`;
      // The only way to the first node leads through the gate: it tells nobody of its own port.
      const place = ['--listen', `/ip4/127.0.0.1/tcp/${port}`, '--announce', entrance];
      const a = await places.start(file, [...production('dev-authority'), ...place]);
      const way = ['--listen', '', '--bootstrap', addressOf(a)];
      const b = await places.start(file, [...production('dev-authority-1'), ...way]);
      const agree = (height: number) =>
        until(`one head from ${height} on`, async () => {
          const [one, other] = await Promise.all([headOf(a), headOf(b)]);
          return one.id === other.id && one.height >= height ? one : undefined;
        });
      await agree(4);
      await gate.shut();
      // What they make from now on is their own; a block may have come through just before.
      const cut = Math.max(...(await Promise.all([headOf(a), headOf(b)])).map(({ height }) => height)) + 2;
      await until('both sides go on alone', async () => {
        const heads = await Promise.all([headOf(a), headOf(b)]);
        return heads.every(({ height }) => height >= cut) ? heads : undefined;
      });
      const [one, other] = await Promise.all([a, b].map((node) => branchOf(node, cut)));
      assert.notEqual(one, other, 'two branches');
      await gate.open();
      await agree(cut + 2);
      const [left, right] = await Promise.all([a, b].map((node) => branchOf(node, cut)));
      assert.equal(left, right, 'one branch');
      assert.ok(left === one || left === other, 'it is one of the two');
    } finally {
      await gate.shut();
    }
  });
});

/** The id of the block of a node's best branch at a height. */
async function branchOf(node: RunningDev, height: number): Promise<string> {
  return (await call<{ id: string }>(node.url, 'chain_getHeader', { height })).id;
}
