import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { until, Workplace } from './calin.testing.ts';

interface Told {
  readonly statements: readonly string[];
  readonly warnings: readonly { readonly id: string }[];
}

interface Coins {
  readonly coins: readonly {
    readonly outpoint: { readonly txid: string; readonly index: number };
    readonly amount: number;
  }[];
}

interface Wallet {
  readonly accounts: readonly { readonly name: string; readonly address: string }[];
  readonly locks: readonly { readonly name: string }[];
}

describe('a wallet that explains', () => {
  const place = new Workplace();
  const file = (name: string) => join(place.folder, name);
  const json = async <T>(line: string): Promise<T> => (await place.json(line.split(' '))) as T;
  const refused = async (line: string, rule: RegExp): Promise<void> => {
    const ended = await place.run([...line.split(' '), '--json']);
    assert.notEqual(ended.code, 0, ended.stdout);
    assert.match(ended.stderr, rule);
  };
  const warnings = ({ warnings: list }: Told) => list.map(({ id }) => id);

  /** The history once it has as many lines, the header included; the index may trail the chain. */
  const csvOf = (account: string, lines: number, env = {}) =>
    until(`${lines} lines of ${account}`, async () => {
      const rows = (await place.run(['history', account, '--csv'], env)).stdout.split('\r\n');
      return rows.length > lines ? rows : undefined;
    });

  before(async () => {
    await place.start();
  });
  after(() => place.close());

  test('a request is shown as a code, and paid as it asks', async () => {
    const shown = await place.run(['receive', 'dev7', '--amount', '2.5', '--label', 'Tea & cake']);
    assert.match(shown.stdout, /\n█+\n/u, 'the light border of a code');
    const uri = shown.stdout.trim().split('\n').at(-1) ?? '';
    assert.match(uri, /^calin:dcal1[0-9a-z]+\?amount=2\.5&label=Tea%20%26%20cake$/);
    const paid = await json<{ amount: number }>(`send --from dev1 --to ${uri}`);
    assert.equal(paid.amount, 250_000_000);
    await refused(`send --from dev1 --to ${uri} --amount 3`, /the payment request says otherwise/);
    await refused(`send --from dev1 --to ${uri}&req-more=1`, /wallet\/payment-uri/);
  });

  test('a payment is told in words before anything is signed', async () => {
    const foreign = (
      await json<{ address: string }>('lock timelock --name apart --keys dev9 --until-height 9000')
    ).address;
    const elsewhere = `--keystore ${file('elsewhere')}`;
    const first = await json<Told>(`send --from dev1 --to ${foreign} --amount 1 --dry-run ${elsewhere}`);
    assert.match(first.statements.join('\n'), new RegExp(`Pays 1 CALIN to ${foreign}\n`));
    assert.deepEqual(warnings(first), ['new-address']);
    await json(`send --from dev1 --to ${foreign} --amount 1 --fee fast ${elsewhere}`);
    // The full index follows the chain in a thread of its own.
    await until('it is known that the address was paid before', async () => {
      const again = await json<Told>(`send --from dev1 --to ${foreign} --amount 1 --dry-run ${elsewhere}`);
      return warnings(again).length === 0 || undefined;
    });
    const dear = await json<Told>(`send --from dev1 --to dev2 --amount 1 --fee-per-gas 90000 --dry-run`);
    assert.deepEqual(warnings(dear), ['large-fee']);
    assert.match(dear.statements.join('\n'), /Pays 1 CALIN to dev2 \(dcal1/);
  });

  test('a partially signed transaction is told by what the node says of its coins', async () => {
    await json('lock multisig --name fund --threshold 2 --keys dev1,dev2,dev3');
    await json('send --from dev0 --to fund --amount 50');
    const pay = `--file ${file('pay.cpst')}`;
    await json(`partial create --from fund --to dev9 --amount 5 ${pay}`);
    const told = await json<Told>(`partial show ${pay}`);
    assert.deepEqual(warnings(told), []);
    assert.match(told.statements.join('\n'), /Opens the lock fund \(dcal1\S+\) with 2 of 3 keys/);
    for (const key of ['dev1', 'dev2']) await json(`partial sign ${pay} --as ${key}`);
    await json(`partial send ${pay}`);
    assert.deepEqual(
      warnings(await json<Told>(`partial show ${pay}`)),
      ['inputs-unproved'],
      'they are spent',
    );
  });

  test('the coins that were named are spent, and no others', async () => {
    const { coins } = await json<Coins>('coins dev7');
    const [named] = coins.filter(({ amount }) => amount === 250_000_000);
    assert.ok(named !== undefined);
    const coin = `${named.outpoint.txid}:${named.outpoint.index}`;
    await refused(`send --from dev7 --to dev8 --amount 3 --coins ${coin}`, /wallet\/insufficient-funds/);
    await json(`send --from dev7 --to dev8 --amount 1 --coins ${coin}`);
    const left = (await json<Coins>('coins dev7')).coins.map(
      ({ outpoint }) => `${outpoint.txid}:${outpoint.index}`,
    );
    assert.ok(!left.includes(coin) && left.length === coins.length, 'the change took its place');
    await refused(`send --from dev7 --to dev8 --amount 1 --coins ${coin}`, /wallet\/coin-unknown/);
    await refused('send --from dev7 --to dev8 --amount 1 --coins abc:1', /cli\/option-value/);
  });

  test('the history is a table for a spreadsheet', async () => {
    const [header, ...lines] = await csvOf('dev7', 3);
    assert.equal(header, 'time,txid,height,asset,symbol,received,sent,label,contact');
    assert.match(lines[0] ?? '', /^\d{4}-\d\d-\d\dT[\d:.]+Z,[0-9a-f]{64},\d+,0,CALIN,1\.49\d+,2\.5,,dev8$/);
    assert.match(lines[1] ?? '', /,0,CALIN,2\.5,0,,dev1$/);
    assert.deepEqual(lines.slice(2), ['']);
  });

  test('a wallet comes back from its file with everything, and from its phrase with its accounts', async () => {
    const keystore = file('wallet-keys');
    const env = { CALIN_KEYSTORE: keystore };
    const mine = async <T>(line: string): Promise<T> => (await place.json(line.split(' '), env)) as T;
    await mine('wallet create --words 24');
    for (const name of ['savings', 'trips']) await mine(`wallet add --name ${name}`);
    const again = await place.run(['wallet', 'create', '--json'], env);
    assert.match(again.stderr, /cli\/wallet-exists/);
    const { phrase } = await mine<{ phrase: string }>('wallet show --secret');
    assert.equal(phrase.split(' ').length, 24);
    await mine('send --from dev4 --to main --amount 5');
    await mine('send --from dev4 --to trips --amount 7');
    await mine('wallet contact --name bob --address dev8');
    await mine('wallet watch --name cold --address dev9');
    await mine('lock multisig --name joint --threshold 1 --keys main,dev1');
    const { txid } = await mine<{ txid: string }>('send --from trips --to bob --amount 2');
    await mine(`wallet label --of ${txid} --text tickets`);
    for (const taken of ['joint', 'main']) {
      const refusal = await place.run(['wallet', 'contact', '--name', taken, '--address', 'dev8'], env);
      assert.match(refusal.stderr, /cli\/account-exists/, taken);
    }
    const csv = await csvOf('trips', 3, env);
    assert.match(csv[1] ?? '', /,tickets,bob$/);
    const before = await mine<Wallet>('wallet show');
    assert.deepEqual(
      before.locks.map(({ name }) => name),
      ['joint'],
    );
    const trips = before.accounts.find(({ name }) => name === 'trips');
    assert.equal((await mine<{ address: string }>('account show trips')).address, trips?.address);
    const held = await mine<object>('balance trips');
    await mine(`wallet backup --file ${file('backup.calin')}`);

    rmSync(keystore, { recursive: true });
    await mine(`wallet restore --from backup --file ${file('backup.calin')}`);
    assert.deepEqual(await mine<Wallet>('wallet show'), before);
    assert.deepEqual(await mine<object>('balance trips'), held);

    rmSync(keystore, { recursive: true });
    writeFileSync(file('phrase.txt'), phrase);
    const restored = await mine<Wallet>(`wallet restore --file ${file('phrase.txt')}`);
    assert.deepEqual(
      restored.accounts.map(({ address }) => address),
      before.accounts.map(({ address }) => address),
    );
    assert.deepEqual(await mine<object>('balance account-2'), held);
    await mine('send --from account-2 --to main --amount 1');
  });
});
