import { test } from 'node:test';
import { indexCompliance } from './index-compliance.testing.ts';
import { postgresMissing, startPostgres } from './postgres.testing.ts';
import { PostgresIndex } from './postgres-index.ts';

const CHAIN = new Uint8Array(32).fill(9);

const missing = postgresMissing();
if (missing !== undefined) test('the index in PostgreSQL', { skip: missing }, () => {});
else {
  indexCompliance('the index in PostgreSQL', async () => {
    const server = await startPostgres();
    return {
      open: () => Promise.resolve(PostgresIndex.open(server.url, CHAIN)),
      close: () => server.close(),
    };
  });
}
