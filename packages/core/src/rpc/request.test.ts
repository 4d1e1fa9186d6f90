import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { REQUEST_DEPTH_MAX } from './limits.ts';
import { parseRequestText } from './request.ts';

/** How deep a value is nested, by walking through it. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

function ruleOf(text: string): string | undefined {
  const parsed = parseRequestText(text);
  return parsed.ok ? undefined : parsed.error.rule;
}

test('only brackets outside texts count as nesting, whatever the texts escape', () => {
  const text = fc.string({ unit: fc.constantFrom('"', '\\', '[', '{', ']', 'a', '\n'), maxLength: 12 });
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      text,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(text, tie('value'), { maxKeys: 2 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, fc.nat(REQUEST_DEPTH_MAX + 1), (inner, around) => {
      const json = '['.repeat(around) + JSON.stringify(inner) + ']'.repeat(around);
      const isTooDeep = around + depthOf(inner) > REQUEST_DEPTH_MAX;
      assert.equal(ruleOf(json), isTooDeep ? 'rpc/too-deep' : undefined, json);
    }),
    { numRuns: 500 },
  );
});

test('a text that does not end hides what follows, and is no JSON', () => {
  for (const json of ['"', '"\\', '"\\"', `["\\\\\\"${'['.repeat(100)}`]) {
    assert.equal(ruleOf(json), 'rpc/parse-error', json);
  }
  assert.equal(ruleOf(`"\\\\"${'['.repeat(100)}`), 'rpc/too-deep');
});
