import { toHex } from '@calin/core/base/bytes.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import { shorten } from '../../../words/shorten.ts';
import { BitGrid } from '../bit-grid.tsx';
import { HexText } from '../hex-text.tsx';
import {
  BYTES_FIELDS,
  type BytesField,
  idOf,
  moveNumber,
  NUMBER_FIELDS,
  type NumberField,
  turnBit,
} from './header-fields.ts';

const NUMBERS = Object.entries(NUMBER_FIELDS) as readonly (readonly [NumberField, string])[];
const BYTES = Object.entries(BYTES_FIELDS) as readonly (readonly [BytesField, string])[];

/** A header whose fields can be changed, with its id. */
export function HeaderDesk({
  header,
  real,
  change,
  isOnlyNumbers = false,
}: {
  readonly header: Header;
  /** What its id is compared with. */
  readonly real: Header;
  readonly change: (header: Header, field: NumberField | BytesField) => void;
  readonly isOnlyNumbers?: boolean;
}) {
  const isSame = idOf(header) === idOf(real);
  return (
    <>
      <ul aria-label="Fields of the header" className="divide-y divide-line text-sm">
        {NUMBERS.map(([field, name]) => (
          <li key={field} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
            <span className="text-soft">{name}</span>
            <span className="flex items-center gap-2">
              <StepButton
                name={`${name}: one less`}
                sign="−"
                press={() => change(moveNumber(header, field, -1), field)}
              />
              <span className="min-w-32 text-center font-mono text-[0.92em]">{header[field]}</span>
              <StepButton
                name={`${name}: one more`}
                sign="+"
                press={() => change(moveNumber(header, field, 1), field)}
              />
            </span>
          </li>
        ))}
        {!isOnlyNumbers &&
          BYTES.map(([field, name]) => (
            <li key={field} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-1.5">
              <span className="text-soft">{name}</span>
              <span className="flex items-center gap-2">
                <code className="font-mono text-[0.92em]">{shorten(toHex(header[field])) || 'empty'}</code>
                <button
                  type="button"
                  className="button min-h-8! text-xs!"
                  disabled={header[field].length === 0}
                  aria-label={`${name}: turn over a bit`}
                  onClick={() => change(turnBit(header, field), field)}
                >
                  Turn over a bit
                </button>
              </span>
            </li>
          ))}
      </ul>
      <HexText label="Id of the real block" text={idOf(real)} />
      <HexText
        label={isSame ? 'Id of this header: the same' : 'Id of this header: another one'}
        text={idOf(header)}
      />
      <BitGrid bytes={headerId(header)} before={headerId(real)} />
    </>
  );
}

function StepButton({
  name,
  sign,
  press,
}: {
  readonly name: string;
  readonly sign: string;
  readonly press: () => void;
}) {
  return (
    <button type="button" aria-label={name} onClick={press} className="button size-8! min-h-8! p-0!">
      {sign}
    </button>
  );
}
