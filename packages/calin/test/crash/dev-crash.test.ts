import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { rpc, Workplace } from '../e2e/calin.testing.ts';

const KILLS = 4;
/** Requests that wait for an answer at a time. */
const IN_FLIGHT = 3;

/** What the node told of a block. */
interface Head {
  readonly height: number;
  readonly id: string;
  readonly txids: readonly string[];
}

/** An answer, or news of a head, which has params. */
interface WireMessage {
  readonly id?: number | string;
  readonly result?: unknown;
  readonly params?: { readonly result: Head };
}

/** Subscribes to heads and asks for payments and blocks without end, as fast as they are answered. */
async function load(url: string, heads: Map<number, Head>, minedIds: string[]): Promise<void> {
  const socket = new WebSocket(url.replace('http', 'ws'));
  const opened = Promise.withResolvers<void>();
  let requests = 0;
  const ask = (): void => {
    const to = formatAddress(hash('address', Uint8Array.of(++requests & 0xff)), 'dcal');
    const [method, params] =
      requests % 4 === 0 ? ['dev_mine', { blocks: 2 }] : ['dev_faucet', { address: to, amount: 1000 }];
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: requests, method, params }));
  };
  socket.onopen = () => {
    socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: 'heads', method: 'subscribe', params: { topic: 'heads' } }),
    );
    opened.resolve();
  };
  socket.onerror = () => opened.resolve();
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(String(data)) as WireMessage;
    if (message.params !== undefined) {
      const head = message.params.result;
      heads.set(head.height, head);
      return;
    }
    if (message.id === 'heads') for (let i = 0; i < IN_FLIGHT; i++) ask();
    else ask();
    if (Array.isArray(message.result)) minedIds.push(...message.result);
  };
  await opened.promise;
}

interface BlockAnswer {
  readonly result?: { readonly header: { readonly id: string }; readonly txids: readonly string[] };
}

describe('calin dev, killed while it is used', () => {
  let place: Workplace;
  before(() => {
    place = new Workplace();
  });
  after(() => place.close());

  it('has every block it told of over the wire after each kill, and verifies from genesis', {
    timeout: 120_000,
  }, async () => {
    const random = seededRandom(4);
    const heads = new Map<number, Head>();
    const minedIds: string[] = [];
    for (let kill = 0; kill < KILLS; kill++) {
      const node = await place.start();
      const minedBefore = minedIds.length;
      await load(node.url, heads, minedIds);
      // At least one answer, however slow the machine is; the limit of the test ends a node that gives none.
      while (minedIds.length === minedBefore) await sleep(5);
      await sleep(random.below(200));
      await node.end('SIGKILL');
      const verified = await place.json(['verify']);
      assert.equal((verified as { valid: boolean }).valid, true);
    }
    const node = await place.start();
    const known = new Set<string>();
    for (const { height, id, txids } of heads.values()) {
      const { result } = (await rpc(node.url, 'chain_getBlock', { height })) as BlockAnswer;
      assert.equal(result?.header.id, id, `block ${height}`);
      assert.deepEqual(result?.txids.slice(1), txids, `transactions of block ${height}`);
      known.add(id);
    }
    for (const id of minedIds) assert.ok(known.has(id), `block ${id} was answered for without news`);
    const paid = [...heads.values()].flatMap(({ txids }) => txids);
    assert.ok(paid.length > 0 && minedIds.length > 0, `${paid.length} payments, ${minedIds.length} blocks`);
    const ended = await node.end('SIGINT');
    assert.equal(ended.code, 0, ended.stderr);
  });
});
