import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { ok } from '@calin/core/base/result.ts';
import { defineCommand } from './command.ts';
import { environmentName, parseCommandLine } from './parse-options.ts';

const command = defineCommand({
  name: 'try',
  summary: 'Tries.',
  arguments: [{ name: 'THING', summary: 'What.', required: true }],
  options: {
    data: { kind: 'text', summary: 'Folder', ambient: true },
    port: { kind: 'integer', min: 0, max: 65_535, fallback: 8645, summary: 'Port', ambient: true },
    log: { kind: 'text', fallback: 'info', summary: 'Log', ambient: true },
    words: { kind: 'text', choices: ['12', '24'], fallback: '12', summary: 'Words' },
    place: { kind: 'text', choices: ['here'], beginnings: ['db://'], summary: 'Where' },
    fresh: { kind: 'flag', short: 'f', summary: 'Fresh' },
  },
  examples: [],
  run: async () => ok(undefined),
});

function folder(context: TestContext, config?: unknown): string {
  const path = mkdtempSync(join(tmpdir(), 'calin-options-'));
  context.after(() => rmSync(path, { recursive: true }));
  if (config !== undefined) writeFileSync(join(path, 'calin.json'), JSON.stringify(config));
  return path;
}

function parse(words: readonly string[], env: Record<string, string> = {}) {
  const parsed = parseCommandLine(command, words, env);
  assert.ok(parsed.ok, parsed.ok ? '' : `${parsed.error.rule} ${JSON.stringify(parsed.error.evidence)}`);
  return parsed.value;
}

function refusal(words: readonly string[], env: Record<string, string> = {}) {
  const parsed = parseCommandLine(command, words, env);
  assert.ok(!parsed.ok, 'it is accepted');
  return parsed.error;
}

test('option over environment over configuration file over default', (context) => {
  const data = folder(context, { port: 3, log: 'warn' });
  const words = ['thing', '--data', data];
  const env = { CALIN_PORT: '2' };
  assert.equal(parse([...words, '--port', '1'], env).options['port'], 1);
  assert.equal(parse(words, env).options['port'], 2);
  assert.equal(parse(words).options['port'], 3);
  assert.equal(parse(['thing', '--data', folder(context)]).options['port'], 8645);
  assert.equal(parse(words, { CALIN_LOG: '' }).options['log'], 'warn', 'an empty variable says nothing');
});

test('the data folder of the environment has the configuration file, and --config names another', (context) => {
  const data = folder(context, { port: 3 });
  const other = join(folder(context, { port: 4 }), 'calin.json');
  assert.equal(parse(['thing'], { CALIN_DATA: data }).options['port'], 3);
  assert.equal(parse(['thing', '--config', other], { CALIN_DATA: data }).options['port'], 4);
  assert.equal(refusal(['thing', '--config', join(data, 'none.json')]).rule, 'cli/config-file');
});

test('only ambient options are read from the environment', (context) => {
  const data = folder(context);
  assert.equal(parse(['thing', '--data', data], { CALIN_WORDS: '24' }).options['words'], '12');
  assert.equal(environmentName('block-time'), 'CALIN_BLOCK_TIME');
});

test('what is wrong is named, with where it came from', (context) => {
  const data = folder(context, { port: true });
  const at = ['thing', '--data', folder(context)];
  const unknown = refusal([...at, '--prot', '1']);
  assert.deepEqual([unknown.rule, unknown.evidence['didYouMean']], ['cli/unknown-option', '--port']);
  for (const value of ['-1', '65536', '1.5', '1e3', '', 'x', ' 1']) {
    assert.equal(refusal([...at, `--port=${value}`]).rule, 'cli/option-value', value);
  }
  assert.equal(refusal(at, { CALIN_PORT: 'x' }).evidence['from'], 'CALIN_PORT');
  assert.equal(refusal(['thing', '--data', data]).evidence['from'], 'the configuration file');
  assert.equal(refusal([...at, '--words', '13']).evidence['expected'], '12, 24');
  assert.equal(refusal([...at, '--fresh=no']).evidence['why'], 'it takes no value');
  assert.equal(refusal([...at, '--port']).evidence['why'], 'its value is missing');
  assert.equal(refusal([...at, '--port', '1', '--port', '2']).evidence['why'], 'it was given twice');
  assert.equal(refusal(at.slice(1)).evidence['expected'], 'THING');
  assert.equal(refusal([...at, 'other']).rule, 'cli/too-many-arguments');
});

test('short names, flags and --', (context) => {
  const data = folder(context);
  assert.equal(parse(['thing', '--data', data, '-f']).options['fresh'], true);
  assert.equal(parse(['thing', '--data', data]).options['fresh'], false);
  assert.deepEqual(parse(['--data', data, '--', '--thing']).arguments, ['--thing']);
  assert.equal(parse(['-h']).options['help'], true, 'help needs no arguments');
});

test('a name of Object.prototype is no option', (context) => {
  const data = folder(context);
  for (const name of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
    assert.equal(refusal(['thing', '--data', data, `--${name}`, 'x']).rule, 'cli/unknown-option', name);
  }
});

test('a choice may also be a text that begins as one of a few', () => {
  const parse = (place: string) => parseCommandLine(command, ['thing', '--place', place], {});
  for (const place of ['here', 'db://host/name']) {
    const parsed = parse(place);
    assert.ok(parsed.ok && parsed.value.options['place'] === place);
  }
  const refused = parse('xdb://');
  assert.ok(!refused.ok);
  assert.equal(refused.error.evidence['expected'], 'here, db://…');
});
