import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { amount } from '../base/amount.ts';
import { type Checkpoint, encodeLinkCertificate, linkMessage } from '../consensus/votes/link.ts';
import { encodeCertificate } from '../consensus/votes-each/certificate.ts';
import { encodeEvidence } from '../consensus/votes-each/evidence.ts';
import { type SignedVote, type Vote, voteMessage } from '../consensus/votes-each/vote.ts';
import { VoteTally } from '../consensus/votes-each/vote-tally.ts';
import { sign, verifySignature } from '../crypto/signature.ts';
import { readAttendance } from '../ledger/stake/attendance.ts';
import { FOR_EVER, readPool } from '../ledger/stake/pool.ts';
import { type TestKey, testKey } from '../ledger/testing/owners.testing.ts';
import { stakeSpec } from '../ledger/testing/stake-chain.testing.ts';
import { SIGNATURES_CHECKED } from '../ledger/transaction-signatures.ts';
import type { Block } from '../primitives/block.ts';
import { epochOfHeight, type ValidatorSet, validatorIndex } from '../primitives/validator-set.ts';
import { viewOf } from '../state/view.ts';
import { chainDependencies, chainOptions, expectOk, ruleOf, runToEnd, TestChain } from './chain.testing.ts';
import { layout } from './layout.ts';
import { ValidatorBranch } from './validator-branch.testing.ts';
import { verifyChain } from './verify-chain.ts';

const spec = stakeSpec(
  { epochBlocks: 8 },
  {
    production: { kind: 'leader' },
    finality: {
      kind: 'votes-each',
      blockMs: 1_000,
      proposeMs: 1_000,
      voteMs: 1_000,
      growthMs: 500,
      resendMs: 1_000,
    },
  },
);
const options = { spec, verify: SIGNATURES_CHECKED, verifySeal: verifySignature };
const [LIAR, ...OTHERS] = [11, 10, 12].map(testKey) as [TestKey, ...TestKey[]];

function setOf(branch: ValidatorBranch, height: number): ValidatorSet {
  const set = branch.validators.at(epochOfHeight(height, 8));
  assert.ok(set !== undefined);
  return set;
}

function precommit(branch: ValidatorBranch, key: TestKey, height: number, blockId: Uint8Array): SignedVote {
  const set = setOf(branch, height);
  const vote: Vote = { kind: 'precommit', epoch: set.epoch, height, round: 0, validRound: -1, blockId };
  const member = validatorIndex(set, key.publicKey);
  assert.ok(member !== undefined);
  return { ...vote, member, signature: sign(voteMessage(branch.genesis.id, vote), key.secretKey) };
}

/** A certificate of a block of the branch, signed by some. */
function certificate(branch: ValidatorBranch, { header, id }: Block, keys: readonly TestKey[]): Uint8Array {
  const tally = new VoteTally(setOf(branch, header.height));
  const votes = keys.map((key) => precommit(branch, key, header.height, id));
  for (const vote of votes) tally.add(vote);
  return encodeCertificate(tally.certificate(votes[0] as SignedVote, 'precommit'));
}

/** Two votes of one validator for one round. */
function evidence(branch: ValidatorBranch): Uint8Array {
  const [a, b] = [7, 9].map((byte) => precommit(branch, LIAR, 2, new Uint8Array(32).fill(byte)));
  return encodeEvidence(a as SignedVote, b as SignedVote);
}

const verify = (test: TestChain) =>
  runToEnd(verifyChain(chainOptions(options), chainDependencies(test.store, options))).value;

describe('blocks of a chain whose validators vote on each of them', () => {
  const branch = new ValidatorBranch(spec).grow(2);
  const second = branch.head;
  const signed = certificate(branch, second, [LIAR, ...OTHERS]);
  branch.add({ news: { evidence: [evidence(branch)], certificate: signed } });
  branch.grow(4);

  it('tell what a validator did and who signed, and the state shows it', () => {
    const test = new TestChain(options);
    test.importAll(branch.above());
    const view = viewOf(test.chain.state);
    assert.equal(readPool(view, LIAR.publicKey)?.jailedUntil, FOR_EVER);
    for (const { publicKey } of OTHERS) assert.equal(readPool(view, publicKey)?.jailedUntil, 0);
    assert.deepEqual(readAttendance(view, 0)?.certificates, 1);
    assert.equal(expectOk(verify(test)).height, 7);
    assert.deepEqual(test.reopen().summary, test.summary);
  });

  it('may have it from a user’s transaction too', () => {
    const other = branch.fork(2);
    other.add({ actions: [[3, { kind: 'evidence', claim: amount(1), bytes: evidence(other) }]] });
    const test = new TestChain(options);
    test.importAll(other.above());
    assert.equal(readPool(viewOf(test.chain.state), LIAR.publicKey)?.jailedUntil, FOR_EVER);
  });

  it('are refused over evidence or a certificate that the signatures do not bear out', () => {
    const good = branch.fork(2);
    const spoil = (bytes: Uint8Array) => bytes.with(-3, 1 ^ (bytes.at(-3) as number));
    for (const news of [
      { evidence: [spoil(evidence(good))], certificate: undefined },
      { evidence: [], certificate: spoil(signed) },
    ]) {
      const liar = new ValidatorBranch(spec, { verify: () => true });
      liar.blocks.push(...good.blocks);
      liar.add({ news });
      const test = new TestChain(options);
      test.importAll(good.above());
      const rule = ruleOf(test.try(liar.head));
      assert.match(rule, /^consensus\//, 'signatures of votes are checked though those of users were');
      const trusting = new TestChain({ ...options, verifySeal: SIGNATURES_CHECKED });
      trusting.importAll(liar.above());
      assert.match(ruleOf(verify(trusting)), /^consensus\//);
    }
  });

  it('are final with their certificate, which is what a restart goes on from', () => {
    const test = new TestChain(options);
    test.importAll(branch.above());
    assert.equal(test.chain.final.height, 0, 'however many blocks follow');
    const update = test.finalise(second.id, signed);
    assert.deepEqual([update.kind, update.finalised.map(({ height }) => height)], ['final', [1, 2]]);
    const again = test.reopen();
    assert.deepEqual(again.summary, test.summary);
    assert.deepEqual(again.chain.lastCertificate, signed);
    assert.equal(expectOk(verify(again)).height, 7);
  });

  it('have certificates that are verified with the store', () => {
    const stored = (height: number, bytes: Uint8Array) => {
      const test = new TestChain(options);
      test.importAll(branch.above());
      test.finalise((branch.above()[height - 1] as Block).id, bytes);
      return ruleOf(verify(test));
    };
    assert.equal(stored(2, signed), 'ok');
    assert.equal(stored(3, signed), 'data/corrupt-record', 'the certificate of another block');
    assert.equal(stored(2, signed.slice(1)), 'data/corrupt-record');
    const forged = signed.with(-3, 1 ^ (signed.at(-3) as number));
    assert.match(stored(2, forged), /^consensus\//);
    assert.equal(stored(2, certificate(branch, second, OTHERS.slice(0, 1))), 'consensus/certificate-weight');
    const missing = new TestChain(options);
    missing.importAll(branch.above());
    missing.finalise(second.id, signed);
    missing.commit({ puts: [], deletes: [layout.certificate(2)] });
    assert.equal(ruleOf(verify(missing)), 'data/corrupt-record');
  });
});

describe('a chain with votes on checkpoints', () => {
  // Epochs of 2 blocks, so that the validators of a target are decided after its source.
  const finality = { kind: 'votes', intervalBlocks: 4, lagBlocks: 0, resendMs: 1_000 } as const;
  const linked = stakeSpec({ epochBlocks: 2 }, { production: { kind: 'dpos', slotMs: 1_000 }, finality });
  const chain = { ...options, spec: linked };
  const branch = new ValidatorBranch(linked).grow(12);

  /** The link that makes block 4 final, with what is said of its target changed. */
  const link = (signers: readonly TestKey[], target: Partial<Checkpoint> = {}): Uint8Array => {
    const at = (height: number) => ({ height, id: (branch.above()[height - 1] as Block).id });
    const set = branch.validators.at(epochOfHeight(8, 2)) as ValidatorSet;
    const body = { epoch: set.epoch, source: at(4), target: { ...at(8), ...target } };
    const message = linkMessage(branch.genesis.id, body);
    const signed = signers
      .map((key) => ({ key, index: validatorIndex(set, key.publicKey) as number }))
      .toSorted((a, b) => a.index - b.index);
    return encodeLinkCertificate({
      ...body,
      memberCount: set.members.length,
      indices: signed.map(({ index }) => index),
      signatures: signed.map(({ key }) => sign(message, key.secretKey)),
    });
  };

  it('has a certificate verified as soon as it is known who could sign it', () => {
    const stored = (height: number, bytes: Uint8Array) => {
      const test = new TestChain(chain);
      test.importAll(branch.above());
      test.finalise((branch.above()[height - 1] as Block).id, bytes);
      assert.deepEqual(test.reopen().summary, test.summary);
      const deps = chainDependencies(test.store, chain);
      return ruleOf(runToEnd(verifyChain(chainOptions(chain), deps)).value);
    };
    assert.equal(stored(4, link([LIAR, ...OTHERS])), 'ok');
    assert.equal(stored(8, link([LIAR, ...OTHERS])), 'data/corrupt-record');
    assert.equal(stored(4, link([LIAR])), 'consensus/certificate-weight');
    assert.equal(stored(4, link([LIAR, ...OTHERS], { height: 12 })), 'consensus/vote-epoch');
  });
});
