import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import { MOVEMENTS, TOKENS, TRANSACTIONS } from '@calin/core/index/tables.ts';
import { History } from '@calin/core/ledger/testing/history.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { ResultOf } from '@calin/core/rpc/method.ts';
import { METHODS, type Methods } from '@calin/core/rpc/methods.ts';
import fc from 'fast-check';
import { MemoryIndexStore, TestFollower } from './index.testing.ts';
import { answerQuery } from './index-queries.ts';

type Found = ResultOf<Methods['search_find']>['results'];

describe('searching an index', () => {
  const history = new History({ seed: 21 });
  const store = new MemoryIndexStore();
  const prefix = history.spec.addressPrefix;

  async function find(text: string, limit?: number): Promise<Found> {
    const params = { text, ...(limit === undefined ? {} : { limit }) };
    const answer = await answerQuery(store, prefix, 'search_find', params);
    assert.ok(answer.ok, JSON.stringify(answer));
    const shaped = METHODS.search_find.result.parse(answer.value, 'result');
    assert.ok(shaped.ok, JSON.stringify(shaped));
    return shaped.value.results;
  }

  before(async () => {
    for (let i = 0; i < 12; i++) history.grow(8);
    const following = new TestFollower(history, store);
    await following.atHead();
    await following.close();
  });

  it('finds every block, transaction, address and token by all of it and by its beginning', async () => {
    for (const { block } of history.blocks.slice(0, 4)) {
      const id = toHex(block.id);
      for (const text of [id, id.slice(0, 9), String(block.header.height)]) {
        const found = (await find(text)).find(({ kind }) => kind === 'block');
        assert.deepEqual(
          [found?.id, found?.height, found?.exact],
          [id, block.header.height, text.length !== 9],
        );
      }
    }
    const { transactions, movements, tokens } = await store.read(async (reader) => ({
      transactions: await reader.range(TRANSACTIONS, { limit: 9 }),
      movements: await reader.range(MOVEMENTS, { limit: 9 }),
      tokens: await reader.range(TOKENS, { limit: 9 }),
    }));
    for (const { txid, height, position } of transactions) {
      const [found] = await find(toHex(txid));
      assert.deepEqual([found?.kind, found?.height, found?.position], ['transaction', height, position]);
    }
    for (const { address } of movements) {
      const whole = formatAddress(address, prefix);
      for (const text of [whole, whole.slice(0, prefix.length + 12)]) {
        const [found] = await find(text);
        assert.deepEqual([found?.kind, found?.address, found?.exact], ['address', whole, text === whole]);
      }
    }
    assert.ok(tokens.length > 0);
    for (const { asset, symbol } of tokens) {
      assert.ok((await find(symbol.toLowerCase(), 20)).some((one) => one.asset === asset && one.exact));
      assert.ok((await find(symbol.slice(0, 1), 20)).some((one) => one.asset !== null));
      assert.equal((await find(String(asset)))[0]?.asset, asset);
    }
  });

  it('gives as many results as were asked for, the exact ones first, and each once', async () => {
    const one = await find('1', 1);
    assert.deepEqual([one.length, one[0]?.kind, one[0]?.exact], [1, 'block', true]);
    assert.deepEqual(await find('no such thing'), []);
    assert.deepEqual(await find(''), []);
  });

  it('takes any text', async () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('0', 'f', 'x', '#', ',', ' ', 'q', '1', ...prefix), maxLength: 80 }),
      fc.string({ unit: fc.constantFrom('%', '_', "'", '"', '\\', '\0', '<', '\ud800'), maxLength: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(texts, fc.integer({ min: 1, max: 20 }), async (text, limit) => {
        const found = await find(text, limit);
        assert.ok(found.length <= limit);
        const names = found.map(({ kind, id, address, asset }) => `${kind} ${id ?? address ?? asset}`);
        assert.equal(new Set(names).size, names.length);
        const firstOther = found.findIndex(({ exact }) => !exact);
        if (firstOther >= 0) assert.ok(found.slice(firstOther).every(({ exact }) => !exact));
      }),
      { numRuns: 150 },
    );
  });
});
