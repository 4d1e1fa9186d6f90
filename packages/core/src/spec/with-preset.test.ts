import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toHex } from '../base/bytes.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import { formatAddress, keyAddress } from '../primitives/address.ts';
import { PRESET_NAMES, PRESETS, type PresetName } from './consensus-presets.ts';
import { formatGenesisFile, parseGenesisFile } from './genesis-file.ts';
import { genesisFileSchema } from './genesis-schema.ts';
import { shortestGenesisFile } from './vectors.ts';

const key = toHex(publicKeyOf(new Uint8Array(32).fill(9)));
const owner = formatAddress(keyAddress(publicKeyOf(new Uint8Array(32).fill(8))), 'cal');
const stakes = [{ publicKey: key, owner, amount: 100_000_000_000 }];
const withDefaults = [{ ...stakes[0], commissionPermille: 50 }];

const fileOf = (consensus: unknown) => ({ ...shortestGenesisFile, consensus });

/** What the file stands for, whether or not its parts go together. */
function expanded(consensus: unknown) {
  const parsed = genesisFileSchema.parse(fileOf(consensus), 'genesis');
  assert.ok(parsed.ok, parsed.ok ? '' : JSON.stringify(parsed.error));
  return parsed.value.consensus;
}

function refusal(consensus: unknown) {
  const parsed = parseGenesisFile(fileOf(consensus));
  assert.ok(!parsed.ok);
  const { rule, evidence } = parsed.error;
  return [rule, evidence['path'], evidence['got'], evidence['expected']];
}

/** The shortest file with a preset. */
function shortest(preset: PresetName): object {
  if (preset === 'poa') return { preset, production: { authorities: [key] } };
  return PRESETS[preset].needsValidators ? { preset, validators: { stakes } } : { preset };
}

describe('a preset', () => {
  for (const name of PRESET_NAMES) {
    it(`${name} stands for all its numbers`, () => {
      const { production, finality, validators, needsValidators } = PRESETS[name];
      const got = expanded(shortest(name));
      assert.deepEqual(got.production, name === 'poa' ? { ...production, authorities: [key] } : production);
      assert.deepEqual(got.finality, finality);
      assert.equal(got.validators !== undefined, needsValidators);
      if (!needsValidators) return;
      const { stakes: given, ...rest } = { stakes: [], ...got.validators };
      assert.deepEqual(given, withDefaults);
      assert.deepEqual({ ...rest, ...validators }, rest);
    });

    it(`${name} has a reason for each of its numbers`, () => {
      const { production, finality, validators, why } = PRESETS[name];
      const numbers = Object.entries({ production, finality, validators }).flatMap(([part, fields]) =>
        Object.keys(fields).flatMap((field) => (field === 'kind' ? [] : [`${part}.${field}`])),
      );
      assert.deepEqual(Object.keys(why).toSorted(), numbers.toSorted());
    });
  }

  it('is written out', () => {
    const parsed = parseGenesisFile(fileOf({ preset: 'pow' }));
    assert.ok(parsed.ok);
    const written = formatGenesisFile(parsed.value);
    const { production, finality } = PRESETS.pow;
    assert.deepEqual(written.consensus, { production, finality });
    assert.deepEqual(parseGenesisFile(written), parsed);
  });

  it('may be changed in any number', () => {
    for (const name of PRESET_NAMES) {
      for (const path of Object.keys(PRESETS[name].why)) {
        const [part, field] = path.split('.') as ['production' | 'finality' | 'validators', string];
        const file = shortest(name) as Record<string, object>;
        const before = part === 'validators' && file[part] === undefined ? { stakes } : file[part];
        const kind = part === 'validators' && before !== file[part] ? { kind: 'stake' } : {};
        const got = expanded({ ...file, [part]: { ...before, ...kind, [field]: 7 } });
        assert.equal((got[part] as unknown as Record<string, unknown>)[field], 7, `${name} ${path}`);
      }
    }
  });

  it('gives way to a part of another kind, but for the length of an epoch', () => {
    const authorities = { kind: 'authorities', authorities: [key] };
    const got = expanded({ preset: 'bft', validators: authorities });
    assert.deepEqual(got.validators, { ...authorities, epochBlocks: 86_400 });
    const mined = expanded({
      preset: 'poa',
      production: { kind: 'pow', initialDifficulty: 5, blockMs: 1000 },
    });
    assert.deepEqual(mined.production, {
      kind: 'pow',
      initialDifficulty: 5,
      blockMs: 1000,
      halfLifeMs: 3_600_000,
    });
    assert.deepEqual(mined.finality, PRESETS.poa.finality);
  });

  it('is refused for a name that is none, and for what does not fit it', () => {
    const at = 'genesis.consensus';
    assert.deepEqual(refusal({ preset: 'proof' }).slice(0, 3), ['genesis/choice', `${at}.preset`, 'proof']);
    assert.deepEqual(refusal({ preset: 7 }).slice(0, 2), ['genesis/choice', `${at}.preset`]);
    assert.deepEqual(refusal({ preset: 'poa' }).slice(0, 2), [
      'genesis/authority-missing',
      `${at}.production.authorities`,
    ]);
    assert.deepEqual(refusal({ preset: 'pos' }), [
      'genesis/missing',
      `${at}.validators`,
      undefined,
      'stakes',
    ]);
    assert.deepEqual(refusal({ preset: 'pow', finality: 6 }).slice(0, 2), ['genesis/type', `${at}.finality`]);
    assert.deepEqual(refusal({ preset: 'pow', finality: { depth: 6 } }).slice(0, 3), [
      'genesis/unknown-field',
      `${at}.finality`,
      'depth',
    ]);
    assert.deepEqual(refusal({ preset: 'pow', blocks: 6 }).slice(0, 3), [
      'genesis/unknown-field',
      at,
      'blocks',
    ]);
    assert.deepEqual(refusal({ preset: 'pow', finality: { kind: 'votes-each' } }).slice(0, 3), [
      'genesis/consensus-combination',
      `${at}.finality.kind`,
      'pow + votes-each',
    ]);
  });
});
