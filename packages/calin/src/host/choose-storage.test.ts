import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createDataFolder, openDataFolder } from '../adapters/data-folder.ts';
import { temporaryFolder } from '../adapters/level-store.testing.ts';
import { storageChoice } from '../cli/common-options.ts';
import {
  chooseCoinShards,
  chooseExplorer,
  chooseStorage,
  readIndex,
  type StorageChoice,
  saveStorage,
  withoutPassword,
} from './choose-storage.ts';
import { createDevSpec } from './dev-network.ts';

const spec = createDevSpec(1_700_000_000_000);

/** What comes of a choice in a folder with these settings: the mode, or the rule of the refusal. */
function chosen(settings: Readonly<Record<string, unknown>>, choice: StorageChoice, dev = true): unknown {
  const folder = { spec: { ...spec, dev }, settings } as Parameters<typeof chooseStorage>[0];
  const storage = chooseStorage(folder, choice);
  return storage.ok ? storage.value : storage.error.rule;
}

describe('the mode of a folder', () => {
  it('is what is asked for, else what it was, else the default of its kind of chain', () => {
    assert.deepEqual(chosen({}, {}), { kind: 'archive' });
    assert.deepEqual(chosen({}, {}, false), { kind: 'full' });
    assert.deepEqual(chosen({ mode: 'full' }, {}), { kind: 'full' });
    assert.deepEqual(chosen({ mode: 'full' }, { mode: 'archive' }), { kind: 'archive' });
    assert.deepEqual(chosen({}, { mode: 'pruned' }), { kind: 'pruned', blocks: 10_000 });
    const settings = { mode: 'pruned', pruneBlocks: 700 };
    assert.deepEqual(chosen(settings, {}), { kind: 'pruned', blocks: 700 });
    assert.deepEqual(chosen(settings, { pruneBlocks: 800 }), { kind: 'pruned', blocks: 800 });
    assert.deepEqual(chosen(settings, { mode: 'full' }), { kind: 'full' });
  });

  it('is refused when it contradicts itself or node.json says nonsense', () => {
    assert.equal(chosen({}, { mode: 'full', pruneBlocks: 500 }), 'cli/option-value');
    assert.equal(chosen({}, { pruneBlocks: 500 }), 'cli/option-value');
    for (const settings of [{ mode: 'small' }, { mode: 7 }, { mode: null }]) {
      assert.equal(chosen(settings, {}), 'folder/malformed', JSON.stringify(settings));
    }
    for (const pruneBlocks of [0, -1, 1.5, '700', 2 ** 60]) {
      assert.equal(chosen({ mode: 'pruned', pruneBlocks }, {}), 'folder/malformed', String(pruneBlocks));
    }
  });

  it('is kept in node.json, beside other settings', () => {
    using place = temporaryFolder();
    const path = join(place.path, 'chain');
    assert.ok(createDataFolder(path, spec, { other: 1 }).ok);
    const folder = openDataFolder(path);
    assert.ok(folder.ok);
    assert.ok(saveStorage(folder.value, { kind: 'pruned', blocks: 700 }).ok);
    folder.value.close();
    const { settings } = JSON.parse(readFileSync(join(path, 'node.json'), 'utf8'));
    assert.deepEqual(settings, { other: 1, mode: 'pruned', pruneBlocks: 700 });
    const again = openDataFolder(path);
    assert.ok(again.ok);
    assert.ok(saveStorage(again.value, { kind: 'full' }).ok);
    again.value.close();
    const changed = JSON.parse(readFileSync(join(path, 'node.json'), 'utf8'));
    assert.deepEqual(changed.settings, { other: 1, mode: 'full' });
  });
});

describe('memories for coins', () => {
  it('are as many as are asked for, else as node.json says, else one', () => {
    assert.deepEqual(chooseCoinShards({}, {}), { ok: true, value: 1 });
    assert.deepEqual(chooseCoinShards({ coinShards: 4 }, {}), { ok: true, value: 4 });
    assert.deepEqual(chooseCoinShards({ coinShards: 4 }, { coinShards: 256 }), { ok: true, value: 256 });
  });

  it('are a power of two', () => {
    for (const coinShards of [0, 3, 512]) {
      const chosen = chooseCoinShards({}, { coinShards });
      assert.ok(!chosen.ok && chosen.error.rule === 'cli/option-value');
    }
    for (const coinShards of [0, 3, '4', null, 512]) {
      const read = chooseCoinShards({ coinShards }, { coinShards: 2 });
      assert.ok(!read.ok && read.error.rule === 'folder/malformed');
    }
  });

  it('are noted in the folder beside the mode, for the next start and for other commands', () => {
    using temporary = temporaryFolder();
    const path = join(temporary.path, 'chain');
    assert.ok(createDataFolder(path, spec, { other: 1 }).ok);
    const save = (coinShards?: number) => {
      const folder = openDataFolder(path);
      assert.ok(folder.ok);
      assert.ok(
        saveStorage(folder.value, { kind: 'full' }, coinShards === undefined ? {} : { coinShards }).ok,
      );
      folder.value.close();
      return JSON.parse(readFileSync(join(path, 'node.json'), 'utf8')).settings;
    };
    assert.deepEqual(save(4), { other: 1, mode: 'full', coinShards: 4 });
    assert.deepEqual(save(), { other: 1, mode: 'full', coinShards: 4 });
    assert.deepEqual(save(1), { other: 1, mode: 'full' });
  });
});

describe('the index of explorers', () => {
  const told = (text: string) => {
    const values = { mode: undefined, 'prune-blocks': undefined, 'coin-shards': undefined };
    const { index, explorer } = storageChoice({ ...values, index: text, 'no-index': false });
    return [index, explorer];
  };

  it('is one of the names of an index, or the address of a database', () => {
    assert.deepEqual(told('none'), [false, undefined]);
    assert.deepEqual(told('history'), [true, 'none']);
    assert.deepEqual(told('on'), [true, undefined]);
    assert.deepEqual(told('full'), [true, 'full']);
    assert.deepEqual(told('postgres://me@host/db'), [true, 'postgres://me@host/db']);
  });

  it('is where it is asked for, else where it was, else where the command has it', () => {
    const chosen = (settings: object, choice: StorageChoice) => {
      const explorer = chooseExplorer({ ...settings }, choice);
      return explorer.ok ? explorer.value : explorer.error.rule;
    };
    assert.equal(chosen({}, {}), 'none');
    assert.equal(chosen({}, { explorerOtherwise: 'full' }), 'full');
    assert.equal(chosen({ explorer: 'none' }, { explorerOtherwise: 'full' }), 'none');
    assert.equal(chosen({ explorer: 'full' }, {}), 'full');
    assert.equal(chosen({ explorer: 'full' }, { explorer: 'postgresql://a/b' }), 'postgresql://a/b');
    for (const explorer of ['sqlite', 7, null]) assert.equal(chosen({ explorer }, {}), 'folder/malformed');
  });

  it('is noted without the password of its database', () => {
    using temporary = temporaryFolder();
    const path = join(temporary.path, 'chain');
    assert.ok(createDataFolder(path, spec, {}).ok);
    const save = (explorer?: string) => {
      const folder = openDataFolder(path);
      assert.ok(folder.ok);
      const noted = explorer === undefined ? {} : { explorer: withoutPassword(explorer) };
      assert.ok(saveStorage(folder.value, { kind: 'full' }, noted).ok);
      folder.value.close();
      return JSON.parse(readFileSync(join(path, 'node.json'), 'utf8')).settings;
    };
    assert.deepEqual(save(), { mode: 'full' });
    const url = 'postgres://me:s3cret%40@host:5433/db?sslmode=require';
    assert.deepEqual(save(url), { mode: 'full', explorer: 'postgres://me@host:5433/db?sslmode=require' });
    assert.equal(save().explorer, 'postgres://me@host:5433/db?sslmode=require');
    assert.equal(withoutPassword('postgresql://me@host/db'), 'postgresql://me@host/db');
    assert.equal(save('none').explorer, 'none');
  });
});

describe('the index of a folder', () => {
  it('is on unless node.json says otherwise, which says nothing but true or false', () => {
    assert.deepEqual(readIndex({}), { ok: true, value: true });
    assert.deepEqual(readIndex({ index: false }), { ok: true, value: false });
    assert.deepEqual(readIndex({ index: 'later' }), { ok: true, value: 'later' });
    for (const index of ['off', 0, null]) {
      const read = readIndex({ index });
      assert.ok(!read.ok && read.error.rule === 'folder/malformed');
    }
  });

  it('is what the command line says, where the flag wins over everything', () => {
    const values = { mode: undefined, 'prune-blocks': undefined, 'coin-shards': undefined };
    const chosen = (index: string | undefined, no: boolean) =>
      storageChoice({ ...values, index, 'no-index': no }).index;
    assert.deepEqual(
      [chosen(undefined, false), chosen('on', false), chosen('off', false)],
      [undefined, true, false],
    );
    assert.deepEqual([chosen(undefined, true), chosen('on', true)], [false, false]);
  });

  it('is noted while it is off, and kept by those who say nothing about it', () => {
    using temporary = temporaryFolder();
    const path = join(temporary.path, 'chain');
    assert.ok(createDataFolder(path, spec, {}).ok);
    const save = (choice: { readonly index?: boolean }, kind: 'full' | 'archive' = 'full') => {
      const folder = openDataFolder(path);
      assert.ok(folder.ok);
      assert.ok(saveStorage(folder.value, { kind }, choice).ok);
      folder.value.close();
      return JSON.parse(readFileSync(join(path, 'node.json'), 'utf8')).settings;
    };
    assert.deepEqual(save({ index: false }), { mode: 'full', index: false });
    assert.deepEqual(save({}, 'archive'), { mode: 'archive', index: false });
    assert.deepEqual(save({ index: true }, 'archive'), { mode: 'archive' });
  });
});
