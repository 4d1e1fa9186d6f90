import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { AMOUNT_MAX } from './amount.ts';
import { AssertionError } from './assert.ts';
import {
  amountField,
  anyValue,
  array,
  boolean,
  choice,
  hex,
  integer,
  nullable,
  object,
  optional,
  refuseSchema,
  type Schema,
  string,
  variant,
  withDefault,
  withDefaults,
} from './schema.ts';

/** The rule a value is refused by, or undefined when it is accepted unchanged. */
function ruleOf(schema: Schema<unknown>, value: unknown): string | undefined {
  const parsed = schema.parse(value, 'value');
  if (!parsed.ok) return parsed.error.rule;
  assert.deepEqual(parsed.value, value);
  return undefined;
}

function check(schema: Schema<unknown>, cases: readonly (readonly [value: unknown, rule?: string])[]): void {
  for (const [value, rule] of cases) assert.equal(ruleOf(schema, value), rule, String(JSON.stringify(value)));
}

describe('a number', () => {
  it('is an integer in its range', () => {
    check(integer('', 1, 5), [
      [1],
      [5],
      [0, 'json/range'],
      [6, 'json/range'],
      [1.5, 'json/type'],
      ['1', 'json/type'],
      [null, 'json/type'],
      [true, 'json/type'],
      [Number.NaN, 'json/type'],
    ]);
    check(integer(''), [[0], [Number.MAX_SAFE_INTEGER], [-1, 'json/range'], [2 ** 53, 'json/type']]);
  });

  it('of base units is an amount', () => {
    check(amountField(''), [
      [0],
      [AMOUNT_MAX],
      [-1, 'json/type'],
      [2 ** 53, 'json/type'],
      ['0', 'json/type'],
    ]);
  });
});

describe('a text', () => {
  it('has a limit and a pattern', () => {
    check(string('', { lengthMax: 3, pattern: '^[a-z]*$' }), [
      ['abc'],
      [''],
      ['abcd', 'json/range'],
      ['A', 'json/range'],
      [1, 'json/type'],
    ]);
    check(string(''), [['x'.repeat(256)], ['x'.repeat(257), 'json/range']]);
  });

  it('of hexadecimal has an exact or a greatest size', () => {
    check(hex('', { bytes: 2 }), [
      ['00fF'],
      ['00f', 'json/range'],
      ['00', 'json/range'],
      ['000000', 'json/range'],
      ['00gg', 'json/type'],
      [0, 'json/type'],
    ]);
    check(hex('', { bytesMax: 2 }), [[''], ['00'], ['0', 'json/type'], ['000000', 'json/range']]);
  });

  it('of a choice is one of its texts', () => {
    check(choice('', ['red', 'blue']), [['red'], ['green', 'json/choice'], [null, 'json/choice']]);
  });
});

describe('true, false, null and anything', () => {
  it('are told apart', () => {
    check(boolean(''), [[true], [false], [0, 'json/type'], ['true', 'json/type']]);
    check(nullable(boolean('')), [[null], [true], [0, 'json/type']]);
    check(anyValue(''), [[null], [[1, { a: 2 }]], ['x']]);
  });
});

describe('a list', () => {
  it('has a limit and one shape', () => {
    check(array('', integer(''), 2), [
      [[]],
      [[1, 2]],
      [[1, 2, 3], 'json/range'],
      [['1'], 'json/type'],
      [{ length: 0 }, 'json/type'],
    ]);
  });
});

describe('an object', () => {
  const point = object('', { x: integer(''), label: optional(string('')) });

  it('has exactly its fields, some of them optional', () => {
    check(point, [
      [{ x: 1 }],
      [{ x: 1, label: 'a' }],
      [{}, 'json/missing'],
      [{ label: 'a' }, 'json/missing'],
      [{ x: 1, y: 2 }, 'json/unknown-field'],
      [{ x: 1, toString: 2 }, 'json/unknown-field'],
      [{ x: '1' }, 'json/type'],
      [[], 'json/type'],
      [null, 'json/type'],
    ]);
  });

  it('does not take a field from its prototype, nor __proto__ from JSON', () => {
    assert.equal(ruleOf(point, Object.create({ x: 1 })), 'json/missing');
    assert.equal(ruleOf(point, JSON.parse('{"x": 1, "__proto__": {"label": 1}}')), 'json/unknown-field');
  });

  it('names the path of what is wrong', () => {
    const nested = object('', { list: array('', point, 3) });
    const parsed = nested.parse({ list: [{ x: 1 }, { x: 'a' }] }, 'params');
    assert.ok(!parsed.ok);
    assert.deepEqual(parsed.error.evidence, { path: 'params.list[1].x', got: 'string', expected: 'integer' });
  });

  it('of several shapes is told apart by a field', () => {
    const shape = variant<unknown>('kind', {
      dot: object('', { kind: choice('', ['dot']) }),
      line: object('', { kind: choice('', ['line']), length: integer('') }),
    });
    check(shape, [
      [{ kind: 'dot' }],
      [{ kind: 'line', length: 2 }],
      [{ kind: 'dot', length: 2 }, 'json/unknown-field'],
      [{ kind: 'line' }, 'json/missing'],
      [{ kind: 'toString' }, 'json/choice'],
      [{ kind: ['dot'] }, 'json/choice'],
      ['dot', 'json/type'],
    ]);
  });
});

describe('any JSON', () => {
  it('is accepted or refused, never thrown at', () => {
    const schema = object('', {
      a: optional(array('', nullable(hex('', { bytesMax: 4 })), 3)),
      b: optional(integer('')),
    });
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = schema.parse(value, 'value');
        if (parsed.ok) assert.deepEqual(parsed.value, value);
        else assert.match(parsed.error.rule, /^json\//);
      }),
    );
  });

  it('describes itself as JSON Schema', () => {
    assert.deepEqual(
      object('A point.', { x: integer('Where.', 0, 9), label: optional(boolean('Marked.')) }).json,
      {
        type: 'object',
        description: 'A point.',
        properties: {
          x: { type: 'integer', description: 'Where.', minimum: 0, maximum: 9 },
          label: { type: 'boolean', description: 'Marked.' },
        },
        required: ['x'],
        additionalProperties: false,
      },
    );
  });
});

describe('JSON that wants to mislead', () => {
  it('writes integers in odd ways, and infinities', () => {
    // A number above 2^53 is read as its neighbour: 9007199254740993 as …992, and 1e400 as Infinity.
    for (const text of ['1e400', '-1e400', '9007199254740993', '[5]', '{}']) {
      assert.equal(ruleOf(integer(''), JSON.parse(text)), 'json/type', text);
      assert.equal(ruleOf(amountField(''), JSON.parse(text)), 'json/type', text);
    }
    assert.deepEqual(integer('').parse(JSON.parse('1e3'), 'v'), { ok: true, value: 1000 });
    for (const schema of [integer(''), amountField('')]) {
      const parsed = schema.parse(JSON.parse('-0'), 'v');
      assert.ok(parsed.ok && Object.is(parsed.value, 0), 'negative zero is zero');
    }
  });

  it('cannot make the evidence throw: fields named toString, and 50,000 brackets', () => {
    const hostile = JSON.parse(`[{"toString": 1, "valueOf": 2}, ${'['.repeat(50_000)}${']'.repeat(50_000)}]`);
    const tagged = variant('kind', { a: object('', { kind: choice('', ['a']) }) });
    for (const value of [...hostile, 7, true, 'b']) {
      assert.equal(ruleOf(choice('', ['a']), value), 'json/choice');
      assert.equal(ruleOf(tagged, { kind: value }), 'json/choice');
    }
  });

  it('uses the names that every object has', () => {
    const named = object('', { name: string('') });
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      const json = JSON.parse(`{"name": "a", "${name}": {"name": 5}}`);
      assert.equal(ruleOf(named, json), 'json/unknown-field', name);
      assert.equal(ruleOf(variant('kind', {}), { kind: name }), 'json/choice', name);
      assert.equal(ruleOf(variant(name, { Object: object('', {}) }), {}), 'json/missing', name);
    }
  });

  it('is long: the length is looked at before the items, and evidence is cut', () => {
    const huge = new Array<number>(1_000_000).fill(1);
    assert.deepEqual(array('', boolean(''), 2).parse(huge, 'v'), {
      ok: false,
      error: { ...refuseSchema('json/range', { path: 'v', got: 1_000_000, max: 2 }).error },
    });
    const parsed = object('', {}).parse({ ['x'.repeat(10_000)]: 1 }, 'v');
    assert.equal(parsed.ok || parsed.error.evidence['got'], 'x'.repeat(80));
  });
});

describe('a default', () => {
  const limits = object('', { size: withDefault(integer(''), 7), dev: withDefault(boolean(''), false) });
  const config = object('', {
    limits: withDefaults(limits),
    list: withDefault(array('', integer(''), 2), []),
  });

  it('stands for what is left out, of a field and of a whole object', () => {
    const value = { limits: { size: 7, dev: false }, list: [] };
    assert.deepEqual(config.parse({}, 'v'), { ok: true, value });
    const changed = { limits: { size: 7, dev: true }, list: [1] };
    assert.deepEqual(config.parse({ limits: { dev: true }, list: [1] }, 'v'), { ok: true, value: changed });
    assert.equal(ruleOf(config, { limits: null }), 'json/type');
  });

  it('is in the JSON Schema, and exists only where every field has one', () => {
    assert.equal(limits.json.properties?.['size']?.default, 7);
    assert.deepEqual(limits.json.required, []);
    assert.throws(() => withDefaults(object('', { x: integer('') })), AssertionError);
  });
});
