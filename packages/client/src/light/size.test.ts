import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FinalitySpec } from '@calin/core/spec/chain-spec.ts';
import { catchUp } from './catch-up.testing.ts';
import { LightChain, MOCK, mockMembers, VOTES_EACH, votes, votingSpec } from './light-chain.testing.ts';
import { LightClient } from './light-client.ts';

const VALIDATORS = 100;
const BLOCKS = 10_000;

/** What a client reads to come over ten epochs of a thousand blocks. Signatures cost nothing, and have their size. */
function bytesFor(finality: FinalitySpec): number {
  const membersOf = (epoch: number) =>
    // Stakes move all the time, so no set is like the one before.
    mockMembers(
      0,
      Array.from({ length: VALIDATORS }, (_, i) => 1_000_000 + epoch * i),
    );
  const keys = membersOf(0).map(({ publicKey }) => publicKey);
  const spec = votingSpec(finality, keys, 1_000);
  const chain = new LightChain({
    spec,
    membersOf,
    sign: MOCK.sign,
    entries: 5_000,
    allSign: true,
  }).grow(BLOCKS + (finality.kind === 'votes' ? 2 * finality.intervalBlocks : 0));
  const begun = LightClient.begin({ spec, trustMs: Number.POSITIVE_INFINITY }, { verify: MOCK.verify });
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
