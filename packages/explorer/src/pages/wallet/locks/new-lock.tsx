import { addLock } from '@calin/client/wallet/edit-locks.ts';
import type { Refusal } from '@calin/core/base/result.ts';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { Panel } from '../../../ui/panel.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { useWallet } from '../../../wallet/wallet-context.tsx';
import {
  type DraftFault,
  EMPTY_DRAFT,
  LOCK_KINDS,
  type LockDraft,
  type LockKind,
  readDraft,
} from './lock-draft.ts';
import { LockFields } from './lock-fields.tsx';
import { BackLink } from './lock-page.tsx';
import { lockRefusalWords } from './lock-refusal-words.ts';
import { KIND_WORDS } from './lock-words.ts';
import { PublicKeys } from './public-keys.tsx';

/** Makes a lock of one of the four kinds. */
export function NewLock() {
  const { document, edit } = useWallet();
  const navigate = useNavigate();
  const [kind, setKind] = useState<LockKind>('multisig');
  const [fault, setFault] = useState<DraftFault>();
  const [refusal, setRefusal] = useState<Refusal>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const name = String(data.get('name') ?? '').trim();
    const made = readDraft(draftOf(data, kind), document);
    setFault(made.ok ? undefined : made.fault);
    setRefusal(undefined);
    if (!made.ok) return;
    const kept = await edit((wallet) => addLock(wallet, name, made.lock));
    if (kept.ok) await navigate({ to: '/wallet/$section/$item', params: { section: 'locks', item: name } });
    else setRefusal(kept.error);
  };
  return (
    <div className="space-y-4 sm:space-y-5">
      <BackLink />
      <Panel title="Make a lock">
        <form aria-label="Make a lock" onSubmit={(event) => void submit(event)} className="space-y-4">
          <KindChoice
            kind={kind}
            choose={(wanted) => {
              setKind(wanted);
              setFault(undefined);
            }}
          />
          <TextField
            label="Name"
            name="name"
            required
            autoCapitalize="none"
            placeholder="fund"
            error={refusal === undefined ? undefined : lockRefusalWords(refusal)}
            help="What you call it here. It stands for the address wherever an account is asked for."
          />
          <LockFields key={kind} kind={kind} fault={fault} />
          <button type="submit" className="button button-main">
            Make the lock
          </button>
        </form>
      </Panel>
      <PublicKeys />
    </div>
  );
}

function KindChoice({
  kind,
  choose,
}: {
  readonly kind: LockKind;
  readonly choose: (kind: LockKind) => void;
}) {
  return (
    <fieldset>
      <legend className="mb-2 text-sm text-soft">What opens it</legend>
      <div className="grid gap-3 sm:grid-cols-2">
        {LOCK_KINDS.map((one) => {
          const [name, purpose] = KIND_WORDS[one];
          return (
            <label
              key={one}
              className={`flex cursor-pointer gap-3 rounded-xl border px-4 py-3 text-sm ${one === kind ? 'border-accent bg-accent-soft' : 'border-line'}`}
            >
              <input
                type="radio"
                name="kind"
                value={one}
                checked={one === kind}
                onChange={() => choose(one)}
                className="mt-1 shrink-0 self-start"
              />
              <span>
                <span className="block font-medium">{name}</span>
                <span className="block text-soft">{purpose}</span>
              </span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}

/** The fields of the form that its kind has; the others are empty. */
function draftOf(data: FormData, kind: LockKind): LockDraft {
  const text = (name: keyof LockDraft) => String(data.get(name) ?? '');
  return {
    ...EMPTY_DRAFT,
    kind,
    keys: text('keys'),
    threshold: text('threshold'),
    unit: text('unit') === 'time' ? 'time' : 'height',
    height: text('height'),
    time: text('time'),
    receiver: text('receiver'),
    sender: text('sender'),
    sha256: text('sha256'),
    owner: text('owner'),
    restBlocks: text('restBlocks'),
  };
}
