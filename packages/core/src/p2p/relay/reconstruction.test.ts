import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { equalBytes } from '../../base/bytes.ts';
import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import { Random } from '../../base/random.ts';
import { hash } from '../../crypto/hash.ts';
import { createPlainHasher } from '../../crypto/plain-hasher.ts';
import { type Block, transactionLeaves } from '../../primitives/block.ts';
import { scanBlock } from '../../primitives/flat-block.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import { RecentTransactions } from './recent-transactions.ts';
import { describes, Reconstruction, verifyCompactBlock } from './reconstruction.ts';
import { CHAIN_ID, RelayNet, testBlock, testTransaction } from './relay.testing.ts';
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
  scanJoined: (bytes, leaves) => scanBlock(bytes, CHAIN_ID, hasher, leaves),
  sharedBlock: () => undefined,
};
const { genesis } = new RelayNet();
const FLAT_KEYS = ['id', 'txRoot', 'count', 'offsets', 'bodyEnds', 'txids', 'leaves', 'addresses'] as const;
const seeds = fc.nat({ max: 2 ** 31 - 1 });

/** A block, its compact form with a random choice of prefilled transactions, and a pool with some of the others. */
function scene(random: SeededRandom) {
  const transactions = Array.from({ length: 1 + random.below(40) }, () => testTransaction(random));
  const block = testBlock(genesis, transactions);
  const form = relayBlockOf(block, hasher);
  const places = transactions.map((_, i) => i).filter(() => random.oneIn(4));
  const recent = new RecentTransactions(new Random(random.bytes(32)), {
    isPooled: () => true,
    leavesOf: (some) => transactionLeaves(some, hasher),
  });
  const pooled = transactions.filter(() => !random.oneIn(3));
  recent.add([...pooled, ...Array.from({ length: 20 }, () => testTransaction(random))], 0);
  return { transactions, block, form, message: compactBlockOf(form, places), recent, pooled };
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
): RelayBlock | undefined {
  const missing = reconstruction.missing();
  const bytes = missing.map((place) => transactions[place]?.bytes ?? new Uint8Array(12));
  return reconstruction.fill(missing, bytes) ? reconstruction.finish(chain) : undefined;
}

describe('a block put together', () => {
  it('is the block, whatever came with it, was in the pool, or was asked for', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { transactions, block, form, message, recent, pooled } = scene(seededRandom(seed));
        assert.ok(verifyCompactBlock(message).ok);
        const reconstruction = new Reconstruction(message, recent);
        const isThere = (place: number) =>
          pooled.includes(transactions[place] as (typeof pooled)[number]) ||
          message.prefilled.some(({ index }) => index === place);
        assert.deepEqual(
          reconstruction.missing(),
          transactions.map((_, i) => i).filter((place) => !isThere(place)),
        );
        const joined = complete(reconstruction, transactions);
        assert.deepEqual(joined?.bytes, block.bytes);
        const scanned = scanBlock(block.bytes, CHAIN_ID, hasher);
        assert.ok(scanned.ok && joined?.flat !== undefined);
        for (const key of FLAT_KEYS) assert.deepEqual(joined.flat[key], scanned.value[key]);
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
        const { transactions, block, form, message, recent } = scene(random);
        const bent = random.oneIn(4) ? message : bend(message, random);
        if (!verifyCompactBlock(bent).ok) return;
        const joined = complete(new Reconstruction(bent, recent), transactions);
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

  it('is handed on unread when its producer has committed to what is no transaction', () => {
    const { transactions } = scene(seededRandom(8));
    const parts = [...transactions.map(({ bytes }) => bytes), new Uint8Array(12).fill(7)];
    const leaves = new Uint8Array(32 * parts.length);
    parts.forEach((part, i) => {
      leaves.set(hash('tx-leaf', part), 32 * i);
    });
    const txRoot = hasher.merkleRoot(leaves, parts.length);
    const joined = joinBlock({ ...testBlock(genesis, []).header, txRoot }, { parts, leaves }, chain);
    assert.ok(joined !== undefined);
    assert.equal(joined.flat, undefined);
    assert.deepEqual(
      parts,
      Array.from({ length: joined.count }, (_, i) => joined.part(i)),
    );
    assert.equal(scanBlock(joined.bytes, CHAIN_ID, hasher).ok, false);
  });

  it('is not filled by transactions of other short ids', () => {
    const random = seededRandom(5);
    const { transactions, form, recent } = scene(random);
    const reconstruction = new Reconstruction(compactBlockOf(form, []), recent);
    const missing = reconstruction.missing();
    assert.ok(missing.length > 1);
    const right = missing.map((place) => (transactions[place] as (typeof transactions)[number]).bytes);
    assert.equal(reconstruction.fill(missing, right.toReversed()), false);
    assert.deepEqual(reconstruction.missing(), missing);
    assert.equal(reconstruction.finish(chain), undefined);
    assert.equal(reconstruction.fill(missing, right), true);
    assert.ok(reconstruction.finish(chain) !== undefined);
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
    const joined = joinBlock(block.header, { parts, leaves: form.leaves }, sharing);
    assert.equal(joined?.bytes, scanned.value.bytes);
    assert.equal(joined, relayBlockOf(scanned.value, hasher));
    const leaves = form.leaves.slice();
    leaves[0] = (leaves[0] as number) ^ 1;
    assert.equal(joinBlock(block.header, { parts, leaves }, { ...sharing, hasher }), undefined);
  });
});
