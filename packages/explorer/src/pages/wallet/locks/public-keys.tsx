import { toHex } from '@calin/core/base/bytes.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { Panel } from '../../../ui/panel.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';

/** The public keys of the accounts: what others need to make a lock in which this wallet takes part. */
export function PublicKeys() {
  const { document } = useWallet();
  return (
    <Panel title="Your public keys" aside="for locks that others make">
      <dl className="divide-y divide-line text-sm">
        {document.accounts.map(({ name, publicKey }) => (
          <div key={name} className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 py-2">
            <dt className="min-w-24 font-medium">{name}</dt>
            <dd className="min-w-0">
              <span className="break-all font-mono text-[0.92em]">{toHex(publicKey)}</span>{' '}
              <CopyButton text={toHex(publicKey)} what={`the public key of ${name}`} />
            </dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}
