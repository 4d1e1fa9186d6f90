import type { Result } from '@calin/core/base/result.ts';
import { type ReactNode, useState } from 'react';
import { Pill } from '../../../ui/pill.tsx';
import type { Activity } from '../activity.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';
import { ForkPicture } from './fork-picture.tsx';
import { SIDES, type Side, TwoMiners } from './two-miners.ts';

/** Two miners, and what the step wants of them. */
function useMiners(moved: (world: TwoMiners) => void) {
  const { world, changed, restart } = useWorld(() => new TwoMiners());
  const act = (change: (world: TwoMiners) => void) => {
    change(world);
    changed();
    moved(world);
  };
  return { world, act, restart };
}

/** The nodes, the wire between them and their blocks. */
function ForkDesk({
  miners: { world, act, restart },
  children,
}: {
  readonly miners: ReturnType<typeof useMiners>;
  readonly children?: ReactNode;
}) {
  return (
    <>
      <ForkPicture blocks={world.tree()} />
      <div className="flex flex-wrap gap-2">
        {SIDES.map((side) => (
          <button
            key={side}
            type="button"
            className="button"
            disabled={world.isFull}
            onClick={() => act((one) => one.mine(side))}
          >
            {side} finds a block
          </button>
        ))}
        <button
          type="button"
          className="button"
          onClick={() => act((one) => (one.isJoined ? one.cut() : one.join()))}
        >
          {world.isJoined ? 'Cut the wire' : 'Join the wire'}
        </button>
        <button type="button" className="button" onClick={restart}>
          Begin anew
        </button>
      </div>
      {children}
      <p role="status" className="text-sm text-soft">
        {world.isJoined ? 'The nodes hear each other' : 'The wire is cut'}, and they{' '}
        {world.isAgreed ? 'agree on the head.' : 'have different heads.'}
      </p>
    </>
  );
}

/** Two heads while the wire is cut. */
export const GoApart: Activity = ({ done }) => {
  const miners = useMiners((world) => {
    if (!world.isAgreed) done();
  });
  return <ForkDesk miners={miners} />;
};

/** One head again, by a reorganisation. */
export const JoinAgain: Activity = ({ done }) => {
  const miners = useMiners((world) => {
    if (world.isJoined && world.isAgreed && world.reorganisations > 0) done();
  });
  return <ForkDesk miners={miners} />;
};

/** Where each payment stands at each node. */
function Payments({ world }: { readonly world: TwoMiners }) {
  if (world.payments.length === 0) return null;
  return (
    <ul aria-label="Payments" className="space-y-1 text-sm">
      {world.payments.map((payment) => (
        <li key={payment.name} className="flex flex-wrap items-center gap-2">
          <span>{payment.name}</span>
          {SIDES.map((side) => (
            <Pill key={side} tone={toneOf(world.stateOf(payment, side))}>
              {side}: {world.stateOf(payment, side)}
            </Pill>
          ))}
        </li>
      ))}
    </ul>
  );
}

function toneOf(state: ReturnType<TwoMiners['stateOf']>): 'good' | 'warn' | 'bad' | 'plain' {
  if (state === 'in a block') return 'good';
  if (state === 'waiting') return 'warn';
  return state === 'impossible' ? 'bad' : 'plain';
}

const TO_SHOP = '4 CALIN to the shop';
const TO_SELF = 'The same coin back to yourself';

/** A payment that was in a block, waits again, and is in a block again. */
export const PaymentReturns: Activity = ({ done }) => {
  const [wasReturned, setWasReturned] = useState(false);
  const miners = useMiners((world) => {
    const [payment] = world.payments;
    if (payment === undefined || world.reorganisations === 0) return;
    const states = SIDES.map((side) => world.stateOf(payment, side));
    if (states[0] === 'waiting') setWasReturned(true);
    if (wasReturned && states.every((state) => state === 'in a block')) done();
  });
  return (
    <ForkDesk miners={miners}>
      <PayButton miners={miners} side="A" name={TO_SHOP} to="shop" />
      <Payments world={miners.world} />
    </ForkDesk>
  );
};

/** A payment that was in a block, and can never be again. */
export const DoubleSpend: Activity = ({ done }) => {
  const [wasPaid, setWasPaid] = useState(false);
  const miners = useMiners((world) => {
    const payment = world.payments.find(({ name }) => name === TO_SHOP);
    if (payment === undefined) return;
    const state = world.stateOf(payment, 'A');
    if (state === 'in a block') setWasPaid(true);
    if (wasPaid && state === 'impossible') done();
  });
  const { world } = miners;
  const lost = world.payments.find((payment) => world.stateOf(payment, 'A') === 'impossible');
  return (
    <ForkDesk miners={miners}>
      <div className="flex flex-wrap gap-2">
        <PayButton miners={miners} side="A" name={TO_SHOP} to="shop" />
        <PayButton miners={miners} side="B" name={TO_SELF} to="yourself" />
      </div>
      <Payments world={world} />
      <Verdict result={lost === undefined ? undefined : world.judge(lost, 'A')} good="" />
    </ForkDesk>
  );
};

function PayButton({
  miners: { world, act },
  side,
  name,
  to,
}: {
  readonly miners: ReturnType<typeof useMiners>;
  readonly side: Side;
  readonly name: string;
  readonly to: 'shop' | 'yourself';
}) {
  const [refused, setRefused] = useState<Result<unknown>>();
  const isMade = world.payments.some((payment) => payment.name === name);
  const pay = () =>
    act((one) => {
      const sent = one.pay(side, name, to);
      setRefused(sent.ok ? undefined : sent);
    });
  return (
    <div>
      <button type="button" className="button" disabled={isMade} onClick={pay}>
        At {side}: {name}
      </button>
      {refused !== undefined && <Verdict result={refused} good="" />}
    </div>
  );
}
