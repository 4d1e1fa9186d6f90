import { toHex } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { publicKeyOf, type SecretKey, sign, verifySignature } from '@calin/core/crypto/signature.ts';
import { formatAddress, keyAddress } from '@calin/core/primitives/address.ts';
import { useState } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import type { Activity } from '../activity.ts';
import { flipBit } from '../bits.ts';
import { HexText } from '../hex-text.tsx';
import { practiceKey } from '../practice/practice-key.ts';

/** Makes a key. */
export const MakeKey: Activity = ({ done }) => {
  const [secretKey, setSecretKey] = useState<SecretKey>();
  const make = () => {
    setSecretKey(crypto.getRandomValues(new Uint8Array(32)));
    done();
  };
  return (
    <>
      <button type="button" className="button" onClick={make}>
        Make a key
      </button>
      <div role="status" className="min-h-36 space-y-2">
        {secretKey !== undefined && <KeyParts secretKey={secretKey} />}
      </div>
    </>
  );
};

function KeyParts({ secretKey }: { readonly secretKey: SecretKey }) {
  const publicKey = publicKeyOf(secretKey);
  return (
    <>
      <HexText label="Secret key: who knows it can spend" text={toHex(secretKey)} />
      <HexText label="Public key: who knows it can check" text={toHex(publicKey)} />
      <HexText label="Address: who knows it can pay" text={formatAddress(keyAddress(publicKey), 'dcal')} />
    </>
  );
}

const KEY = practiceKey('you');
const FIRST = 'I owe you 10 CALIN.';

/** Signs a message, which can then be changed. */
export const SignText: Activity = ({ done }) => {
  const [text, setText] = useState(FIRST);
  const [signature, setSignature] = useState<Uint8Array>();
  const fits =
    signature !== undefined &&
    verifySignature({ publicKey: KEY.publicKey, message: utf8Bytes(text), signature });
  const change = (next: string) => {
    setText(next);
    if (signature !== undefined && next !== text) done();
  };
  return (
    <>
      <TextField
        label="Message"
        value={text}
        onChange={({ target }) => change(target.value)}
        maxLength={1000}
        className="max-w-xl"
      />
      <button
        type="button"
        className="button"
        onClick={() => setSignature(sign(utf8Bytes(text), KEY.secretKey))}
      >
        Sign
      </button>
      <div role="status" className="min-h-16 space-y-2">
        {signature !== undefined && (
          <>
            <Fits
              isGood={fits}
              good="The signature fits the message."
              bad="The signature does not fit this message."
            />
            <HexText label="Signature" text={toHex(signature)} />
          </>
        )}
      </div>
    </>
  );
};

const MESSAGE = utf8Bytes(FIRST);
const SIGNATURE = sign(MESSAGE, KEY.secretKey);

/** Turns over bits of a signature. */
export const FlipSignature: Activity = ({ done }) => {
  const [bit, setBit] = useState<number>();
  const [isChecked, setIsChecked] = useState(false);
  const signature = bit === undefined ? SIGNATURE : flipBit(SIGNATURE, bit);
  const isGood = verifySignature({ publicKey: KEY.publicKey, message: MESSAGE, signature });
  const turn = (next: number | undefined) => {
    setBit(next);
    setIsChecked(false);
  };
  const check = () => {
    setIsChecked(true);
    if (bit !== undefined) done();
  };
  return (
    <>
      <HexText label={`Signature of “${FIRST}”`} text={toHex(signature)} />
      <div className="flex flex-wrap gap-2">
        <button type="button" className="button" onClick={() => turn(Math.floor(Math.random() * 512))}>
          Turn over a bit
        </button>
        <button type="button" className="button" onClick={() => turn(undefined)}>
          As it was
        </button>
        <button type="button" className="button" onClick={check}>
          Check
        </button>
      </div>
      <div role="status" className="min-h-6">
        {isChecked && (
          <Fits
            isGood={isGood}
            good="The signature fits."
            bad={`With bit ${(bit ?? 0) + 1} of 512 turned over it does not fit.`}
          />
        )}
      </div>
    </>
  );
};

function Fits({
  isGood,
  good,
  bad,
}: {
  readonly isGood: boolean;
  readonly good: string;
  readonly bad: string;
}) {
  return (
    <p className={`flex items-center gap-2 text-sm ${isGood ? 'text-good' : 'text-bad'}`}>
      <Icon name={isGood ? 'check' : 'cross'} />
      {isGood ? good : bad}
    </p>
  );
}
