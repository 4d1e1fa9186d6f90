import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { concatBytes, equalBytes, toHex } from '../base/bytes.ts';
import { createConsensus } from '../consensus/create-consensus.ts';
import { sign } from '../crypto/signature.ts';
import { EVIDENCE_TAG } from '../ledger/actions/evidence.ts';
import { testKey } from '../ledger/testing/owners.testing.ts';
import { type Block, createBlock } from '../primitives/block.ts';
import { EvidencePool } from './evidence-pool.ts';
import { Outbox } from './outbox.ts';
import type { TestNode } from './test-node.testing.ts';
import { TurnWatch } from './turn-watch.ts';
import { stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const spec = votingSpec({
  production: { kind: 'dpos', slotMs: 500 },
  finality: { kind: 'depth', blocks: 4 },
  validators: stakesOf(4),
});

const { production } = createConsensus(spec);

/** Another block of the same validator in the same slot: only a key that runs twice makes one. */
function twinOf({ header, transactions }: Block): Block {
  const index = [0, 1, 2, 3].find((i) => equalBytes(testKey(i).address, header.producer)) ?? assert.fail();
  const changed = { ...header, timeMs: header.timeMs - (header.timeMs % 500) + ((header.timeMs + 1) % 500) };
  const { signedTurns } = production;
  const claim = production.claimOf(header.seal);
  const message = signedTurns?.message(changed, claim) ?? assert.fail();
  return createBlock(
    { ...changed, seal: concatBytes(claim, sign(message, testKey(index).secretKey)) },
    transactions,
  );
}

/** How many pieces of evidence each block of the best branch tells of. */
function evidenceIn({ node }: TestNode): readonly number[] {
  const { chain } = node;
  return Array.from({ length: chain.head.height }, (_, i) => {
    const block = chain.block(chain.idAt(i + 1) as Uint8Array);
    assert.ok(block.ok);
    return block.value.transactions[0]?.actions.filter(({ tag }) => tag === EVIDENCE_TAG).length ?? 0;
  });
}

describe('two blocks of one validator in one turn', () => {
  it('are told of by the next block, once, and cost the validator its place', () => {
    const net = validatorNetwork(spec, { validators: 4 });
    net.run(4_000);
    const [first] = net.nodes as [TestNode];
    const { chain } = first.node;
    const block = chain.block(chain.head.id);
    assert.ok(block.ok && !evidenceIn(first).some((count) => count > 0));
    const guilty = block.value.header.producer;
    const imported = first.ask({ kind: 'import', block: twinOf(block.value).bytes });
    assert.ok(imported.ok, imported.ok ? '' : imported.error.rule);
    net.run(4_000);
    for (const node of net.nodes) {
      assert.equal(
        evidenceIn(node).reduce((sum, count) => sum + count),
        1,
      );
      assert.ok(
        node.logs.some(
          ({ message, level }) => level === 'warn' && message.includes('two blocks in one turn'),
        ),
      );
    }
    net.run(8_000);
    const set = chain.setOfEpoch(Math.floor(chain.head.height / 5)) ?? assert.fail();
    const members = set.members.map(({ publicKey }) => toHex(publicKey));
    const key = [0, 1, 2, 3].map(testKey).find(({ address }) => equalBytes(address, guilty)) ?? assert.fail();
    assert.deepEqual([members.length, members.includes(toHex(key.publicKey))], [3, false]);
  });

  it('are looked for among few headers, and a block seen twice accuses nobody', () => {
    const net = validatorNetwork(spec, { validators: 4 });
    net.run(2_000);
    const { chain } = (net.nodes as [TestNode])[0].node;
    const block = chain.block(chain.head.id);
    assert.ok(block.ok);
    const evidence = new EvidencePool();
    const watch = new TurnWatch({ spec, chain, production, evidence, outbox: new Outbox() });
    watch.see(block.value);
    watch.see(block.value);
    assert.equal(evidence.size, 0);
    watch.see(twinOf(block.value));
    assert.equal(evidence.size, 1);
    for (let i = 1; i <= 1_000; i++)
      watch.see({ header: { ...block.value.header, timeMs: block.value.header.timeMs + 500 * i } });
    assert.equal(watch.size, 256);
    assert.equal(evidence.size, 1);
  });
});
