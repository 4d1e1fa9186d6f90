import { describe } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { publicKeyOf, sign } from '../crypto/signature.ts';
import { keyAddress } from '../primitives/address.ts';
import { consensusCompliance, GENESIS } from './compliance.testing.ts';
import type { ProducerIdentity, SealRequest } from './engine.ts';
import { parseCompact } from './pow/compact-target.ts';
import { searchNonce } from './pow/search-nonce.ts';
import { encodeWorkSeal } from './pow/work.ts';

const secrets = Array.from({ length: 6 }, (_, i) => new Uint8Array(32).fill(i + 1));
const identities = secrets.map((secret): ProducerIdentity => {
  const publicKey = publicKeyOf(secret);
  return { publicKey, address: keyAddress(publicKey) };
});
const secretOf = new Map(identities.map(({ publicKey }, i) => [toHex(publicKey), secrets[i] as Uint8Array]));
const seal = (request: SealRequest): Uint8Array => {
  if (request.kind === 'sign')
    return sign(request.message, secretOf.get(toHex(request.publicKey)) as Uint8Array);
  const { nonce } = searchNonce(request.message, parseCompact(request.bits) as bigint, 0, 1_000_000);
  return encodeWorkSeal({ bits: request.bits, nonce: nonce as Uint8Array });
};

describe('every combination of production and finality', () => {
  for (const count of [1, 2, 5]) {
    for (const blocks of [0, 1, 100]) {
      const producers = identities.slice(0, count);
      consensusCompliance(`poa of ${count} + depth ${blocks}`, {
        spec: {
          genesisTimeMs: GENESIS.timeMs,
          consensus: {
            production: {
              kind: 'poa',
              authorities: producers.map(({ publicKey }) => publicKey),
              slotMs: 2_000,
            },
            finality: { kind: 'depth', blocks },
          },
        },
        identities: producers,
        stranger: identities[5] as ProducerIdentity,
        seal,
      });
    }
  }
  for (const initialDifficulty of [1_500]) {
    consensusCompliance(`pow of difficulty ${initialDifficulty} + depth 6`, {
      spec: {
        genesisTimeMs: GENESIS.timeMs,
        consensus: {
          production: { kind: 'pow', initialDifficulty, blockMs: 10_000, halfLifeMs: 3_600_000 },
          finality: { kind: 'depth', blocks: 6 },
        },
      },
      identities: identities.slice(0, 3),
      stranger: undefined,
      seal,
    });
  }
});
