import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { NATIVE_DECIMALS, parseAmountText } from '@calin/client/units/amount-text.ts';
import { HUGS_PER_CALIN } from '@calin/core/base/amount.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { type ReactNode, useState } from 'react';
import { TextField } from '../../../ui/text-field.tsx';
import { formatCount } from '../../../words/format-units.ts';
import type { Activity } from '../activity.ts';
import { coinsOf, outputOf, pay, signOutputs } from '../practice/payments.ts';
import { PRACTICE_BLOCKS_MAX, type PracticeNode } from '../practice/practice-node.ts';
import { useWorld } from '../use-world.ts';
import { Verdict } from '../verdict.tsx';
import { CoinCards, coinName } from './coin-desk.tsx';
import { beginWithCoins, SHOP, settle, YOU } from './coin-world.ts';

/** What a desk needs: the node, the coins that are chosen, and a way to send. */
function useDesk(done: (node: PracticeNode) => void) {
  const { world: node, changed, restart } = useWorld(beginWithCoins);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [last, setLast] = useState<Result<{ readonly fee: number }>>();
  const coins = coinsOf(node, YOU);
  const toggle = (name: string) => {
    const next = new Set(chosen);
    if (!next.delete(name)) next.add(name);
    setChosen(next);
  };
  const send = (built: Result<Transaction>) => {
    // One may go on for as long as anybody likes, in a world that is new again.
    if (node.chain.head.height >= PRACTICE_BLOCKS_MAX) return reset();
    const settled = built.ok ? settle(node, built.value) : built;
    setLast(settled);
    if (settled.ok) setChosen(new Set());
    changed();
    if (settled.ok) done(node);
  };
  const reset = () => {
    restart();
    setChosen(new Set());
    setLast(undefined);
  };
  const selected = coins.filter((coin) => chosen.has(coinName(coin)));
  return { node, coins, chosen, selected, toggle, send, last, reset };
}

/** Your coins, those of the shop, and what became of the last transaction. */
function Desk({
  desk: { node, coins, chosen, toggle, last, reset },
  children,
}: {
  readonly desk: ReturnType<typeof useDesk>;
  readonly children: ReactNode;
}) {
  return (
    <>
      <CoinCards label="Your coins: choose what is spent" coins={coins} chosen={chosen} toggle={toggle} />
      {children}
      <Verdict result={last} good={`It is in block ${node.chain.head.height}. ${feeText(last)}`} />
      <CoinCards label="Coins of the shop" coins={coinsOf(node, SHOP)} />
      <button type="button" className="button" onClick={reset}>
        Begin anew
      </button>
    </>
  );
}

function feeText(last: Result<{ readonly fee: number }> | undefined): string {
  return last?.ok === true ? `The fee was ${formatCount(last.value.fee)} hugs.` : '';
}

/** Pays the shop with coins that are chosen. */
export const SpendCoins: Activity = ({ done }) => {
  const desk = useDesk(done);
  const [text, setText] = useState('4');
  const send = () => desk.send(payText(desk.node, desk.selected, text));
  return (
    <Desk desk={desk}>
      <TextField
        label="Amount in CALIN"
        value={text}
        onChange={({ target }) => setText(target.value)}
        maxLength={20}
        className="max-w-xl"
      />
      <button type="button" className="button" disabled={desk.selected.length === 0} onClick={send}>
        Sign and pay the shop
      </button>
    </Desk>
  );
};

function payText(node: PracticeNode, coins: readonly SpendableCoin[], text: string): Result<Transaction> {
  const amount = parseAmountText(text, NATIVE_DECIMALS);
  if (!amount.ok) return amount;
  return pay(node, { from: YOU, coins, to: SHOP.address, calin: amount.value / HUGS_PER_CALIN });
}

/** What became of a payment, and of a second one of the same coin. */
interface Payments {
  readonly first?: Result<unknown>;
  readonly second?: Result<unknown>;
}

/** Pays the shop, and then signs the coin over to yourself. */
export const SpendTwice: Activity = ({ done }) => {
  const { world: node, changed } = useWorld(beginWithCoins);
  const [coin] = useState(() => coinsOf(node, YOU)[0] as SpendableCoin);
  const [results, setResults] = useState<Payments>({});
  const first = () => {
    const paid = pay(node, { from: YOU, coins: [coin], to: SHOP.address, calin: 4 });
    setResults({ first: paid.ok ? settle(node, paid.value) : paid });
    changed();
  };
  const second = () => {
    const paid = pay(node, { from: YOU, coins: [coin], to: YOU.address });
    const settled = paid.ok ? settle(node, paid.value) : paid;
    setResults({ ...results, second: settled });
    if (!settled.ok) done();
  };
  const isPaid = results.first?.ok === true;
  return (
    <>
      <CoinCards label="Your coins" coins={coinsOf(node, YOU)} />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" disabled={isPaid} onClick={first}>
          Pay the shop 4 CALIN with the coin of 5
        </button>
        <button type="button" className="button" disabled={!isPaid} onClick={second}>
          Sign the same coin over to yourself
        </button>
      </div>
      <Verdict result={results.first} good="The shop was paid, and the coin of 5 is spent." />
      <Verdict result={results.second} good="The ledger took it." />
    </>
  );
};

const INVENTED = [6, 7, 50] as const;

/** Pays out more than goes in. */
export const InventCoins: Activity = ({ done }) => {
  const { world: node } = useWorld(beginWithCoins);
  const [last, setLast] = useState<Result<unknown>>();
  const attempt = (calin: number) => {
    const judged = node.judge(
      signOutputs(node, YOU, coinsOf(node, YOU).slice(0, 1), [outputOf(YOU.address, calin)]),
    );
    setLast(judged);
    if (!judged.ok) done();
  };
  return (
    <>
      <CoinCards label="The coin that is spent" coins={coinsOf(node, YOU).slice(0, 1)} />
      <div className="flex flex-wrap gap-2">
        {INVENTED.map((calin) => (
          <button key={calin} type="button" className="button" onClick={() => attempt(calin)}>
            Pay yourself {calin} CALIN
          </button>
        ))}
      </div>
      <Verdict result={last} good="The ledger takes it." />
    </>
  );
};

/** Makes one coin of three. */
export const GatherCoins: Activity = ({ done }) => {
  const desk = useDesk((node) => {
    if (coinsOf(node, YOU).length === 1 && coinsOf(node, SHOP).length === 0) done();
  });
  const sendTo = (to: Uint8Array) => desk.send(pay(desk.node, { from: YOU, coins: desk.selected, to }));
  return (
    <Desk desk={desk}>
      <div className="flex flex-wrap gap-2">
        <button
          type="button"
          className="button"
          disabled={desk.selected.length === 0}
          onClick={() => sendTo(YOU.address)}
        >
          Pay all of it to yourself
        </button>
        <button
          type="button"
          className="button"
          disabled={desk.selected.length === 0}
          onClick={() => sendTo(SHOP.address)}
        >
          Pay all of it to the shop
        </button>
      </div>
    </Desk>
  );
};
