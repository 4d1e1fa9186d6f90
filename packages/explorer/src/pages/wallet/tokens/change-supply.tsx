import { formatAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { planBurn, planMint } from '@calin/client/wallet/plan-token.ts';
import type { WalletAccount } from '@calin/client/wallet/wallet-document.ts';
import { OK } from '@calin/core/base/result.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { type FormEvent, useState } from 'react';
import type { TokenJson } from '../../../node/shapes.ts';
import { Panel } from '../../../ui/panel.tsx';
import { SelectField, TextField } from '../../../ui/text-field.tsx';
import { useReview } from '../../../wallet/review-dialog.tsx';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { SentNotice } from '../sent-notice.tsx';
import { orderToken } from './order-token.ts';
import { readTokenAmount } from './token-draft.ts';

const WORDS = {
  mint: { title: 'Mint more', button: 'Mint', does: 'Mint', aside: 'as its minter' },
  burn: { title: 'Burn some', button: 'Burn', does: 'Burn', aside: 'for ever' },
} as const;

/** Mints or burns an amount of a token from one of the accounts. */
export function ChangeSupply({
  kind,
  token,
  accounts,
}: {
  readonly kind: 'mint' | 'burn';
  readonly token: TokenJson;
  /** Who can do it; at least one. */
  readonly accounts: readonly WalletAccount[];
}) {
  const { chain } = useWallet();
  const review = useReview();
  const deed = useDeed();
  const [sent, setSent] = useState<string>();
  const words = WORDS[kind];
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const account = accounts.find(({ name }) => name === data.get('from')) ?? accounts[0];
    if (account === undefined) return;
    void deed.run(async () => {
      const amount = readTokenAmount(String(data.get('amount') ?? ''), token);
      if (!amount.ok) return amount;
      const { asset } = token;
      const plan =
        kind === 'mint'
          ? planMint(asset, amount.value, keyAddress(account.publicKey))
          : planBurn(asset, amount.value);
      const title = `${words.does} ${formatAssetAmount(amount.value, token)}`;
      const built = await orderToken(title, plan, account, chain);
      if (!built.ok) return built;
      const outcome = await review(built.value.order);
      if (!outcome.ok) return outcome.error.rule === 'page/declined' ? OK : outcome;
      setSent(outcome.value.txid);
      form.reset();
      return OK;
    });
  };
  return (
    <Panel title={words.title} aside={words.aside}>
      <form aria-label={words.title} onSubmit={submit} className="grid items-start gap-3 sm:grid-cols-3">
        <SelectField label={kind === 'mint' ? 'Minter' : 'From'} name="from">
          {accounts.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField
          label={`Amount in ${token.symbol}`}
          name="amount"
          inputMode="decimal"
          required
          error={deed.error}
        />
        <button type="submit" className="button sm:mt-6 sm:justify-self-start" disabled={deed.isBusy}>
          {words.button}
        </button>
      </form>
      {sent !== undefined && (
        <div className="mt-4">
          <SentNotice txid={sent} done={() => setSent(undefined)} />
        </div>
      )}
    </Panel>
  );
}
