import { useState } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { judgePassword, type PasswordJudgement } from '../../wallet/judge-password.ts';

const TONES: Readonly<Record<PasswordJudgement['word'], string>> = {
  'too short': 'text-bad',
  weak: 'text-warn',
  fair: 'text-ink',
  strong: 'text-good',
};

/** Which field is wrong, and why. */
export interface PasswordErrors {
  readonly password?: string;
  readonly again?: string;
}

/** Two fields for a new password, with what it is worth in words. What is typed stays in the fields. */
export function PasswordFields({ errors }: { readonly errors: PasswordErrors }) {
  const [judgement, setJudgement] = useState<PasswordJudgement>();
  return (
    <>
      <TextField
        label="New password"
        name="password"
        type="password"
        required
        autoComplete="new-password"
        error={errors.password}
        onInput={({ currentTarget: { value } }) =>
          setJudgement(value === '' ? undefined : judgePassword(value))
        }
      />
      <p aria-live="polite" className="caption -mt-2 min-h-8">
        {judgement === undefined ? (
          'It seals the wallet in this browser. Four or more words that do not belong together are good.'
        ) : (
          <>
            <span className={`font-medium ${TONES[judgement.word]}`}>{judgement.word}.</span>{' '}
            {judgement.advice}
          </>
        )}
      </p>
      <TextField
        label="The same again"
        name="again"
        type="password"
        required
        autoComplete="new-password"
        error={errors.again}
      />
    </>
  );
}

/** Reads the two fields of a form; what is wrong with them when something is. */
export function readPassword(form: HTMLFormElement): {
  readonly password: string;
  readonly errors?: PasswordErrors;
} {
  const data = new FormData(form);
  const password = String(data.get('password') ?? '');
  const judgement = judgePassword(password);
  if (judgement.word === 'too short') return { password, errors: { password: judgement.advice } };
  if (String(data.get('again') ?? '') !== password)
    return { password, errors: { again: 'The two passwords differ.' } };
  return { password };
}
