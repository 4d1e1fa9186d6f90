import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Amount } from '../base/amount.ts';
import { seededRandom } from '../base/fuzz.testing.ts';
import type { Result } from '../base/result.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { verifySignature } from '../crypto/signature.ts';
import { type Header, headerId } from '../primitives/header.ts';
import { NO_VALIDATORS } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { createConsensus } from './create-consensus.ts';
import type { Consensus, ProducerIdentity, SealRequest } from './engine.ts';

/** One combination of production and finality under test. */
export interface ConsensusFixture {
  readonly spec: Pick<ChainSpec, 'consensus' | 'genesisTimeMs'>;
  /** Producers that together keep the chain going; at least one. */
  readonly identities: readonly ProducerIdentity[];
  /** Somebody who may not make blocks; undefined where anybody may. */
  readonly stranger: ProducerIdentity | undefined;
  /** Does what a seal request asks, for the identities and the stranger. */
  seal(request: SealRequest): Uint8Array;
}

/** What the compliance suite builds on. */
export const GENESIS: Header = {
  version: 1,
  height: 0,
  parent: ZERO_HASH,
  timeMs: 1_700_000_000_123,
  producer: ZERO_HASH,
  txRoot: ZERO_HASH,
  receiptRoot: ZERO_HASH,
  stateRoot: ZERO_HASH,
  gasUsed: 0,
  baseFee: 1 as Amount,
  seal: new Uint8Array(0),
};

/** What the productions under test are given besides. */
const CONTEXT = { verify: verifySignature, validators: NO_VALIDATORS, draw: () => undefined };

/** Waits of one producer in a row before the suite says that the engine never lets it. */
const WAITS_MAX = 3;

/** Runs what every combination must hold, as tests of its own. */
export function consensusCompliance(name: string, fixture: ConsensusFixture): void {
  describe(`${name}: the consensus interface`, () => {
    describe('production', () => productionTests(fixture));
    describe('turns', () => turnTests(fixture));
    describe('finality', () => finalityTests(fixture));
  });
}

function productionTests(fixture: ConsensusFixture): void {
  const { production } = createConsensus(fixture.spec);
  const chain = honestChain(fixture, 8);
  const [parent, child] = chain.slice(-2) as [Header, Header];

  it('accepts the blocks of honest producers', () => {
    for (const [i, header] of chain.slice(1).entries()) {
      assertOk(production.verifyHeader(header, chain[i] as Header, CONTEXT));
    }
  });

  for (const [field, changed] of Object.entries(changedHeaders(child))) {
    it(`refuses a sealed header whose ${field} was changed`, () => {
      assertRefused(production.verifyHeader(changed, parent, CONTEXT));
    });
  }

  it('refuses a seal with any byte changed, cut, grown or missing', () => {
    const { seal } = child;
    const seals = [new Uint8Array(0), seal.slice(1), Uint8Array.of(...seal, 0), new Uint8Array(seal.length)];
    for (let i = 0; i < seal.length; i++)
      seals.push(seal.map((byte, at) => (at === i ? byte ^ (1 << (i % 8)) : byte)));
    for (const bad of seals) assertRefused(production.verifyHeader({ ...child, seal: bad }, parent, CONTEXT));
  });

  const { stranger } = fixture;
  if (stranger !== undefined) strangerTests(fixture, stranger, child, parent);

  it('refuses a block that is not later than its parent', () => {
    for (const later of [child.timeMs, child.timeMs + 1, child.timeMs + 3_600_000]) {
      assertRefused(production.verifyHeader(child, { ...parent, timeMs: later }, CONTEXT));
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
  const { production } = createConsensus(fixture.spec);

  it('refuses a block that a stranger made and sealed', () => {
    const foreign = sealed(fixture, { ...child, producer: stranger.address }, stranger, parent);
    assertRefused(production.verifyHeader(foreign, parent, CONTEXT));
  });

  it('refuses a block that a stranger sealed in the name of a producer', () => {
    const foreign = sealed(fixture, child, stranger, parent);
    assertRefused(production.verifyHeader(foreign, parent, CONTEXT));
  });

  it('asks the verifier it is given', () => {
    assertRefused(production.verifyHeader(child, parent, { ...CONTEXT, verify: () => false }));
  });

  it('never lets a stranger, and says why', () => {
    for (let wait = 0; wait < 50; wait++) {
      const turn = production.turn(GENESIS, stranger, GENESIS.timeMs + wait * 777, CONTEXT);
      assert.equal(turn.kind, 'never');
      if (turn.kind === 'never') assert.match(turn.refusal.rule, /^consensus\//);
    }
  });
}

function turnTests(fixture: ConsensusFixture): void {
  it('gives the same answers from two instances', () => {
    const [one, two] = [createConsensus(fixture.spec), createConsensus(fixture.spec)];
    const random = seededRandom(11);
    for (const parent of honestChain(fixture, 6)) {
      for (const identity of [...fixture.identities, ...(fixture.stranger ? [fixture.stranger] : [])]) {
        const nowMs = parent.timeMs + random.below(60_000) - 10_000;
        assert.deepEqual(
          one.production.turn(parent, identity, nowMs, CONTEXT),
          two.production.turn(parent, identity, nowMs, CONTEXT),
        );
      }
    }
    assert.deepEqual(honestChain(fixture, 6), honestChain(fixture, 6));
  });

  it('waits for a time in the future, at which it lets', () => {
    const { production } = createConsensus(fixture.spec);
    const random = seededRandom(12);
    for (let round = 0; round < 200; round++) {
      const identity = random.pick(fixture.identities);
      const nowMs = GENESIS.timeMs - 5_000 + random.below(100_000);
      const turn = production.turn(GENESIS, identity, nowMs, CONTEXT);
      assert.notEqual(turn.kind, 'never');
      if (turn.kind !== 'wait') continue;
      assert.ok(turn.untilMs > nowMs, 'a wait ends later');
      assert.notEqual(production.turn(GENESIS, identity, turn.untilMs - 1, CONTEXT).kind, 'now');
      assert.equal(production.turn(GENESIS, identity, turn.untilMs, CONTEXT).kind, 'now');
    }
  });

  it('gives times that make valid headers, each later than its parent and not in the future', () => {
    const { production } = createConsensus(fixture.spec);
    const random = seededRandom(13);
    let parent = GENESIS;
    let nowMs = GENESIS.timeMs;
    for (let round = 0; round < 60; round++) {
      nowMs += random.below(20_000);
      const identity = random.pick(fixture.identities);
      const turn = production.turn(parent, identity, nowMs, CONTEXT);
      if (turn.kind !== 'now') continue;
      assert.ok(turn.timeMs > parent.timeMs && turn.timeMs <= nowMs);
      const header = child(fixture, parent, identity, turn.timeMs);
      assertOk(production.verifyHeader(header, parent, CONTEXT));
      parent = header;
    }
    assert.ok(parent.height > 0, 'the rounds made blocks');
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

/** A genesis header and `length` sealed headers after it, made by whoever may first. */
function honestChain(fixture: ConsensusFixture, length: number): readonly Header[] {
  const { production } = createConsensus(fixture.spec);
  const chain = [GENESIS];
  for (let i = 0; i < length; i++) {
    const parent = chain[i] as Header;
    const { identity, timeMs } = firstTurn(production, fixture, parent);
    chain.push(child(fixture, parent, identity, timeMs));
  }
  return chain;
}

function firstTurn(production: Consensus['production'], fixture: ConsensusFixture, parent: Header) {
  const turns = fixture.identities.map((identity) => {
    let nowMs = parent.timeMs + 1;
    for (let wait = 0; wait <= WAITS_MAX; wait++) {
      const turn = production.turn(parent, identity, nowMs, CONTEXT);
      if (turn.kind === 'now') return { identity, timeMs: turn.timeMs };
      assert.equal(turn.kind, 'wait', 'an identity of the fixture may make blocks');
      if (turn.kind === 'wait') nowMs = turn.untilMs;
    }
    return assert.fail('the engine keeps a producer waiting');
  });
  const [first] = turns.toSorted((a, b) => a.timeMs - b.timeMs);
  return first ?? assert.fail('the fixture has no identity');
}

function child(
  fixture: ConsensusFixture,
  parent: Header,
  identity: ProducerIdentity,
  timeMs: number,
): Header {
  const height = parent.height + 1;
  const draft = { ...parent, height, parent: headerId(parent), timeMs, producer: identity.address };
  return sealed(fixture, { ...draft, seal: new Uint8Array(0) }, identity, parent);
}

function sealed(
  fixture: ConsensusFixture,
  header: Header,
  identity: ProducerIdentity,
  parent: Header,
): Header {
  const { production } = createConsensus(fixture.spec);
  return {
    ...header,
    seal: fixture.seal(production.sealRequest(header, identity, parent, new Uint8Array(0))),
  };
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
