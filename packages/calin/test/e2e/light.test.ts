import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

interface LightAnswer {
  readonly mode: string;
  readonly final: { readonly height: number };
  readonly head: { readonly height: number };
  readonly trust: { readonly root: string; readonly untilMs: number | null };
  readonly bytes: { readonly checked: number; readonly received: number };
  readonly balance?: {
    readonly coins: number;
    readonly complete: boolean;
    readonly atLeast: readonly { readonly asset: number; readonly amount: number }[];
  };
}

describe('a light client of a chain by authority', () => {
  const place = new Workplace();
  let dev: RunningDev;

  before(async () => {
    dev = await place.start();
    await rpc(dev.url, 'dev_mine', { blocks: 15 });
  });
  after(() => place.close());

  const light = async (...words: string[]) => (await place.json(['light', ...words])) as LightAnswer;

  test('comes to the head of the node, and proves what an account has in final blocks', async () => {
    const before = await light('dev7');
    assert.equal(before.mode, 'headers');
    assert.equal(before.head.height, before.final.height + 10);
    assert.deepEqual(before.trust, { root: 'the genesis block', untilMs: null });
    assert.ok(before.bytes.received > before.bytes.checked && before.bytes.checked > 1_000);
    const sent = await place.run(['send', '--from', 'dev0', '--to', 'dev7', '--amount', '5']);
    assert.equal(sent.code, 0, sent.stderr);
    await rpc(dev.url, 'dev_mine', { blocks: 12 });
    const { balance } = await light('dev7');
    assert.ok(balance?.complete);
    assert.equal(balance.coins, (before.balance?.coins ?? 0) + 1);
    const amountOf = (of: LightAnswer['balance']) => of?.atLeast[0]?.amount ?? 0;
    assert.equal(amountOf(balance) - amountOf(before.balance), 500_000_000);
  });

  test('begins at what it saved, and refuses what belongs to another chain', async () => {
    const file = join(place.folder, 'trusted.json');
    const saved = await light('--save', file);
    const again = await light('--checkpoint', file);
    assert.equal(again.trust.root, `block ${saved.final.height}`);
    assert.equal(again.final.height, saved.final.height);
    const json = JSON.parse(readFileSync(file, 'utf8')) as { chainId: string };
    writeFileSync(file, JSON.stringify({ ...json, chainId: '00'.repeat(32) }));
    const refused = await place.run(['light', '--checkpoint', file]);
    assert.notEqual(refused.code, 0);
    assert.match(refused.stderr, /light\/checkpoint/);
  });
});

describe('a light client of a chain by work', () => {
  const place = new Workplace();
  before(() => place.start(['dev', '--consensus', 'pow']));
  after(() => place.close());

  test('checks the work of every header', async () => {
    const { code, stdout, stderr } = await place.run(['light']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Followed by +all headers/);
    assert.match(stdout, /Trust +from the genesis block, without an end/);
  });
});

describe('a light client of a chain whose blocks become final by votes', () => {
  const place = new Workplace();
  before(() => place.start(['dev', '--consensus', 'bft']));
  after(() => place.close());

  test('follows proofs of finality until it is stopped, and saves where it was', async () => {
    const file = join(place.folder, 'trusted.json');
    const following = place.spawn(['light', 'dev0', '--follow', '--save', file, '--json']);
    const first = await until('the light client answers', () =>
      Promise.resolve(following.json<LightAnswer>()),
    );
    assert.equal(first.mode, 'finality');
    await until('three more blocks are final', async () => {
      const { final } = (await place.json(['status'])) as { final: { height: number } };
      return final.height > first.final.height + 3 ? true : undefined;
    });
    const { code, stderr } = await following.end('SIGINT');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /final \d+ [0-9a-f]{64}/);
    const saved = JSON.parse(readFileSync(file, 'utf8')) as { height: number };
    assert.ok(saved.height > first.final.height);
    const again = (await place.json(['light', 'dev0', '--checkpoint', file])) as LightAnswer;
    assert.ok(again.final.height >= saved.height);
    assert.equal(again.balance?.coins, 1);
  });
});
