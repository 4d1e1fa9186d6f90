import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

interface Report {
  readonly nodes: number;
  readonly blocks: { readonly height: number };
  readonly violations: readonly unknown[];
  readonly hash: string;
}

interface Swept {
  readonly seeds: number;
  readonly broken: readonly unknown[];
  readonly slowest: readonly { readonly seed: number; readonly cpuMs: number }[];
  readonly hash: string;
}

describe('calin sim', () => {
  const place = new Workplace();
  after(() => place.close());
  const small = ['sim', 'poa', '--nodes', '3', '--duration', '65'];

  test('names its scenarios', async () => {
    const { scenarios } = (await place.json(['sim', '--list'])) as { scenarios: { name: string }[] };
    const names = scenarios.map(({ name }) => name);
    for (const name of ['poa', 'faults', 'attack']) assert.ok(names.includes(name), name);
  });

  test('gives the same run for the same seed: report, and bytes of the log', async () => {
    const run = async (log: string): Promise<Report> =>
      (await place.json([...small, '--seed', '7', '--log', join(place.folder, log)])) as Report;
    const [first, second] = [await run('a.log'), await run('b.log')];
    assert.deepEqual(first, second);
    assert.equal(Object.keys(first).at(-1), 'hash');
    assert.match(first.hash, /^[0-9a-f]{64}$/);
    assert.deepEqual(first.violations, []);
    assert.ok(first.nodes === 3 && first.blocks.height >= 5);
    const [a, b] = ['a.log', 'b.log'].map((log) => readFileSync(join(place.folder, log), 'utf8'));
    assert.equal(a, b);
    assert.ok((a ?? '').split('\n').length > 20);
  });

  test('gives the same run on any number of threads', async () => {
    const run = async (threads: string): Promise<readonly [unknown, string]> => {
      const log = join(place.folder, `threads-${threads}.log`);
      const args = ['sim', 'poa', '--nodes', '6', '--duration', '65', '--log', log];
      return [await place.json([...args, '--threads', threads]), readFileSync(log, 'utf8')];
    };
    const one = await run('1');
    assert.deepEqual(await run('2'), one);
    assert.deepEqual(await run('3'), one);
  });

  test('ends the text with the hash, and writes a page that loads nothing', async () => {
    const page = join(place.folder, 'report.html');
    const ended = await place.run([...small, '--html', page]);
    assert.equal(ended.code, 0, ended.stderr);
    assert.match(ended.stdout, /poa seed 1: 3 nodes[\s\S]*\n[0-9a-f]{64}\n$/);
    const html = readFileSync(page, 'utf8');
    assert.equal(html.match(/<svg /g)?.length, 3);
    assert.match(html, /<div class="bars">/);
    assert.doesNotMatch(html, /<script|src=|href=|url\(/);
  });

  test('runs many seeds, on threads, to one hash', async () => {
    const args = ['sim', 'sweep', 'poa', '--seeds', '1..3', '--nodes', '2', '--duration', '65'];
    const sweep = async (workers: string) => {
      const swept = (await place.json([...args, '--workers', workers])) as Swept;
      const { slowest, ...same } = swept;
      assert.deepEqual(slowest.map(({ seed }) => seed).toSorted(), [1, 2, 3]);
      assert.ok(slowest.every(({ cpuMs }, i) => cpuMs > 0 && cpuMs <= (slowest[i - 1]?.cpuMs ?? cpuMs)));
      return same;
    };
    const one = await sweep('1');
    assert.deepEqual(await sweep('2'), one);
    assert.deepEqual(one.broken, []);
    assert.equal(one.seeds, 3);
  });

  test('names the invariant that was broken, and ends with status 1', async () => {
    // Machines are switched on within five seconds, so after two some are still off.
    const ended = await place.run(['sim', 'poa', '--nodes', '8', '--duration', '2']);
    assert.equal(ended.code, 1, ended.stdout);
    assert.match(ended.stderr, /cli\/invariant-broken/);
    assert.match(ended.stdout, /BROKEN liveness/);
  });

  test('refuses what it does not know', async () => {
    const refused = async (args: readonly string[], rule: RegExp) => {
      const ended = await place.run(['sim', ...args]);
      assert.equal(ended.code, 2, ended.stdout);
      assert.match(ended.stderr, rule);
    };
    await refused(['fault'], /cli\/scenario[\s\S]*faults|faults[\s\S]*cli\/scenario/);
    await refused([], /cli\/missing/);
    await refused(['faults', '--nodes', '1'], /4 or more/);
    await refused(['faults', '--threads', '7'], /at most 6/);
    await refused(['sweep', 'poa', '--seeds', '9..1'], /A\.\.B/);
  });
});
