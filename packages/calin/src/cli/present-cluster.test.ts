import assert from 'node:assert/strict';
import { test } from 'node:test';
import { liveLines } from './live-lines.ts';
import { formatCluster, formatClusterShort } from './present-cluster.ts';

const DOWN = {
  name: 'node-1',
  pid: undefined,
  url: 'http://127.0.0.1:2',
  restarts: 3,
  status: undefined,
  peers: undefined,
};
const SILENT = { ...DOWN, name: 'node-0', pid: 77, url: 'http://127.0.0.1:1', restarts: 0 };

/** What was written to a stream that is, or is not, a terminal of 30 columns. */
function stream(isTTY: boolean): NodeJS.WriteStream & { readonly written: string[] } {
  const written: string[] = [];
  const fake = { isTTY, columns: 30, written, write: (text: string) => written.push(text) > 0 };
  return fake as unknown as NodeJS.WriteStream & { readonly written: string[] };
}

test('nodes that are down or silent are shown as such', () => {
  const lines = formatCluster([SILENT, DOWN]).split('\n');
  assert.match(lines[1] ?? '', /^node-0 +77 +http:\/\/127\.0\.0\.1:1 +silent/);
  assert.match(lines[2] ?? '', /^node-1 +- +http:\/\/127\.0\.0\.1:2 +down .*started again 3 ×$/);
  assert.equal(formatClusterShort([SILENT, DOWN]), '0 of 2 nodes answer, heights none, 0 heads');
});

test('a terminal shows the lines in place of the last ones, none wider than itself', () => {
  const terminal = stream(true);
  const lines = liveLines(terminal);
  lines.short('never on a terminal');
  lines.update('one\ntwo');
  lines.update(`three\n${'x'.repeat(80)}`);
  assert.equal(terminal.written.length, 2);
  assert.equal(terminal.written[0], '\x1b[2Kone\n\x1b[2Ktwo\n\x1b[J');
  assert.equal(terminal.written[1], `\x1b[2A\x1b[2Kthree\n\x1b[2K${'x'.repeat(29)}\n\x1b[J`);
});

test('elsewhere the short text is written once, and not again at once', () => {
  const file = stream(false);
  const lines = liveLines(file);
  lines.update('a table');
  lines.short('one');
  lines.short('one');
  lines.short('two');
  assert.deepEqual(file.written, ['one\n']);
});
