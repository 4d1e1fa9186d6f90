import { type FormEvent, useState } from 'react';
import { type Field, fieldText } from '../../lab/block-fields.ts';
import { flipBit, withField } from '../../lab/edit-bytes.ts';
import type { Verdict } from '../../lab/lab-chain.ts';
import { Pill } from '../../ui/pill.tsx';
import { formatCount } from '../../words/format-units.ts';
import type { Lab } from './use-lab.ts';

/** Writes another value into a field. */
export function FieldEditor({
  lab,
  bytes,
  field,
  prefix,
}: {
  readonly lab: Lab;
  readonly bytes: Uint8Array;
  readonly field: Field;
  readonly prefix: string;
}) {
  const [text, setText] = useState(() => fieldText(bytes, field, prefix));
  const [fault, setFault] = useState<string>();
  const { start, end, name, path } = field;
  const write = (event: FormEvent) => {
    event.preventDefault();
    const changed = withField(bytes, path, text, prefix);
    if (!changed.ok) {
      const { expected } = changed.error.evidence;
      return setFault(`${changed.error.message}${expected === undefined ? '' : ` Expected: ${expected}.`}`);
    }
    void lab.judge(changed.value, `Wrote ${name}`);
  };
  const flip = () => {
    const changed = flipBit(bytes, path);
    if (changed.ok) void lab.judge(changed.value, `Flipped a bit of ${name}`);
  };
  const where =
    end - start === 1
      ? `byte ${formatCount(start)}`
      : `bytes ${formatCount(start)} to ${formatCount(end - 1)}`;
  return (
    <form onSubmit={write} className="mx-2 mb-1 space-y-1.5 rounded-lg bg-sunken p-3">
      <label className="block space-y-1">
        <span>
          <span className="font-medium">{name}</span> <span className="text-soft">{where}</span>
        </span>
        <input
          value={text}
          onChange={({ target }) => {
            setText(target.value);
            setFault(undefined);
          }}
          autoComplete="off"
          spellCheck={false}
          aria-invalid={fault !== undefined}
          className="field font-mono"
        />
      </label>
      <div className="flex flex-wrap items-center gap-2">
        <button type="submit" className="button" disabled={lab.busy !== undefined}>
          Write it
        </button>
        <button type="button" className="button" disabled={lab.busy !== undefined} onClick={flip}>
          Flip a bit
        </button>
        {fault === undefined ? (
          <Says verdict={lab.steps.at(-1)?.verdict} />
        ) : (
          <span role="alert" className="text-bad">
            {fault}
          </span>
        )}
      </div>
    </form>
  );
}

/** What a node says of the block as it is, where it was just changed. */
function Says({ verdict }: { readonly verdict: Verdict | undefined }) {
  if (verdict?.kind !== 'refused') return <Pill tone="good">not refused</Pill>;
  return <Pill tone="bad">{verdict.refusal.rule}</Pill>;
}
