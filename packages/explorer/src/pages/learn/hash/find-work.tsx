import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { TARGET_MAX } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { workHash } from '@calin/core/consensus/pow/work.ts';
import { type Hash, hash } from '@calin/core/crypto/hash.ts';
import { useEffect, useRef, useState } from 'react';
import { Table } from '../../../ui/table.tsx';
import { formatCount } from '../../../words/format-units.ts';
import type { Activity } from '../activity.ts';
import { leadingZeroBits } from '../bits.ts';
import { HexText } from '../hex-text.tsx';

const MESSAGE = hash('message', utf8Bytes('Calin'));
const CHOICES = [4, 8, 12, 16, 18] as const;
const GOAL = 16;

/** Hashes between two moments in which the page may do something else. */
const STRETCH = 10_000;
/** Searches that the table remembers. */
const ROWS_MAX = 8;

interface FoundWork {
  readonly number: number;
  readonly bits: number;
  readonly attempts: number;
  readonly hash: Hash;
}

/** Searches for hashes that begin with zeros. */
export const FindWork: Activity = ({ done }) => {
  const [found, setFound] = useState<readonly FoundWork[]>([]);
  const { search, tried, isSearching } = useSearch((bits, attempts, nonce) => {
    const hashed = workHash(MESSAGE, nonce);
    setFound((rows) =>
      [{ number: (rows[0]?.number ?? 0) + 1, bits, attempts, hash: hashed }, ...rows].slice(0, ROWS_MAX),
    );
    if (bits >= GOAL) done();
  });
  return (
    <>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="pb-1 text-sm text-soft">Zero bits at the beginning</legend>
        {CHOICES.map((bits) => (
          <button
            key={bits}
            type="button"
            className="button"
            disabled={isSearching}
            onClick={() => search(bits)}
          >
            Find {bits}
          </button>
        ))}
      </fieldset>
      <p role="status" className="min-h-5 text-sm text-soft">
        {isSearching && `${formatCount(tried)} hashes tried`}
      </p>
      {found[0] !== undefined && (
        <>
          <HexText
            label={`The last one begins with ${leadingZeroBits(found[0].hash)} zero bits`}
            text={toHex(found[0].hash)}
          />
          <Table label="Hashes found" columns={['>Zero bits', '>Hashes tried', '>On average']}>
            {found.map(({ number, bits, attempts }) => (
              <tr key={number}>
                <td className="text-right">{bits}</td>
                <td className="text-right">{formatCount(attempts)}</td>
                <td className="text-right text-soft">{formatCount(2 ** bits)}</td>
              </tr>
            ))}
          </Table>
        </>
      )}
    </>
  );
};

/** Searches in stretches, so that the page goes on; one search at a time, until the page is left. */
function useSearch(report: (bits: number, attempts: number, nonce: Uint8Array) => void) {
  const [tried, setTried] = useState<number>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const first = useRef(Math.floor(Math.random() * 2 ** 40));
  useEffect(() => () => clearTimeout(timer.current), []);
  const stretch = (bits: number, before: number) => {
    const { attempts, nonce } = searchNonce(MESSAGE, TARGET_MAX >> BigInt(bits), first.current, STRETCH);
    first.current += attempts;
    if (nonce === undefined) {
      setTried(before + attempts);
      timer.current = setTimeout(() => stretch(bits, before + attempts));
    } else {
      setTried(undefined);
      report(bits, before + attempts, nonce);
    }
  };
  const search = (bits: number) => {
    setTried(0);
    timer.current = setTimeout(() => stretch(bits, 0));
  };
  return { search, tried: tried ?? 0, isSearching: tried !== undefined };
}
