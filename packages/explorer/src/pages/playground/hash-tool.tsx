import { toHex } from '@calin/core/base/bytes.ts';
import { type HashDomain, hash } from '@calin/core/crypto/hash.ts';
import { useState } from 'react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { TextField } from '../../ui/text-field.tsx';
import { BitGrid } from '../learn/bit-grid.tsx';
import { HexText } from '../learn/hex-text.tsx';
import { Choice } from './choice.tsx';
import { type InputKind, readInput } from './read-input.ts';

const KINDS: readonly InputKind[] = ['text', 'hex'];
const DOMAINS: readonly HashDomain[] = [
  ...(['message', 'header', 'seal', 'tx-leaf', 'receipt-leaf', 'merkle-node', 'address', 'asset'] as const),
  ...(['coin', 'state-leaf', 'state-node', 'state-root', 'spec', 'vote', 'work'] as const),
];

/** What is hashed. */
interface HashInput {
  readonly kind: InputKind;
  readonly text: string;
  readonly domain: HashDomain;
}

/** Hashes whatever one types, for any use. */
export function HashTool() {
  const [input, setInput] = useState<HashInput>({ kind: 'text', text: 'Calin', domain: 'message' });
  const [before, setBefore] = useState<Uint8Array>();
  const bytes = readInput(input.kind, input.text);
  const hashed = bytes && hash(input.domain, bytes);
  const change = (next: Partial<HashInput>) => {
    if (hashed !== undefined) setBefore(hashed);
    setInput({ ...input, ...next });
  };
  return (
    <>
      <div className="flex flex-wrap gap-4">
        <Choice label="Input as" value={input.kind} options={KINDS} choose={(kind) => change({ kind })} />
        <Choice label="Use" value={input.domain} options={DOMAINS} choose={(domain) => change({ domain })} />
      </div>
      <TextField
        label={input.kind === 'text' ? 'Text' : 'Bytes in hexadecimal'}
        value={input.text}
        onChange={({ target }) => change({ text: target.value })}
        maxLength={20_000}
        error={
          hashed === undefined ? 'Hexadecimal text is pairs of the digits 0 to 9 and a to f.' : undefined
        }
        className="max-w-xl font-mono"
      />
      {hashed !== undefined && (
        <>
          <div className="flex items-start gap-2">
            <HexText label={`BLAKE3 of ${bytes?.length} bytes as ${input.domain}`} text={toHex(hashed)} />
            <CopyButton text={toHex(hashed)} what="the hash" />
          </div>
          <BitGrid bytes={hashed} {...(before === undefined ? {} : { before })} />
        </>
      )}
    </>
  );
}
