import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { type Ended, type RunningDev, Workplace } from './calin.testing.ts';

/** A refusal: a non-zero exit and one clear sentence, with the rule when it is asked for. */
function refused(ended: Ended, rule: RegExp, code = 1): void {
  assert.equal(ended.code, code, `${ended.stdout}${ended.stderr}`);
  assert.match(ended.stderr, rule);
  assert.doesNotMatch(ended.stderr, /\bat .*\.ts:\d+/, 'no stack trace');
}

describe('bad input to a running chain', () => {
  const place = new Workplace();
  let dev: RunningDev;
  const send = (...args: string[]) =>
    place.run(['send', '--from', 'dev0', '--amount', '1', ...args, '--json']);

  before(async () => {
    dev = await place.start();
    await place.json(['account', 'create', '--name', 'alice', '--password', 'open sesame']);
  });
  after(() => place.close());

  test('an unknown option or command is named, with the nearest one', async () => {
    refused(await place.run(['send', '--form', 'dev0']), /--form[\s\S]*--from/, 2);
    refused(await place.run(['blance', 'alice']), /blance[\s\S]*balance/, 2);
    refused(await place.run(['send', '--from', 'dev0']), /--to|--amount/, 2);
  });

  test('an address with a typing error, of another network, or of nobody', async () => {
    const [dev0] = (await place.json(['account', 'list'])) as { address: string }[];
    const address = dev0?.address ?? '';
    const wrong = `${address.slice(0, -1)}${address.endsWith('q') ? 'p' : 'q'}`;
    refused(await send('--to', wrong), /codec\/address/);
    refused(await send('--to', 'nobody'), /nobody/);
    refused(await send('--to', 'cal1qqqqqqqq'), /codec\/address|account/);
  });

  test('amounts that are none', async () => {
    for (const amount of ['-1', '0', 'five', '1e3', '0.000000001', '99999999999999999999']) {
      const ended = await place.run([
        'send',
        '--from',
        'dev0',
        '--to',
        'dev1',
        `--amount=${amount}`,
        '--json',
      ]);
      assert.notEqual(ended.code, 0, amount);
      assert.match(ended.stderr, /amount|range|output/, amount);
    }
  });

  test('too little money says how much there is', async () => {
    const ended = await place.run(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '10001', '--json']);
    refused(ended, /wallet\/insufficient-funds/);
    assert.match(ended.stderr, /expected/);
  });

  test('a wrong password', async () => {
    const ended = await place.run([
      'send',
      '--from',
      'alice',
      '--to',
      'dev1',
      '--amount',
      '1',
      '--password',
      'wrong',
      '--json',
    ]);
    refused(ended, /keystore\/wrong-password/);
  });

  test('malformed hex', async () => {
    refused(
      await place.run(['tx', 'zz', '--json']),
      /hex|codec|json\//,
      (await place.run(['tx', 'zz'])).code ?? 1,
    );
  });

  test('a data folder that another process holds, and a port that is taken', async () => {
    refused(await place.run(['dev', '--port', '0', '--json']), /store\/locked|folder\/locked/);
    const other = new Workplace();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const bound = server.address();
    const port = typeof bound === 'object' && bound !== null ? `${bound.port}` : '';
    refused(await other.run(['dev', '--port', port, '--json']), /server\/port-in-use/);
    server.close();
    other.close();
  });

  test('a node that does not answer', async () => {
    refused(await place.run(['status', '--rpc', 'http://127.0.0.1:9', '--json']), /rpc\/unreachable/);
  });

  test('bad requests over HTTP', async () => {
    const post = async (body: string, headers: Record<string, string> = {}) => {
      const response = await fetch(dev.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body,
      });
      return { status: response.status, text: await response.text() };
    };
    assert.match((await post('{"jsonrpc":')).text, /-32700/);
    assert.match((await post('{"jsonrpc":"2.0","id":1,"method":"no_such"}')).text, /-32601/);
    assert.match(
      (await post('{"jsonrpc":"2.0","id":1,"method":"tx_get","params":{"txid":"zz"}}')).text,
      /json\//,
    );
    assert.match((await post(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)).text, /error/);
    assert.equal((await post(`"${'a'.repeat(3_000_000)}"`)).status, 413);
    assert.equal((await post('{}', { origin: 'https://evil.example' })).status, 403);
    assert.match((await post('{"jsonrpc":"2.0","id":1,"method":"node_status"}')).text, /ready/);
  });
});

describe('bad data folders', () => {
  const place = new Workplace();
  after(() => place.close());

  test('of another chain, damaged, or cut short are refused and left as they are', async () => {
    const dev = await place.start();
    await place.json(['send', '--from', 'dev0', '--to', 'dev1', '--amount', '5']);
    await dev.end('SIGINT');
    const genesis = join(place.data, 'genesis.json');
    const good = readFileSync(genesis, 'utf8');
    writeFileSync(genesis, good.replace(/calin-dev/, 'calin-other'));
    refused(await place.run(['verify', '--json']), /not the genesis of the chain/);
    writeFileSync(genesis, good.slice(0, 100));
    refused(await place.run(['verify', '--json']), /folder\/malformed/);
    writeFileSync(genesis, good);
    const chain = join(place.data, 'chain');
    const saved = join(place.folder, 'saved');
    cpSync(chain, saved, { recursive: true });
    const log = readdirSync(chain).find((name) => name.endsWith('.log'));
    assert.ok(log !== undefined);
    truncateSync(join(chain, log), 50);
    refused(await place.run(['dev', '--port', '0', '--json']), /store\/(lost-tail|damaged)/);
    cpSync(saved, chain, { recursive: true });
    const again = await place.start();
    await again.end('SIGINT');
    const other = new Workplace();
    const foreign = await other.start();
    await foreign.end('SIGINT');
    rmSync(chain, { recursive: true });
    cpSync(join(other.data, 'chain'), chain, { recursive: true });
    refused(await place.run(['dev', '--port', '0', '--json']), /data\/other-chain/);
    other.close();
  });
});
