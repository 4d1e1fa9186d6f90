import { parseAmountText } from '@calin/client/units/amount-text.ts';
import type { FormEvent } from 'react';
import { ask } from '../../node/rpc.ts';
import { Panel } from '../../ui/panel.tsx';
import { shorten } from '../../words/shorten.ts';
import type { GiveOrder } from './developer-page.tsx';

/** Pays coins of a development account to any address. */
export function Faucet({ give }: { readonly give: GiveOrder }) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const address = String(form.get('address') ?? '').trim();
    const amount = parseAmountText(String(form.get('amount') ?? '').trim(), 8);
    void give(async () => {
      if (!amount.ok) throw new Error(`${amount.error.message} ${amount.error.help}`);
      const { txid } = await ask('dev_faucet', { address, amount: amount.value });
      return `On its way, in transaction ${shorten(txid)}.`;
    });
  };
  return (
    <Panel title="Faucet" aside="coins for nothing">
      <form onSubmit={submit} className="space-y-3 text-sm">
        <label className="block space-y-1">
          <span className="text-soft">Address</span>
          <input name="address" required autoComplete="off" spellCheck={false} className="field font-mono" />
        </label>
        <label className="block space-y-1">
          <span className="text-soft">Amount in CALIN</span>
          <input name="amount" required inputMode="decimal" defaultValue="100" className="field" />
        </label>
        <button type="submit" className="button">
          Pay
        </button>
      </form>
    </Panel>
  );
}
