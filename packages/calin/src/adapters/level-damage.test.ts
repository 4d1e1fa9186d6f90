import assert from 'node:assert/strict';
import {
  appendFileSync,
  cpSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { seededRandom } from '@calin/core/base/fuzz.testing.ts';
import { committed } from '@calin/core/ports/store-compliance.testing.ts';
import { findWrong, mustOpen, numberedBatch, temporaryFolder, tipOf } from './level-store.testing.ts';
import { writeLog } from './leveldb/log.testing.ts';
import { scanLog } from './leveldb/log.ts';
import { openLevelStore } from './open-level-store.ts';
import { StoreCorruption } from './store-corruption.ts';

const BATCHES = 40;
const IN_TABLE = 25;

describe('a store whose files were changed behind its back', () => {
  const original = temporaryFolder();

  before(async () => {
    // Opening turns the log into a table, so the first part is in a table and the second in the log.
    for (const upTo of [IN_TABLE, BATCHES]) {
      const { store } = await mustOpen({ folder: original.path });
      for (let n = tipOf(store) + 1; n <= upTo; n++) {
        assert.equal(await committed(store, numberedBatch(n)), undefined);
      }
      await store.close();
    }
  });

  after(() => original[Symbol.dispose]());

  /** A copy to spoil. */
  function copy(): ReturnType<typeof temporaryFolder> {
    const folder = temporaryFolder();
    cpSync(original.path, folder.path, { recursive: true });
    return folder;
  }

  function fileOf(folder: string, ending: RegExp): string {
    const name = readdirSync(folder).find(
      (file) => ending.test(file) && statSync(join(folder, file)).size > 0,
    );
    return join(folder, name ?? assert.fail(`no file ${ending}`));
  }

  /** Opens and reads everything: the rule that refused, or 'whole' when every batch is there unchanged. */
  async function outcome(folder: string): Promise<string> {
    const opened = await openLevelStore({ folder });
    if (!opened.ok) return opened.error.rule;
    try {
      const wrong = findWrong(opened.value.store);
      return wrong ?? (tipOf(opened.value.store) === BATCHES ? 'whole' : `tip ${tipOf(opened.value.store)}`);
    } catch (error) {
      if (error instanceof StoreCorruption) return error.refusal.rule;
      throw error;
    } finally {
      await opened.value.store.close();
    }
  }

  it('is whole before', async () => {
    using folder = copy();
    assert.equal(await outcome(folder.path), 'whole');
  });

  for (const [ending, flips] of [
    [/\.ldb$/, 60],
    [/\.log$/, 60],
    [/^MANIFEST/, 60],
    [/^CURRENT$/, 10],
    [/^witness$/, 20],
  ] as const) {
    it(`refuses or is whole after one flipped bit in ${ending}`, async () => {
      const random = seededRandom(flips);
      const seen = new Set<string>();
      for (let i = 0; i < flips; i++) {
        using folder = copy();
        const file = fileOf(folder.path, ending);
        const bytes = readFileSync(file);
        const at = random.below(bytes.length);
        bytes[at] = (bytes[at] as number) ^ (1 << random.below(8));
        writeFileSync(file, bytes);
        const result = await outcome(folder.path);
        assert.match(result, /^(whole|store\/damaged|store\/lost-tail)$/, `byte ${at} of ${file}`);
        seen.add(result);
      }
      if (!ending.test('witness')) assert.ok(seen.size > 1 || !seen.has('whole'), 'no flip was ever noticed');
    });
  }

  it('refuses to open, rather than answer "absent", after a flipped bit in a key of a table', async () => {
    using folder = copy();
    const file = fileOf(folder.path, /\.ldb$/);
    const bytes = readFileSync(file);
    const at = bytes.indexOf('batch ');
    assert.ok(at > 0);
    bytes[at] = (bytes[at] as number) ^ 1;
    writeFileSync(file, bytes);
    const opened = await openLevelStore({ folder: folder.path });
    assert.deepEqual(opened.ok ? {} : opened.error.evidence, { file: basename(file), why: 'bad block at 0' });
  });

  it('refuses a log out of which a whole commit was taken', async () => {
    using folder = copy();
    const log = fileOf(folder.path, /\.log$/);
    const { records } = scanLog(readFileSync(log));
    assert.equal(records.length, BATCHES - IN_TABLE);
    writeFileSync(log, writeLog(records));
    assert.equal(await outcome(folder.path), 'whole', 'written again as it was');
    for (const missing of [0, 1, 7, 13]) {
      using spoiled = copy();
      writeFileSync(fileOf(spoiled.path, /\.log$/), writeLog(records.toSpliced(missing, 1)));
      assert.equal(await outcome(spoiled.path), 'store/damaged');
    }
  });

  it('recovers from damage in the older of two logs to what was before it', async () => {
    using folder = copy();
    const log = fileOf(folder.path, /\.log$/);
    const { records } = scanLog(readFileSync(log));
    const later = join(folder.path, '000099.log');
    const first = writeLog(records.slice(0, 8));
    writeFileSync(later, writeLog(records.slice(8)));
    first[first.length - 1] = (first.at(-1) as number) ^ 1;
    writeFileSync(log, first);
    assert.equal(await outcome(folder.path), 'store/lost-tail');
    const { store } = await mustOpen({ folder: folder.path, recover: true });
    assert.equal(tipOf(store), IN_TABLE + 7);
    assert.equal(findWrong(store), undefined);
    await store.close();
  });

  it('refuses after any file has vanished', async () => {
    for (const ending of [/\.ldb$/, /\.log$/, /^MANIFEST/, /^CURRENT$/, /^witness$/]) {
      using folder = copy();
      rmSync(fileOf(folder.path, ending));
      assert.equal(await outcome(folder.path), 'store/damaged', String(ending));
    }
  });

  it('refuses a log whose acknowledged end is gone, and goes on from the last whole commit when told to', async () => {
    const random = seededRandom(3);
    for (let i = 0; i < 8; i++) {
      using folder = copy();
      const log = fileOf(folder.path, /\.log$/);
      // The first two leave no commit in the log, so that only the database itself can tell how far it is.
      const length = i < 2 ? 3 * i : random.below(statSync(log).size);
      truncateSync(log, length);
      assert.equal(await outcome(folder.path), 'store/lost-tail');
      if (length > 32_768)
        assert.equal(statSync(log).size, length, 'a refusal leaves the log for who can mend it');
      assert.equal(await outcome(folder.path), 'store/lost-tail', 'also the second time');
      const { store, lostCommits } = await mustOpen({ folder: folder.path, recover: true });
      assert.ok(lostCommits > 0 && tipOf(store) === BATCHES - lostCommits && tipOf(store) >= IN_TABLE);
      assert.equal(findWrong(store), undefined);
      await store.close();
      assert.equal(await outcome(folder.path), `tip ${BATCHES - lostCommits}`);
    }
  });

  it('recovers from damage in the middle of the log to what was before it', async () => {
    using folder = copy();
    const log = fileOf(folder.path, /\.log$/);
    const bytes = readFileSync(log);
    const middle = bytes.length >>> 1;
    bytes[middle] = (bytes[middle] as number) ^ 1;
    writeFileSync(log, bytes);
    assert.equal(await outcome(folder.path), 'store/lost-tail');
    const { store, lostCommits } = await mustOpen({ folder: folder.path, recover: true });
    assert.ok(lostCommits > 0 && tipOf(store) >= IN_TABLE && tipOf(store) === BATCHES - lostCommits);
    assert.equal(findWrong(store), undefined);
    await store.close();
  });

  it('takes a torn write that was never acknowledged for what it is', async () => {
    for (const torn of [Buffer.alloc(3, 7), Buffer.alloc(2000, 9), Buffer.alloc(40_000)]) {
      using folder = copy();
      appendFileSync(fileOf(folder.path, /\.log$/), torn);
      assert.equal(await outcome(folder.path), 'whole');
    }
  });
});
