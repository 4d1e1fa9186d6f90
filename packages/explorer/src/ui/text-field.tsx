import type { ComponentProps, ReactNode } from 'react';
import { useId } from 'react';

/** What stands around every field of a form. */
interface FieldFrame {
  readonly label: string;
  /** What to write, below the field. */
  readonly help?: ReactNode;
  /** What is wrong with it; takes the place of the help. */
  readonly error?: string | undefined;
}

/** A field of a form with its name above, and help or what is wrong with it below. */
export function TextField({
  label,
  help,
  error,
  className = '',
  ...input
}: FieldFrame & ComponentProps<'input'>) {
  const { ids, below } = useFrame(help, error);
  return (
    <div className="space-y-1 text-sm">
      <label htmlFor={ids.id} className="block text-soft">
        {label}
      </label>
      <input
        autoComplete="off"
        spellCheck={false}
        {...input}
        {...ids}
        className={`field ${error === undefined ? '' : 'border-bad!'} ${className}`}
      />
      {below}
    </div>
  );
}

/** The same for several lines. */
export function TextArea({
  label,
  help,
  error,
  className = '',
  ...area
}: FieldFrame & ComponentProps<'textarea'>) {
  const { ids, below } = useFrame(help, error);
  return (
    <div className="space-y-1 text-sm">
      <label htmlFor={ids.id} className="block text-soft">
        {label}
      </label>
      <textarea
        autoComplete="off"
        spellCheck={false}
        {...area}
        {...ids}
        className={`field py-2 leading-6 ${error === undefined ? '' : 'border-bad!'} ${className}`}
      />
      {below}
    </div>
  );
}

/** The same for a choice; its children are options. */
export function SelectField({
  label,
  help,
  error,
  className = '',
  ...select
}: FieldFrame & ComponentProps<'select'>) {
  const { ids, below } = useFrame(help, error);
  return (
    <div className="space-y-1 text-sm">
      <label htmlFor={ids.id} className="block text-soft">
        {label}
      </label>
      <select {...select} {...ids} className={`field ${className}`} />
      {below}
    </div>
  );
}

function useFrame(help: ReactNode, error: string | undefined) {
  const id = useId();
  const note = `${id}-note`;
  const hasNote = error !== undefined || help !== undefined;
  const ids = {
    id,
    ...(hasNote ? { 'aria-describedby': note } : {}),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
  const below = hasNote && (
    <div id={note} className={error === undefined ? 'caption' : 'text-bad text-xs leading-4'}>
      {error ?? help}
    </div>
  );
  return { ids, below };
}
