import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Refusal } from '@calin/core/base/result.ts';
import { layout } from '@calin/core/chain/layout.ts';
import { parseCheckpoint } from '@calin/core/chain/records.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { ReadStore } from '@calin/core/ports/store.ts';
import { ClassicLevel } from 'classic-level';
import { benchSpec } from '../../bench/chain/bench-spec.ts';
import type { ChainSize } from '../../bench/chain/chain-size.ts';
import { makeChain } from '../../bench/chain/make-chain.ts';
import { createDataFolder, openDataFolder } from '../../src/adapters/data-folder.ts';
import { mustOpen, temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import type { LevelStore } from '../../src/adapters/level-store.ts';
import { openNode } from '../../src/host/open-node.ts';
import {
  commitTo,
  type FaultNodeOptions,
  openFaultNode,
  ruleOf,
  type Summary,
  startFaultNode,
} from './fault-node.testing.ts';

/** 7,000 coins are three chunks of a checkpoint, the storage is a fourth; the last ten blocks are not final. */
const SIZE: ChainSize = { coins: 7000, blocks: 40, transfers: 4, respend: false };
const SPEC = benchSpec(SIZE);
const CHAIN = [...makeChain(SIZE)];

/** So that a checkpoint is written over several blocks and the next one begins soon after. */
const OFTEN = { checkpointBlocks: 5, limits: { checkpointChunksPerBatch: 1 } };

/** What the two slots hold: the height of a whole checkpoint, or how it is not whole. */
function slotsOf(store: ReadStore): readonly (number | 'writing' | 'damaged' | undefined)[] {
  return [0, 1].map((slot) => {
    const bytes = store.get(layout.checkpoint(slot));
    if (bytes === undefined) return undefined;
    const record = parseCheckpoint(bytes);
    if (!record.ok) return 'damaged';
    return record.value.kind === 'complete' ? record.value.manifest.height : 'writing';
  });
}

describe('a checkpoint that is damaged', () => {
  const original = temporaryFolder();
  let whole: Summary;
  let heights: readonly number[];
  before(async () => {
    await using node = await startFaultNode({ spec: SPEC, folder: original.path, ...OFTEN });
    // To a moment at which both slots are whole.
    for (const block of CHAIN) {
      assert.equal(ruleOf(await node.importBlock(block)), 'ok');
      const slots = slotsOf(node.node.store);
      heights = slots.filter((slot) => typeof slot === 'number');
      if (heights.length === 2 && node.summary().height > 30) break;
    }
    whole = node.summary();
    assert.equal(heights.length, 2);
  });
  after(() => original[Symbol.dispose]());

  /** Damages a copy of the store, and opens it. */
  async function reopened(damage: (store: LevelStore, newest: number, older: number) => Promise<void>) {
    using folder = temporaryFolder();
    cpSync(original.path, folder.path, { recursive: true });
    const { store } = await mustOpen({ folder: folder.path });
    const newest = (heights[0] as number) > (heights[1] as number) ? 0 : 1;
    await damage(store, newest, 1 - newest);
    await store.close();
    await using node = await startFaultNode({ spec: SPEC, folder: folder.path, ...OFTEN });
    assert.deepEqual(node.summary(), whole);
    const { checkpointHeight, replayed, passedOver } = node.opened;
    assert.equal(checkpointHeight + replayed, whole.height);
    // It goes on as if nothing had been, checkpoints included.
    for (const block of CHAIN.slice(whole.height)) assert.equal(ruleOf(await node.importBlock(block)), 'ok');
    assert.equal(node.summary().height, CHAIN.length);
    await node.stop();
    await using again = await startFaultNode({ spec: SPEC, folder: folder.path, ...OFTEN });
    assert.deepEqual([again.opened.checkpointHeight, again.opened.passedOver], [CHAIN.length, []]);
    return { checkpointHeight, passedOver: passedOver.map(placeOf) };
  }

  const newestHeight = () => Math.max(...heights);
  const olderHeight = () => Math.min(...heights);

  it('is not, to begin with', async () => {
    const found = await reopened(async () => {});
    assert.deepEqual(found, { checkpointHeight: newestHeight(), passedOver: [] });
  });

  it('in a chunk is passed over for the older one, and named', async () => {
    const flipped = await reopened((store, newest) => flipIn(store, layout.chunk(newest, 1)));
    const why = 'state/snapshot-chunk-hash';
    const place = { rule: 'data/corrupt-record', height: newestHeight() };
    assert.deepEqual(flipped, { checkpointHeight: olderHeight(), passedOver: [{ ...place, chunk: 1, why }] });
    const missing = await reopened((store, newest) => remove(store, layout.chunk(newest, 2)));
    const gone = [{ ...place, chunk: 2, why: 'missing' }];
    assert.deepEqual(missing, { checkpointHeight: olderHeight(), passedOver: gone });
  });

  it('in its manifest is passed over for the older one, and named', async () => {
    const torn = await reopened((store, newest) => cut(store, layout.checkpoint(newest)));
    assert.equal(torn.checkpointHeight, olderHeight());
    assert.deepEqual(
      torn.passedOver.map(({ rule }) => rule),
      ['data/corrupt-record'],
    );
  });

  it('like the other one costs the blocks since genesis, and both are named', async () => {
    const both = await reopened(async (store, newest, older) => {
      await flipIn(store, layout.chunk(newest, 0));
      await cut(store, layout.checkpoint(older));
    });
    assert.equal(both.checkpointHeight, 0);
    assert.equal(both.passedOver.length, 2);
  });

  it('like the other one ends the start where the blocks since genesis are pruned', async () => {
    using folder = temporaryFolder();
    const limits = { ...OFTEN.limits, undoBlocks: 1 };
    const mode = { kind: 'pruned', blocks: 12 } as const;
    const options: FaultNodeOptions = { ...OFTEN, spec: SPEC, folder: folder.path, mode, limits };
    await using node = await startFaultNode(options);
    for (const block of CHAIN) assert.equal(ruleOf(await node.importBlock(block)), 'ok');
    assert.ok(node.node.chain.storage.blocksFrom > 1);
    await node.stop();
    const whole = node.summary();
    for (const [slot, expected] of [
      [0, 'ok'],
      [1, 'data/corrupt-record'],
    ] as const) {
      const { store } = await mustOpen({ folder: folder.path });
      await flipIn(store, layout.chunk(slot, 0));
      await store.close();
      const opened = await openFaultNode(options);
      assert.equal(ruleOf(opened), expected);
      if (opened.ok) {
        assert.deepEqual(opened.value.summary(), whole);
        await opened.value.kill();
      } else {
        assert.equal(opened.error.evidence['why'], 'state/snapshot-chunk-hash');
        assert.match(opened.error.help, /backup/);
      }
    }
  });

  it('is in the log of the node that passed it over', async () => {
    using place = temporaryFolder();
    const path = join(place.path, 'node');
    assert.ok(createDataFolder(path, SPEC).ok);
    const folder = openDataFolder(path);
    assert.ok(folder.ok);
    cpSync(original.path, folder.value.chainPath, { recursive: true });
    const { store } = await mustOpen({ folder: folder.value.chainPath });
    for (const slot of [0, 1]) await flipIn(store, layout.chunk(slot, 0));
    await store.close();
    const logs: LogEntry[] = [];
    const log = { write: (entry: LogEntry) => void logs.push(entry) };
    const options = { folder: folder.value, signer: undefined, port: 0, log };
    const node = await openNode({ ...options, production: { kind: 'off' } });
    assert.ok(node.ok);
    await node.value.stop();
    const said = logs.filter(({ message }) => message.startsWith('a checkpoint is damaged'));
    assert.deepEqual(
      said.map(({ level, fields }) => [level, fields['rule'], fields['height']]),
      [newestHeight(), olderHeight()].map((height) => ['warn', 'data/corrupt-record', height]),
    );
  });
});

describe('a disk that gives other bytes than were written', () => {
  it('is what a node that does not start says, with the key', async () => {
    using place = temporaryFolder();
    const path = join(place.path, 'node');
    assert.ok(createDataFolder(path, SPEC).ok);
    const folder = openDataFolder(path);
    assert.ok(folder.ok);
    const { chainPath } = folder.value;
    await using node = await startFaultNode({ spec: SPEC, folder: chainPath });
    for (const block of CHAIN.slice(0, 3)) await node.importBlock(block);
    await node.stop();
    // Under the store, so that its checksum is not made anew.
    const encodings = { keyEncoding: 'view', valueEncoding: 'view' } as const;
    const level = new ClassicLevel<Uint8Array, Uint8Array>(chainPath, encodings);
    const key = layout.chunk(0, 0);
    const value = Buffer.from((await level.get(key)) ?? assert.fail('nothing there'));
    value[100] = (value[100] as number) ^ 1;
    await level.put(key, value);
    await level.close();
    const options = { folder: folder.value, signer: undefined, port: 0, log: { write: () => {} } };
    const refused = await openNode({ ...options, production: { kind: 'off' } });
    assert.ok(!refused.ok);
    assert.equal(refused.error.rule, 'store/damaged');
    assert.equal(refused.error.evidence['key'], toHex(key));
    // The store was closed, so that whoever repairs it finds it free.
    await (await mustOpen({ folder: chainPath })).store.close();
    folder.value.close();
  });
});

describe('a node that is killed while a checkpoint is written', () => {
  it('starts from the other one, with the same state, wherever the kill falls', async () => {
    using folder = temporaryFolder();
    const options: FaultNodeOptions = { spec: SPEC, folder: folder.path, ...OFTEN };
    let done = 0;
    let [torn, used] = [0, 0];
    // Kills fall before, between and after the batches of one checkpoint after the other.
    for (let life = 0; done < CHAIN.length; life++) {
      await using node = await startFaultNode(options);
      assert.equal(node.summary().height, done);
      assert.deepEqual(node.opened.passedOver, []);
      const slots = slotsOf(node.node.store);
      if (slots.includes('writing')) {
        torn += 1;
        const other = slots.find((slot) => typeof slot === 'number') ?? 0;
        assert.equal(node.opened.checkpointHeight, other);
      }
      if (node.opened.checkpointHeight > 0) used += 1;
      // States of the past are read while a checkpoint is written: the map goes there and back.
      for (const block of CHAIN.slice(done, done + (life % 2 === 0 ? 8 : 3))) {
        assert.equal(ruleOf(await node.importBlock(block)), 'ok');
        assert.ok(node.node.chain.stateAt(Math.max(0, done - 2)) !== undefined);
        done += 1;
      }
      assert.equal(node.summary().root, toHex(node.node.chain.head.header.stateRoot));
    }
    assert.ok(torn >= 2 && used >= 2, `${torn} torn, ${used} used`);
  });

  it('in one life writes the states that the headers name, whatever is read meanwhile', async () => {
    using folder = temporaryFolder();
    const options: FaultNodeOptions = { spec: SPEC, folder: folder.path, ...OFTEN };
    await using node = await startFaultNode(options);
    for (const [i, block] of CHAIN.entries()) {
      assert.equal(ruleOf(await node.importBlock(block)), 'ok');
      node.node.chain.stateAt(Math.max(0, i - 8))?.coins.get(new Uint8Array(32));
    }
    const newest = Math.max(...slotsOf(node.node.store).filter((slot) => typeof slot === 'number'));
    const whole = node.summary();
    await node.kill();
    await using again = await startFaultNode(options);
    assert.deepEqual([again.opened.checkpointHeight, again.opened.passedOver], [newest, []]);
    assert.ok(newest >= 20);
    assert.deepEqual(again.summary(), whole);
  });
});

/** What is said of a checkpoint, without the slot, which may be either. */
function placeOf({ rule, evidence }: Refusal): Record<string, unknown> & { readonly rule: string } {
  const { slot: _, record: __, ...place } = evidence;
  return { rule, ...place };
}

async function flipIn(store: LevelStore, key: Uint8Array): Promise<void> {
  const value = Buffer.from(store.get(key) ?? assert.fail('nothing there'));
  value[value.length >> 1] = (value[value.length >> 1] as number) ^ 0x10;
  assert.equal(await commitTo(store, { puts: [[key, value]], deletes: [] }), undefined);
}

async function cut(store: LevelStore, key: Uint8Array): Promise<void> {
  const value = store.get(key) ?? assert.fail('nothing there');
  const half = value.slice(0, value.length >> 1);
  assert.equal(await commitTo(store, { puts: [[key, half]], deletes: [] }), undefined);
}

async function remove(store: LevelStore, key: Uint8Array): Promise<void> {
  assert.ok(store.get(key) !== undefined);
  assert.equal(await commitTo(store, { puts: [], deletes: [key] }), undefined);
}
