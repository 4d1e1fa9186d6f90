import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sign, verifySignature } from '../crypto/signature.ts';
import type { FinalitySpec } from '../spec/chain-spec.ts';
import { createJudge } from './create-judge.ts';
import { createDpos } from './dpos/create-dpos.ts';
import { headerEvidence } from './seals/header-evidence.ts';
import {
  bareHeader,
  CHAIN,
  EPOCH_BLOCKS,
  producer,
  ruleOf,
  sealedBy,
  setOf,
  viewOf,
} from './seals/producers.testing.ts';
import { encodeLinkEvidence } from './votes/evidence.ts';
import { linkMessage } from './votes/link.ts';
import { encodeEvidence } from './votes-each/evidence.ts';
import { type SignedVote, type Vote, voteMessage } from './votes-each/vote.ts';

const CHAIN_ID = new Uint8Array(32).fill(0xc1);
const dpos = createDpos({ kind: 'dpos', slotMs: 1000 }, CHAIN);
const context = {
  chainId: CHAIN_ID,
  validators: viewOf(setOf(0, [0, 1, 2])),
  verify: verifySignature,
  epochBlocks: EPOCH_BLOCKS,
};
const DEPTH: FinalitySpec = { kind: 'depth', blocks: 3 };
const VOTES: FinalitySpec = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 1000 };
const EACH: FinalitySpec = {
  kind: 'votes-each',
  blockMs: 1,
  proposeMs: 1,
  voteMs: 1,
  growthMs: 1,
  resendMs: 1,
};

const [a, b] = [1, 2].map((gasUsed) =>
  sealedBy(dpos, producer(1), bareHeader(4, 0), { timeMs: 7_000, gasUsed }),
) as [ReturnType<typeof bareHeader>, ReturnType<typeof bareHeader>];
const headers = headerEvidence(a, b, producer(1).publicKey);

function vote(blockByte: number): SignedVote {
  const blockId = new Uint8Array(32).fill(blockByte);
  const body: Vote = { kind: 'precommit', epoch: 0, height: 5, round: 0, validRound: -1, blockId };
  return { ...body, member: 1, signature: sign(voteMessage(CHAIN_ID, body), producer(1).secret) };
}

function link(targetByte: number) {
  const checkpoint = (height: number, byte: number) => ({ height, id: new Uint8Array(32).fill(byte) });
  const body = { epoch: 0, source: checkpoint(0, 1), target: checkpoint(4, targetByte) };
  return { ...body, member: 1, signature: sign(linkMessage(CHAIN_ID, body), producer(1).secret) };
}

const votes = encodeEvidence(vote(1), vote(2));
const links = encodeLinkEvidence(link(1), link(2));

/** The rules by which a judge answers evidence of headers, of votes on each block and of votes on checkpoints. */
function answers(turns: Parameters<typeof createJudge>[0], finality: FinalitySpec) {
  const judge = createJudge(turns, finality, context);
  return judge === undefined ? 'none' : [headers, votes, links].map((bytes) => ruleOf(judge.evidence(bytes)));
}

describe('the judge of a chain', () => {
  const turns = dpos.signedTurns;

  it('tells evidence by its first byte, and takes the kinds that the chain knows', () => {
    assert.deepEqual(answers(turns, DEPTH), ['ok', 'consensus/evidence-kind', 'consensus/evidence-kind']);
    assert.deepEqual(answers(turns, VOTES), ['ok', 'codec/unknown-tag', 'ok']);
    assert.deepEqual(answers(turns, EACH), ['ok', 'ok', 'codec/unknown-tag']);
  });

  it('knows no evidence of headers where others make the blocks', () => {
    assert.equal(answers(undefined, DEPTH), 'none');
    assert.deepEqual(answers(undefined, VOTES), ['codec/unknown-tag', 'codec/unknown-tag', 'ok']);
    assert.deepEqual(answers(undefined, EACH), ['codec/unknown-tag', 'ok', 'codec/unknown-tag']);
  });

  it('refuses certificates by name where nobody votes', () => {
    const judge = createJudge(turns, DEPTH, context);
    assert.ok(judge !== undefined);
    assert.equal(ruleOf(judge.certificate(new Uint8Array(200))), 'consensus/certificate-none');
    assert.equal(ruleOf(judge.evidence(new Uint8Array(0))), 'consensus/evidence-kind');
    for (const finality of [VOTES, EACH]) {
      const voting = createJudge(turns, finality, context);
      assert.match(ruleOf(voting?.certificate(new Uint8Array(5)) ?? assert.fail()), /^codec\//);
    }
  });
});
