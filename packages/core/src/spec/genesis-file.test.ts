import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AMOUNT_MAX } from '../base/amount.ts';
import type { Evidence } from '../base/result.ts';
import type { JsonSchema } from '../base/schema.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import { formatAddress, keyAddress } from '../primitives/address.ts';
import { specHash } from './chain-spec.ts';
import { formatGenesisFile, parseGenesisFile, parseGenesisSeeds } from './genesis-file.ts';
import { genesisFileSchema } from './genesis-schema.ts';
import { refuseGenesis } from './rules.ts';
import { exampleGenesisFile, stakedGenesisFile } from './vectors.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };

/** The example with one value replaced; `path` as in `fees.baseFeeMin`; undefined removes the field. */
function changed(...changes: readonly [path: string, value: Json | undefined][]): unknown {
  return changedFrom(exampleGenesisFile, changes);
}

function changedFrom(
  base: unknown,
  changes: readonly (readonly [path: string, value: Json | undefined])[],
): unknown {
  const file = structuredClone(base);
  for (const [path, value] of changes) {
    const names = path.split('.');
    const last = names.pop() as string;
    let at = file as Record<string, unknown>;
    for (const name of names) at = at[name] as Record<string, unknown>;
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return file;
}

function refusalOf(json: unknown): { rule: string; evidence: Evidence } | undefined {
  const parsed = parseGenesisFile(json);
  return parsed.ok ? undefined : { rule: parsed.error.rule, evidence: parsed.error.evidence };
}

function assertRefused(changes: readonly [string, Json | undefined][], rule: string, path: string): void {
  const refused = refusalOf(changed(...changes));
  assert.equal(refused?.rule, rule, JSON.stringify(changes));
  assert.equal(refused.evidence['path'], path);
}

const AUTHORITIES = 'consensus.production.authorities';
const { production } = exampleGenesisFile.consensus;
assert(production.kind === 'poa');
const [one, two] = production.authorities as [string, string];

describe('a genesis file', () => {
  it('gives a spec that gives the file again', () => {
    const parsed = parseGenesisFile(exampleGenesisFile);
    assert.ok(parsed.ok);
    assert.deepEqual(formatGenesisFile(parsed.value), exampleGenesisFile);
    assert.deepEqual(parseGenesisFile(JSON.parse(JSON.stringify(formatGenesisFile(parsed.value)))), parsed);
  });

  it('may name seeds, which are no part of the spec', () => {
    const seeds = ['/dns4/seed.example.org/tcp/8646/p2p/12D3KooW'];
    const parsed = parseGenesisFile(changed(['seeds', seeds]));
    const without = parseGenesisFile(exampleGenesisFile);
    assert.ok(parsed.ok && without.ok);
    assert.deepEqual(parsed, without);
    assert.deepEqual(specHash(parsed.value), specHash(without.value));
    assert.deepEqual(parseGenesisSeeds(changed(['seeds', seeds])), { ok: true, value: seeds });
    assert.deepEqual(parseGenesisSeeds(exampleGenesisFile), { ok: true, value: [] });
    assertRefused([['seeds', [7]]], 'genesis/type', 'genesis.seeds[0]');
    assertRefused([['seeds', Array(65).fill(seeds[0])]], 'genesis/range', 'genesis.seeds');
    const refused = parseGenesisSeeds(changed(['seeds', 'nobody']));
    assert.equal(refused.ok ? '' : refused.error.rule, 'genesis/type');
  });

  it('needs a name, a prefix, a time and a consensus; the rest has the documented defaults', () => {
    const parsed = parseGenesisFile(
      changed(
        ['dev', undefined],
        ['economy', undefined],
        ['fees', undefined],
        ['limits', undefined],
        ['allocations', undefined],
      ),
    );
    assert.ok(parsed.ok);
    const { dev, economy, fees, limits, allocations } = parsed.value;
    assert.deepEqual(
      { dev, economy, fees, limits, allocations },
      {
        dev: false,
        economy: {
          cap: 2_100_000_000_000_000,
          reward: 40_000_000,
          schedule: { kind: 'halving', intervalBlocks: 25_200_000 },
          rewardMaturityBlocks: 100,
        },
        fees: {
          baseFeeInitial: 10,
          baseFeeMin: 1,
          baseFeeChangeDenominator: 8,
          blockGasTarget: 5_000_000,
          gasPerByte: 1,
          gasPerSignature: 400,
          gasPerOutput: 100,
          gasPerAction: 100,
        },
        limits: { blockBytesMax: 2_097_152, blockGasMax: 10_000_000, transactionBytesMax: 131_072 },
        allocations: [],
      },
    );
    for (const name of ['name', 'addressPrefix', 'genesisTimeMs', 'consensus']) {
      assertRefused([[name, undefined]], 'genesis/missing', 'genesis');
    }
    assert.deepEqual(parseGenesisFile(changed(['fees', { gasPerByte: 3 }])).ok, true);
  });

  it('holds 5,000 transfers in a block of the default limits, below the gas target', () => {
    const parsed = parseGenesisFile(changed(['fees', undefined], ['limits', undefined]));
    assert.ok(parsed.ok);
    const { fees, limits } = parsed.value;
    assert.ok(5_000 * 248 + 1024 <= limits.blockBytesMax);
    assert.ok(
      5_000 * (248 * fees.gasPerByte + fees.gasPerSignature + 2 * fees.gasPerOutput) <= fees.blockGasTarget,
    );
    assert.equal(2 * fees.blockGasTarget, limits.blockGasMax);
  });

  it('is refused for a value of the wrong shape, with the path of the field', () => {
    assertRefused([['bloks', 5]], 'genesis/unknown-field', 'genesis');
    assertRefused([['fees.gasPerbyte', 5]], 'genesis/unknown-field', 'genesis.fees');
    assertRefused([['name', 5]], 'genesis/type', 'genesis.name');
    assertRefused([['genesisTimeMs', '5']], 'genesis/type', 'genesis.genesisTimeMs');
    assertRefused([['dev', 1]], 'genesis/type', 'genesis.dev');
    assertRefused([[AUTHORITIES, one]], 'genesis/type', `genesis.${AUTHORITIES}`);
    assertRefused([[`${AUTHORITIES}.1`, 'x'.repeat(64)]], 'genesis/type', `genesis.${AUTHORITIES}[1]`);
    assertRefused(
      [['consensus.production.kind', 'magic']],
      'genesis/choice',
      'genesis.consensus.production.kind',
    );
    assertRefused([['consensus.finality', {}]], 'genesis/missing', 'genesis.consensus.finality');
    assertRefused(
      [['economy.schedule.kind', 'constant']],
      'genesis/unknown-field',
      'genesis.economy.schedule',
    );
    for (const json of [null, [], 'genesis', 5, undefined])
      assert.equal(refusalOf(json)?.rule, 'genesis/type');
  });

  it('is refused for a value outside its range', () => {
    const cases: readonly [path: string, value: Json][] = [
      ['name', ''],
      ['name', 'x'.repeat(33)],
      ['name', 'my chain'],
      ['addressPrefix', ''],
      ['addressPrefix', 'Cal'],
      ['addressPrefix', 'cal1'],
      ['addressPrefix', 'elevenchars'],
      ['genesisTimeMs', -1],
      ['genesisTimeMs', 253_402_300_800_000],
      ['consensus.production.slotMs', 0],
      ['consensus.production.slotMs', 86_400_001],
      ['consensus.finality.blocks', 0],
      ['consensus.finality.blocks', 100_001],
      [AUTHORITIES, new Array(1025).fill(one)],
      ['economy.cap', 0],
      ['economy.schedule.intervalBlocks', 0],
      ['economy.schedule.denominator', 1],
      ['economy.schedule.numerator', 0],
      ['economy.rewardMaturityBlocks', 2 ** 32],
      ['fees.baseFeeChangeDenominator', 0],
      ['fees.blockGasTarget', 0],
      ['fees.gasPerByte', 1_000_001],
      ['limits.blockBytesMax', 33_554_433],
      ['limits.blockBytesMax', 4095],
      ['limits.transactionBytesMax', 1_048_577],
      ['limits.transactionBytesMax', 511],
      ['limits.blockGasMax', 0],
      ['limits.blockGasMax', 1_000_000_000_001],
    ];
    for (const [path, value] of cases) assertRefused([[path, value]], 'genesis/range', `genesis.${path}`);
    assertRefused([['allocations.1.amount', 0]], 'genesis/range', 'genesis.allocations[1].amount');
    assertRefused([['economy.cap', 2 ** 53]], 'genesis/type', 'genesis.economy.cap');
  });

  it('is refused for authorities that could not make blocks, or too easily', () => {
    assertRefused([[AUTHORITIES, []]], 'genesis/authority-missing', `genesis.${AUTHORITIES}`);
    assertRefused(
      [[AUTHORITIES, [one, two, one]]],
      'genesis/authority-repeated',
      `genesis.${AUTHORITIES}[2]`,
    );
    assertRefused(
      [[AUTHORITIES, [one, one.toUpperCase()]]],
      'genesis/authority-repeated',
      `genesis.${AUTHORITIES}[1]`,
    );
    assertRefused([[AUTHORITIES, ['00'.repeat(32)]]], 'genesis/authority-key', `genesis.${AUTHORITIES}[0]`);
    assertRefused(
      [[AUTHORITIES, [one, `02${'00'.repeat(31)}`]]],
      'genesis/authority-key',
      `genesis.${AUTHORITIES}[1]`,
    );
  });

  it('is refused for numbers that contradict one another', () => {
    const cases: readonly [changes: [string, Json][], rule: string, path: string][] = [
      [[['fees.baseFeeMin', 11]], 'genesis/base-fee', 'fees.baseFeeInitial'],
      [[['fees.blockGasTarget', 10_000_001]], 'genesis/gas-target', 'fees.blockGasTarget'],
      [
        [
          ['limits.transactionBytesMax', 131_072],
          ['limits.blockBytesMax', 132_095],
        ],
        'genesis/transaction-limit',
        'limits.transactionBytesMax',
      ],
      [
        [
          ['fees.blockGasTarget', 1],
          ['limits.blockGasMax', 867],
        ],
        'genesis/gas-limit',
        'limits.blockGasMax',
      ],
      [[['economy.reward', 2_100_000_000_000_001]], 'genesis/reward', 'economy.reward'],
      [[['economy.schedule.numerator', 100]], 'genesis/schedule', 'economy.schedule.numerator'],
    ];
    for (const [changes, rule, path] of cases) assertRefused(changes, rule, `genesis.${path}`);
    assert.equal(refusalOf(changed(['fees.blockGasTarget', 1], ['limits.blockGasMax', 868])), undefined);
    assert.equal(refusalOf(changed(['limits.blockBytesMax', 132_096])), undefined);
  });

  it('is refused as a development chain with the prefix of a real network', () => {
    assertRefused([['dev', true]], 'genesis/dev-prefix', 'genesis.addressPrefix');
    const elsewhere = changed(['dev', true], ['addressPrefix', 'cal'], ['allocations', []]);
    assert.equal(refusalOf(elsewhere)?.rule, 'genesis/dev-prefix');
    assert.equal(
      refusalOf(changed(['dev', true], ['addressPrefix', 'mine'], ['allocations', []])),
      undefined,
    );
  });

  it('is refused for addresses that are none, or of another network', () => {
    const address = keyAddress(publicKeyOf(new Uint8Array(32).fill(3)));
    const path = 'allocations.0.address';
    const at = 'genesis.allocations[0].address';
    assertRefused([[path, formatAddress(address, 'cal')]], 'genesis/address-network', at);
    assertRefused([[path, formatAddress(address.slice(1), 'tcal')]], 'genesis/address', at);
    assertRefused([[path, 'tcal1nobody']], 'genesis/address', at);
    assertRefused([[path, 't'.repeat(91)]], 'genesis/range', at);
    const typo = `${exampleGenesisFile.allocations[0]?.address.slice(0, -1)}q`;
    assertRefused([[path, typo]], 'genesis/address', at);
    const refused = refusalOf(changed([path, formatAddress(address, 'cal')]));
    assert.deepEqual([refused?.evidence['got'], refused?.evidence['expected']], ['cal', 'tcal']);
  });

  it('is refused for more coins than the cap, also when the sum cannot be written', () => {
    const [first, second] = exampleGenesisFile.allocations.map(({ address }) => address) as [string, string];
    const allocate = (a: number, b: number): [string, Json] => [
      'allocations',
      [
        { address: first, amount: a },
        { address: second, amount: b },
      ],
    ];
    const at = 'genesis.allocations[1].amount';
    assert.equal(refusalOf(changed(allocate(2_099_999_999_999_999, 1))), undefined);
    assertRefused([allocate(2_099_999_999_999_999, 2)], 'genesis/allocations-over-cap', at);
    assert.equal(refusalOf(changed(['economy.cap', AMOUNT_MAX], allocate(AMOUNT_MAX - 1, 1))), undefined);
    assertRefused(
      [['economy.cap', AMOUNT_MAX], allocate(AMOUNT_MAX, AMOUNT_MAX)],
      'genesis/allocations-over-cap',
      at,
    );
  });
});

it('any JSON in any place is refused by a rule of the genesis file, or gives a spec that gives it again', () => {
  const paths = [...fieldPaths(genesisFileSchema.json, '')].filter((path) => !path.includes('['));
  fc.assert(
    fc.property(fc.constantFrom(...paths), fc.jsonValue({ maxDepth: 2 }), (path, value) => {
      const base = path.startsWith('consensus.validators.') ? stakedGenesisFile : exampleGenesisFile;
      const parsed = parseGenesisFile(changedFrom(base, [[path, value as Json]]));
      if (parsed.ok) assert.deepEqual(parseGenesisFile(formatGenesisFile(parsed.value)), parsed);
      else assert.ok(Object.hasOwn(refuseGenesis.rules, parsed.error.rule), parsed.error.rule);
    }),
  );
});

it('the reference has a row for every field, with its range and its default', () => {
  const reference = readFileSync(new URL('../../../../docs/reference/genesis.md', import.meta.url), 'utf8');
  for (const path of fieldPaths(genesisFileSchema.json, '')) {
    assert.ok(reference.includes(`| \`${path}\` |`), `docs/reference/genesis.md has no row for ${path}`);
  }
  for (const rule of Object.keys(refuseGenesis.rules)) assert.ok(reference.includes(`\`${rule}\``), rule);
});

/** The path of every field that the schema describes, such as `fees.gasPerByte` or `allocations[].amount`. */
function* fieldPaths(schema: JsonSchema, path: string): Generator<string> {
  for (const shape of schema.oneOf ?? []) yield* fieldPaths(shape, path);
  if (schema.items !== undefined) yield* fieldPaths(schema.items, `${path}[]`);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    yield at;
    yield* fieldPaths(field, at);
  }
}
