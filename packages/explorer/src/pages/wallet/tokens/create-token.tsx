import { assert } from '@calin/core/base/assert.ts';
import { OK } from '@calin/core/base/result.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { Link } from '@tanstack/react-router';
import { type FormEvent, useDeferredValue, useState } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { SelectField, TextField } from '../../../ui/text-field.tsx';
import { refusalWords } from '../../../wallet/refusal-words.ts';
import { useReview } from '../../../wallet/review-dialog.tsx';
import { useDeed } from '../../../wallet/use-deed.ts';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { lockRefusalWords } from '../locks/lock-refusal-words.ts';
import { SentNotice } from '../sent-notice.tsx';
import { orderToken } from './order-token.ts';
import { readTokenDraft, type TokenDraft, type TokenOutcome } from './token-draft.ts';
import { useSameSymbol } from './use-same-symbol.ts';

interface Made {
  readonly txid: string;
  readonly asset: number;
}

/** Makes a token, and pays its first supply to the account that makes it. */
export function CreateToken() {
  const { document, chain, hasPhrase } = useWallet();
  const review = useReview();
  const deed = useDeed();
  const [fault, setFault] = useState<Extract<TokenOutcome, { ok: false }>>();
  const [made, setMade] = useState<Made>();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const account = document.accounts.find(({ name }) => name === data.get('from'));
    assert(account !== undefined, 'a list of accounts gives one of them');
    const draft = draftOf(data);
    const outcome = readTokenDraft(draft, keyAddress(account.publicKey));
    setFault(outcome.ok ? undefined : outcome);
    if (!outcome.ok) return;
    void deed.run(async () => {
      const title = `Make the token ${draft.symbol.trim().toUpperCase()}`;
      const built = await orderToken(title, outcome.plan, account, chain);
      if (!built.ok) return built;
      const signed = await review(built.value.order);
      if (!signed.ok) return signed.error.rule === 'page/declined' ? OK : signed;
      const { txid } = signed.value;
      const { newAsset } = built.value;
      if (txid !== undefined && newAsset !== undefined) setMade({ txid, asset: newAsset });
      return OK;
    });
  };
  if (!hasPhrase) return <Notice title="This wallet can look, and not sign." />;
  if (made !== undefined) return <MadeToken made={made} />;
  return (
    <Panel
      title="Make a token"
      aside={
        <Link
          to="/wallet/$section"
          params={{ section: 'tokens' }}
          className="link inline-flex items-center gap-1"
        >
          <Icon name="back" className="size-3.5" /> All tokens
        </Link>
      }
    >
      <form aria-label="Make a token" onSubmit={submit} className="space-y-3">
        <TokenFields accounts={document.accounts.map(({ name }) => name)} fault={fault} />
        {deed.refusal !== undefined && <Notice title={refusalWords(deed.refusal)} tone="bad" />}
        <button type="submit" className="button button-main" disabled={deed.isBusy}>
          Look at it and sign
        </button>
      </form>
    </Panel>
  );
}

function TokenFields({
  accounts,
  fault,
}: {
  readonly accounts: readonly string[];
  readonly fault: Extract<TokenOutcome, { ok: false }> | undefined;
}) {
  const [symbol, setSymbol] = useState('');
  const asked = useDeferredValue(/^[A-Z0-9]{1,12}$/.test(symbol) ? symbol : '');
  const warning = useSameSymbol(undefined, asked);
  const errorOf = (field: keyof TokenDraft) =>
    fault?.field === field ? lockRefusalWords(fault.refusal) : undefined;
  return (
    <>
      <SelectField label="Made by" name="from" help="Pays the fee, and gets the supply.">
        {accounts.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
      <div className="grid items-start gap-3 sm:grid-cols-2">
        <TextField
          label="Symbol"
          name="symbol"
          required
          maxLength={12}
          value={symbol}
          onChange={({ target }) => setSymbol(target.value.toUpperCase())}
          error={errorOf('symbol')}
          help={
            warning === undefined ? (
              '1 to 12 of A to Z and 0 to 9.'
            ) : (
              <span className="text-warn">{warning}</span>
            )
          }
        />
        <TextField label="Name" name="name" maxLength={64} error={errorOf('name')} help="May be left out." />
        <TextField
          label="Amount that is made at once"
          name="supply"
          required
          inputMode="decimal"
          error={errorOf('supply')}
        />
        <TextField
          label="Most that may ever be"
          name="supplyMax"
          inputMode="decimal"
          error={errorOf('supplyMax')}
          help="Left out, there is never more than at once."
        />
        <TextField
          label="Digits behind the point"
          name="decimals"
          required
          inputMode="numeric"
          defaultValue="8"
          error={errorOf('decimals')}
        />
      </div>
      <label className="flex items-center gap-2 text-sm">
        <input type="checkbox" name="isMintable" />
        This account may make more of it later
      </label>
    </>
  );
}

function MadeToken({ made: { txid, asset } }: { readonly made: Made }) {
  return (
    <div className="space-y-4">
      <Notice title={`The token has the id ${asset}.`}>
        Symbols and names are not unique. Tell others the id.{' '}
        <Link
          to="/wallet/$section/$item"
          params={{ section: 'tokens', item: String(asset) }}
          className="link font-medium"
        >
          Open it
        </Link>
      </Notice>
      <SentNotice txid={txid} done={undefined} />
    </div>
  );
}

function draftOf(data: FormData): TokenDraft {
  const text = (name: keyof TokenDraft) => String(data.get(name) ?? '');
  return {
    symbol: text('symbol'),
    name: text('name'),
    decimals: text('decimals'),
    supply: text('supply'),
    supplyMax: text('supplyMax'),
    isMintable: data.get('isMintable') !== null,
  };
}
