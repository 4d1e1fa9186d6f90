import { Fragment, type ReactNode } from 'react';
import { type BlockLayout, type Field, type FieldGroup, fieldText } from '../../lab/block-fields.ts';
import { Panel } from '../../ui/panel.tsx';
import { formatMoment } from '../../words/format-time.ts';
import { formatCount, splitAmount } from '../../words/format-units.ts';
import { shorten } from '../../words/shorten.ts';

/** Transactions that are listed; of more the bytes can still be changed. */
const GROUPS_SHOWN = 26;

interface FieldTreeProps {
  readonly layout: BlockLayout;
  readonly bytes: Uint8Array;
  readonly prefix: string;
  /** The field that is picked. */
  readonly path: string;
  readonly changed: ReadonlySet<string>;
  readonly onPick: (path: string) => void;
  /** Where the field that is picked is written. */
  readonly children: ReactNode;
}

/** The fields of a block: the header, then each transaction. */
export function FieldTree({ layout, bytes, prefix, path, changed, onPick, children }: FieldTreeProps) {
  const { groups, end } = layout;
  return (
    <Panel
      title="Fields"
      aside={changed.size === 0 ? 'nothing changed' : `${formatCount(changed.size)} changed`}
    >
      <div className="space-y-2 text-sm">
        {groups.slice(0, GROUPS_SHOWN).map((group, i) => (
          <details key={group.key} open={i !== 1 && i < 3} className="rounded-lg border border-line">
            <summary className="cursor-pointer px-3 py-2 font-medium">{titleOf(group, changed)}</summary>
            <div className="pb-1">
              {group.fields.map((field) => (
                <Fragment key={field.path}>
                  <FieldRow
                    field={field}
                    text={fieldText(bytes, field, prefix)}
                    isPicked={field.path === path}
                    isChanged={changed.has(field.path)}
                    onPick={onPick}
                  />
                  {field.path === path && children}
                </Fragment>
              ))}
            </div>
          </details>
        ))}
        {groups.length > GROUPS_SHOWN && (
          <p className="caption">
            {formatCount(groups.length - GROUPS_SHOWN)} more transactions are in the bytes below.
          </p>
        )}
        {end < bytes.length && (
          <p className="caption">
            From byte {formatCount(end)} on the bytes are no fields that can be told apart.
          </p>
        )}
      </div>
    </Panel>
  );
}

function titleOf({ title, fields }: FieldGroup, changed: ReadonlySet<string>): string {
  const count = fields.filter(({ path }) => changed.has(path)).length;
  return count === 0 ? title : `${title} · ${formatCount(count)} changed`;
}

function FieldRow({
  field: { path, name, kind },
  text,
  isPicked,
  isChanged,
  onPick,
}: {
  readonly field: Field;
  readonly text: string;
  readonly isPicked: boolean;
  readonly isChanged: boolean;
  readonly onPick: (path: string) => void;
}) {
  return (
    <button
      type="button"
      aria-pressed={isPicked}
      data-path={path}
      onClick={() => onPick(path)}
      className={`grid w-full cursor-pointer grid-cols-[9rem_minmax(0,1fr)] gap-x-3 px-3 py-1 text-left hover:bg-sunken sm:grid-cols-[13rem_minmax(0,1fr)] ${isPicked ? 'bg-accent-soft' : ''}`}
    >
      <span className={isChanged ? 'font-medium text-warn' : 'text-soft'}>
        {name}
        {isChanged && ' · changed'}
      </span>
      <span className="truncate font-mono text-[0.92em]">{shown(kind, text)}</span>
    </button>
  );
}

function shown(kind: Field['kind'], text: string): string {
  const number = Number(text);
  if (kind === 'time' && number < 8e15) return `${text} · ${formatMoment(number)}`;
  if (kind === 'amount' && Number.isSafeInteger(number))
    return `${text} · ${splitAmount(number, 8).join('')}`;
  return text.length > 40 ? shorten(text, 24, 10) : text;
}
