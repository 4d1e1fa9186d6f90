import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, it } from 'node:test';
import type { LogEntry } from '@calin/core/ports/log.ts';
import { createLog, type LogOptions, parseLogLevels } from './log.ts';
import { formatEntry } from './log-format.ts';

function levels(text: string): LogOptions['levels'] {
  const parsed = parseLogLevels(text);
  assert.ok(parsed.ok, text);
  return parsed.value;
}

/** What a log wrote for some entries. */
function written(options: Omit<LogOptions, 'destination'>, ...entries: readonly LogEntry[]): string {
  let output = '';
  const log = createLog({
    ...options,
    destination: {
      write(text) {
        output += text;
      },
    },
  });
  for (const each of entries) log.write(each);
  return output;
}

function entry(more: Partial<LogEntry> = {}): LogEntry {
  return { level: 'info', part: 'node', message: 'hello', fields: {}, ...more };
}

describe('log levels', () => {
  it('one for all, then one for a part', () => {
    const all = (['debug', 'info', 'warn', 'error'] as const).flatMap((level) =>
      ['store', 'rpc'].map((part) => entry({ level, part, message: `${part}.${level}` })),
    );
    const shown = (text: string): string[] =>
      [...written({ levels: levels(text), format: 'text' }, ...all).matchAll(/(?:store|rpc)\.\w+/g)].map(
        String,
      );
    assert.deepEqual(shown('warn'), ['store.warn', 'rpc.warn', 'store.error', 'rpc.error']);
    assert.deepEqual(shown('error, store=info'), ['store.info', 'store.warn', 'store.error', 'rpc.error']);
    assert.deepEqual(shown('rpc=off,store=error,debug'), ['store.error']);
    assert.deepEqual(shown('off'), []);
  });

  it('what is no level is refused', () => {
    for (const text of [
      '',
      'loud',
      'store=',
      '=info',
      'info,,',
      'store=loud',
      'nett=debug',
      'a'.repeat(500),
      'a=info,'.repeat(65),
    ]) {
      const parsed = parseLogLevels(text);
      assert.equal(parsed.ok ? undefined : parsed.error.rule, 'log/levels', text);
    }
  });
});

describe('what is written', () => {
  it('as JSON, one object a line, fields apart from the message', () => {
    const output = written(
      { levels: levels('debug'), format: 'json' },
      entry({
        level: 'warn',
        part: 'store',
        message: 'a\nb',
        fields: { level: 'x', message: 7, done: true },
      }),
      entry({ level: 'debug' }),
    );
    const [first, second, ...rest] = output.split('\n').filter((line) => line !== '');
    const { time, ...parsed } = JSON.parse(first ?? '') as Record<string, unknown>;
    const fields = { level: 'x', message: 7, done: true };
    assert.deepEqual(parsed, { level: 'warn', part: 'store', fields, message: 'a\nb' });
    assert.match(String(time), /^\d{4}-\d\d-\d\dT[\d:.]{12}Z$/);
    assert.equal((JSON.parse(second ?? '') as Record<string, unknown>)['level'], 'debug');
    assert.deepEqual(rest, []);
  });

  it('as text, one line a message', () => {
    const style = { timeMs: Date.UTC(2025, 0, 1, 12, 34, 56, 789), colour: false };
    const fields = { height: 12, hash: 'ab12', why: 'no "space" left', empty: '', ok: false };
    assert.equal(
      formatEntry(entry({ message: 'a block', fields }), style),
      '12:34:56.789 info  node     a block height=12 hash=ab12 why="no \\"space\\" left" empty="" ok=false\n',
    );
    assert.equal(
      formatEntry(entry({ level: 'error' }), { ...style, colour: true }),
      '\x1b[2m12:34:56.789\x1b[0m \x1b[31merror\x1b[0m node     hello\n',
    );
  });

  it('a stranger’s text can neither forge a line nor steer the terminal', () => {
    const evil = 'x\r\n00:00 info forged\x1b[2J\x9b\u202e';
    const line = formatEntry(entry({ part: evil, message: evil, fields: { [evil]: evil } }), {
      timeMs: 0,
      colour: false,
    });
    assert.match(line, /^[^\p{Cc}\u202e]*\n$/u);
    assert.ok(line.includes('\\x0d\\x0a00:00 info forged\\x1b[2J\\x9b\\u202e'));
  });

  it('secrets are left out by name, and long texts cut', () => {
    for (const format of ['text', 'json'] as const) {
      const names = [
        'secretKey',
        'privateKey',
        'seed',
        'mnemonic',
        'Password',
        'passphrase',
        'apiKey',
        'Authorization',
      ];
      const fields = Object.fromEntries(names.map((name) => [name, 'hunter2']));
      const output = written(
        { levels: levels('info'), format },
        entry({ fields: { ...fields, long: 'y'.repeat(5000) } }),
      );
      assert.ok(!output.includes('hunter2'), output);
      assert.equal(output.split('[secret]').length - 1, names.length);
      assert.ok(output.includes(`${'y'.repeat(1000)}…`) && !output.includes('y'.repeat(1001)));
    }
  });

  it('goes to the standard error output, and all of it is there when the process ends', () => {
    for (const format of ['text', 'json']) {
      const script = `
        import { createLog } from ${JSON.stringify(new URL('./log.ts', import.meta.url).href)};
        const log = createLog({ levels: { everywhere: 'info', parts: new Map() }, format: '${format}' });
        for (let i = 0; i < 500; i++) log.write({ level: 'info', part: 'node', message: 'line', fields: { i } });`;
      const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
      });
      assert.deepEqual([stdout, status, stderr.split('\n').length], ['', 0, 501], format);
      assert.match(stderr.trimEnd().split('\n').at(-1) ?? '', /499/);
    }
  });
});
