import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';

describe('the first payment, as the front page tells it', () => {
  const place = new Workplace();
  let dev: RunningDev;

  before(async () => {
    dev = await place.start();
  });
  after(() => place.close());

  test('an account is made, paid, shown, and the chain is checked while the node runs', async () => {
    const made = await place.run(['account', 'create', '--name', 'alice']);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /dcal1[02-9ac-hj-np-z]+/);
    const sent = await place.run(['send', '--from', 'dev0', '--to', 'alice', '--amount', '5']);
    assert.equal(sent.code, 0, sent.stderr);
    const balance = await place.run(['balance', 'alice']);
    assert.equal(balance.code, 0, balance.stderr);
    assert.match(balance.stdout, /\b5\b/);
    const verified = await place.run(['verify']);
    assert.equal(verified.code, 0, verified.stderr);
  });

  test('every view shows the payment', async () => {
    const sent = (await place.json(['send', '--from', 'dev1', '--to', 'alice', '--amount', '0.25'])) as {
      txid: string;
    };
    assert.match(sent.txid, /^[0-9a-f]{64}$/);
    const transaction = JSON.stringify(await place.json(['tx', sent.txid]));
    assert.match(transaction, new RegExp(sent.txid));
    assert.match(transaction, /25000000/);
    const history = JSON.stringify(await place.json(['history', 'alice']));
    assert.match(history, new RegExp(sent.txid));
    const status = JSON.stringify(await place.json(['status']));
    assert.match(status, /ready/);
    const block = JSON.stringify(await place.json(['block']));
    assert.match(block, new RegExp(sent.txid));
    assert.match(JSON.stringify(await place.json(['balance', 'alice'])), /525000000/);
  });

  test('payments made at the same time from one coin all arrive', async () => {
    const sends = Array.from({ length: 5 }, () =>
      place.run(['send', '--from', 'dev4', '--to', 'dev5', '--amount', '1']),
    );
    for (const { code, stderr } of await Promise.all(sends)) assert.equal(code, 0, stderr);
    assert.match(JSON.stringify(await place.json(['balance', 'dev5'])), /1000500000000/);
  });

  test('the node says the same over RPC', async () => {
    const [alice] = ((await place.json(['account', 'list'])) as { name: string; address: string }[]).filter(
      ({ name }) => name === 'alice',
    );
    assert.ok(alice !== undefined);
    const balance = JSON.stringify(await rpc(dev.url, 'account_getBalance', { address: alice.address }));
    assert.match(balance, /525000000/);
  });
});

describe('a block every second', () => {
  const place = new Workplace();
  after(() => place.close());

  test('equal payments made at the same time are different payments', async () => {
    await place.start(['dev', '--block-time', '1000']);
    const sends = Array.from({ length: 3 }, () =>
      place.run(['send', '--from', 'dev4', '--to', 'dev5', '--amount', '1']),
    );
    for (const { code, stderr } of await Promise.all(sends)) assert.equal(code, 0, stderr);
    assert.match(JSON.stringify(await place.json(['balance', 'dev5'])), /1000300000000/);
  });
});

describe('a restart', () => {
  const place = new Workplace();
  after(() => place.close());

  test('keeps everything, after a clean stop and after a kill', async () => {
    const first = await place.start();
    await place.json(['account', 'create', '--name', 'alice']);
    await place.json(['send', '--from', 'dev0', '--to', 'alice', '--amount', '5']);
    const before = JSON.stringify(await rpc(first.url, 'chain_getHeader', { at: 'head' }));
    const stopped = await first.end('SIGINT');
    assert.equal(stopped.code, 0, stopped.stderr);
    const second = await place.start();
    assert.equal(JSON.stringify(await rpc(second.url, 'chain_getHeader', { at: 'head' })), before);
    await place.json(['send', '--from', 'dev0', '--to', 'alice', '--amount', '1']);
    const later = JSON.stringify(await rpc(second.url, 'chain_getHeader', { at: 'head' }));
    await second.end('SIGKILL');
    const third = await place.start();
    assert.equal(JSON.stringify(await rpc(third.url, 'chain_getHeader', { at: 'head' })), later);
    assert.match(JSON.stringify(await place.json(['balance', 'alice'])), /600000000/);
    await third.end('SIGTERM');
    const verified = await place.run(['verify']);
    assert.equal(verified.code, 0, verified.stderr);
  });

  test('with --fresh begins anew and keeps the keys', async () => {
    const dev = await place.start(['dev', '--fresh']);
    const balance = JSON.stringify(await place.json(['balance', 'alice']));
    assert.doesNotMatch(balance, /600000000/);
    await dev.end('SIGINT');
  });
});
