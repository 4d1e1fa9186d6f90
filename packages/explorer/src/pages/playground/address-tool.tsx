import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { publicKeyOf } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress, parseAddress } from '@calin/core/primitives/address.ts';
import { useState } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { HexText } from '../learn/hex-text.tsx';
import { Verdict } from '../learn/verdict.tsx';
import { Choice } from './choice.tsx';
import { SeedField } from './seed-field.tsx';

/** Prefixes of the real network, of test networks and of development chains. */
const PREFIXES = ['cal', 'tcal', 'dcal'] as const;

/** From words to an address, and the check of one that was typed. */
export function AddressTool() {
  const [seed, setSeed] = useState('correct horse battery staple');
  const [prefix, setPrefix] = useState<(typeof PREFIXES)[number]>('dcal');
  const secretKey = hash('message', utf8Bytes(seed));
  const publicKey = publicKeyOf(secretKey);
  const address = formatAddress(keyAddress(publicKey), prefix);
  const [typed, setTyped] = useState(address);
  return (
    <>
      <SeedField seed={seed} change={setSeed} />
      <Choice label="Network" value={prefix} options={PREFIXES} choose={setPrefix} />
      <HexText label="Secret key: a hash of the words" text={toHex(secretKey)} />
      <HexText label="Public key, by Ed25519" text={toHex(publicKey)} />
      <HexText label="Hash of the lock that this key opens" text={toHex(keyAddress(publicKey))} />
      <HexText label="Address: the same 32 bytes in bech32m, with a checksum" text={address} />
      <TextField
        label="An address to check"
        value={typed}
        onChange={({ target }) => setTyped(target.value)}
        maxLength={1000}
        className="max-w-xl font-mono"
      />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" onClick={() => setTyped(address)}>
          Take the address above
        </button>
        <button type="button" className="button" onClick={() => setTyped(mistype(typed))}>
          Mistype a letter
        </button>
      </div>
      <Verdict result={parseAddress(typed, prefix)} good="This is an address of the network." />
    </>
  );
}

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The text with one letter of its second half replaced by another one of the alphabet. */
function mistype(text: string): string {
  const at = Math.floor(text.length / 2 + (Math.random() * text.length) / 2);
  const letter = LETTERS[(LETTERS.indexOf(text[at] ?? '') + 1 + Math.floor(Math.random() * 30)) % 32];
  return `${text.slice(0, at)}${letter}${text.slice(at + 1)}`;
}
