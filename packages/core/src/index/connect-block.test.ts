import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../base/bytes.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { readSupply } from '../ledger/supply.ts';
import { History } from '../ledger/testing/history.testing.ts';
import { readToken } from '../ledger/token.ts';
import { scanBlock } from '../primitives/flat-block.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import { viewOf } from '../state/view.ts';
import { stateCoins, type WorldState } from '../state/world-state.ts';
import { factsOf, MemoryIndex } from './memory-index.testing.ts';
import {
  ASSETS,
  BALANCES,
  BLOCKS,
  COINS,
  HOLDERS,
  MOVEMENTS,
  PRODUCER_ORDER,
  PRODUCERS,
  TABLES,
  TOKEN_ORDER,
  TOKEN_WORDS,
  TOKENS,
  TRANSACTIONS,
  UNDO,
} from './tables.ts';

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
const RUNS = { numRuns: 10 };

/** The facts of every block of a history, genesis first. */
function factsOfAll(history: History) {
  const blocks = history.blocks.map(({ block, result }) => factsOf(block, result.receipts));
  return [factsOf(history.genesis, new Uint8Array(0)), ...blocks];
}

/** An index of a history from scratch. */
function indexOf(history: History): MemoryIndex {
  const index = new MemoryIndex(history.spec);
  for (const facts of factsOfAll(history)) index.connect(facts);
  index.flush();
  return index;
}

function grownHistory(seed: number, blocks = 7, transactions = 6): History {
  const history = new History({ seed });
  for (let i = 0; i < blocks; i++) history.grow(transactions);
  return history;
}

/** What the coins of a state say of balances, told without the index. */
function balancesOf(state: WorldState): { asset: number; address: string; amount: number }[] {
  const sums = new Map<string, { asset: number; address: string; amount: number }>();
  for (const { coin } of stateCoins(state)) {
    const address = toHex(coin.address);
    const name = `${String(coin.asset).padStart(16, '0')} ${address}`;
    const sum = sums.get(name) ?? { asset: coin.asset, address, amount: 0 };
    sums.set(name, { ...sum, amount: sum.amount + coin.amount });
  }
  return [...sums.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
}

function assertIndex(index: MemoryIndex, history: History): void {
  const { state } = history;
  const balances = index.rows(BALANCES);
  assert.deepEqual(
    balances.map(({ asset, address, amount }) => ({ asset, address: toHex(address), amount })),
    balancesOf(state),
  );
  assert.equal(index.rows(COINS).length, [...stateCoins(state)].length);
  const sorted = balances.toSorted(
    (a, b) => a.asset - b.asset || a.amount - b.amount || (toHex(a.address) < toHex(b.address) ? -1 : 1),
  );
  assert.deepEqual(
    index.rows(HOLDERS),
    sorted.map(({ asset, amount, address }) => ({ asset, amount, address })),
  );
  for (const { asset, holders, movements } of index.rows(ASSETS)) {
    assert.equal(holders, balances.filter((balance) => balance.asset === asset).length);
    const txids = index
      .rows(MOVEMENTS)
      .filter((row) => row.asset === asset)
      .map(({ txid }) => toHex(txid));
    assert.equal(movements, new Set(txids).size);
  }
  assertTokens(index, state);
  assertBlocks(index, history);
}

function assertTokens(index: MemoryIndex, state: WorldState): void {
  const tokens = index.rows(TOKENS);
  for (const { asset, position: _, action: __, ...rest } of tokens) {
    assert.deepEqual(rest, { ...readToken(viewOf(state), asset) });
  }
  const order = index.rows(TOKEN_ORDER).map(({ asset }) => asset);
  assert.deepEqual(new Set(order), new Set(tokens.map(({ asset }) => asset)));
  const found = new Set(index.rows(TOKEN_WORDS).map(({ asset }) => asset));
  assert.deepEqual(found, new Set(order));
}

function assertBlocks(index: MemoryIndex, history: History): void {
  const rows = index.rows(BLOCKS);
  const last = rows.at(-1);
  assert.ok(last !== undefined && rows.length === history.blocks.length + 1);
  const supply = readSupply(viewOf(history.state));
  assert.deepEqual([last.totalIssued, last.totalBurned], [supply.issued, supply.burned]);
  assert.equal(last.inCoins, supply.issued - supply.burned, 'nothing is staked');
  const sums = { transactions: 0, fees: 0n, bytes: history.genesis.bytes.length };
  for (const [i, { block, result }] of history.blocks.entries()) {
    const row = rows[i + 1];
    const fees = decodeReceipts(result.receipts).reduce((sum, { fee }) => sum + fee, 0);
    assert.deepEqual(
      [row?.fees, row?.transactions, row?.bytes],
      [fees, block.transactions.length, block.bytes.length],
    );
    sums.transactions += block.transactions.length;
    sums.fees += BigInt(fees);
    sums.bytes += block.bytes.length;
  }
  assert.deepEqual(
    [last.totalTransactions, last.totalFees, last.totalBytes],
    [sums.transactions, sums.fees, sums.bytes],
  );
  assert.equal(index.rows(TRANSACTIONS).length, sums.transactions);
  const made = index.rows(PRODUCERS).reduce((sum, { blocks }) => sum + blocks, 0);
  assert.equal(made, history.blocks.length);
  assert.equal(index.rows(PRODUCER_ORDER).length, index.rows(PRODUCERS).length);
}

describe('the index of a history', () => {
  it('says what the state says, after every block', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const history = new History({ seed });
        const index = new MemoryIndex(history.spec);
        index.connect(factsOf(history.genesis, new Uint8Array(0)));
        for (let i = 0; i < 5; i++) {
          const { block, result } = history.grow(6);
          index.connect(factsOf(block, result.receipts));
          index.flush();
          assertIndex(index, history);
        }
      }),
      RUNS,
    );
  });

  it('adds up what a transaction did for each address to what it holds', () => {
    const history = grownHistory(3);
    const index = indexOf(history);
    const held = new Map<string, number>();
    for (const [i, { address, amount }] of history.spec.allocations.entries()) {
      assert.ok(i < 1_000);
      held.set(`${toHex(address)} 0`, (held.get(`${toHex(address)} 0`) ?? 0) + amount);
    }
    for (const { address, asset, received, sent } of index.rows(MOVEMENTS)) {
      const name = `${toHex(address)} ${asset}`;
      held.set(name, (held.get(name) ?? 0) + received - sent);
    }
    const balances = index
      .rows(BALANCES)
      .map(({ address, asset, amount }) => [`${toHex(address)} ${asset}`, amount]);
    assert.deepEqual(
      new Map([...held].filter(([, amount]) => amount !== 0)),
      new Map(balances as [string, number][]),
    );
  });

  it('is the same however many blocks are written together, and from the flat form of blocks', () => {
    const history = grownHistory(11);
    const expected = indexOf(history).content();
    for (const together of [1, 3]) {
      const index = new MemoryIndex(history.spec);
      for (const [i, facts] of factsOfAll(history).entries()) {
        const flat = i === 0 ? undefined : scanBlock(facts.block.bytes, history.chainId, createPlainHasher());
        index.connect(flat?.ok ? { ...facts, block: flat.value } : facts);
        if (i % together === 0) index.flush();
      }
      index.flush();
      assert.deepEqual(index.content(), expected);
    }
  });
});

test('over any reorganisations the index is that of the branch it ends on', () => {
  const path = fc.array(
    fc.record({ back: fc.nat(4), seed: fc.nat(1000), blocks: fc.nat(5), flush: fc.boolean() }),
    {
      maxLength: 6,
    },
  );
  fc.assert(
    fc.property(seeds, path, (seed, steps) => {
      let history = grownHistory(seed, 3, 5);
      const index = new MemoryIndex(history.spec);
      for (const facts of factsOfAll(history)) index.connect(facts);
      for (const step of steps) {
        const height = Math.max(0, history.blocks.length - step.back);
        for (let at = history.blocks.length; at > height; at--) assert.equal(index.disconnect(), true);
        if (step.flush) index.flush();
        history = history.fork(height, step.seed);
        for (let i = 0; i < step.blocks; i++) {
          const { block, result } = history.grow(4);
          index.connect(factsOf(block, result.receipts));
        }
      }
      index.flush();
      assert.deepEqual(index.content(), indexOf(history).content());
    }),
    { numRuns: 15 },
  );
});

test('only the newest blocks can be taken back out', () => {
  const history = grownHistory(5, 8, 3);
  const index = new MemoryIndex(history.spec, 3);
  for (const [i, facts] of factsOfAll(history).entries()) {
    index.connect(facts, i > 4);
    index.flush();
  }
  assert.deepEqual(
    index.rows(UNDO).map(({ height }) => height),
    [6, 7, 8],
  );
  assert.deepEqual(
    [index.disconnect(), index.disconnect(), index.disconnect(), index.disconnect()],
    [true, true, true, false],
  );
  index.flush();
  assert.equal(index.height, 5);
  const others = TABLES.filter((table) => table !== UNDO);
  assert.deepEqual(index.content(others), indexOf(history.fork(5, 0)).content(others));
});

test('a block that is not the next one is a bug', () => {
  const history = grownHistory(2, 3, 1);
  const [genesis, first, second] = factsOfAll(history);
  assert.ok(genesis && first && second);
  const index = new MemoryIndex(history.spec);
  index.connect(genesis);
  assert.throws(() => index.connect(second), /does not follow/);
});
