import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { devAccount, devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';

const CALIN = 100_000_000;
const EPOCH_BLOCKS = 4;
const UNBONDING_EPOCHS = 1;

interface Held {
  readonly presentEpoch: number;
  readonly delegations: readonly {
    readonly validator: string;
    readonly shares: number;
    readonly worth: number;
  }[];
  readonly unbonding: readonly { readonly worth: number; readonly freeFrom: number }[];
}

interface Listed {
  readonly presentEpoch: number;
  readonly validators: readonly {
    readonly publicKey: string;
    readonly weight: number;
    readonly pool: {
      readonly tokens: number;
      readonly nextCommissionPermille: number;
      readonly payTo: string;
    };
  }[];
}

describe('stake on a chain of one’s own', () => {
  const place = new Workplace();
  const [dev0, dev1, dev2] = [0, 1, 2].map(devAccount) as [
    ReturnType<typeof devAccount>,
    ReturnType<typeof devAccount>,
    ReturnType<typeof devAccount>,
  ];
  const first = toHex(devAuthority().publicKey);
  const second = toHex(dev1.publicKey);
  let node: RunningDev;

  before(async () => {
    const address = ({ address: bytes }: ReturnType<typeof devAccount>) => formatAddress(bytes, 'dcal');
    const stakes = [{ publicKey: first, owner: address(dev0), amount: 10_000 * CALIN }];
    const file = {
      name: 'calin-staked',
      addressPrefix: 'dcal',
      genesisTimeMs: 1_700_000_000_000,
      dev: true,
      consensus: {
        production: { kind: 'poa', authorities: [first], slotMs: 1 },
        finality: { kind: 'depth', blocks: 3 },
        validators: { kind: 'stake', epochBlocks: EPOCH_BLOCKS, unbondingEpochs: UNBONDING_EPOCHS, stakes },
      },
      fees: { baseFeeInitial: 1 },
      allocations: [dev0, dev1, dev2].map((account) => ({
        address: address(account),
        amount: 20_000 * CALIN,
      })),
    };
    const genesis = join(place.folder, 'genesis.json');
    writeFileSync(genesis, JSON.stringify(file));
    await place.json(['init', '-c', genesis]);
    node = await place.start(['node', '--produce', 'dev-authority']);
  });
  after(() => place.close());

  const shown = async (account: string) => (await place.json(['stake', 'show', account])) as Held;
  const listed = async (...more: string[]) => (await place.json(['validators', ...more])) as Listed;
  /** Makes blocks until the next one is of this epoch. */
  const reach = async (epoch: number): Promise<void> => {
    for (let blocks = 0; (await listed()).presentEpoch < epoch; blocks++) {
      assert.ok(blocks < 40, 'epochs pass');
      await rpc(node.url, 'dev_mine', { blocks: 1 });
    }
  };

  test('is bonded by a new validator, which is in the set three epochs later', async () => {
    const bond = ['stake', 'bond', '--from', 'dev2', '--validator', 'dev1', '--amount', '1500'];
    const made = await place.json([...bond, '--commission', '2.5', '--pay-to', 'dev1']);
    assert.match(JSON.stringify(made), new RegExp(`"validator":"${second}"[\\s\\S]*"block":{`));
    const again = await place.run([...bond, '--json']);
    assert.match(again.stderr, /stake\/validator-exists/);
    assert.equal((await listed()).validators.length, 1);
    const [, candidate] = (await listed('--all')).validators;
    assert.deepEqual([candidate?.publicKey, candidate?.weight], [second, 0]);
    await reach(3);
    const members = (await listed()).validators.map(({ publicKey, weight }) => [publicKey, weight]);
    assert.deepEqual(members[1], [second, 1500 * CALIN]);
  });

  test('is delegated, moved, unbonded, and withdrawn once it has rested', async () => {
    await place.json(['stake', 'delegate', first, '--from', 'dev2', '--amount', '100']);
    const [held] = (await shown('dev2')).delegations.filter(({ validator }) => validator === first);
    assert.ok((held?.worth ?? 0) >= 100 * CALIN - 1);
    await place.json(['stake', 'redelegate', first, '--to', 'dev1', '--from', 'dev2', '--amount', '30']);
    const tied = await place.run(['stake', 'unbond', 'dev1', '--from', 'dev2', '--amount', '1520', '--json']);
    assert.match(tied.stderr, /stake\/tied/);
    await place.json(['stake', 'unbond', first, '--from', 'dev2', '--amount', '20']);
    await place.json(['stake', 'unbond', first, '--from', 'dev2', '--amount', 'all']);
    const resting = await shown('dev2');
    assert.equal(resting.delegations.filter(({ validator }) => validator === first).length, 0);
    const worth = resting.unbonding.reduce((sum, part) => sum + part.worth, 0);
    assert.ok(worth >= 70 * CALIN - 3, `${worth}`);
    const early = await place.run(['stake', 'withdraw', '--from', 'dev2', '--json']);
    assert.match(early.stderr, /stake\/resting/);
    await reach(Math.max(...resting.unbonding.map(({ freeFrom }) => freeFrom)));
    const taken = (await place.json(['stake', 'withdraw', '--from', 'dev2'])) as { amount: number };
    assert.equal(taken.amount, worth);
    assert.deepEqual((await shown('dev2')).unbonding, []);
    const nothing = await place.run(['stake', 'withdraw', '--from', 'dev2', '--json']);
    assert.match(nothing.stderr, /stake\/unbonding-unknown/);
  });

  test('has terms that only the owner of the validator changes', async () => {
    const stranger = await place.run([
      'stake',
      'edit',
      'dev1',
      '--from',
      'dev0',
      '--commission',
      '5',
      '--json',
    ]);
    assert.match(stranger.stderr, /stake\/not-owner/);
    await place.json(['stake', 'edit', 'dev1', '--from', 'dev2', '--commission', '5.5']);
    const [, edited] = (await listed()).validators;
    assert.equal(edited?.pool.nextCommissionPermille, 55);
    assert.equal(edited?.pool.payTo, formatAddress(dev1.address, 'dcal'), 'stays what it was');
    const free = await place.run(['stake', 'unjail', 'dev1', '--from', 'dev2', '--json']);
    assert.match(free.stderr, /stake\/not-jailed/);
    const empty = await place.run(['stake', 'edit', 'dev1', '--from', 'dev2', '--json']);
    assert.match(empty.stderr, /cli\/missing/);
  });

  test('is shown to people, and the chain still verifies', async () => {
    const table = await place.run(['validators']);
    assert.match(table.stdout, /^VALIDATOR .* STATE$/m);
    assert.match(table.stdout, new RegExp(`^${second} .*2\\.5 %.* serves$`, 'm'));
    const one = await place.run(['validators', 'dev1']);
    assert.match(one.stdout, /^Keeps +2\.5 %, 5\.5 % from epoch \d+ on$/m);
    const stake = await place.run(['stake', 'show', 'dev2']);
    assert.match(stake.stdout, /STAKED WITH/);
    const stranger = await place.run(['validators', 'dev5', '--json']);
    assert.match(stranger.stderr, /rpc\/validator-unknown/);
    await node.end('SIGTERM');
    assert.equal((await place.run(['verify'])).code, 0);
  });
});
