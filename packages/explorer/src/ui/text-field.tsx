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
export function TextField({ label, help, error, className, ...input }: FieldFrame & ComponentProps<'input'>) {
  return (
    <Framed {...{ label, help, error }}>
      {(ids) => (
        <input
          autoComplete="off"
          spellCheck={false}
          {...input}
          {...ids}
          className={classOf('field', error, className)}
        />
      )}
    </Framed>
  );
}

/** The same for several lines. */
export function TextArea({
  label,
  help,
  error,
  className,
  ...area
}: FieldFrame & ComponentProps<'textarea'>) {
  return (
    <Framed {...{ label, help, error }}>
      {(ids) => (
        <textarea
          autoComplete="off"
          spellCheck={false}
          {...area}
          {...ids}
          className={classOf('field py-2 leading-6', error, className)}
        />
      )}
    </Framed>
  );
}

/** The same for a choice; its children are options. */
export function SelectField({
  label,
  help,
  error,
  className,
  ...select
}: FieldFrame & ComponentProps<'select'>) {
  return (
    <Framed {...{ label, help, error }}>
      {(ids) => <select {...select} {...ids} className={classOf('field', error, className)} />}
    </Framed>
  );
}

/** What ties a field to the texts around it, for those who hear them. */
interface FieldIds {
  readonly id: string;
  readonly 'aria-describedby'?: string;
  readonly 'aria-invalid'?: true;
}

function Framed({
  label,
  help,
  error,
  children,
}: FieldFrame & { readonly children: (ids: FieldIds) => ReactNode }) {
  const id = useId();
  const note = `${id}-note`;
  const hasNote = error !== undefined || help !== undefined;
  const ids: FieldIds = {
    id,
    ...(hasNote ? { 'aria-describedby': note } : {}),
    ...(error === undefined ? {} : { 'aria-invalid': true }),
  };
  return (
    <div className="space-y-1 text-sm">
      <label htmlFor={id} className="block text-soft">
        {label}
      </label>
      {children(ids)}
      {hasNote && (
        <div id={note} className={error === undefined ? 'caption' : 'text-bad text-xs leading-4'}>
          {error ?? help}
        </div>
      )}
    </div>
  );
}

function classOf(field: string, error: string | undefined, more = ''): string {
  return `${field} ${error === undefined ? '' : 'border-bad!'} ${more}`;
}
