import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { equalBytes } from '../base/bytes.ts';
import { parseBlock } from '../primitives/block.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import { decodeChanges } from '../state/changes.ts';
import { NAMESPACE } from '../state/namespaces.ts';
import { viewOf } from '../state/view.ts';
import { applyChanges, stateCoins, stateEntries, stateRoot, type WorldState } from '../state/world-state.ts';
import { DATA_TAG } from './actions/data.ts';
import { TOKEN_BURN_TAG } from './actions/token-burn.ts';
import { TOKEN_CREATE_TAG } from './actions/token-create.ts';
import { TOKEN_MINT_TAG } from './actions/token-mint.ts';
import { applyBlock } from './apply-block.ts';
import { readSupply } from './supply.ts';
import { History, type HistoryBlock } from './testing/history.testing.ts';
import { assetKey, readToken } from './token.ts';
import { SIGNATURES_CHECKED } from './transaction-signatures.ts';

const seeds = fc.integer({ min: 0, max: 0x7fff_ffff });
const RUNS = { numRuns: 12 };

/** What all coins of each asset hold together, in exact integers. */
function holdings(state: WorldState): Map<number, bigint> {
  const sums = new Map<number, bigint>();
  for (const { coin } of stateCoins(state))
    sums.set(coin.asset, (sums.get(coin.asset) ?? 0n) + BigInt(coin.amount));
  return sums;
}

function assertConserved(state: WorldState): void {
  const view = viewOf(state);
  const sums = holdings(state);
  const { issued, burned } = readSupply(view);
  assert.equal(sums.get(0), BigInt(issued) - BigInt(burned), 'native coins = issued − burned');
  sums.delete(0);
  for (const { key } of stateEntries(state, NAMESPACE.token)) {
    const asset = [...key].reduceRight((value, byte) => value * 256 + byte, 0);
    assert.deepEqual(assetKey(asset), key);
    const token = readToken(view, asset);
    assert.ok(token !== undefined && token.supply <= token.supplyMax);
    assert.equal(sums.get(asset) ?? 0n, BigInt(token.supply), 'coins of a token = its supply');
    sums.delete(asset);
  }
  assert.equal(sums.size, 0, 'no coins of an asset without a token');
}

test('after every block all native coins are issued − burned, and all coins of a token its supply', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const history = new History({ seed });
      assertConserved(history.state);
      for (let i = 0; i < 7; i++) assertConserved(history.grow(6).result.state);
    }),
    RUNS,
  );
});

test('undoing every block leads back through the same roots to the genesis state', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const history = new History({ seed });
      for (let i = 0; i < 6; i++) history.grow(5);
      let { state } = history;
      for (let i = history.blocks.length - 1; i >= 0; i--) {
        const { undo } = (history.blocks[i] as HistoryBlock).result;
        state = applyChanges(state, decodeChanges(undo)).state;
        const before = history.blocks[i - 1]?.block ?? history.genesis;
        assert.deepEqual(stateRoot(state), before.header.stateRoot);
      }
    }),
    RUNS,
  );
});

test('replaying the bytes of a history gives the same roots and receipts', () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const history = new History({ seed });
      for (let i = 0; i < 6; i++) history.grow(5);
      let state = history.genesisState;
      for (const { block, env, result } of history.blocks) {
        const parsed = parseBlock(block.bytes, history.chainId);
        assert.ok(parsed.ok);
        const applied = applyBlock(history.spec, state, parsed.value, env, SIGNATURES_CHECKED);
        assert.ok(applied.ok);
        assert.deepEqual(applied.value.receipts, result.receipts);
        assert.ok(equalBytes(applied.value.stateRoot, result.stateRoot));
        state = applied.value.state;
      }
    }),
    RUNS,
  );
});

test('the same seed gives the same bytes; a branch shares its beginning and then differs', () => {
  const grown = (seed: number) => {
    const history = new History({ seed });
    for (let i = 0; i < 4; i++) history.grow();
    return history;
  };
  assert.deepEqual(grown(5).head.bytes, grown(5).head.bytes);
  assert.notDeepEqual(grown(5).head.bytes, grown(6).head.bytes);
  const trunk = grown(5);
  const branch = trunk.fork(2, 99);
  assert.deepEqual(branch.head.id, trunk.blocks[1]?.block.id);
  branch.grow();
  assert.notDeepEqual(branch.head.id, trunk.blocks[2]?.block.id);
  assert.equal(branch.head.header.height, 3);
});

test('histories meet every action, every lock by every path, spends inside a block, tips and spent rewards', () => {
  const met = new Set<string>();
  for (let seed = 0; seed < 12; seed++) {
    const history = new History({ seed });
    for (let i = 0; i < 7; i++) {
      const { block, result } = history.grow(6);
      const created = new Set(block.transactions.map(({ txid }) => Buffer.from(txid).toString('hex')));
      for (const tx of block.transactions) {
        for (const { tag } of tx.actions) met.add(`action ${tag}`);
        for (const { lock, path } of tx.witnesses) met.add(`${lock.kind} ${path}`);
        if (tx.inputs.some(({ txid }) => created.has(Buffer.from(txid).toString('hex')))) met.add('inside');
      }
      if (decodeReceipts(result.receipts).some(({ fee, burned }) => fee > burned)) met.add('tip');
      if (decodeChanges(result.undo).coins.some(({ coin }) => coin?.reward === true)) met.add('reward');
    }
  }
  const actions = [DATA_TAG, TOKEN_CREATE_TAG, TOKEN_MINT_TAG, TOKEN_BURN_TAG].map((tag) => `action ${tag}`);
  const locks = ['htlc 0', 'htlc 1', 'key 0', 'multisig 0', 'recoverable 0', 'recoverable 1', 'timelock 0'];
  const expected = [...actions, ...locks, 'inside', 'reward', 'tip'];
  assert.deepEqual(
    expected.filter((name) => !met.has(name)),
    [],
  );
});
