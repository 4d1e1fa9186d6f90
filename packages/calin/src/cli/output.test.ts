import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRefusal, formatTable, printable } from './output.ts';
import { formatProgressBar, progressBar } from './progress-bar.ts';
import { refuseCli } from './rules.ts';

test('columns are as wide as their widest cell', () => {
  assert.equal(
    formatTable(
      [
        ['a', '10', 'x'],
        ['long', '9', ''],
      ],
      [1],
    ),
    'a     10  x\nlong   9',
  );
  assert.equal(formatTable([]), '');
});

test('a refusal says what, what to do, which rule and why', () => {
  const { error } = refuseCli('cli/unknown-command', { got: 'sned', didYouMean: 'send' });
  const text = formatRefusal(error, false);
  assert.match(
    text,
    /^calin: There is no such command\.\n {2}Did you mean "send"\? See .*\n {2}cli\/unknown-command {2}got=sned/,
  );
  assert.ok(!text.includes('\x1b'));
  assert.ok(formatRefusal(error, true).includes('\x1b[31mcalin:\x1b[0m'));
});

test('a stranger’s text cannot move the cursor or turn the line', () => {
  assert.equal(printable('a\x1b[2Jb\u202ec\u0007\rd\n\te'), 'a?[2Jb?c??d\n\te');
});

test('a progress bar is between empty and full', () => {
  assert.match(formatProgressBar('x', 0, 0), /^x ░{24} {3}0 % {2}0 of 0$/);
  assert.match(formatProgressBar('x', 5, 10), /█{12}░{12} {2}50 %/);
  assert.match(formatProgressBar('x', 11, 10), /█{24} 100 %/);
});

test('where there is no terminal, progress is a plain line now and then', () => {
  const written: string[] = [];
  const stream = { isTTY: false, write: (text: string) => written.push(text) > 0 };
  let nowMs = 5_000;
  const bar = progressBar('seeds', stream as unknown as NodeJS.WriteStream, () => nowMs);
  for (let done = 0; done <= 50; done++) {
    bar.update(done, 200);
    nowMs += 1_000;
  }
  bar.clear();
  assert.deepEqual(written, ['seeds 7 %  15 of 200\n', 'seeds 15 %  30 of 200\n', 'seeds 22 %  45 of 200\n']);
});
