import assert from 'node:assert/strict';
import { it } from 'node:test';
import { equalBytes, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import type { Header } from '../primitives/header.ts';
import type { Conviction } from '../primitives/judge.ts';
import { NO_VALIDATORS, type ValidatorSet } from '../primitives/validator-set.ts';
import { createConsensus } from './create-consensus.ts';
import type { JudgeContext, ProducerIdentity, Production, SignedTurns } from './engine.ts';
import { type ConsensusFixture, contextOf, sealed } from './fixture.testing.ts';
import { headerEvidence } from './seals/header-evidence.ts';

/**
 * What holds where the validators of an epoch sign the blocks: that the set of the epoch decides, and that who signs
 * two blocks in one turn can be convicted, and nobody else.
 *
 * @param chain - honest headers of epoch 0, genesis first
 */
export function signedTurnTests(fixture: ConsensusFixture, chain: readonly Header[]): void {
  const stage = stageOf(fixture, chain);
  epochTests(stage, chain);
  convictionTests(stage);
  acquittalTests(stage, chain);
}

/** The last header of a chain, and what its producer could have made of it. */
interface Stage {
  readonly fixture: ConsensusFixture;
  readonly production: Production;
  readonly parent: Header;
  readonly child: Header;
  readonly producer: ProducerIdentity;
  readonly claim: Uint8Array;
  /** The child with changes, sealed by its producer. */
  resealed(change: Partial<Header>): Header;
  judged(bytes: Uint8Array, context?: Partial<JudgeContext>): Result<Conviction>;
}

function stageOf(fixture: ConsensusFixture, chain: readonly Header[]): Stage {
  const { production, judge } = createConsensus(fixture.spec);
  const [parent, child] = chain.slice(-2) as [Header, Header];
  const producer = fixture.identities.find(({ address }) => equalBytes(address, child.producer));
  assert.ok(producer !== undefined);
  const claim = production.claimOf(child.seal);
  return {
    fixture,
    production,
    parent,
    child,
    producer,
    claim,
    resealed: (change) => sealed(fixture, { ...child, ...change }, producer, parent, claim),
    judged(bytes, context) {
      const given = judge({ chainId: ZERO_HASH, ...contextOf(fixture), ...context });
      return given?.evidence(bytes) ?? assert.fail('a chain with validators has a judge');
    },
  };
}

function epochTests({ fixture, production, parent, child, producer }: Stage, chain: readonly Header[]): void {
  const { numberOf } = production.signedTurns as SignedTurns;

  it('goes by the set of the epoch', () => {
    const unknown = { ...contextOf(fixture), validators: NO_VALIDATORS };
    const refused = production.verifyHeader(child, parent, unknown);
    assert.equal(ruleOf(refused), 'consensus/validators-unknown');
    assert.ok(!refused.ok && refused.error.retry && refused.error.banPoints === 0);
    assert.equal(production.turn(parent, producer, child.timeMs, unknown).kind, 'never');
    const set = contextOf(fixture).validators.at(0) as ValidatorSet;
    const members = set.members.filter(({ publicKey }) => !equalBytes(publicKey, producer.publicKey));
    if (members.length === 0) return;
    const without = { ...unknown, validators: { at: () => ({ ...set, members }) } };
    assert.ok(!production.verifyHeader(child, parent, without).ok);
    assert.equal(production.turn(parent, producer, child.timeMs, without).kind, 'never');
  });

  it('numbers turns so that they grow along a branch', () => {
    const numbers = chain
      .slice(1)
      .map((header) => numberOf({ ...header, claim: production.claimOf(header.seal) }));
    for (const [i, number] of numbers.entries())
      assert.ok(Number.isSafeInteger(number) && number > (numbers[i - 1] ?? -1));
  });

  it('signs for one chain only', () => {
    const elsewhere = createConsensus({ ...fixture.spec, name: 'calin-other' }).production;
    const rule = ruleOf(elsewhere.verifyHeader(child, parent, contextOf(fixture)));
    assert.equal(rule, 'consensus/seal-invalid');
  });
}

function convictionTests({ child, parent, producer: { publicKey }, resealed, judged }: Stage): void {
  it('convicts who signed two headers in one turn, whichever they are', () => {
    const ids = new Set<string>();
    for (const other of [resealed({ txRoot: parent.stateRoot.map(() => 7) }), resealed({ gasUsed: 9 })]) {
      for (const bytes of [
        headerEvidence(child, other, publicKey),
        headerEvidence(other, child, publicKey),
      ]) {
        const result = judged(bytes);
        assert.ok(result.ok, ruleOf(result));
        const { id, ...rest } = result.value;
        assert.deepEqual(rest, { offender: publicKey, epoch: 0, offence: 'double-sign' });
        ids.add(toHex(id));
      }
    }
    assert.equal(ids.size, 1);
  });
}

function acquittalTests(stage: Stage, chain: readonly Header[]): void {
  const { fixture, parent, child, claim, resealed, judged } = stage;
  const { publicKey } = stage.producer;
  const other = resealed({ gasUsed: 9 });

  it('convicts nobody of an honest chain', () => {
    for (const one of chain.slice(1))
      for (const two of chain.slice(1)) assert.ok(!judged(headerEvidence(one, two, publicKey)).ok);
  });

  it('convicts nobody by what nobody signed', () => {
    const cases: readonly [Uint8Array, string][] = [
      [headerEvidence(child, { ...other, gasUsed: 10 }, publicKey), 'consensus/seal-invalid'],
      [headerEvidence(child, { ...other, seal: other.seal.slice(1) }, publicKey), 'consensus/seal-size'],
      [
        headerEvidence(
          child,
          other,
          publicKey.map((byte) => byte ^ 1),
        ),
        'consensus/headers-compatible',
      ],
      [
        headerEvidence(child, { ...other, producer: parent.txRoot }, publicKey),
        'consensus/headers-compatible',
      ],
    ];
    for (const [bytes, rule] of cases) assert.equal(ruleOf(judged(bytes)), rule);
    const bytes = headerEvidence(child, other, publicKey);
    const unknown = judged(bytes, { validators: NO_VALIDATORS });
    assert.equal(ruleOf(unknown), 'consensus/validators-unknown');
    for (const bad of [bytes.slice(1), bytes.slice(0, -1), Uint8Array.of(...bytes, 0), bytes.slice(0, 36)])
      assert.ok(!judged(bad).ok);
  });

  it('convicts nobody who is no validator', () => {
    const { stranger } = fixture;
    assert.ok(stranger !== undefined);
    const [a, b] = [1, 2].map((gasUsed) =>
      sealed(fixture, { ...child, gasUsed, producer: stranger.address }, stranger, parent, claim),
    ) as [Header, Header];
    assert.equal(ruleOf(judged(headerEvidence(a, b, stranger.publicKey))), 'consensus/not-a-validator');
  });

  it('does not take one header that was sealed twice for two', () => {
    const seal = child.seal.map((byte, i) => (i === claim.length ? byte ^ 1 : byte));
    const twice = headerEvidence(child, { ...child, seal }, publicKey);
    assert.equal(ruleOf(judged(twice, { verify: () => true })), 'consensus/headers-compatible');
  });
}

function ruleOf(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.error.rule;
}
