import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { toHex } from '../../base/bytes.ts';
import { verifySignature } from '../../crypto/signature.ts';
import type { Header } from '../../primitives/header.ts';
import { createDpos } from '../dpos/create-dpos.ts';
import type { SignedTurns } from '../engine.ts';
import { createLeader } from '../leader/create-leader.ts';
import { headerEvidence, parseHeaderEvidence, verifyHeaderEvidence } from './header-evidence.ts';
import {
  bareHeader,
  CHAIN,
  EPOCH_BLOCKS,
  producer,
  ruleOf,
  sealedBy,
  setOf,
  viewOf,
} from './producers.testing.ts';

const dpos = createDpos({ kind: 'dpos', slotMs: 1000 }, CHAIN);
const leader = createLeader(CHAIN);
const validators = viewOf(setOf(0, [0, 1]), setOf(1, [1, 2]));
const context = { validators, verify: verifySignature, epochBlocks: EPOCH_BLOCKS };

/** What a judge says of two headers of producer `by`. */
function judge(a: Header, b: Header, by: number, turns: SignedTurns | undefined = dpos.signedTurns) {
  const parsed = parseHeaderEvidence(headerEvidence(a, b, producer(by).publicKey));
  assert.ok(parsed.ok && turns !== undefined);
  return verifyHeaderEvidence(parsed.value, turns, context);
}

const slotHeader = (by: number, height: number, timeMs: number, change: Partial<Header> = {}) =>
  sealedBy(dpos, producer(by), bareHeader(height - 1, 0), { timeMs, ...change });
const roundHeader = (by: number, height: number, round: number, gasUsed: number) => {
  const claim = leader.claimOfRound?.(round) ?? assert.fail();
  return sealedBy(leader, producer(by), bareHeader(height - 1, 0), { timeMs: gasUsed + 1, gasUsed, claim });
};

describe('evidence of two headers', () => {
  it('of one slot convicts, on whichever heights and at whichever times within it', () => {
    for (const [height, timeMs] of [
      [5, 7_001],
      [5, 7_999],
      [9, 7_000],
    ] as const) {
      const judged = judge(slotHeader(1, 5, 7_000), slotHeader(1, height, timeMs), 1);
      assert.ok(judged.ok);
      const { epoch, offence, offender } = judged.value;
      assert.deepEqual({ epoch, offence }, { epoch: 0, offence: 'double-sign' });
      assert.equal(toHex(offender), toHex(producer(1).publicKey));
    }
  });

  it('of neighbouring slots shows nothing', () => {
    for (const timeMs of [6_999, 8_000])
      assert.equal(ruleOf(judge(slotHeader(1, 5, 7_500), slotHeader(1, 5, timeMs), 1)), COMPATIBLE);
  });

  it('of two epochs counts in that of the lower one, of which the producer must be a member', () => {
    const pair = (by: number) => [slotHeader(by, EPOCH_BLOCKS, 7_000), slotHeader(by, 11, 7_001)] as const;
    const judged = judge(...pair(1), 1);
    assert.ok(judged.ok && judged.value.epoch === 0);
    assert.ok(judge(...pair(0), 0).ok);
    assert.equal(ruleOf(judge(...pair(2), 2)), 'consensus/not-a-validator');
    const late = judge(slotHeader(2, 11, 7_000), slotHeader(2, 12, 7_001), 2);
    assert.ok(late.ok && late.value.epoch === 1);
  });

  it('counts in the epoch of the lower header also where its bytes are the greater ones', () => {
    const [low, high] = [slotHeader(1, 250, 7_000), slotHeader(1, 261, 7_001)];
    const parsed = parseHeaderEvidence(headerEvidence(low, high, producer(1).publicKey));
    assert.ok(parsed.ok && parsed.value.headers[0].height === 261 && dpos.signedTurns !== undefined);
    const view = { ...context, validators: viewOf(setOf(24, [1]), setOf(26, [1])) };
    const judged = verifyHeaderEvidence(parsed.value, dpos.signedTurns, view);
    assert.ok(judged.ok && judged.value.epoch === 24);
  });

  it('is no evidence when one header was signed twice', () => {
    const header = slotHeader(1, 5, 7_000);
    const again = { ...header, seal: header.seal.map((byte, i) => (i === 0 ? byte ^ 1 : byte)) };
    const parsed = parseHeaderEvidence(headerEvidence(header, again, producer(1).publicKey));
    assert.ok(parsed.ok && dpos.signedTurns !== undefined);
    const lax = { ...context, verify: () => true };
    assert.equal(ruleOf(verifyHeaderEvidence(parsed.value, dpos.signedTurns, lax)), COMPATIBLE);
  });

  it('of one round of one height convicts, and of two rounds or heights does not', () => {
    const turns = leader.signedTurns;
    assert.ok(judge(roundHeader(0, 5, 3, 1), roundHeader(0, 5, 3, 2), 0, turns).ok);
    for (const other of [roundHeader(0, 5, 4, 2), roundHeader(0, 6, 3, 2), roundHeader(0, 4, 65_535, 2)])
      assert.equal(ruleOf(judge(roundHeader(0, 5, 3, 1), other, 0, turns)), COMPATIBLE);
    // Neither does a round that there is not, which would come to the number of the next height.
    const none = judge(roundHeader(0, 4, 65_536 + 7, 1), roundHeader(0, 5, 6, 2), 0, turns);
    assert.equal(ruleOf(none), COMPATIBLE);
  });

  it('has one id for each turn and offender', () => {
    const ids = [
      judge(slotHeader(1, 5, 7_000), slotHeader(1, 5, 7_001), 1),
      judge(slotHeader(1, 5, 7_002), slotHeader(1, 6, 7_003), 1),
      judge(slotHeader(0, 5, 7_000), slotHeader(0, 5, 7_001), 0),
      judge(slotHeader(1, 5, 8_000), slotHeader(1, 5, 8_001), 1),
    ].map((judged) => (judged.ok ? toHex(judged.value.id) : ''));
    assert.equal(ids[0], ids[1]);
    assert.equal(new Set(ids).size, 3);
  });

  it('is no evidence when one of them is of another producer', () => {
    const pair = [slotHeader(0, 5, 7_000), slotHeader(1, 5, 7_001)] as const;
    for (const by of [0, 1]) assert.equal(ruleOf(judge(...pair, by)), COMPATIBLE);
  });
});

const COMPATIBLE = 'consensus/headers-compatible';

describe('the encoding of evidence', () => {
  const evidence = headerEvidence(
    slotHeader(1, 5, 7_000),
    slotHeader(1, 5, 7_001, { gasUsed: 4 }),
    producer(1).publicKey,
  );
  const judged = (bytes: Uint8Array) => {
    const parsed = parseHeaderEvidence(bytes);
    assert.ok(dpos.signedTurns !== undefined);
    return parsed.ok ? verifyHeaderEvidence(parsed.value, dpos.signedTurns, context) : parsed;
  };

  it('begins with its tag, and is the same in whichever order', () => {
    assert.equal(evidence[0], 0x30);
    const parsed = parseHeaderEvidence(evidence);
    assert.ok(parsed.ok);
    const { headers, publicKey } = parsed.value;
    assert.deepEqual(headerEvidence(headers[1], headers[0], publicKey), evidence);
    const swapped = Uint8Array.of(
      ...evidence.slice(0, 36),
      ...evidence.slice(36 + (evidence.length - 36) / 2),
      ...evidence.slice(36, 36 + (evidence.length - 36) / 2),
    );
    assert.equal(ruleOf(parseHeaderEvidence(swapped)), 'codec/not-canonical');
    const [first] = headers;
    assert.equal(ruleOf(parseHeaderEvidence(headerEvidence(first, first, publicKey))), 'codec/not-canonical');
  });

  it('convicts nobody once any bit of it is another', () => {
    assert.ok(judged(evidence).ok);
    fc.assert(
      fc.property(fc.nat({ max: 8 * evidence.length - 1 }), (bit) => {
        const bytes = evidence.map((byte, i) => (i === bit >>> 3 ? byte ^ (1 << (bit & 7)) : byte));
        assert.ok(!judged(bytes).ok);
      }),
      { seed: 27, numRuns: 400 },
    );
  });
});
