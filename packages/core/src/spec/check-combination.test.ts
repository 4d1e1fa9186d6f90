import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { publicKeyOf } from '../crypto/signature.ts';
import type { ConsensusSpec, FinalitySpec, ProductionSpec } from './chain-spec.ts';
import { checkCombination } from './check-combination.ts';
import { devSpec } from './presets.ts';
import type { ValidatorsSpec } from './validator-spec.ts';

/**
 * What a genesis file may choose: production, finality, and where validators come from. Everything else is refused.
 * Whoever makes a combination work end to end adds it here.
 */
const OPEN: readonly (readonly [Production, Finality, readonly Source[]])[] = [
  ['poa', 'depth', ['none', 'authorities', 'stake']],
  ['poa', 'votes', ['authorities', 'stake']],
  ['pow', 'depth', ['none', 'authorities', 'stake']],
  ['pow', 'votes', ['authorities', 'stake']],
  ['pos', 'depth', ['stake']],
  ['pos', 'votes', ['stake']],
  ['dpos', 'depth', ['stake']],
  ['dpos', 'votes', ['stake']],
  ['leader', 'votes-each', ['authorities', 'stake']],
];

type Production = ProductionSpec['kind'];
type Finality = FinalitySpec['kind'];
type Source = ValidatorsSpec['kind'] | 'none';

const KEY = publicKeyOf(new Uint8Array(32).fill(7));
const SPEC = devSpec({ authority: KEY, genesisTimeMs: 0, allocations: [] });
const PRODUCTIONS: { readonly [K in Production]: Extract<ProductionSpec, { kind: K }> } = {
  poa: { kind: 'poa', authorities: [KEY], slotMs: 1000 },
  pow: { kind: 'pow', initialDifficulty: 1, blockMs: 1000, halfLifeMs: 1000 },
  pos: { kind: 'pos', slotMs: 1000, winnersPermille: 500 },
  dpos: { kind: 'dpos', slotMs: 1000 },
  leader: { kind: 'leader' },
};
const FINALITIES: { readonly [K in Finality]: Extract<FinalitySpec, { kind: K }> } = {
  depth: { kind: 'depth', blocks: 10 },
  votes: { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 1000 },
  'votes-each': { kind: 'votes-each', blockMs: 1, proposeMs: 1, voteMs: 1, growthMs: 1, resendMs: 1 },
};
const SOURCES: { readonly [K in Source]: ConsensusSpec['validators'] } = {
  none: undefined,
  authorities: validatorsOf('authorities'),
  stake: validatorsOf('stake'),
};

function validatorsOf(kind: ValidatorsSpec['kind']): ValidatorsSpec {
  const { validators } = devSpec({
    authority: KEY,
    genesisTimeMs: 0,
    allocations: [],
    validators: kind,
  }).consensus;
  assert.equal(validators?.kind, kind);
  return validators as ValidatorsSpec;
}

function ruleOf(production: Production, finality: Finality, source: Source): string {
  const validators = SOURCES[source];
  const consensus: ConsensusSpec = {
    production: PRODUCTIONS[production],
    finality: FINALITIES[finality],
    ...(validators === undefined ? {} : { validators }),
  };
  const refused = checkCombination({ ...SPEC, consensus });
  return refused === undefined ? 'open' : refused.error.rule;
}

describe('combinations of production, finality and validators', () => {
  for (const production of keysOf(PRODUCTIONS)) {
    for (const finality of keysOf(FINALITIES)) {
      const sources = OPEN.find(([p, f]) => p === production && f === finality)?.[2];
      for (const source of keysOf(SOURCES)) {
        it(`${production} + ${finality} with validators by ${source}`, () => {
          const expected =
            sources === undefined
              ? 'genesis/consensus-combination'
              : sources.includes(source)
                ? 'open'
                : 'genesis/consensus-validators';
          assert.equal(ruleOf(production, finality, source), expected);
        });
      }
    }
  }

  it('are refused with what would do', () => {
    const consensus = { production: PRODUCTIONS.poa, finality: FINALITIES['votes-each'] };
    const refused = checkCombination({ ...SPEC, consensus });
    assert.ok(refused !== undefined);
    const { path, got, expected } = refused.error.evidence;
    assert.equal(path, 'genesis.consensus.finality.kind');
    assert.equal(got, 'poa + votes-each');
    assert.match(String(expected), /^depth\b/);
  });
});

function keysOf<K extends string>(record: Readonly<Record<K, unknown>>): readonly K[] {
  return Object.keys(record) as K[];
}
