import { assetUnits } from '@calin/client/wallet/asset-units.ts';
import { keyOpening } from '@calin/client/wallet/build-payment.ts';
import { setLabel } from '@calin/client/wallet/edit-wallet.ts';
import { isPaymentUri, type PaymentRequest } from '@calin/client/wallet/payment-uri.ts';
import { spendableCoins } from '@calin/client/wallet/spendable-coins.ts';
import type { WalletAccount } from '@calin/client/wallet/wallet-document.ts';
import type { Refusal, Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { type ComponentProps, type FormEvent, useRef, useState } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { Panel } from '../../ui/panel.tsx';
import { SelectField, TextField } from '../../ui/text-field.tsx';
import { namesOf } from '../../wallet/reader.ts';
import { refusalWords } from '../../wallet/refusal-words.ts';
import { useReview } from '../../wallet/review-dialog.tsx';
import { buildSend, readAmount, readRecipient, type SendOrder } from '../../wallet/send-order.ts';
import { type OpenWallet, useWallet } from '../../wallet/wallet-context.tsx';
import { AssetChoice } from './asset-choice.tsx';
import { CoinChoice } from './coin-choice.tsx';
import { FeeChoice } from './fee-choice.tsx';
import { FollowedPayment } from './followed-payment.tsx';

/** Blocks after which a payment expires, for those who choose it. */
const EXPIRIES = [10, 100, 1000] as const;

/** A payment that the node took. */
interface Sent {
  readonly txid: string;
  readonly title: string;
}

/** Pays coins of an account. `item` names an asset to begin with. */
export function SendSection({ item }: { readonly item: string | undefined }) {
  const [sent, setSent] = useState<Sent>();
  const { hasPhrase } = useWallet();
  if (!hasPhrase) {
    return (
      <Notice title="This wallet has no phrase: it can look, and not sign.">
        Restore a wallet from a phrase, or from a backup that holds one.
      </Notice>
    );
  }
  if (sent !== undefined) return <FollowedPayment {...sent} another={() => setSent(undefined)} />;
  return <SendForm asset={Number(item ?? 0) || 0} done={setSent} />;
}

function SendForm({ asset: first, done }: { readonly asset: number; readonly done: (sent: Sent) => void }) {
  const wallet = useWallet();
  const review = useReview();
  const [from, setFrom] = useState(wallet.document.accounts[0]?.name ?? '');
  const [asset, setAsset] = useState(first);
  const [chosen, setChosen] = useState<ReadonlySet<string>>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const account = wallet.document.accounts.find(({ name }) => name === from);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (account === undefined || isBusy) return;
    const data = new FormData(event.currentTarget);
    setRefusal(undefined);
    setIsBusy(true);
    const outcome = await send(data, { wallet, account, asset, chosen }, review);
    setIsBusy(false);
    if (outcome.ok) done(outcome.value);
    else if (outcome.error.rule !== 'page/declined') setRefusal(outcome.error);
  };
  const errorAt = (field: Field) =>
    refusal !== undefined && fieldOf(refusal) === field ? refusalWords(refusal) : undefined;
  const fillIn = ({ amountText, label, message, asset: wanted }: PaymentRequest) => {
    setAsset(wanted ?? 0);
    fill(form.current, 'amount', amountText);
    fill(form.current, 'label', message ?? label);
  };
  return (
    <form
      ref={form}
      onSubmit={(event) => void submit(event)}
      className="grid gap-4 sm:gap-5 lg:grid-cols-[minmax(0,1fr)_22rem]"
    >
      <Panel title="Send">
        <div className="space-y-4">
          <SelectField
            label="From"
            name="from"
            value={from}
            onChange={({ target }) => {
              setFrom(target.value);
              setChosen(undefined);
            }}
          >
            {wallet.document.accounts.map(({ name }) => (
              <option key={name}>{name}</option>
            ))}
          </SelectField>
          <RecipientField error={errorAt('to')} onRequest={fillIn} />
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Amount"
              name="amount"
              required
              inputMode="decimal"
              error={errorAt('amount')}
              help="Such as 12.5. The word everything sends all there is."
            />
            {account !== undefined && <AssetChoice account={account} asset={asset} choose={setAsset} />}
          </div>
          <TextField
            label="Label, for yourself"
            name="label"
            maxLength={128}
            help="It stays in this wallet and is not part of the payment."
          />
          {refusal !== undefined && fieldOf(refusal) === 'form' && (
            <Notice title={refusal.message} tone="bad">
              {refusalWords(refusal).slice(refusal.message.length)}{' '}
              <code className="font-mono text-xs opacity-80">{refusal.rule}</code>
            </Notice>
          )}
          <button type="submit" className="button button-main" aria-disabled={isBusy}>
            {isBusy ? 'Preparing' : 'Look at it'}
          </button>
          <p className="caption">Nothing is signed yet. First it is said in words what would be.</p>
        </div>
      </Panel>
      <div className="min-w-0 space-y-4 sm:space-y-5">
        <FeeChoice />
        <MorePanel account={account} asset={asset} chosen={chosen} choose={setChosen} />
      </div>
    </form>
  );
}

/** Whom to pay; a payment request fills the rest of the form in. */
function RecipientField({
  error,
  onRequest,
}: {
  readonly error: string | undefined;
  readonly onRequest: (request: PaymentRequest) => void;
}) {
  const { document } = useWallet();
  const [asked, setAsked] = useState<string>();
  const read = (text: string) => {
    const request = isPaymentUri(text.trim()) ? readRecipient(text, document) : undefined;
    if (request?.ok !== true) return setAsked(undefined);
    const { label, message } = request.value;
    const parts = [label, message].filter((part) => part !== undefined);
    setAsked(parts.length === 0 ? 'A payment request.' : `The request says: ${parts.join(': ')}`);
    onRequest(request.value);
  };
  return (
    <>
      <TextField
        label="To"
        name="to"
        required
        list="wallet-names"
        className="font-mono"
        error={error}
        onInput={({ currentTarget }) => read(currentTarget.value)}
        help={asked ?? 'A name of your contacts or accounts, an address, or a payment request (calin:…).'}
      />
      <datalist id="wallet-names">
        {[...namesOf(document).values()].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  );
}

function MorePanel({
  account,
  ...coins
}: { readonly account: WalletAccount | undefined } & Omit<ComponentProps<typeof CoinChoice>, 'account'>) {
  return (
    <Panel title="More">
      <div className="space-y-4">
        <SelectField
          label="Expires"
          name="expiry"
          help="After this many blocks without it, no block can hold it any more."
        >
          <option value="">never</option>
          {EXPIRIES.map((blocks) => (
            <option key={blocks} value={blocks}>
              after {blocks} blocks
            </option>
          ))}
        </SelectField>
        {account !== undefined && <CoinChoice key={account.name} account={account} {...coins} />}
      </div>
    </Panel>
  );
}

type Field = 'to' | 'amount' | 'form';

/** Where a refusal is shown: beside the field that it is about. */
function fieldOf({ rule }: Refusal): Field {
  if (rule.startsWith('codec/') || rule === 'wallet/payment-uri') return 'to';
  return rule.startsWith('amount/') || rule === 'wallet/insufficient-funds' ? 'amount' : 'form';
}

function fill(form: HTMLFormElement | null, name: string, text: string | undefined): void {
  const field = form?.elements.namedItem(name);
  if (text !== undefined && field instanceof HTMLInputElement) field.value = text;
}

async function send(
  data: FormData,
  {
    wallet,
    account,
    asset,
    chosen,
  }: {
    readonly wallet: OpenWallet;
    readonly account: SendOrder['account'];
    readonly asset: number;
    readonly chosen: ReadonlySet<string> | undefined;
  },
  review: ReturnType<typeof useReview>,
): Promise<Result<Sent>> {
  const { chain, document, edit } = wallet;
  const text = (name: string) => String(data.get(name) ?? '').trim();
  const recipient = readRecipient(text('to'), document);
  if (!recipient.ok) return recipient;
  const units = await assetUnits(asset, chain);
  if (!units.ok) return units;
  const amount = readAmount(text('amount'), units.value);
  if (!amount.ok) return amount;
  const found = await spendableCoins(chain, keyOpening(account));
  if (!found.ok) return found;
  const coins = found.value.spendable;
  const unsigned = await buildSend(chain, coins, {
    account,
    to: recipient.value.address,
    asset,
    amount: amount.value,
    speed: (text('fee') || 'normal') as SendOrder['speed'],
    coins: chosen === undefined || chosen.size === 0 ? undefined : chosen,
    expiryBlocks: text('expiry') === '' ? undefined : Number(text('expiry')),
  });
  if (!unsigned.ok) return unsigned;
  const address = formatAddress(recipient.value.address, chain.network.addressPrefix);
  const name = namesOf(document).get(address);
  const what =
    amount.value === 'everything' ? `all ${units.value.symbol}` : `${text('amount')} ${units.value.symbol}`;
  const title = `Send ${what} to ${name ?? `${address.slice(0, 12)}…${address.slice(-6)}`}`;
  const reviewed = await review({
    title,
    what: { kind: 'payment', unsigned: unsigned.value, coins },
    isSent: true,
  });
  if (!reviewed.ok) return reviewed;
  const { txid = '' } = reviewed.value;
  const label = text('label');
  if (label !== '') await edit((before) => setLabel(before, txid, label));
  return ok({ txid, title });
}
