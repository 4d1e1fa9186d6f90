import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Activity, formatHistoryCsv } from './history-csv.ts';

const isoTime = (timeMs: number) => `t${timeMs}`;

function entry(changes: Partial<Activity>): Activity {
  const txid = 'ab'.repeat(32);
  const token = { asset: 0, symbol: null, decimals: 8 };
  const moved = { received: 150_000_000, sent: 0, direction: 'in', reward: false } as const;
  return { txid, height: 3, position: 1, timeMs: 5, ...token, ...moved, ...changes };
}

test('one line for each asset of a transaction, in units that people know', () => {
  const token = entry({ asset: 77, symbol: 'TEA', decimals: 2, received: 0, sent: 150, direction: 'out' });
  const names = { label: () => 'rent', contact: () => 'bob' };
  assert.equal(
    formatHistoryCsv([entry({}), token], names, isoTime),
    'time,txid,height,asset,symbol,received,sent,label,contact\r\n' +
      `t5,${'ab'.repeat(32)},3,0,CALIN,1.5,0,rent,bob\r\n` +
      `t5,${'ab'.repeat(32)},3,77,TEA,0,1.5,rent,bob\r\n`,
  );
});

test('a label is text to a spreadsheet, whatever it begins with', () => {
  for (const [label, expected] of [
    ['=1+2', "'=1+2"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@A1', "'@A1"],
    ['\tx', "'\tx"],
    ['a "b", c', '"a ""b"", c"'],
    ['=HYPERLINK("x")', `"'=HYPERLINK(""x"")"`],
    ['two\nlines', '"two\nlines"'],
    ['1=1', '1=1'],
  ] as const) {
    const text = formatHistoryCsv([entry({})], { label: () => label, contact: () => undefined }, isoTime);
    assert.ok(text.endsWith(`,${expected},\r\n`), JSON.stringify(text));
  }
});
