import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import {
  type PublicKey,
  publicKeyOf,
  type SecretKey,
  sign,
  verifySignature,
} from '@calin/core/crypto/signature.ts';
import { sortValidators } from '@calin/core/primitives/validator-set.ts';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { catchUp } from './catch-up.testing.ts';
import { LightChain, VOTES_EACH, votes, votingSpec } from './light-chain.testing.ts';
import { LightClient } from './light-client.ts';

const VALIDATORS = 100;
const BLOCKS = 10_000;

const secrets = new Map<string, SecretKey>();
const keys: readonly PublicKey[] = Array.from({ length: VALIDATORS }, (_, i) => {
  const secret = hash('seal', Uint8Array.of(i, 7));
  const key = publicKeyOf(secret);
  secrets.set(bytesKey(key), secret);
  return key;
});

/** What a light client reads to come over ten epochs of a thousand blocks, with real signatures. */
function bytesFor(finality: FinalitySpec): number {
  const spec = votingSpec(finality, keys, 1_000);
  const chain = new LightChain({
    spec,
    // Stakes move all the time, so no set is like the one before.
    membersOf: (epoch) =>
      sortValidators(keys.map((publicKey, i) => ({ publicKey, weight: 1_000_000 + epoch * i }))),
    sign: (key, message) => sign(message, secrets.get(bytesKey(key)) as SecretKey),
    entries: 5_000,
    allSign: true,
  }).grow(BLOCKS + (finality.kind === 'votes' ? 2 * finality.intervalBlocks : 0));
  const begun = LightClient.begin({ spec, trustMs: Number.POSITIVE_INFINITY }, { verify: verifySignature });
  assert.ok(begun.ok);
  const client = begun.value;
  catchUp(client, chain);
  assert.ok((client.final?.header.height ?? 0) >= BLOCKS);
  return client.bytes;
}

for (const [name, finality] of Object.entries({ 'each block': VOTES_EACH, checkpoints: votes(10) })) {
  test(`10,000 final blocks with votes of 100 on ${name} take less than 200 KB, in base64 too`, (context) => {
    const bytes = bytesFor(finality);
    context.diagnostic(
      `${name}: ${bytes} bytes for ${BLOCKS} blocks, ${Math.ceil((bytes * 4) / 3)} in base64`,
    );
    assert.ok((bytes * 4) / 3 < 200_000, `${bytes} bytes`);
  });
}
