import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { buildTransfer } from '@calin/client/transaction-builder/build-transaction.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { specHash } from '@calin/core/spec/chain-spec.ts';
import { readFolder } from '../../src/adapters/data-folder.ts';
import { type RunningDev, rpc, Workplace } from './calin.testing.ts';

interface Verdicts {
  readonly result: readonly { readonly accepted: boolean; readonly refusal?: { readonly rule: string } }[];
}

describe('payments that must not count twice', () => {
  const here = new Workplace();
  const elsewhere = new Workplace();
  let first: RunningDev;
  let second: RunningDev;

  before(async () => {
    first = await here.start();
    second = await elsewhere.start();
  });
  after(() => {
    here.close();
    elsewhere.close();
  });

  /** Pays `hugs` from the one coin that dev6 has at the start. */
  async function payment(hugs: number): Promise<string> {
    const folder = readFolder(here.data);
    assert.ok(folder.ok);
    const { result: status } = (await rpc(first.url, 'node_status')) as { result: { chainId: string } };
    const [dev6, dev7] = [devAccount(6), devAccount(7)];
    const opening = { lock: { kind: 'key', publicKey: dev6.publicKey }, path: 0 } as const;
    const outpoint = { txid: specHash(folder.value.spec), index: 6 };
    const built = buildTransfer({
      spec: folder.value.spec,
      coins: [{ outpoint, asset: 0, amount: amount(1_000_000_000_000), opening }],
      to: dev7.address,
      asset: 0,
      amount: amount(hugs),
      feePerGas: amount(1),
      changeAddress: dev6.address,
    });
    assert.ok(built.ok);
    const signed = signTransaction(built.value, fromHex(status.chainId), [keySigner(dev6.secretKey)]);
    assert.ok(signed.ok);
    return toHex(signed.value.bytes);
  }

  const submit = async (node: RunningDev, bytes: string) => {
    const answer = (await rpc(node.url, 'tx_submit', { transactions: [bytes] })) as Verdicts;
    return answer.result[0];
  };

  test('a payment for this chain is refused by another', async () => {
    const verdict = await submit(second, await payment(1000));
    assert.equal(verdict?.refusal?.rule, 'tx/signature-invalid');
  });

  test('a coin is spent once, and the same payment is not taken again', async () => {
    const once = await payment(1000);
    assert.equal((await submit(first, once))?.accepted, true);
    for (const bytes of [once, await payment(2000)]) {
      const rule = (await submit(first, bytes))?.refusal?.rule ?? '';
      assert.match(rule, /^(tx\/coin-missing|mempool\/(known|conflict|replacement-fee-too-low))$/);
    }
    await rpc(first.url, 'dev_mine', { blocks: 1 });
    assert.equal((await submit(first, once))?.refusal?.rule, 'tx/coin-missing');
    assert.match(JSON.stringify(await here.json(['balance', 'dev7'])), /1000000001000\b/);
  });

  test('a token is made, minted, sent and burned, and shows what is left', async () => {
    const options = ['--symbol', 'CASH', '--decimals', '2', '--supply', '100', '--supply-max', '120'];
    const made = await here.json(['token', 'create', '--from', 'dev0', ...options, '--minter', 'dev0']);
    const { asset } = made as { asset: number };
    const named = ['--asset', `${asset}`];
    await here.json(['token', 'mint', '--from', 'dev0', ...named, '--amount', '20']);
    await here.json(['send', '--from', 'dev0', '--to', 'dev1', ...named, '--amount', '5.25']);
    await here.json(['token', 'burn', '--from', 'dev1', ...named, '--amount', '0.25']);
    assert.match(JSON.stringify(await here.json(['token', 'show', `${asset}`])), /"supply":11975\b/);
    assert.match(JSON.stringify(await here.json(['balance', 'dev1'])), /\b500\b/);
    const stranger = await here.run([
      'token',
      'mint',
      '--from',
      'dev1',
      ...named,
      '--amount',
      '0.1',
      '--json',
    ]);
    assert.equal(stranger.code, 1);
    assert.match(stranger.stderr, /tx\/witness-missing/);
    const tooMuch = await here.run(['token', 'mint', '--from', 'dev0', ...named, '--amount', '1', '--json']);
    assert.match(tooMuch.stderr, /token\/supply-exceeded/);
    assert.equal((await here.run(['verify'])).code, 0);
  });
});
