import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseConfig } from './config-file.ts';

function why(text: string) {
  const parsed = parseConfig(text);
  assert.ok(!parsed.ok, `${text} is accepted`);
  assert.equal(parsed.error.rule, 'cli/config-file');
  return parsed.error.evidence;
}

test('known keys with plain values are taken', () => {
  const parsed = parseConfig('{"port": 1, "log": "warn", "data": "/x", "block-time": 5}');
  assert.deepEqual(parsed, { ok: true, value: { port: 1, log: 'warn', data: '/x', 'block-time': 5 } });
  assert.deepEqual(parseConfig('{}'), { ok: true, value: {} });
});

test('anything else is refused, naming the key', () => {
  assert.deepEqual(why('{"prot": 1}'), { why: 'unknown key', key: 'prot', didYouMean: 'port' });
  assert.equal(why('{"__proto__": 1}')['key'], '__proto__');
  assert.equal(why('{"port": null}')['key'], 'port');
  assert.equal(why('{"port": [1]}')['key'], 'port');
  assert.equal(why('[]')['why'], 'it is not an object');
  assert.match(String(why('{"port": 1,}')['why']), /JSON/);
  assert.equal(why(`"${'x'.repeat(70_000)}"`)['why'], 'it is too long');
});
