import { test } from 'node:test';
import { checkBench } from './check-bench.testing.ts';
import { bench } from './hash.bench.ts';

test('hashing, kernel and twin', async () => {
  const options = { messages: 8, chunks: 1, rounds: 1 };
  const fields = ['node', 'body', 'transfer', 'mixed', 'snapshotChunk'].flatMap((kind) => {
    const name = kind[0]?.toUpperCase() + kind.slice(1);
    return [`plain${name}Ns`, `kernel${name}Ns`];
  });
  await checkBench(bench, options, fields);
});
