import { useEffect, useState } from 'react';
import { TextArea } from '../../ui/text-field.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import type { WayProps } from './first-run.tsx';
import { SealForm } from './seal-form.tsx';
import { Step } from './step.tsx';

/** Brings a wallet back from its phrase: with the accounts that the chain knows of. */
export function RestoreWords({ browser, addressPrefix }: WayProps) {
  const { session } = browser;
  const [progress, setProgress] = useState<string>();
  const [isAlone, setIsAlone] = useState(false);
  useEffect(
    () =>
      browser.onProgress((looked, used) =>
        setProgress(`Looked at ${looked} accounts: ${used} ${used === 1 ? 'was' : 'were'} used.`),
      ),
    [browser],
  );
  return (
    <Step title="Restore from words">
      <SealForm
        submit="Restore"
        seal={(password, form) => {
          const phrase = String(form.get('phrase') ?? '');
          const isFirstAlone = form.get('alone') === 'on';
          return isFirstAlone
            ? session.create(phrase, addressPrefix, password)
            : session.restore(phrase, addressPrefix, password);
        }}
        above={(refusal) => (
          <TextArea
            label="The 12 or 24 words"
            name="phrase"
            rows={3}
            required
            autoCapitalize="none"
            className="font-mono"
            error={refusal?.rule.startsWith('keys/') === true ? refusalWords(refusal) : undefined}
            help="In their order, with a space between them. Accounts are looked for until twenty in a row were never used; this node learns that they have one owner."
          />
        )}
        during={progress ?? 'The accounts of the phrase are looked for.'}
        otherwise={({ rule }) =>
          rule === 'node/no-index' && (
            <label className="flex items-center gap-2 text-sm">
              <input
                type="checkbox"
                name="alone"
                checked={isAlone}
                onChange={({ target }) => setIsAlone(target.checked)}
              />
              Begin with the first account alone; others can be added later
            </label>
          )
        }
      />
    </Step>
  );
}
