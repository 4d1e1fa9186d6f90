import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../base/amount.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { Result } from '../base/result.ts';
import type { Header } from '../primitives/header.ts';
import { createConsensus } from './create-consensus.ts';
import type { ProducerIdentity, Production } from './engine.ts';
import {
  answer,
  type ConsensusFixture,
  child,
  contextOf,
  GENESIS,
  honestChain,
  sealed,
  waitOut,
} from './fixture.testing.ts';
import { signedTurnTests } from './signed-turns.testing.ts';

/** Runs what every combination must hold, as tests of its own. */
export function consensusCompliance(name: string, fixture: ConsensusFixture): void {
  describe(`${name}: the consensus interface`, () => {
    describe('production', () => productionTests(fixture));
    describe('turns', () => turnTests(fixture));
    describe('finality', () => finalityTests(fixture));
    const { production } = createConsensus(fixture.spec);
    if (production.signedTurns !== undefined)
      describe('evidence', () => signedTurnTests(fixture, honestChain(fixture, 8)));
  });
}

function productionTests(fixture: ConsensusFixture): void {
  const context = contextOf(fixture);
  const { production } = createConsensus(fixture.spec);
  const chain = honestChain(fixture, 8);
  const [parent, child] = chain.slice(-2) as [Header, Header];

  it('accepts the blocks of honest producers', () => {
    for (const [i, header] of chain.slice(1).entries()) {
      assertOk(production.verifyHeader(header, chain[i] as Header, context));
    }
  });

  for (const [field, changed] of Object.entries(changedHeaders(child))) {
    it(`refuses a sealed header whose ${field} was changed`, () => {
      assertRefused(production.verifyHeader(changed, parent, context));
    });
  }

  it('refuses a seal with any byte changed, cut, grown or missing', () => {
    const { seal } = child;
    const seals = [new Uint8Array(0), seal.slice(1), Uint8Array.of(...seal, 0), new Uint8Array(seal.length)];
    for (let i = 0; i < seal.length; i++)
      seals.push(seal.map((byte, at) => (at === i ? byte ^ (1 << (i % 8)) : byte)));
    for (const bad of seals) assertRefused(production.verifyHeader({ ...child, seal: bad }, parent, context));
  });

  const { stranger } = fixture;
  if (stranger !== undefined) strangerTests(fixture, stranger, child, parent);

  it('refuses a block that is not later than its parent', () => {
    for (const later of [child.timeMs, child.timeMs + 1, child.timeMs + 3_600_000]) {
      assertRefused(production.verifyHeader(child, { ...parent, timeMs: later }, context));
    }
  });

  it('gives every block a positive weight that depends on its header alone', () => {
    const again = createConsensus(fixture.spec).production;
    let sum = 0n;
    for (const header of chain.slice(1)) {
      const weight = production.weight(header);
      assert.ok(weight >= 1n);
      assert.equal(again.weight({ ...header }), weight);
      assert.ok(sum + weight > sum);
      sum += weight;
    }
  });
}

/** Where not everybody may make blocks: those who may sign for it. */
function strangerTests(
  fixture: ConsensusFixture,
  stranger: ProducerIdentity,
  child: Header,
  parent: Header,
): void {
  const context = contextOf(fixture);
  const { production } = createConsensus(fixture.spec);

  it('refuses a block that a stranger made and sealed', () => {
    const claim = production.claimOf(child.seal);
    const foreign = sealed(fixture, { ...child, producer: stranger.address }, stranger, parent, claim);
    assertRefused(production.verifyHeader(foreign, parent, context));
  });

  it('refuses a block that a stranger sealed in the name of a producer', () => {
    const foreign = sealed(fixture, child, stranger, parent, production.claimOf(child.seal));
    assertRefused(production.verifyHeader(foreign, parent, context));
  });

  it('asks the verifier it is given', () => {
    assertRefused(production.verifyHeader(child, parent, { ...context, verify: () => false }));
  });

  it('never lets a stranger, and says why', () => {
    for (let wait = 0; wait < 50; wait++) {
      const turn = production.turn(GENESIS, stranger, GENESIS.timeMs + wait * 777, context);
      assert.equal(turn.kind, 'never');
      if (turn.kind === 'never') assert.match(turn.refusal.rule, /^consensus\//);
    }
  });
}

function turnTests(fixture: ConsensusFixture): void {
  const { production } = createConsensus(fixture.spec);

  it('gives the same answers from two instances', () => {
    const again = createConsensus(fixture.spec).production;
    const random = seededRandom(11);
    for (const parent of honestChain(fixture, 6)) {
      for (const identity of [...fixture.identities, ...(fixture.stranger ? [fixture.stranger] : [])]) {
        const nowMs = parent.timeMs + random.below(60_000) - 10_000;
        assert.deepEqual(
          answer(production, fixture, parent, identity, nowMs),
          answer(again, fixture, parent, identity, nowMs),
        );
      }
    }
    assert.deepEqual(honestChain(fixture, 6), honestChain(fixture, 6));
  });

  // Where votes ask for blocks, nobody waits for a time.
  if (production.claimOfRound !== undefined) return askedTests(fixture, production);

  it('waits for a time in the future, at which it lets', () => {
    const random = seededRandom(12);
    for (let round = 0; round < 200; round++) {
      const identity = random.pick(fixture.identities);
      const nowMs = GENESIS.timeMs - 5_000 + random.below(100_000);
      const { turn, drew } = answer(production, fixture, GENESIS, identity, nowMs);
      assert.notEqual(turn.kind, 'never');
      if (turn.kind !== 'wait') continue;
      assert.ok(turn.untilMs > nowMs, 'a wait ends later');
      assert.notEqual(answer(production, fixture, GENESIS, identity, turn.untilMs - 1).turn.kind, 'now');
      const then = answer(production, fixture, GENESIS, identity, turn.untilMs);
      if (then.drew || drew) assert.ok(waitOut(production, fixture, GENESIS, identity, turn.untilMs));
      else assert.equal(then.turn.kind, 'now');
    }
  });

  it('gives times that make valid headers, each later than its parent and not in the future', () => {
    const random = seededRandom(13);
    let parent = GENESIS;
    let nowMs = GENESIS.timeMs;
    for (let round = 0; round < 60; round++) {
      nowMs += random.below(20_000);
      const identity = random.pick(fixture.identities);
      const { turn } = answer(production, fixture, parent, identity, nowMs);
      if (turn.kind !== 'now') continue;
      assert.ok(turn.timeMs > parent.timeMs && turn.timeMs <= nowMs);
      const header = child(fixture, parent, { identity, ...turn });
      assertOk(production.verifyHeader(header, parent, contextOf(fixture)));
      parent = header;
    }
    assert.ok(parent.height > 0, 'the rounds made blocks');
  });
}

/** Where votes ask for a block: whom they may ask. */
function askedTests(fixture: ConsensusFixture, production: Production): void {
  it('lets itself be asked, and nobody but one in each round', () => {
    const claimOfRound = production.claimOfRound as (round: number) => Uint8Array;
    for (const parent of honestChain(fixture, 4)) {
      for (let round = 0; round < 40; round++) {
        const takes = fixture.identities.filter((identity) => {
          const turn = answer(production, fixture, parent, identity, parent.timeMs).turn;
          assert.deepEqual(turn, { kind: 'asked' });
          const made = { identity, timeMs: parent.timeMs + 1, claim: claimOfRound(round) };
          return production.verifyHeader(child(fixture, parent, made), parent, contextOf(fixture)).ok;
        });
        assert.equal(takes.length, 1);
      }
    }
  });
}

function finalityTests(fixture: ConsensusFixture): void {
  const { finality } = createConsensus(fixture.spec);
  it('stays between genesis and the head, and never goes back as the head grows', () => {
    let before = 0;
    for (let height = 0; height < 3_000; height++) {
      const final = finality.finalHeight(height);
      assert.ok(Number.isInteger(final) && final >= before && final <= height);
      before = final;
    }
    assert.ok(before > 0, 'blocks become final');
  });

  it('gives the same answer whatever it was asked before', () => {
    const fresh = createConsensus(fixture.spec).finality;
    for (const height of [2_000, 3, 500, 0, 77])
      assert.equal(fresh.finalHeight(height), finality.finalHeight(height));
  });
}

/** The header with one field changed, for each field but the version, of which there is only one. */
function changedHeaders(header: Header): Readonly<Record<string, Header>> {
  const other = header.txRoot.map((byte) => byte ^ 0x55);
  return {
    height: { ...header, height: header.height + 1 },
    parent: { ...header, parent: other },
    time: { ...header, timeMs: header.timeMs + 1 },
    producer: { ...header, producer: other },
    txRoot: { ...header, txRoot: other },
    receiptRoot: { ...header, receiptRoot: other },
    stateRoot: { ...header, stateRoot: other },
    gasUsed: { ...header, gasUsed: header.gasUsed + 1 },
    baseFee: { ...header, baseFee: (header.baseFee + 1) as Amount },
  };
}

function assertOk(result: Result<undefined>): void {
  assert.ok(result.ok, result.ok ? '' : result.error.rule);
}

function assertRefused(result: Result<undefined>): void {
  assert.ok(!result.ok, 'the header was accepted');
  assert.match(result.error.rule, /^consensus\//);
}
