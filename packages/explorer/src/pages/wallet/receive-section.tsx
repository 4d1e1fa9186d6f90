import { NATIVE_UNITS, parseAssetAmount } from '@calin/client/wallet/asset-units.ts';
import { formatPaymentUri } from '@calin/client/wallet/payment-uri.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tokenQuery } from '../../node/queries.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Panel } from '../../ui/panel.tsx';
import { QrPicture } from '../../ui/qr-picture.tsx';
import { SelectField, TextField } from '../../ui/text-field.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { AssetChoice } from './asset-choice.tsx';

/** How others pay this wallet: an address or a payment request, as a text and as a QR code. */
export function ReceiveSection() {
  const { document, addressOf } = useWallet();
  const [name, setName] = useState(document.accounts[0]?.name ?? '');
  const [asset, setAsset] = useState(NATIVE_ASSET);
  const [amountText, setAmountText] = useState('');
  const [label, setLabel] = useState('');
  const [message, setMessage] = useState('');
  const { data: token } = useQuery({ ...tokenQuery(asset), enabled: asset !== NATIVE_ASSET });
  const units = asset === NATIVE_ASSET ? NATIVE_UNITS : token;
  const account = document.accounts.find((one) => one.name === name);
  if (account === undefined) return <p className="text-soft">There is no account to be paid.</p>;
  const amount = amountText === '' || !units ? undefined : parseAssetAmount(amountText, units);
  const address = addressOf(account);
  const uri = formatPaymentUri(
    {
      address: keyAddress(account.publicKey),
      amountText: amount?.ok === true ? amountText : undefined,
      asset,
      label: label === '' ? undefined : label,
      message: message === '' ? undefined : message,
    },
    document.addressPrefix,
  );
  return (
    <div className="grid gap-4 sm:gap-5 lg:grid-cols-2">
      <Panel title="Who is paid, and what for">
        <div className="space-y-4">
          <SelectField label="Account" value={name} onChange={({ target }) => setName(target.value)}>
            {document.accounts.map((one) => (
              <option key={one.name}>{one.name}</option>
            ))}
          </SelectField>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              label="Amount"
              inputMode="decimal"
              value={amountText}
              onChange={({ target }) => setAmountText(target.value.trim())}
              error={amount?.ok === false ? refusalWords(amount.error) : undefined}
              help="Left empty, whoever pays decides."
            />
            <AssetChoice account={account} asset={asset} choose={setAsset} />
          </div>
          <TextField
            label="Your name, as the payer sees it"
            maxLength={64}
            value={label}
            onChange={({ target }) => setLabel(target.value)}
          />
          <TextField
            label="What for"
            maxLength={256}
            value={message}
            onChange={({ target }) => setMessage(target.value)}
          />
        </div>
      </Panel>
      <Panel title="Show this">
        <div className="flex flex-col items-center gap-4">
          <QrPicture text={uri} label="The payment request as a QR code" className="size-56" />
          <div className="w-full space-y-3 text-sm">
            <p>
              <span className="caption block">Address</span>
              <span className="break-all font-mono">{address}</span>{' '}
              <CopyButton text={address} what="the address" />
            </p>
            <p>
              <span className="caption block">Payment request</span>
              <span className="break-all font-mono">{uri}</span>{' '}
              <CopyButton text={uri} what="the payment request" />
            </p>
          </div>
        </div>
      </Panel>
    </div>
  );
}
