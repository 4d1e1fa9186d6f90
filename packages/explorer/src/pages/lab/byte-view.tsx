import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { type BlockLayout, type Field, fieldAt } from '../../lab/block-fields.ts';
import { withByte } from '../../lab/edit-bytes.ts';
import { Icon } from '../../ui/icon.tsx';
import { Panel } from '../../ui/panel.tsx';
import { formatCount } from '../../words/format-units.ts';
import type { Lab } from './use-lab.ts';

const ROW_BYTES = 16;
const WINDOW_BYTES = 12 * ROW_BYTES;
const ARROWS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  ArrowUp: -ROW_BYTES,
  ArrowDown: ROW_BYTES,
};

interface ByteViewProps {
  readonly layout: BlockLayout;
  readonly bytes: Uint8Array;
  readonly field: Field | undefined;
  readonly lab: Lab;
  readonly onPick: (path: string) => void;
}

/** The bytes of a block around the field that is picked, whose own are lit up; each can be changed. */
export function ByteView({ layout, bytes, field, lab, onPick }: ByteViewProps) {
  const [moved, setMoved] = useState({ path: '', offset: 0 });
  const [picked, setPicked] = useState(0);
  const path = field?.path ?? '';
  const home = Math.max(0, Math.floor((field?.start ?? 0) / ROW_BYTES) - 2) * ROW_BYTES;
  const from = Math.min(moved.path === path ? moved.offset : home, Math.max(0, bytes.length - 1));
  const offset = Math.min(
    field !== undefined && !contains(field, picked) ? field.start : picked,
    bytes.length - 1,
  );
  const move = (by: number) =>
    setMoved({
      path,
      offset: Math.max(0, Math.min(from + by, bytes.length - (bytes.length % ROW_BYTES || ROW_BYTES))),
    });
  const pick = (at: number) => {
    setPicked(at);
    const found = fieldAt(layout, at);
    if (found === undefined || found.path === path) return;
    setMoved({ path: found.path, offset: from });
    onPick(found.path);
  };
  return (
    <Panel
      title="Bytes"
      aside={
        <span className="flex items-center gap-2">
          {formatCount(bytes.length)} in all
          <button
            type="button"
            className="button size-9 p-0"
            aria-label="Bytes before"
            disabled={from === 0}
            onClick={() => move(-WINDOW_BYTES)}
          >
            <Icon name="back" />
          </button>
          <button
            type="button"
            className="button size-9 p-0"
            aria-label="Bytes after"
            disabled={from + WINDOW_BYTES >= bytes.length}
            onClick={() => move(WINDOW_BYTES)}
          >
            <Icon name="forward" />
          </button>
        </span>
      }
    >
      <ByteTable bytes={bytes} from={from} offset={offset} field={field} onPick={pick} />
      <ByteEditor key={`${offset} ${lab.steps.at(-1)?.number}`} bytes={bytes} offset={offset} lab={lab} />
    </Panel>
  );
}

function contains({ start, end }: Field, offset: number): boolean {
  return start <= offset && offset < end;
}

function ByteTable({
  bytes,
  from,
  offset,
  field,
  onPick,
}: {
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly offset: number;
  readonly field: Field | undefined;
  readonly onPick: (offset: number) => void;
}) {
  const rows = Array.from({ length: WINDOW_BYTES / ROW_BYTES }, (_, i) => from + i * ROW_BYTES).filter(
    (start) => start < bytes.length,
  );
  // One stop for the key Tab; from there the arrows lead on.
  const stop = offset >= from && offset < from + WINDOW_BYTES ? offset : from;
  const go = ({ key, currentTarget }: KeyboardEvent<HTMLTableElement>) => {
    const next = stop + (ARROWS[key] ?? 0);
    const button = currentTarget.querySelector<HTMLButtonElement>(`[data-byte="${next}"]`);
    if (next === stop || button === null) return;
    onPick(next);
    button.focus();
  };
  return (
    <div className="overflow-x-auto">
      <table aria-label="Bytes in hexadecimal" className="font-mono text-xs" onKeyDown={go}>
        <tbody>
          {rows.map((start) => (
            <tr key={start}>
              <th scope="row" className="pr-3 text-right font-normal text-soft">
                {start}
              </th>
              {[...bytes.subarray(start, start + ROW_BYTES)].map((byte, i) => {
                const at = start + i;
                const look = field !== undefined && contains(field, at) ? 'bg-accent-soft text-accent' : '';
                return (
                  <td key={at} className={look}>
                    <button
                      type="button"
                      aria-label={`Byte ${at}: ${hex(byte)}`}
                      data-byte={at}
                      tabIndex={at === stop ? 0 : -1}
                      aria-pressed={at === offset}
                      onClick={() => onPick(at)}
                      className={`cursor-pointer px-1 py-1 leading-4 ${at === offset ? 'rounded outline-2 outline-accent' : ''}`}
                    >
                      {hex(byte)}
                    </button>
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ByteEditor({
  bytes,
  offset,
  lab,
}: {
  readonly bytes: Uint8Array;
  readonly offset: number;
  readonly lab: Lab;
}) {
  const [text, setText] = useState(() => hex(bytes[offset] ?? 0));
  const isByte = /^[0-9a-f]{2}$/i.test(text);
  const write = (event: FormEvent) => {
    event.preventDefault();
    if (isByte) void lab.judge(withByte(bytes, offset, Number.parseInt(text, 16)), `Wrote byte ${offset}`);
  };
  return (
    <form onSubmit={write} className="flex flex-wrap items-center gap-2 pt-3 text-sm">
      <label className="flex items-center gap-2">
        <span>Byte {formatCount(offset)}</span>
        <input
          value={text}
          onChange={({ target }) => setText(target.value)}
          maxLength={2}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={!isByte}
          className="field w-16! font-mono"
        />
      </label>
      <button type="submit" className="button" disabled={!isByte || lab.busy !== undefined}>
        Write the byte
      </button>
    </form>
  );
}

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
