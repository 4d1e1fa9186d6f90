import { type ReactNode, useState } from 'react';
import { SelectField, TextArea, TextField } from '../../../ui/text-field.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import { formatCount } from '../../../words/format-units.ts';
import type { DraftFault, LockKind } from './lock-draft.ts';
import { lockRefusalWords } from './lock-refusal-words.ts';
import { SecretFields } from './secret-fields.tsx';

/** The fields that one kind of lock asks for. */
export function LockFields({
  kind,
  fault,
}: {
  readonly kind: LockKind;
  readonly fault: DraftFault | undefined;
}) {
  const own = useWallet().document.accounts[0]?.name ?? '';
  const errorOf: ErrorOf = (field) => (fault?.field === field ? lockRefusalWords(fault.refusal) : undefined);
  switch (kind) {
    case 'multisig':
      return (
        <>
          <KeysField label="Keys" start={`${own}\n`} errorOf={errorOf} />
          <ThresholdField start="2" errorOf={errorOf} />
        </>
      );
    case 'timelock':
      return (
        <>
          <KeysField label="Whose it is" start={`${own}\n`} errorOf={errorOf} />
          <ThresholdField start="1" errorOf={errorOf} />
          <OpeningFields errorOf={errorOf} />
        </>
      );
    case 'htlc':
      return (
        <>
          <KeyField name="receiver" label="Who is paid when the secret is shown" errorOf={errorOf} />
          <KeyField
            name="sender"
            label="Who takes the coins back when nobody shows it"
            start={own}
            errorOf={errorOf}
          />
          <HeightField label="First block in which they can be taken back" errorOf={errorOf} />
          <SecretFields error={errorOf('sha256')} />
        </>
      );
    case 'recoverable':
      return (
        <>
          <KeyField name="owner" label="Whose it is" start={own} errorOf={errorOf} />
          <KeysField label="Guardians" errorOf={errorOf} />
          <ThresholdField start="2" label="How many guardians must sign" errorOf={errorOf} />
          <RestField errorOf={errorOf} />
        </>
      );
  }
}

/** What is wrong with a field, if something is. */
type ErrorOf = (field: DraftFault['field']) => string | undefined;

interface FieldProps {
  readonly label: string;
  readonly start?: string;
  readonly errorOf: ErrorOf;
}

function KeysField({ label, start = '', errorOf }: FieldProps) {
  return (
    <TextArea
      label={label}
      name="keys"
      required
      rows={4}
      defaultValue={start}
      className="font-mono text-xs"
      error={errorOf('keys')}
      help="Public keys of others, and accounts of yours by name: one in each line, up to 16."
    />
  );
}

function KeyField({
  name,
  label,
  start = '',
  errorOf,
}: FieldProps & { readonly name: 'receiver' | 'sender' | 'owner' }) {
  return (
    <TextField
      label={label}
      name={name}
      required
      defaultValue={start}
      autoCapitalize="none"
      className="font-mono"
      error={errorOf(name)}
      help="A public key, or an account of yours by name."
    />
  );
}

function ThresholdField({
  label = 'How many of them must sign',
  start = '',
  errorOf,
}: Partial<FieldProps> & Pick<FieldProps, 'errorOf'>) {
  return (
    <TextField
      label={label}
      name="threshold"
      required
      inputMode="numeric"
      defaultValue={start}
      error={errorOf('threshold')}
    />
  );
}

function HeightField({ label, errorOf }: FieldProps) {
  const { height } = useWallet().chain.status.head;
  return (
    <TextField
      label={label}
      name="height"
      required
      inputMode="numeric"
      error={errorOf('height')}
      help={`The chain is at block ${formatCount(height)}.`}
    />
  );
}

function RestField({ errorOf }: { readonly errorOf: ErrorOf }): ReactNode {
  return (
    <TextField
      label="Blocks that a coin must rest before guardians can spend it"
      name="restBlocks"
      required
      inputMode="numeric"
      error={errorOf('restBlocks')}
      help="Long enough for you to see them coming and move the coins first. A payment to yourself starts the rest anew."
    />
  );
}

function OpeningFields({ errorOf }: { readonly errorOf: ErrorOf }) {
  const [unit, setUnit] = useState('height');
  return (
    <>
      <SelectField label="Opens at" name="unit" value={unit} onChange={({ target }) => setUnit(target.value)}>
        <option value="height">a block</option>
        <option value="time">a moment</option>
      </SelectField>
      {unit === 'height' ? (
        <HeightField label="First block" errorOf={errorOf} />
      ) : (
        <TextField
          label="First moment"
          name="time"
          type="datetime-local"
          required
          error={errorOf('time')}
          help="In your time zone, by the clock of the blocks."
        />
      )}
    </>
  );
}
