import assert from 'node:assert/strict';
import type { Amount } from '../base/amount.ts';
import { concatBytes, equalBytes } from '../base/bytes.ts';
import { ZERO_HASH } from '../crypto/hash.ts';
import { verifySignature } from '../crypto/signature.ts';
import { type Header, headerId } from '../primitives/header.ts';
import { NO_VALIDATORS, type ValidatorView } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { createConsensus } from './create-consensus.ts';
import type { ProducerIdentity, Production, SealRequest, Turn, TurnContext } from './engine.ts';

/** One combination of production and finality under test. */
export interface ConsensusFixture {
  readonly spec: ChainSpec;
  /** Producers that together keep the chain going; at least one. */
  readonly identities: readonly ProducerIdentity[];
  /** Somebody who may not make blocks; undefined where anybody may. */
  readonly stranger: ProducerIdentity | undefined;
  /** Does what a seal request asks, for the identities and the stranger. */
  seal(request: SealRequest): Uint8Array;
  /** The identities are its members in epoch 0; absent where the production has no validators. */
  readonly validators?: ValidatorView;
  /** Does what a draw asks, for the identities. */
  readonly prove?: (identity: ProducerIdentity, input: Uint8Array) => Uint8Array;
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

/** What a production that draws no lots is given besides. */
export function contextOf({ validators = NO_VALIDATORS }: ConsensusFixture) {
  return { verify: verifySignature, validators, draw: () => undefined };
}

/** Waits of one producer in a row before the suite says that the engine never lets it. */
const WAITS_MAX = 3;
/** Likewise where lots are drawn: the fixtures win one slot of ten or more, so it is wrong once in 10^9 times. */
const LOST_MAX = 200;
/** Rounds in a row in which votes may ask for a block, before somebody of the fixture is asked. */
const ROUNDS = 3;

/** A genesis header and `length` sealed headers after it, made by whoever may first. */
export function honestChain(fixture: ConsensusFixture, length: number): readonly Header[] {
  const { production } = createConsensus(fixture.spec);
  const chain = [GENESIS];
  for (let i = 0; i < length; i++) {
    const parent = chain[i] as Header;
    const { claimOfRound } = production;
    chain.push(
      claimOfRound === undefined
        ? child(fixture, parent, firstTurn(production, fixture, parent))
        : askedBlock(production, fixture, parent, claimOfRound(i % ROUNDS)),
    );
  }
  return chain;
}

/** What is settled of a block before it is sealed. */
export interface Made {
  readonly identity: ProducerIdentity;
  readonly timeMs: number;
  readonly claim: Uint8Array;
}

/** Asks for a turn, and again with the proof when a lot is to be drawn. */
export function answer(
  production: Production,
  fixture: ConsensusFixture,
  parent: Header,
  identity: ProducerIdentity,
  nowMs: number,
): { readonly turn: Turn; readonly drew: boolean } {
  const context = contextOf(fixture);
  const turn = production.turn(parent, identity, nowMs, context);
  if (turn.kind !== 'draw') return { turn, drew: false };
  const { prove = () => assert.fail('a fixture whose production draws lots proves') } = fixture;
  const proof = prove(identity, turn.input);
  const draw: TurnContext['draw'] = (input) => (equalBytes(input, turn.input) ? proof : undefined);
  const drawn = production.turn(parent, identity, nowMs, { ...context, draw });
  assert.notEqual(drawn.kind, 'draw', 'a proof answers a draw');
  return { turn: drawn, drew: true };
}

/** The first turn of a producer from a time on, as it comes to it by waiting; undefined if it never does. */
export function waitOut(
  production: Production,
  fixture: ConsensusFixture,
  parent: Header,
  identity: ProducerIdentity,
  fromMs: number,
): Made | undefined {
  let nowMs = fromMs;
  let waits = 0;
  for (let lost = 0; waits <= WAITS_MAX && lost <= LOST_MAX; ) {
    const { turn, drew } = answer(production, fixture, parent, identity, nowMs);
    if (turn.kind === 'now') return { identity, timeMs: turn.timeMs, claim: turn.claim };
    if (turn.kind !== 'wait') assert.fail('an identity of the fixture may make blocks');
    nowMs = turn.untilMs;
    if (drew) lost++;
    else waits++;
  }
  return undefined;
}

function firstTurn(production: Production, fixture: ConsensusFixture, parent: Header): Made {
  const turns = fixture.identities.map(
    (identity) =>
      waitOut(production, fixture, parent, identity, parent.timeMs + 1) ??
      assert.fail('the engine keeps a producer waiting'),
  );
  const [first] = turns.toSorted((a, b) => a.timeMs - b.timeMs);
  return first ?? assert.fail('the fixture has no identity');
}

/** The block of whoever leads the round. */
function askedBlock(
  production: Production,
  fixture: ConsensusFixture,
  parent: Header,
  claim: Uint8Array,
): Header {
  const blocks = fixture.identities.map((identity) =>
    child(fixture, parent, { identity, timeMs: parent.timeMs + 700, claim }),
  );
  const block = blocks.find((one) => production.verifyHeader(one, parent, contextOf(fixture)).ok);
  return block ?? assert.fail('somebody leads every round');
}

/** The block that somebody makes after a parent. */
export function child(fixture: ConsensusFixture, parent: Header, { identity, timeMs, claim }: Made): Header {
  const height = parent.height + 1;
  const draft = { ...parent, height, parent: headerId(parent), timeMs, producer: identity.address };
  return sealed(fixture, { ...draft, seal: new Uint8Array(0) }, identity, parent, claim);
}

/** The header with the seal that a producer gives it. */
export function sealed(
  fixture: ConsensusFixture,
  header: Header,
  identity: ProducerIdentity,
  parent: Header,
  claim: Uint8Array,
): Header {
  const { production } = createConsensus(fixture.spec);
  const request = production.sealRequest(header, identity, parent, claim);
  const made = fixture.seal(request);
  return { ...header, seal: request.kind === 'sign' ? concatBytes(claim, made) : made };
}
