import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AssertionError } from '../base/assert.ts';
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { hash } from '../crypto/hash.ts';
import { type ChainSpec, encodeSpec, specHash } from './chain-spec.ts';
import { parseGenesisFile } from './genesis-file.ts';
import { exampleGenesisFile } from './vectors.ts';

const parsed = parseGenesisFile(exampleGenesisFile);
assert.ok(parsed.ok);
const spec = parsed.value;
const { production } = spec.consensus;

/** Each number, text, flag, byte list and list of a value, by its path, with another value in its place. */
function* changes(value: unknown, path: string): Generator<[path: string, changed: unknown]> {
  if (typeof value === 'number') yield [path, value + 1];
  else if (typeof value === 'boolean') yield [path, !value];
  else if (typeof value === 'string') yield [path, `${value}x`];
  else if (value instanceof Uint8Array) yield [path, value.map((byte, i) => (i === 31 ? byte ^ 1 : byte))];
  else if (Array.isArray(value)) {
    yield [`${path}.length`, [...value, ...value.slice(0, 1)]];
    yield [`${path}.order`, value.toReversed()];
    for (const [i, item] of value.entries()) {
      for (const [at, changed] of changes(item, `${path}[${i}]`)) yield [at, value.with(i, changed)];
    }
  } else {
    for (const [name, field] of Object.entries(value as object)) {
      if (name === 'kind') continue;
      for (const [at, changed] of changes(field, `${path}.${name}`)) {
        yield [at, { ...(value as object), [name]: changed }];
      }
    }
  }
}

describe('the hash of a spec', () => {
  it('changes with every field', () => {
    const hashes = new Map([[toHex(specHash(spec)), 'spec']]);
    for (const [path, changed] of changes(spec, 'spec')) {
      const id = toHex(specHash(changed as ChainSpec));
      assert.equal(hashes.get(id), undefined, `${path} and ${hashes.get(id)} have one hash`);
      hashes.set(id, path);
    }
    // Name, prefix, time, dev; 2 authorities (3 ways), slot, depth; 3 + 3 of the economy; 8 fees; 3 limits;
    // 2 allocations (2 + 2 × 2 ways); and the spec itself.
    assert.equal(hashes.size, 4 + 4 + 1 + 1 + 6 + 8 + 3 + 6 + 1);
  });

  it('changes with the kind of schedule', () => {
    const schedules = [
      { kind: 'constant' },
      { kind: 'halving', intervalBlocks: 5 },
      { kind: 'decay', intervalBlocks: 5, numerator: 1, denominator: 2 },
    ] as const;
    const ids = schedules.map((schedule) =>
      toHex(specHash({ ...spec, economy: { ...spec.economy, schedule } })),
    );
    assert.equal(new Set(ids).size, 3);
  });

  it('is BLAKE3 of the bytes under the domain "spec"', () => {
    assert.deepEqual(specHash(spec), hash('spec', encodeSpec(spec)));
  });
});

it('the bytes of a spec are those of the reference, field by field', () => {
  assert(production.kind === 'poa');
  const [first, second] = production.authorities as [Uint8Array, Uint8Array];
  const [rich, poor] = spec.allocations.map(({ address }) => address) as [Uint8Array, Uint8Array];
  const expected = concatBytes(
    fromHex('01000000'), // version
    fromHex('0d'), // 13 bytes of name
    fromHex('63616c696e2d6578616d706c65'), // calin-example
    fromHex('04' + '7463616c'), // tcal
    fromHex('00a8da769b010000'), // 2026-01-01T00:00:00Z
    fromHex('00'), // not a development chain
    fromHex('01' + '88130000' + '0200'), // poa, slots of 5,000 ms, two authorities
    first,
    second,
    fromHex('01' + '14000000'), // depth, 20 blocks
    fromHex('0040075af0750700' + '80f0fa0200000000' + '64000000'), // cap, reward, maturity
    fromHex('03' + 'a0860100' + '63000000' + '64000000'), // decay, every 100,000 blocks, 99 / 100
    fromHex('0a00000000000000' + '0100000000000000' + '08000000' + '404b4c0000000000'), // base fee and gas target
    fromHex('01000000' + '90010000' + '6e000000' + '78000000'), // gas of a byte, signature, output, action
    fromHex('00002000' + '8096980000000000' + '00000200'), // limits
    fromHex('02000000'), // two allocations
    rich,
    fromHex('00407a10f35a0000'),
    poor,
    fromHex('0100000000000000'),
  );
  assert.equal(toHex(encodeSpec(spec)), toHex(expected));
});

it('does not encode what has no bytes of its own', () => {
  assert.throws(() => encodeSpec({ ...spec, name: '\ud800' }), AssertionError);
  assert.throws(() => encodeSpec({ ...spec, name: 'x'.repeat(256) }), AssertionError);
  assert(production.kind === 'poa');
  const short = { ...production, authorities: [(production.authorities[0] as Uint8Array).slice(1)] };
  const consensus = { ...spec.consensus, production: short };
  assert.throws(() => encodeSpec({ ...spec, consensus }), AssertionError);
});
