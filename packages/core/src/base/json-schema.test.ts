import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JsonSchemaChecker } from './json-schema.testing.ts';

/** Schema, what it takes, what it does not: each keyword that the schemas of the tests use. */
const CASES: readonly (readonly [unknown, readonly unknown[], readonly unknown[]])[] = [
  [{ type: 'integer' }, [1, -3, 2 ** 53], [1.5, '1', null]],
  [{ type: ['string', 'null'] }, ['', null], [0, []]],
  [{ type: 'object' }, [{}], [[], null]],
  [{ enum: ['a', 1] }, ['a', 1], ['b', '1']],
  [{ minimum: 1, maximum: 2 }, [1, 2, 'x'], [0, 3]],
  [{ exclusiveMinimum: 0 }, [1], [0]],
  [{ minLength: 1, maxLength: 2, pattern: '^a' }, ['a', 'ab', 3], ['', 'abc', 'b']],
  [{ items: { type: 'null' }, minItems: 1, maxItems: 2 }, [[null], 'x'], [[], [1], [null, null, null]]],
  [{ uniqueItems: true }, [[1, 2]], [[1, 1]]],
  [{ required: ['a'], properties: { a: true, b: false } }, [{ a: 1 }, 5], [{}, { a: 1, b: 1 }]],
  [
    { properties: { a: {} }, patternProperties: { '^x-': { type: 'string' } }, additionalProperties: false },
    [{}, { a: 1, 'x-b': '' }],
    [{ 'x-b': 1 }, { c: 1 }],
  ],
  [{ additionalProperties: { type: 'number' } }, [{ a: 1 }], [{ a: '1' }]],
  [{ propertyNames: { pattern: '^a' } }, [{ ab: 1 }], [{ b: 1 }]],
  [{ oneOf: [{ type: 'integer' }, { minimum: 5 }] }, [1, 5.5], [6, 1.5]],
  [{ anyOf: [{ type: 'integer' }, { minimum: 5 }] }, [1, 6], [1.5]],
  [{ $ref: 'other#/definitions/a~1b', type: 'null' }, ['text'], [null]],
  [{ $ref: '#/definitions/own', definitions: { own: { type: 'null' } } }, [null], [1]],
];

const OTHER = { definitions: { 'a/b': { $ref: '#/definitions/c' }, c: { type: 'string' } } };

test('takes what a schema takes, and nothing else', () => {
  for (const [schema, valid, invalid] of CASES) {
    const checker = new JsonSchemaChecker({ s: schema, other: OTHER });
    for (const value of valid)
      assert.deepEqual(checker.check('s', value), [], JSON.stringify([schema, value]));
    for (const value of invalid)
      assert.notDeepEqual(checker.check('s', value), [], JSON.stringify([schema, value]));
  }
});

test('a keyword that it does not know, and a reference that leads nowhere, are mistakes of the test', () => {
  const checker = new JsonSchemaChecker({ s: { not: {} }, t: { $ref: '#/nowhere' } });
  assert.throws(() => checker.check('s', 1), /not is not known/);
  assert.throws(() => checker.check('t', 1), /leads nowhere/);
});
