import { after, describe, test } from 'node:test';
import { Reader } from './tutorial.testing.ts';

describe('the tutorial, typed as it stands', () => {
  const reader = new Reader();
  after(() => reader.close());

  test('a first chain', () => reader.read('docs/tutorial/01-first-chain.md'));
  test('a token', () => reader.read('docs/tutorial/02-a-token.md'));
  test('an account of three people', () => reader.read('docs/tutorial/03-a-multisig.md'));
  test('a network of three machines', async () => {
    await reader.stopAll();
    await reader.read('docs/tutorial/04-three-machines.md');
    await reader.stopAll();
  });
});
