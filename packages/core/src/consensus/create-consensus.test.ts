import { describe } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { publicKeyOf, sign } from '../crypto/signature.ts';
import { keyAddress } from '../primitives/address.ts';
import { consensusCompliance } from './compliance.testing.ts';
import type { ProducerIdentity, SealRequest } from './engine.ts';

const secrets = Array.from({ length: 6 }, (_, i) => new Uint8Array(32).fill(i + 1));
const identities = secrets.map((secret): ProducerIdentity => {
  const publicKey = publicKeyOf(secret);
  return { publicKey, address: keyAddress(publicKey) };
});
const secretOf = new Map(identities.map(({ publicKey }, i) => [toHex(publicKey), secrets[i] as Uint8Array]));
const seal = ({ publicKey, message }: SealRequest): Uint8Array =>
  sign(message, secretOf.get(toHex(publicKey)) as Uint8Array);

describe('every combination of production and finality', () => {
  for (const count of [1, 2, 5]) {
    for (const blocks of [0, 1, 100]) {
      const producers = identities.slice(0, count);
      consensusCompliance(`poa of ${count} + depth ${blocks}`, {
        spec: {
          production: {
            kind: 'poa',
            authorities: producers.map(({ publicKey }) => publicKey),
            slotMs: 2_000,
          },
          finality: { kind: 'depth', blocks },
        },
        identities: producers,
        stranger: identities[5] as ProducerIdentity,
        seal,
      });
    }
  }
});
