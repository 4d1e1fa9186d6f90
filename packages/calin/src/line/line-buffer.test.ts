import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LineBuffer } from './line-buffer.ts';

const LIMITS = { lineBytesMax: 32, dataBytesMax: 300_000 };

/** A budget that counts what is out. */
function budgetOf(bytesMax: number) {
  const budget = {
    out: 0,
    take(bytes: number) {
      if (budget.out + bytes > bytesMax) return false;
      budget.out += bytes;
      return true;
    },
    give(bytes: number) {
      budget.out -= bytes;
    },
  };
  return budget;
}

/** All lines of some chunks, and the rule that ended them. */
function linesOf(chunks: readonly Uint8Array[], budget = budgetOf(2 ** 20)) {
  const buffer = new LineBuffer(LIMITS, budget);
  const lines: string[] = [];
  for (const chunk of chunks) {
    buffer.push(Buffer.from(chunk));
    for (let line = buffer.next(); line !== undefined; line = buffer.next()) {
      if (!line.ok) return { lines, rule: line.error.rule, buffer };
      lines.push(line.value);
      buffer.release();
    }
  }
  return { lines, rule: undefined, buffer };
}

const ascii = (text: string) => Buffer.from(text, 'latin1');

test('lines come out as they went in, however the stream is cut', () => {
  const line = fc.stringMatching(/^[\x20-\x7e]{0,32}$/);
  const cuts = fc.array(fc.nat({ max: 200 }), { maxLength: 12 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), cuts, fc.boolean(), (lines, at, isWindows) => {
      const bytes = ascii(lines.map((one) => `${one}${isWindows ? '\r\n' : '\n'}`).join(''));
      const edges = [0, ...at.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length];
      const chunks = edges.slice(1).map((end, i) => bytes.subarray(edges[i], end));
      // A carriage return takes its byte of the longest line.
      const kept = lines.every((one) => one.length + (isWindows ? 1 : 0) <= LIMITS.lineBytesMax);
      const found = linesOf(chunks);
      if (kept) assert.deepEqual([found.lines, found.rule], [lines, undefined]);
      else assert.equal(found.rule, 'line/too-long');
    }),
  );
});

test('a line is refused as soon as it is too long, not when it ends', () => {
  assert.equal(linesOf([ascii('x'.repeat(32)), ascii('\n')]).rule, undefined);
  assert.equal(linesOf([ascii('x'.repeat(33))]).rule, 'line/too-long');
  assert.equal(linesOf([ascii('SYNC_BLOCKCHAIN:'), ascii('x'.repeat(200_000))]).rule, undefined);
  assert.equal(linesOf([ascii('SYNC_BLOCKCHAIN:'), ascii('x'.repeat(299_985))]).rule, 'line/too-long');
  assert.equal(linesOf([ascii(`sync_blockchain:${'x'.repeat(40)}`)]).rule, 'line/too-long');
});

test('control characters and bytes beyond ASCII are refused', () => {
  for (const text of ['a\0b', 'a\rb', 'a\tb', '\x7f', '\x1b[2J', 'caf\xe9']) {
    assert.equal(linesOf([ascii(`${text}\n`)]).rule, 'line/encoding', JSON.stringify(text));
  }
});

test('long lines share one budget, and give back what they took', () => {
  const budget = budgetOf(200_000);
  const first = linesOf([ascii(`SYNC_BLOCKCHAIN:${'x'.repeat(150_000)}`)], budget);
  assert.equal(first.rule, undefined);
  assert.ok(budget.out >= 150_000);
  assert.equal(linesOf([ascii(`SYNC_BLOCKCHAIN:${'x'.repeat(150_000)}`)], budget).rule, 'line/busy');
  first.buffer.push(ascii('\n'));
  assert.equal(first.buffer.next()?.ok, true);
  first.buffer.release();
  assert.equal(budget.out, 0);
});
