import assert from 'node:assert/strict';
import { test } from 'node:test';
import { devAccount } from '@calin/client/keys/dev-accounts.ts';
import { keySigner } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import { AUTHORITY, TestNode } from '@calin/core/node/test-node.testing.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { PaymentDesk } from './payment-desk.ts';

const payer = devAccount(0);
const spec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: [{ address: payer.address, amount: amount(1_000_000_000) }],
});
const payment = {
  signer: keySigner(payer.secretKey),
  receiver: devAccount(1).address,
  amount: amount(1_000_000),
};

test('coins are read once the index has followed, one payment after the other', () => {
  const { node, runner } = new TestNode({ spec, production: { kind: 'off' } });
  const requests: string[] = [];
  const followed: (() => void)[] = [];
  const desk = new PaymentDesk({
    node,
    host: {
      view: new NodeQueries(node),
      request: (request, done) => {
        requests.push(request.kind);
        if (request.kind === 'follow') followed.push(() => runner.request(request, done));
        else runner.request(request, done);
      },
    },
  });
  const paid: Result<Uint8Array>[] = [];
  for (let i = 0; i < 2; i++) desk.pay(payment, (answer) => paid.push(answer));
  assert.deepEqual([requests, desk.waiting], [['follow'], 1], 'nothing is built before');
  followed.shift()?.();
  assert.deepEqual([requests, paid.length], [['follow', 'submit', 'follow'], 1]);
  followed.shift()?.();
  assert.ok(paid.length === 2 && paid.every(({ ok }) => ok), JSON.stringify(paid));
  assert.equal(node.mempool.size, 2, 'the second one spends what the first one gives back');
});

test('a mistake in one payment is answered, and holds nobody up behind it', () => {
  const { node, runner } = new TestNode({ spec, production: { kind: 'off' } });
  const failures: unknown[] = [];
  const views = [undefined, new NodeQueries(node)];
  const desk = new PaymentDesk({
    node,
    host: {
      get view() {
        const view = views.length > 1 ? views.shift() : views[0];
        if (view === undefined) throw new Error('a bug');
        return view;
      },
      request: (request, done) => runner.request(request, done),
      failed: (error) => failures.push(error),
    },
  });
  const paid: Result<Uint8Array>[] = [];
  let signed = 0;
  for (let i = 0; i < 2; i++) {
    desk.pay({ ...payment, signed: () => void signed++ }, (answer) => paid.push(answer));
  }
  const [first, second] = paid;
  assert.ok(first?.ok === false && first.error.rule === 'rpc/internal');
  assert.ok(second?.ok === true);
  assert.deepEqual([failures.length, signed], [1, 2], 'no key is kept for longer than it is needed');
});
