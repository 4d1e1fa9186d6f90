import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

describe('a chain of one’s own', () => {
  const place = new Workplace();
  const password = { CALIN_PASSWORD: 'correct horse battery staple' };
  const genesis = join(place.folder, 'genesis.json');
  after(() => place.close());

  test('is made from a genesis file, funds accounts before it starts, and runs', async () => {
    await place.json(['account', 'create', '--name', 'validator'], password);
    const validator = (await place.json(['account', 'show', 'validator'])) as { publicKey: string };
    const production = { kind: 'poa', authorities: [validator.publicKey], slotMs: 50 };
    const consensus = { production, finality: { kind: 'depth', blocks: 3 } };
    const file = { name: 'acme', addressPrefix: 'tcal', genesisTimeMs: 1_700_000_000_000, consensus };
    writeFileSync(genesis, JSON.stringify(file));
    await place.json(['init', '-c', genesis]);
    const known = (await place.json(['account', 'show', 'validator'])) as { address: string };
    assert.match(known.address, /^tcal1/, 'a key that was made before the chain is one of the chain');
    const rich = (await place.json(
      ['account', 'create', '--name', 'rich', '--balance', '100'],
      password,
    )) as {
      address: string;
    };
    assert.match(rich.address, /^tcal1/);
    const node = await place.start(['node', '--produce', 'validator', '--password', password.CALIN_PASSWORD]);
    assert.match(JSON.stringify(await place.json(['balance', 'rich'])), /10000000000/);
    await place.json(['send', '--from', 'rich', '--to', 'validator', '--amount', '40'], password);
    const late = await place.run(
      ['account', 'create', '--name', 'late', '--balance', '1', '--json'],
      password,
    );
    assert.equal(late.code, 1, 'the chain has started');
    assert.match(late.stderr, /start/);
    const dev = await place.run(['faucet', 'rich', '--json']);
    assert.equal(dev.code, 1);
    assert.match(dev.stderr, /dev-only/);
    await node.end('SIGTERM');
    assert.equal((await place.run(['verify'])).code, 0);
  });

  test('refuses a genesis file with a mistake, naming the field', async () => {
    const other = new Workplace();
    writeFileSync(
      genesis,
      JSON.stringify({ name: 'acme', addressPrefix: 'tcal', genesisTimeMs: 1, surprise: true }),
    );
    const unknown = await other.run(['init', '-c', genesis, '--json']);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /genesis\/unknown-field[\s\S]*surprise/);
    writeFileSync(genesis, '{"name": "acme",');
    const broken = await other.run(['init', '-c', genesis, '--json']);
    assert.equal(broken.code, 1);
    assert.doesNotMatch(broken.stderr, /\bat .*\.ts:\d+/);
    other.close();
  });
});

describe('a chain whose blocks take work', () => {
  const place = new Workplace();
  after(() => place.close());

  test('is mined by whoever likes, without a password, and pays them', async () => {
    const genesis = join(place.folder, 'genesis.json');
    const example = (await place.json(['init', '--example', '--consensus', 'pow'])) as {
      consensus: { production: { initialDifficulty: number } };
    };
    example.consensus.production.initialDifficulty = 200_000;
    writeFileSync(genesis, JSON.stringify(example));
    await place.json(['init', '-c', genesis]);
    await place.json(['account', 'create', '--name', 'miner'], { CALIN_PASSWORD: 'a password of its own' });
    const node = await place.start(['node', '--produce', 'miner', '--mining-workers', '1']);
    await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '3']);
    let height = 0;
    for (let tries = 0; height < 3 && tries < 200; tries++) {
      const status = (await place.json(['status'])) as {
        head: { height: number };
        mining: { attempts: number; blocks: number };
      };
      height = status.head.height;
      if (height >= 3) assert.ok(status.mining.attempts > 0 && status.mining.blocks === height);
    }
    assert.ok(height >= 3);
    assert.match(JSON.stringify(await place.json(['balance', 'miner'])), /"symbol":"CALIN"/);
    await node.end('SIGTERM');
    assert.equal((await place.run(['verify'])).code, 0);
  });
});

describe('every command', () => {
  const place = new Workplace();
  after(() => place.close());

  test('has help that shows its usage and an example', async () => {
    const help = await place.run(['--help']);
    assert.equal(help.code, 0);
    const names = [...help.stdout.matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name ?? '');
    assert.ok(names.length >= 14, names.join());
    for (const name of names) {
      const one = await place.run([name, '--help']);
      assert.equal(one.code, 0, name);
      assert.match(one.stdout, new RegExp(`Usage: calin ${name}`));
      assert.match(one.stdout, /Examples?:/);
    }
  });
});
