import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes, equalBytes } from '../../base/bytes.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import { Random } from '../../base/random.ts';
import { hash } from '../../crypto/hash.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import { type Block, transactionLeaves } from '../../primitives/block.ts';
import { scanBlock, scanJoinedBlock } from '../../primitives/flat-block.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  transactionLeaf,
} from '../../primitives/transaction.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { RecentTransactions } from './recent-transactions.ts';
import { describes, type JoiningNode, Reconstruction, verifyCompactBlock } from './reconstruction.ts';
import { CHAIN_ID, RelayNet, resigned, testBlock, testTransaction } from './relay.testing.ts';
import {
  compactBlockOf,
  type JoiningChain,
  joinBlock,
  type RelayBlock,
  relayBlockOf,
} from './relay-block.ts';

const hasher = createPlainHasher();
const chain: JoiningChain = {
  hasher,
  scanJoined: (bytes, joined) => scanJoinedBlock(bytes, joined, CHAIN_ID, hasher),
  sharedBlock: () => undefined,
};
const { genesis } = new RelayNet();
const FLAT_KEYS = ['id', 'txRoot', 'count', 'offsets', 'bodyEnds', 'txids', 'leaves', 'addresses'] as const;
const seeds = fc.nat({ max: 2 ** 31 - 1 });

/** The transaction with an action: no transfer any more. */
function noted(transaction: Transaction, random: SeededRandom): Transaction {
  const actions = [{ tag: 1, body: random.bytes(32 + random.below(20)) }];
  return createTransaction({ ...transaction, actions }, transaction.witnesses, CHAIN_ID);
}

/** What a node joins blocks with that has these in its pool. */
function nodeOf(pool: readonly Transaction[]): JoiningNode {
  const byTxid = new Map(pool.map((transaction) => [bytesKey(transaction.txid), transaction]));
  return { chain, mempool: { get: (txid) => byTxid.get(bytesKey(txid)) } };
}

/** A block, its compact form with a random choice of prefilled transactions, and a pool with some of the others. */
function scene(random: SeededRandom) {
  const transactions = Array.from({ length: 1 + random.below(40) }, () =>
    random.oneIn(3) ? noted(testTransaction(random), random) : testTransaction(random),
  );
  const block = testBlock(genesis, transactions);
  const form = relayBlockOf(block, hasher);
  const places = transactions.map((_, i) => i).filter(() => random.oneIn(4));
  const recent = new RecentTransactions(new Random(random.bytes(32)), () => true);
  const pooled = transactions.filter(() => !random.oneIn(3));
  const added = [...pooled, ...Array.from({ length: 20 }, () => testTransaction(random))];
  recent.add({ transactions: added, leaves: transactionLeaves(added, hasher) }, 0);
  // Some have left the pool since, or came again with another signature.
  const kept = pooled.filter(() => !random.oneIn(4)).map((one) => (random.oneIn(4) ? resigned(one, 1) : one));
  const node = nodeOf(kept);
  return { transactions, block, form, message: compactBlockOf(form, places), recent, pooled, node };
}

/** Changes something in a compact block, which may then be an honest one all the same. */
function bend(message: CompactBlockMessage, random: SeededRandom): CompactBlockMessage {
  const shortIds = message.shortIds.slice();
  const prefilled = message.prefilled.map((one) => ({ ...one }));
  switch (random.below(5)) {
    case 0:
      if (shortIds.length > 0) shortIds[random.below(shortIds.length)] = random.below(256);
      return { ...message, shortIds };
    case 1:
      return { ...message, shortIds: shortIds.subarray(0, random.below(shortIds.length + 1)) };
    case 2:
      return { ...message, prefilled: prefilled.slice(1) };
    case 3:
      return {
        ...message,
        prefilled: prefilled.map((one) => ({ ...one, index: one.index + random.below(3) - 1 })),
      };
    default:
      return { ...message, prefilled: prefilled.map(({ index }) => ({ index, bytes: random.bytes(12) })) };
  }
}

function complete(
  reconstruction: Reconstruction,
  transactions: Block['transactions'],
  node: JoiningNode,
): RelayBlock | undefined {
  const missing = reconstruction.missing();
  const bytes = missing.map((place) => transactions[place]?.bytes ?? new Uint8Array(12));
  return reconstruction.fill(missing, bytes) ? reconstruction.finish(node) : undefined;
}

describe('a block put together', () => {
  it('is the block, whatever came with it, was in the pool, or was asked for', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { transactions, block, form, message, recent, pooled, node } = scene(seededRandom(seed));
        assert.ok(verifyCompactBlock(message).ok);
        const reconstruction = new Reconstruction(message, recent);
        const isThere = (place: number) =>
          pooled.includes(transactions[place] as (typeof pooled)[number]) ||
          message.prefilled.some(({ index }) => index === place);
        assert.deepEqual(
          reconstruction.missing(),
          transactions.map((_, i) => i).filter((place) => !isThere(place)),
        );
        const joined = complete(reconstruction, transactions, node);
        assert.deepEqual(joined?.bytes, block.bytes);
        const scanned = scanBlock(block.bytes, CHAIN_ID, hasher);
        assert.ok(scanned.ok && joined?.flat !== undefined);
        for (const key of FLAT_KEYS) assert.deepEqual(joined.flat[key], scanned.value[key]);
        assert.deepEqual(
          joined.flat.transactions.map((one) => encodeBody(one)),
          scanned.value.transactions.map((one) => encodeBody(one)),
        );
        assert.deepEqual(joined.flat.transactions.map(transactionLeaf), transactions.map(transactionLeaf));
        assert.ok(joined !== undefined && describes(message, joined) && describes(message, form));
      }),
      { numRuns: 60 },
    );
  });

  it('is never another one than the header commits to, however the compact one lies', () => {
    let [same, lies] = [0, 0];
    fc.assert(
      fc.property(seeds, (seed) => {
        const random = seededRandom(seed);
        const { transactions, block, form, message, recent, node } = scene(random);
        const bent = random.oneIn(4) ? message : bend(message, random);
        if (!verifyCompactBlock(bent).ok) return;
        const joined = complete(new Reconstruction(bent, recent), transactions, node);
        if (joined !== undefined) assert.ok(equalBytes(joined.bytes, block.bytes));
        // Who described the block as it is has not lied, and only then can it be completed from the description.
        if (describes(bent, form)) same += 1;
        else lies += 1;
        assert.equal(joined !== undefined, describes(bent, form));
      }),
      { numRuns: 200 },
    );
    assert.ok(same > 10 && lies > 50, `${same} honest, ${lies} lies`);
  });

  /** Parts that a producer has committed to, whatever they are. */
  function committed(parts: readonly Uint8Array[]) {
    const leaves = new Uint8Array(32 * parts.length);
    parts.forEach((part, i) => {
      leaves.set(hash('tx-leaf', part), 32 * i);
    });
    const txRoot = hasher.merkleRoot(leaves, parts.length);
    const header = { ...testBlock(genesis, []).header, txRoot };
    return joinBlock(header, { parts, leaves, transaction: () => undefined }, chain);
  }

  it('is handed on unread when its producer has committed to what is no transaction', () => {
    const { transactions } = scene(seededRandom(8));
    const parts = [...transactions.map(({ bytes }) => bytes), new Uint8Array(12).fill(7)];
    const joined = committed(parts);
    assert.ok(joined !== undefined);
    assert.equal(joined.flat, undefined);
    assert.deepEqual(
      parts,
      Array.from({ length: joined.count }, (_, i) => joined.part(i)),
    );
    assert.equal(scanBlock(joined.bytes, CHAIN_ID, hasher).ok, false);
  });

  it('is handed on unread when its producer has committed to transactions that are cut elsewhere', () => {
    const random = seededRandom(9);
    const whole = Array.from({ length: 6 }, () => testTransaction(random).bytes);
    const all = concatBytes(...whole);
    for (const shift of [-248, -96, -4, 4, 100, 248]) {
      const cuts = [0, 248, 496 + shift, 744, 992, 1240, 1488];
      const parts = whole.map((_, i) => all.subarray(cuts[i], cuts[i + 1]));
      const joined = committed(parts);
      assert.ok(joined !== undefined);
      assert.equal(joined.flat, undefined, `cut ${shift} bytes beside`);
      // The bytes are a block, and not one of this header: whoever reads them refuses them.
      const scanned = scanBlock(joined.bytes, CHAIN_ID, hasher);
      assert.ok(scanned.ok && !equalBytes(scanned.value.txRoot, joined.header.txRoot));
    }
    assert.ok(committed(whole)?.flat !== undefined);
  });

  it('is not filled by transactions of other short ids', () => {
    const random = seededRandom(5);
    const { transactions, form, recent, node } = scene(random);
    const reconstruction = new Reconstruction(compactBlockOf(form, []), recent);
    const missing = reconstruction.missing();
    assert.ok(missing.length > 1);
    const right = missing.map((place) => (transactions[place] as (typeof transactions)[number]).bytes);
    assert.equal(reconstruction.fill(missing, right.toReversed()), false);
    assert.deepEqual(reconstruction.missing(), missing);
    assert.equal(reconstruction.finish(node), undefined);
    assert.equal(reconstruction.fill(missing, right), true);
    assert.ok(reconstruction.finish(node) !== undefined);
  });
});

describe('blocks that nodes of one process share', () => {
  it('are taken by who has come to the same leaves, and by nobody else', () => {
    const { block, form } = scene(seededRandom(6));
    const scanned = scanBlock(block.bytes, CHAIN_ID, hasher);
    assert.ok(scanned.ok);
    const forbidden = { ...hasher, merkleRoot: () => assert.fail('the root is known') };
    const parts = block.transactions.map(({ bytes }) => bytes);
    const sharing = { ...chain, hasher: forbidden, sharedBlock: () => scanned.value };
    const transaction = () => undefined;
    const joined = joinBlock(block.header, { parts, leaves: form.leaves, transaction }, sharing);
    assert.equal(joined?.bytes, scanned.value.bytes);
    assert.equal(joined, relayBlockOf(scanned.value, hasher));
    const leaves = form.leaves.slice();
    leaves[0] = (leaves[0] as number) ^ 1;
    assert.equal(joinBlock(block.header, { parts, leaves, transaction }, { ...sharing, hasher }), undefined);
  });
});
