import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { layout } from '@calin/core/chain/layout.ts';
import { parseCheckpoint } from '@calin/core/chain/records.ts';
import { historyLayout } from '@calin/core/history/layout.ts';
import type { Store, StoreBatch } from '@calin/core/ports/store.ts';
import { benchSpec } from '../../bench/chain/bench-spec.ts';
import type { ChainSize } from '../../bench/chain/chain-size.ts';
import { makeChain } from '../../bench/chain/make-chain.ts';
import { temporaryFolder } from '../../src/adapters/level-store.testing.ts';
import { refuseAdapter } from '../../src/rules.ts';
import { type FaultNode, type FaultNodeOptions, ruleOf, startFaultNode } from './fault-node.testing.ts';

/** 7,000 coins are three chunks of a checkpoint, the storage is a fourth; the last ten blocks are not final. */
const SIZE: ChainSize = { coins: 7000, blocks: 34, transfers: 4, respend: false };
const SPEC = benchSpec(SIZE);
const CHAIN = [...makeChain(SIZE)];
const OPTIONS = { spec: SPEC, checkpointBlocks: 5, limits: { checkpointChunksPerBatch: 1 } };

/** Blocks that are given to the node at a time. */
const LOOKAHEAD = 4;

/** What a batch holds. */
type Kind = 'block' | 'history of a block' | 'part of a checkpoint' | 'end of a checkpoint';

function kindOf({ puts }: StoreBatch): Kind {
  const keys = new Map(puts.map(([key, value]) => [toHex(key), value]));
  if (keys.has(toHex(layout.head))) return 'block';
  if (keys.has(toHex(historyLayout.indexed))) return 'history of a block';
  const records = [0, 1].map((slot) => keys.get(toHex(layout.checkpoint(slot))));
  const parsed = records.filter((bytes) => bytes !== undefined).map((bytes) => parseCheckpoint(bytes));
  assert.ok(parsed[0]?.ok);
  return parsed[0].value.kind === 'complete' ? 'end of a checkpoint' : 'part of a checkpoint';
}

/** Notes each batch and hands it on. */
function noting(store: Store, kinds: Kind[]): Store {
  return {
    get: (key) => store.get(key),
    commit: (batch, done) => {
      kinds.push(kindOf(batch));
      store.commit(batch, done);
    },
  };
}

/** Hands on so many batches, and finds no space for the others. */
function filling(store: Store, batches: number, taken: Kind[]): Store {
  const { error } = refuseAdapter('store/disk-full', { why: 'No space left on device' });
  const noted = noting(store, taken);
  let isFull = false;
  return {
    get: (key) => store.get(key),
    commit: (batch, done) => {
      isFull ||= taken.length === batches;
      if (isFull) setImmediate(() => done(error));
      else noted.commit(batch, done);
    },
  };
}

/** Gives a node the blocks from its head on, a few at a time; the answers in order. */
async function feed(node: FaultNode): Promise<Result<unknown>[]> {
  const answers: Result<unknown>[] = [];
  let next = node.summary().height;
  const lane = async (): Promise<void> => {
    while (next < CHAIN.length) {
      const i = next++;
      answers[i] = await node.importBlock(CHAIN[i] as Uint8Array);
    }
  };
  await Promise.all(Array.from({ length: LOOKAHEAD }, lane));
  return answers;
}

/**
 * The node has died of the full disk, has answered everybody, and has said yes only to what is on disk.
 *
 * @param kind - what there was no space for, where that is known: for a block somebody waits
 */
async function assertDied(
  node: FaultNode,
  answers: readonly Result<unknown>[],
  kind?: Kind,
): Promise<number> {
  assert.ok(
    Object.values(answers).some(({ ok }) => !ok),
    'the disk was large enough',
  );
  const reason = await node.dead;
  assert.equal(reason?.rule, 'store/disk-full');
  const rules = Object.values(answers).map(ruleOf);
  const firstBad = rules.findIndex((rule) => rule !== 'ok');
  assert.ok(rules.slice(0, firstBad).every((rule) => rule === 'ok'));
  const failed = new Set(rules.slice(firstBad));
  const isTold = failed.delete('node/store-failed');
  assert.ok(isTold || kind !== 'block', 'those who waited were told why');
  failed.delete('node/not-alive');
  assert.deepEqual([...failed], []);
  const said = node.logs.filter(({ level }) => level === 'error');
  assert.deepEqual(
    said.map(({ part, fields }) => [part, fields['rule']]),
    [['store', 'store/disk-full']],
  );
  return rules.filter((rule) => rule === 'ok').length;
}

describe('a disk that is full', async () => {
  using dry = temporaryFolder();
  const kinds: Kind[] = [];
  await using node = await startFaultNode({
    ...OPTIONS,
    folder: dry.path,
    wrap: (store) => noting(store, kinds),
  });
  assert.ok((await feed(node)).every(({ ok }) => ok));
  const whole = node.summary();
  const ends = kinds.flatMap((kind, i) => (kind === 'end of a checkpoint' ? [i] : []));
  const second = kinds.slice((ends[0] as number) + 1, (ends[1] as number) + 1);
  const every = new Set(['block', 'history of a block', 'part of a checkpoint', 'end of a checkpoint']);
  assert.deepEqual(new Set(second), every);

  for (const [i, kind] of second.entries()) {
    it(`at the ${kind} that is batch ${i} after a checkpoint`, async () => {
      const batches = (ends[0] as number) + 1 + i;
      using folder = temporaryFolder();
      const taken: Kind[] = [];
      const options: FaultNodeOptions = { ...OPTIONS, folder: folder.path };
      await using full = await startFaultNode({
        ...options,
        wrap: (store) => filling(store, batches, taken),
      });
      const acknowledged = await assertDied(full, await feed(full), kind);
      await full.kill();

      const onDisk = taken.filter((one) => one === 'block').length - 1;
      await using again = await startFaultNode(options);
      assert.equal(again.summary().height, onDisk);
      assert.ok(acknowledged <= onDisk && onDisk - acknowledged <= LOOKAHEAD);
      assert.equal(again.summary().root, toHex(again.node.chain.head.header.stateRoot));
      // The first checkpoint, while the second is not whole.
      const { checkpointHeight, passedOver } = again.opened;
      assert.ok(checkpointHeight > 0 && checkpointHeight < onDisk);
      assert.deepEqual(passedOver, []);
      assert.ok((await feed(again)).every(({ ok }) => ok));
      assert.deepEqual(again.summary(), whole);
    });
  }
});

describe('a file system without space', () => {
  it('ends the node, and with more space it goes on where it was', async (context) => {
    using place = temporaryFolder();
    const mount = join(place.path, 'mount');
    mkdirSync(mount);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', mount], { stdio: 'ignore' });
    } catch {
      context.skip('needs the right to mount');
      return;
    }
    try {
      const options: FaultNodeOptions = { ...OPTIONS, folder: join(mount, 'chain') };
      await using full = await startFaultNode(options);
      const acknowledged = await assertDied(full, await feed(full));
      await full.kill();
      execFileSync('mount', ['-o', 'remount,size=64m', mount]);
      await using again = await startFaultNode(options);
      const { height, root } = again.summary();
      assert.ok(height >= acknowledged && height <= acknowledged + LOOKAHEAD);
      assert.equal(root, toHex(again.node.chain.head.header.stateRoot));
      assert.ok((await feed(again)).every(({ ok }) => ok));
      assert.equal(again.summary().height, CHAIN.length);
      await again.stop();
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
