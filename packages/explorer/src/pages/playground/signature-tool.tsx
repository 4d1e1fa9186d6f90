import { keySigner } from '@calin/client/transaction-builder/sign-transaction.ts';
import { signMessage, verifyMessage } from '@calin/client/wallet/signed-message.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { isStrongPublicKey } from '@calin/core/crypto/public-key.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { useState } from 'react';
import { TextField } from '../../ui/text-field.tsx';
import { flipBit } from '../learn/bits.ts';
import { HexText } from '../learn/hex-text.tsx';
import { Verdict } from '../learn/verdict.tsx';
import { readBytes } from './read-input.ts';
import { SeedField } from './seed-field.tsx';

const PREFIX = 'dcal';

/** What is checked: three texts that anybody may have written. */
interface Claim {
  readonly message: string;
  readonly publicKey: string;
  readonly signature: string;
}

/** The identity of the curve: with a signature of it and zero, ZIP-215 takes it for every message. */
const WEAK_KEY = `01${'00'.repeat(31)}`;
const WEAK_SIGNATURE = `01${'00'.repeat(63)}`;

/** Signs as a wallet does, and checks whatever stands in the fields. */
export function SignatureTool() {
  const [seed, setSeed] = useState('correct horse battery staple');
  const [claim, setClaim] = useState<Claim>(() => signedBy('correct horse battery staple', 'I was here.'));
  const change = (next: Partial<Claim>) => setClaim({ ...claim, ...next });
  const publicKey = readBytes(claim.publicKey, 32);
  const signature = readBytes(claim.signature, 64);
  return (
    <>
      <SeedField seed={seed} change={setSeed} />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" onClick={() => setClaim(signedBy(seed, claim.message))}>
          Sign the message
        </button>
        <button
          type="button"
          className="button"
          onClick={() =>
            signature !== undefined &&
            change({ signature: toHex(flipBit(signature, Math.floor(Math.random() * 512))) })
          }
        >
          Turn over a bit of the signature
        </button>
        <button
          type="button"
          className="button"
          onClick={() => change({ publicKey: WEAK_KEY, signature: WEAK_SIGNATURE })}
        >
          A key of small order
        </button>
      </div>
      <TextField
        label="Message"
        value={claim.message}
        onChange={({ target }) => change({ message: target.value })}
        maxLength={1000}
        className="max-w-xl"
      />
      <TextField
        label="Public key"
        value={claim.publicKey}
        onChange={({ target }) => change({ publicKey: target.value })}
        error={publicKey === undefined ? 'A public key has 32 bytes, in hexadecimal.' : undefined}
        maxLength={1000}
        className="max-w-xl font-mono"
      />
      <TextField
        label="Signature"
        value={claim.signature}
        onChange={({ target }) => change({ signature: target.value })}
        error={signature === undefined ? 'A signature has 64 bytes, in hexadecimal.' : undefined}
        maxLength={1000}
        className="max-w-xl font-mono"
      />
      {publicKey !== undefined && signature !== undefined && (
        <Checked message={claim.message} publicKey={publicKey} signature={signature} />
      )}
    </>
  );
}

function signedBy(seed: string, message: string): Claim {
  const signer = keySigner(hash('message', utf8Bytes(seed)));
  const signed = signMessage(message, signer, PREFIX);
  return signed.ok ? signed.value : { message, publicKey: toHex(signer.publicKey), signature: '' };
}

function Checked({
  message,
  publicKey,
  signature,
}: {
  readonly message: string;
  readonly publicKey: Uint8Array;
  readonly signature: Uint8Array;
}) {
  const address = formatAddress(keyAddress(publicKey), PREFIX);
  const verdict = verifyMessage(
    {
      kind: 'calin-signed-message',
      version: 1,
      message,
      address,
      publicKey: toHex(publicKey),
      signature: toHex(signature),
    },
    PREFIX,
  );
  return (
    <>
      <HexText label="Address of the key" text={address} />
      <Verdict result={verdict} good="By ZIP-215 the signature fits the message and the key." />
      {!isStrongPublicKey(publicKey) && (
        <p className="max-w-2xl text-sm text-warn">
          This key is no point of the curve, or one of small order, for which a signature of zeros fits every
          message. Chains take no such key for a validator.
        </p>
      )}
    </>
  );
}
