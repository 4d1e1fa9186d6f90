import { addAddress, removeAddress } from '@calin/client/wallet/edit-wallet.ts';
import type { NamedAddress } from '@calin/client/wallet/wallet-document.ts';
import { type FormEvent, useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';
import { Table } from '../../ui/table.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { useDeed } from '../../wallet/use-deed.ts';
import { useWallet } from '../../wallet/wallet-context.tsx';
import { formatCount } from '../../words/format-units.ts';
import { RenameForm } from './rename-form.tsx';

/** Names for addresses of others: they can be typed where somebody is paid, and stand in explanations. */
export function ContactsSection() {
  const { document, edit } = useWallet();
  const adding = useDeed();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const named = { name: text('name'), address: text('address') };
    if (await adding.run(() => edit((wallet) => addAddress(wallet, 'contacts', named)))) form.reset();
  };
  const { contacts } = document;
  return (
    <div className="space-y-4 sm:space-y-5">
      <Panel title="New contact">
        <form
          aria-label="New contact"
          onSubmit={(event) => void submit(event)}
          className="grid items-start gap-3 sm:grid-cols-[12rem_minmax(0,1fr)_auto]"
        >
          <TextField
            label="Name"
            name="name"
            required
            autoCapitalize="none"
            placeholder="bob"
            help="a-z, 0-9, - and _"
          />
          <TextField label="Address" name="address" required className="font-mono" error={adding.error} />
          <button type="submit" className="button sm:mt-6" disabled={adding.isBusy}>
            Add it
          </button>
        </form>
      </Panel>
      <Panel title="Contacts" aside={formatCount(contacts.length)} isFlush>
        {contacts.length === 0 ? (
          <EmptyRow>
            Nobody yet. Whoever is a contact is paid by name, and no warning calls the address new.
          </EmptyRow>
        ) : (
          <Table label="Contacts" columns={['Name', 'Address', '>']}>
            {contacts.map(({ name, address }) => (
              <ContactRow key={name} name={name} address={address} />
            ))}
          </Table>
        )}
      </Panel>
    </div>
  );
}

function ContactRow({ name, address }: NamedAddress) {
  const { edit } = useWallet();
  const removing = useDeed();
  const [isRenaming, setIsRenaming] = useState(false);
  return (
    <tr>
      <td className="font-medium">
        {isRenaming ? <RenameForm name={name} done={() => setIsRenaming(false)} /> : name}
      </td>
      <td>
        <NameLink kind="address" name={address} />{' '}
        <CopyButton text={address} what={`the address of ${name}`} />
      </td>
      <td className="space-x-2 text-right">
        {!isRenaming && (
          <button
            type="button"
            className="button"
            aria-label={`Rename ${name}`}
            onClick={() => setIsRenaming(true)}
          >
            Rename
          </button>
        )}
        <button
          type="button"
          className="button"
          aria-label={`Remove ${name}`}
          disabled={removing.isBusy}
          onClick={() => void removing.run(() => edit((wallet) => removeAddress(wallet, name)))}
        >
          Remove
        </button>
      </td>
    </tr>
  );
}
