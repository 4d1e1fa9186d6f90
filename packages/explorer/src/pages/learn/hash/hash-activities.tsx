import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { type HashDomain, hash } from '@calin/core/crypto/hash.ts';
import { useState } from 'react';
import { TextField } from '../../../ui/text-field.tsx';
import type { Activity } from '../activity.ts';
import { BitGrid } from '../bit-grid.tsx';
import { bitsOf, flipBit } from '../bits.ts';
import { HexText } from '../hex-text.tsx';

/** A text, and the hash of it. */
export const TypeText: Activity = ({ done }) => {
  const [[text, before], setTexts] = useState<readonly [string, string?]>(['Calin']);
  const hashed = hash('message', utf8Bytes(text));
  const change = (next: string) => {
    setTexts([next, text]);
    done();
  };
  return (
    <>
      <TextField
        label="Text"
        value={text}
        onChange={({ target }) => change(target.value)}
        maxLength={1000}
        className="max-w-xl"
      />
      <HexText label="Its hash" text={toHex(hashed)} />
      <BitGrid
        bytes={hashed}
        {...(before === undefined ? {} : { before: hash('message', utf8Bytes(before)) })}
      />
    </>
  );
};

const INPUT = utf8Bytes('Calin');
const INPUT_HASH = hash('message', INPUT);
const FLIPS = 3;
const LETTERS = [0, 1, 2, 3, 4] as const;
const BITS = [0, 1, 2, 3, 4, 5, 6, 7] as const;

/** The bits of an input, each of which can be turned over. */
export const FlipBits: Activity = ({ done }) => {
  const [flipped, setFlipped] = useState(-1);
  const [tried, setTried] = useState<ReadonlySet<number>>(new Set());
  const bytes = flipped < 0 ? INPUT : flipBit(INPUT, flipped);
  const bits = bitsOf(bytes);
  const flip = (bit: number) => {
    const all = new Set([...tried, bit]);
    setFlipped(bit);
    setTried(all);
    if (all.size >= FLIPS) done();
  };
  return (
    <>
      <fieldset className="space-y-1">
        <legend className="pb-1 text-sm text-soft">The 40 bits of “Calin”; one of them is turned over</legend>
        {LETTERS.map((letter) => (
          <div key={letter} className="flex gap-1">
            {BITS.map((place) => (
              <BitButton
                key={place}
                name={`Bit ${place + 1} of letter ${letter + 1}`}
                bit={bits[8 * letter + place] === true}
                isFlipped={flipped === 8 * letter + place}
                flip={() => flip(8 * letter + place)}
              />
            ))}
          </div>
        ))}
      </fieldset>
      <HexText label="The hash" text={toHex(hash('message', bytes))} />
      <BitGrid bytes={hash('message', bytes)} before={INPUT_HASH} />
    </>
  );
};

function BitButton({
  name,
  bit,
  isFlipped,
  flip,
}: {
  readonly name: string;
  readonly bit: boolean;
  readonly isFlipped: boolean;
  readonly flip: () => void;
}) {
  return (
    <button
      type="button"
      aria-label={`${name}: ${bit ? 1 : 0}`}
      aria-pressed={isFlipped}
      onClick={flip}
      className={`size-8 cursor-pointer rounded border font-mono text-sm hover:border-accent ${
        isFlipped ? 'border-accent bg-accent-soft text-accent' : 'border-line bg-surface'
      }`}
    >
      {bit ? 1 : 0}
    </button>
  );
}

const DOMAINS: readonly HashDomain[] = ['message', 'header', 'tx-leaf', 'address', 'coin', 'vote'];

/** One text under the keys of several uses. */
export const OtherDomain: Activity = ({ done }) => {
  const [domain, setDomain] = useState<HashDomain>('message');
  const [tried, setTried] = useState<ReadonlySet<HashDomain>>(new Set(['message']));
  const choose = (next: HashDomain) => {
    const all = new Set([...tried, next]);
    setDomain(next);
    setTried(all);
    if (all.size > 2) done();
  };
  const hashed = hash(domain, INPUT);
  return (
    <>
      <fieldset className="flex flex-wrap gap-2">
        <legend className="pb-1 text-sm text-soft">“Calin” as</legend>
        {DOMAINS.map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === domain}
            onClick={() => choose(one)}
            className={`button font-mono ${one === domain ? 'border-accent! text-accent' : ''}`}
          >
            {one}
          </button>
        ))}
      </fieldset>
      <HexText label={`Its hash as ${domain}`} text={toHex(hashed)} />
      <BitGrid bytes={hashed} before={INPUT_HASH} />
    </>
  );
};
