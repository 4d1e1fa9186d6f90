import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { Workplace } from './calin.testing.ts';

interface Partial {
  readonly complete: boolean;
  readonly missing: readonly { readonly signatures: number; readonly preimage: boolean }[];
}

describe('addresses that take more than a key', () => {
  const place = new Workplace();
  const file = (name: string) => join(place.folder, name);
  const json = async <T>(line: string): Promise<T> => (await place.json(line.split(' '))) as T;
  const refused = async (line: string, rule: RegExp): Promise<void> => {
    const ended = await place.run([...line.split(' '), '--json']);
    assert.notEqual(ended.code, 0, ended.stdout);
    assert.match(ended.stderr, rule);
  };
  const balanceOf = async (account: string): Promise<number> => {
    const { balances } = await json<{ balances: { confirmed: number }[] }>(`balance ${account}`);
    return balances[0]?.confirmed ?? 0;
  };

  before(async () => {
    await place.start();
  });
  after(() => place.close());

  test('two of three sign one after the other, or each a copy', async () => {
    await json('lock multisig --name fund --threshold 2 --keys dev1,dev2,dev3');
    await json('send --from dev0 --to fund --amount 50');
    const pay = file('pay.cpst');
    const made = await json<Partial>(`partial create --from fund --to dev9 --amount 5 --file ${pay}`);
    assert.equal(made.missing[0]?.signatures, 2);
    cpSync(pay, file('copy.cpst'));
    await refused(`partial sign --file ${pay} --as dev4`, /wallet\/unknown-key/);
    await refused(`partial send --file ${pay}`, /wallet\/missing-signature/);
    await json(`partial sign --file ${pay} --as dev1`);
    await json(`partial sign --file ${file('copy.cpst')} --as dev3`);
    const joined = await json<Partial>(`partial join --file ${pay} --other ${file('copy.cpst')}`);
    assert.equal(joined.complete, true);
    const before = await balanceOf('dev9');
    await json(`partial send --file ${pay}`);
    assert.equal((await balanceOf('dev9')) - before, 500_000_000);
    assert.ok((await balanceOf('fund')) > 4_400_000_000, 'the rest went back to the lock');
  });

  test('guardians bring back what an owner has lost, but not at once', async () => {
    await json(
      'lock recoverable --name safe --owner dev1 --guardians dev2,dev3 --threshold 2 --rest-blocks 3',
    );
    await json('send --from dev0 --to safe --amount 7');
    const rescue = `partial create --from safe --by guardians --to dev8 --amount 6 --file ${file('r.cpst')}`;
    await refused(rescue, /wallet\/too-early/);
    await json('mine --blocks 3');
    await json(rescue);
    for (const guardian of ['dev2', 'dev3'])
      await json(`partial sign --file ${file('r.cpst')} --as ${guardian}`);
    const before = await balanceOf('dev8');
    await json(`partial send --file ${file('r.cpst')}`);
    assert.equal((await balanceOf('dev8')) - before, 600_000_000);
  });

  test('a secret claims a hash lock, and no other does', async () => {
    const { secret } = await json<{ secret: string }>(
      'lock htlc --name swap --receiver dev5 --sender dev6 --refund-height 4000000 --new-secret',
    );
    await json('send --from dev6 --to swap --amount 2');
    const claim = `partial create --from swap --to dev5 --amount 1 --file ${file('c.cpst')}`;
    await refused(`${claim} --secret ${'00'.repeat(32)}`, /wallet\/wrong-preimage/);
    await refused(`${claim} --by refund`, /wallet\/too-early/);
    await refused(`${claim} --by owner`, /cli\/option-value/);
    await json(`${claim} --secret ${secret}`);
    await json(`partial sign --file ${file('c.cpst')} --as dev5`);
    await json(`partial send --file ${file('c.cpst')}`);
  });

  test('locks are known by name, shown in words and taken in from others', async () => {
    const locks = await json<{ name: string; address: string }[]>('lock list');
    assert.deepEqual(
      locks.map(({ name }) => name),
      ['fund', 'safe', 'swap'],
    );
    const shown = await place.run(['lock', 'show', 'safe']);
    assert.match(shown.stdout, /guardians\s+when a coin has rested 3 blocks, 2 of 2 keys/);
    const shownJson = await json<{ file: string; address: string }>('lock show safe');
    const taken = await json<{ address: string }>(`lock import --name theirs --file ${shownJson.file}`);
    assert.equal(taken.address, shownJson.address);
    await refused(`lock import --name theirs --file ${shownJson.file}`, /cli\/account-exists/);
    await refused('lock multisig --name dev1 --threshold 1 --keys dev1', /cli\/account-name/);
    await refused('lock multisig --name bad --threshold 3 --keys dev1,dev2', /wallet\/lock/);
    await refused('lock timelock --name when --keys dev1 --until 2027-01-31', /cli\/option-value/);
  });

  test('messages are signed, and checked by who reads them', async () => {
    const signed = await json<object>('message sign --from dev1 --text Arrived.');
    const checked = await place.feed(['message', 'verify', '--json'], JSON.stringify(signed));
    assert.equal(checked.code, 0, checked.stderr);
    assert.equal((JSON.parse(checked.stdout) as { message: string }).message, 'Arrived.');
    const forged = JSON.stringify(signed).replace('Arrived', 'Broken');
    const refusal = await place.feed(['message', 'verify', '--json'], forged);
    assert.match(refusal.stderr, /wallet\/message-signature/);
  });
});
