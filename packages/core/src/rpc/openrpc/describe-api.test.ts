import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Rule } from '../../base/rules.ts';
import { integer, object } from '../../base/schema.ts';
import { lockJson } from '../json/lock.ts';
import { type AnyMethod, defineHostMethod } from '../method.ts';
import { describeApi } from './describe-api.ts';

const RULES: Readonly<Record<string, Rule>> = {
  'rpc/topic': { message: 'T.', help: 't' },
  'json/type': { message: 'J.', help: 'j' },
  'node/busy': { message: 'B.', help: 'b', retry: true },
  'node/other': { message: 'O.', help: 'o' },
};

function describe(errors: readonly string[]) {
  const method = defineHostMethod({
    name: 'x_do',
    summary: 'Does.',
    description: 'At once.',
    params: object('P', { n: integer('N.', 0, 5) }),
    result: object('R', { lock: lockJson }),
    errors,
    example: { n: 3 },
    devOnly: true,
  });
  return describeApi([method as AnyMethod], RULES, '1.2.3');
}

test('a method is described by what it declares, and known shapes by their names', () => {
  const { methods, info, components } = describe([]);
  const [method] = methods;
  assert.equal(info.version, '1.2.3');
  assert.deepEqual(method?.params, [
    {
      name: 'n',
      description: 'N.',
      required: true,
      schema: { type: 'integer', description: 'N.', minimum: 0, maximum: 5 },
    },
  ]);
  assert.deepEqual(method?.result.schema.properties, { lock: { $ref: '#/components/schemas/lock' } });
  assert.deepEqual(method?.examples[0]?.params, [{ name: 'n', value: 3 }]);
  assert.deepEqual(method?.tags, [{ name: 'x' }]);
  assert.equal(method?.['x-dev-only'], true);
  // A shape is written out where it is described.
  assert.equal(components.schemas['lock']?.oneOf?.length, 5);
});

test('each code of an error stands once, with all rules that have it', () => {
  const { methods } = describe(['json/type', 'rpc/topic', 'node/busy', 'node/other']);
  const errors = methods[0]?.errors.map(({ code, data }) => [code, data.rules.map(({ rule }) => rule)]);
  assert.deepEqual(errors, [
    [-32602, ['json/type', 'rpc/topic']],
    [-32001, ['node/busy']],
    [-32000, ['node/other']],
  ]);
});

test('a rule that is not declared is a bug of whoever names it', () => {
  assert.throws(() => describe(['rpc/nothing']), /no rule rpc\/nothing/);
  assert.throws(() => describe(['toString']), /no rule/);
});
