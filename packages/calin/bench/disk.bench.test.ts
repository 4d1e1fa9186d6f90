import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './disk.bench.ts';

test('the disk after a few blocks', async () => {
  const options = { coins: 300, blocks: 4, transfers: 200 };
  const result = await checkBench(bench, options, ['bytesPerTransfer', 'bytesPerTransferWithIndex']);
  const plain = result['recordBytesPerTransfer'] as Record<string, number>;
  const indexed = result['recordBytesPerTransferWithIndex'] as Record<string, number>;
  assert((plain['blocks'] as number) > 248, 'a block holds its transfers');
  assert.equal(plain['transactionIndex'], undefined);
  assert((indexed['transactionIndex'] as number) > 32, 'the index holds each txid');
});
