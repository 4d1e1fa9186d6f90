import { describe } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { publicKeyOf, type SecretKey, sign } from '../crypto/signature.ts';
import { proveVrf } from '../crypto/vrf.ts';
import { keyAddress } from '../primitives/address.ts';
import { sortValidators, type ValidatorView } from '../primitives/validator-set.ts';
import type { ChainSpec, ConsensusSpec, ProductionSpec } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { consensusCompliance } from './compliance.testing.ts';
import type { ProducerIdentity, SealRequest } from './engine.ts';
import { type ConsensusFixture, GENESIS } from './fixture.testing.ts';
import { parseCompact } from './pow/compact-target.ts';
import { searchNonce } from './pow/search-nonce.ts';
import { encodeWorkSeal } from './pow/work.ts';

const secrets = Array.from({ length: 6 }, (_, i) => new Uint8Array(32).fill(i + 1));
const identities = secrets.map((secret): ProducerIdentity => {
  const publicKey = publicKeyOf(secret);
  return { publicKey, address: keyAddress(publicKey) };
});
const secretOf = new Map(identities.map(({ publicKey }, i) => [toHex(publicKey), secrets[i] as Uint8Array]));
const secretOfKey = (key: Uint8Array) => secretOf.get(toHex(key)) as SecretKey;
const seal = (request: SealRequest): Uint8Array => {
  if (request.kind === 'sign') return sign(request.message, secretOfKey(request.publicKey));
  const { nonce } = searchNonce(request.message, parseCompact(request.bits) as bigint, 0, 1_000_000);
  return encodeWorkSeal({ bits: request.bits, nonce: nonce as Uint8Array });
};

const proofs = new Map<string, Uint8Array>();
/** Each proof is made once: the suites ask for the same ones again and again. */
const prove = ({ publicKey }: ProducerIdentity, input: Uint8Array): Uint8Array => {
  const name = toHex(publicKey) + toHex(input);
  const proof = proofs.get(name) ?? proveVrf(secretOfKey(publicKey), input);
  proofs.set(name, proof);
  return proof;
};

function specOf(consensus: ConsensusSpec): ChainSpec {
  const authority = identities[0]?.publicKey as Uint8Array;
  return { ...devSpec({ authority, genesisTimeMs: GENESIS.timeMs, allocations: [] }), consensus };
}

/** Productions whose producers are the validators of an epoch. */
const OF_EPOCHS: readonly ProductionSpec[] = [
  { kind: 'poa', authorities: [], slotMs: 2_000 },
  { kind: 'dpos', slotMs: 2_000 },
  { kind: 'pos', slotMs: 2_000, winnersPermille: 700 },
  { kind: 'leader' },
];

function ofEpochs(production: ProductionSpec, count: number): ConsensusFixture {
  const producers = identities.slice(0, count);
  const authorities = producers.map(({ publicKey }) => publicKey);
  const members = sortValidators(authorities.map((publicKey, i) => ({ publicKey, weight: 3 + i })));
  const set = { epoch: 0, members, seed: new Uint8Array(32).fill(9) };
  const validators: ValidatorView = { at: (epoch) => (epoch === 0 ? set : undefined) };
  return {
    spec: specOf({
      production,
      finality: { kind: 'depth', blocks: 6 },
      validators: { kind: 'authorities', authorities, epochBlocks: 1_000 },
    }),
    identities: producers,
    stranger: identities[5] as ProducerIdentity,
    seal,
    validators,
    prove,
  };
}

describe('every combination of production and finality', () => {
  for (const count of [1, 2, 5]) {
    for (const blocks of [0, 1, 100]) {
      const producers = identities.slice(0, count);
      const authorities = producers.map(({ publicKey }) => publicKey);
      consensusCompliance(`poa of ${count} + depth ${blocks}`, {
        spec: specOf({
          production: { kind: 'poa', authorities, slotMs: 2_000 },
          finality: { kind: 'depth', blocks },
        }),
        identities: producers,
        stranger: identities[5] as ProducerIdentity,
        seal,
      });
    }
  }
  for (const initialDifficulty of [1_500]) {
    consensusCompliance(`pow of difficulty ${initialDifficulty} + depth 6`, {
      spec: specOf({
        production: { kind: 'pow', initialDifficulty, blockMs: 10_000, halfLifeMs: 3_600_000 },
        finality: { kind: 'depth', blocks: 6 },
      }),
      identities: identities.slice(0, 3),
      stranger: undefined,
      seal,
    });
  }
  for (const count of [1, 2, 5]) {
    for (const production of OF_EPOCHS) {
      consensusCompliance(`${production.kind} of ${count} validators + depth 6`, ofEpochs(production, count));
    }
  }
});
