import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, type TestContext, test } from 'node:test';
import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { readRunningLine } from '../../src/adapters/running-node-file.ts';
import { bareLine, ruleOf } from '../../src/line/line-server.testing.ts';
import type { LineBlockchain } from '../../src/line/read-blockchain.ts';
import { type RunningDev, rpc, until, Workplace } from './calin.testing.ts';

const [dev1, dev2] = [devAccount(1), devAccount(2)];
const text = (address: Uint8Array) => formatAddress(address, 'dcal');

/** A payment from dev1 to dev2, with the key of dev1 unless it says otherwise. */
function payment(amount: string, key = dev1.secretKey): string {
  return `ADD_TRANSACTION:${text(dev1.address)}:${text(dev2.address)}:${amount}:${toHex(key)}`;
}

function connect(t: TestContext, place: Workplace) {
  const port = readRunningLine(place.data);
  assert.ok(port !== undefined, 'the node says where its line protocol is');
  return bareLine(t, port);
}

async function balanceOf(node: RunningDev, address: Uint8Array): Promise<number> {
  const answer = (await rpc(node.url, 'account_getBalance', { address: text(address) })) as {
    readonly result: { readonly balances: readonly { readonly confirmed: number }[] };
  };
  return answer.result.balances[0]?.confirmed ?? 0;
}

describe('the line protocol', () => {
  const here = new Workplace();
  const there = new Workplace();
  let node: RunningDev;

  before(async () => {
    node = await here.start(['dev', '--line-port', '0']);
  });
  after(() => {
    here.close();
    there.close();
  });

  test('a payment over a plain socket arrives in a block', async (t) => {
    const line = connect(t, here);
    const had = await balanceOf(node, dev2.address);
    assert.equal(await line.ask(payment('12.5')), 'SUCCESS');
    const has = await until('the payment', async () => {
      const balance = await balanceOf(node, dev2.address);
      return balance === had ? undefined : balance;
    });
    assert.equal(has, had + 1_250_000_000);
  });

  test('a wrong key is refused, and neither answer nor log repeats it', async (t) => {
    const line = connect(t, here);
    const answer = await line.ask(payment('1', dev2.secretKey));
    assert.equal(ruleOf(answer), 'line/wrong-key');
    assert.equal(`${answer}${node.output()}`.includes(toHex(dev2.secretKey)), false);
  });

  test('the chain is valid, and found to be so while the node goes on answering', async (t) => {
    const [line, other] = [connect(t, here), connect(t, here)];
    const valid = line.ask('VALIDATE_BLOCKCHAIN');
    assert.match((await other.ask('GET_BLOCKCHAIN')) ?? '', /^\{"chainId"/);
    assert.equal(await valid, 'VALID');
  });

  test('another node of the chain takes the blocks; damage on its disk makes it invalid', async (t) => {
    const genesis = join(here.data, 'genesis.json');
    const second = await there.start(['node', '--genesis', genesis, '--no-network', '--line-port', '0']);
    const [from, to] = [connect(t, here), connect(t, there)];
    assert.equal(await from.ask(payment('1')), 'SUCCESS');
    const data = await from.ask('GET_BLOCKCHAIN');
    const given = JSON.parse(data ?? '') as LineBlockchain;
    assert.ok(given.height > 0);
    assert.equal(await to.ask(`SYNC_BLOCKCHAIN:${data}`), 'SUCCESS');
    const taken = JSON.parse((await to.ask('GET_BLOCKCHAIN')) ?? '') as LineBlockchain;
    assert.deepEqual([taken.height, taken.head], [given.height, given.head]);
    assert.equal(await balanceOf(second, dev2.address), await balanceOf(node, dev2.address));
    assert.equal(await to.ask('VALIDATE_BLOCKCHAIN'), 'VALID');
    damageLog(join(there.data, 'chain'));
    assert.equal(await to.ask('VALIDATE_BLOCKCHAIN'), 'INVALID');
    await second.end('SIGKILL');
  });

  test('"calin line" sends what it is given, and says by its status whether all was well', async () => {
    const well = await here.feed(['line'], 'VALIDATE_BLOCKCHAIN\r\n\n');
    assert.deepEqual([well.code, well.stdout], [0, 'VALID\n'], well.stderr);
    const ill = await here.feed(['line', '--json'], `GET_BLOCKCHAIN:0\nGET_BLOCKCHAINS\n`);
    assert.equal(ill.code, 1);
    const [first, second] = ill.stdout.trim().split('\n');
    const chain = (JSON.parse(first ?? '') as { readonly blockchain: LineBlockchain }).blockchain;
    assert.equal(chain.blocks[0]?.height, 0);
    assert.equal((JSON.parse(second ?? '') as { readonly rule: string }).rule, 'line/unknown-command');
    assert.match(ill.stderr, /"rule":"line\/refused"/);
    const far = await here.feed(['line', '--host', '192.0.2.1'], 'VALIDATE_BLOCKCHAIN\n');
    assert.match(far.stderr, /line\/not-loopback/);
  });

  test('the node ends cleanly with connections open, and the port with it', async (t) => {
    const line = connect(t, here);
    assert.equal(await line.ask('VALIDATE_BLOCKCHAIN'), 'VALID');
    assert.equal((await node.end('SIGINT')).code, 0);
    assert.equal(await line.line(), undefined);
    const gone = await here.feed(['line', '--port', '1'], 'VALIDATE_BLOCKCHAIN\n');
    assert.match(gone.stderr, /line\/no-answer/);
  });
});

/** Changes one byte in the middle of what the store has written last. */
function damageLog(folder: string): void {
  const log = readdirSync(folder).filter((name) => name.endsWith('.log'))[0];
  assert.ok(log !== undefined);
  const path = join(folder, log);
  const bytes = readFileSync(path);
  const at = Math.floor(bytes.length / 2);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}
