import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { mapChanges, randomEntry, wordsOf } from '@calin/core/state/coin-map.testing.ts';
import { COIN_ENTRY_WORDS, COIN_KEY_WORDS, COIN_RECORD_WORDS } from '@calin/core/state/coin-map.ts';
import { CoinShard } from './coin-shard.ts';
import { loadKernel } from './load-kernel.ts';

test('a shard whose memory lies on both sides of 2 GiB is the same as one whose memory does not', () => {
  const random = seededRandom(21);
  const entries = Array.from({ length: 12_000 }, () => randomEntry(random));
  // A thousand that share their first bits, so that there are forks on both sides too.
  const prefix = random.bytes(32);
  entries.push(...Array.from({ length: 1000 }, () => randomEntry(random, prefix, 30)));
  const kernel = loadKernel();
  // Nobody writes there, so the machine gives no memory for it.
  assert.notEqual(kernel.allocate(2 ** 31 - 2_500_000, 16), 0);
  const [high, low] = [new CoinShard(0, kernel), new CoinShard(0)];
  const keys = wordsOf(entries.map(({ key }) => key));
  const seen = [high, low].map((shard) => {
    shard.update(mapChanges([], entries));
    const first = shard.root();
    shard.update(
      mapChanges(
        entries.slice(0, 4000).map(({ key }) => key),
        [],
      ),
    );
    const records = new Int32Array(entries.length * COIN_RECORD_WORDS);
    shard.find(keys, entries.length, records);
    const scanned = new Int32Array(entries.length * COIN_ENTRY_WORDS);
    const count = shard.scan(new Int32Array(COIN_KEY_WORDS), entries.length, scanned, 0);
    return { first, second: shard.root(), records, scanned, count };
  });
  assert.ok(low.memoryBytes < 2 ** 23 && high.memoryBytes > 2 ** 31 + 500_000);
  assert.equal(seen[0]?.count, 9000);
  assert.deepEqual(seen[0], seen[1]);
});
