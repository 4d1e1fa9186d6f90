import { assert } from '@calin/core/base/assert.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { useState } from 'react';
import type { Activity } from '../activity.ts';
import { coinsOf, outputOf, pay, signOutputs, withOutputs } from '../practice/payments.ts';
import { practiceKey } from '../practice/practice-key.ts';
import { PracticeNode } from '../practice/practice-node.ts';
import { workSpec } from '../practice/practice-spec.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';

const OWNER = practiceKey('owner');
const SHOP = practiceKey('shop');
const YOU = practiceKey('you');

const WAYS = [
  { id: 'amount', name: 'Let it pay the shop 5 CALIN instead of 4' },
  { id: 'receiver', name: 'Let it pay you instead of the shop' },
  { id: 'key', name: 'Spend the coin with a signature of your own' },
  { id: 'signed', name: 'Send it as its owner has signed it' },
] as const;

type Way = (typeof WAYS)[number]['id'];

interface Scene {
  readonly node: PracticeNode;
  readonly payment: Transaction;
}

function begin(): Scene {
  const node = new PracticeNode(workSpec([{ owner: OWNER, calin: 6 }]));
  const payment = pay(node, { from: OWNER, coins: coinsOf(node, OWNER), to: SHOP.address, calin: 4 });
  assert(payment.ok, 'the coin is enough');
  return { node, payment: payment.value };
}

/** What one gets to send when one tries one of the ways. */
function change({ node, payment }: Scene, way: Way): Transaction {
  switch (way) {
    case 'amount':
      return withOutputs(node, payment, [outputOf(SHOP.address, 5)]);
    case 'receiver':
      return withOutputs(node, payment, [outputOf(YOU.address, 4)]);
    case 'key':
      return signOutputs(node, YOU, coinsOf(node, OWNER), [outputOf(YOU.address, 4)]);
    case 'signed':
      return payment;
  }
}

/** Tries to take a coin that belongs to somebody else. */
export const TryToSteal: Activity = ({ done }) => {
  const { world } = useWorld(begin);
  const [refused, setRefused] = useState<ReadonlySet<Way>>(new Set());
  const [last, setLast] = useState<{ readonly way: Way; readonly result: Result<unknown> }>();
  const attempt = (way: Way) => {
    const result = world.node.judge(change(world, way));
    setLast({ way, result });
    if (!result.ok) setRefused(new Set([...refused, way]));
    else if (refused.size > 1) done();
  };
  return (
    <>
      <div className="flex flex-col items-start gap-2">
        {WAYS.map(({ id, name }) => (
          <button
            key={id}
            type="button"
            aria-pressed={last?.way === id}
            className="button text-left"
            onClick={() => attempt(id)}
          >
            {name}
          </button>
        ))}
      </div>
      <Verdict result={last?.result} good="The ledger takes it: every signature fits what it was made for." />
    </>
  );
};
