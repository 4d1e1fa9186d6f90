import type { Refusal, Result } from '@calin/core/base/result.ts';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Notice } from '../../ui/notice.tsx';
import { refusalWords } from '../../wallet/refusal-words.ts';
import { type PasswordErrors, PasswordFields, readPassword } from './password-fields.tsx';

/** Asks for a new password, and seals something with it. */
export function SealForm({
  submit,
  seal,
  above,
  during,
  otherwise,
}: {
  /** What the button says. */
  readonly submit: string;
  readonly seal: (password: string, form: FormData) => Promise<Result<unknown>>;
  /** Fields above the password, given what was refused. */
  readonly above?: (refusal: Refusal | undefined) => ReactNode;
  /** What is said while it works. */
  readonly during?: ReactNode;
  /** What else could be done, given what was refused and the password. */
  readonly otherwise?: (refusal: Refusal) => ReactNode;
}) {
  const [errors, setErrors] = useState<PasswordErrors>({});
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setIsBusy] = useState(false);
  const [times, setTimes] = useState(0);
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const { password, errors: found } = readPassword(form);
    setErrors(found ?? {});
    setRefusal(undefined);
    if (found !== undefined) return;
    setIsBusy(true);
    const sealed = await seal(password, new FormData(form));
    setIsBusy(false);
    if (!sealed.ok) return setRefusal(sealed.error);
    // Where the form stays, what was typed does not.
    form.reset();
    setTimes(times + 1);
  };
  const isAboutFields = refusal?.rule.startsWith('keys/') === true;
  return (
    <form onSubmit={(event) => void onSubmit(event)} className="space-y-4">
      {above?.(refusal)}
      <PasswordFields key={times} errors={errors} />
      {refusal !== undefined && !isAboutFields && (
        <Notice title={refusal.message} tone="bad">
          {refusalWords(refusal).slice(refusal.message.length)}{' '}
          <code className="font-mono text-xs opacity-80">{refusal.rule}</code>
        </Notice>
      )}
      {refusal !== undefined && otherwise?.(refusal)}
      <button type="submit" className="button button-main" disabled={isBusy}>
        {isBusy ? 'Working' : submit}
      </button>
      <p aria-live="polite" className="caption min-h-4">
        {isBusy &&
          (during ??
            'The key is worked out from the password. That takes about a second, on purpose: each guess costs as much.')}
      </p>
    </form>
  );
}
