import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { it } from 'node:test';
import {
  ACTIONS_MAX,
  BLOCK_BYTES_MAX,
  INPUTS_MAX,
  LOCK_KEYS_MAX,
  OUTPUTS_MAX,
  SEAL_BYTES_MAX,
  TRANSACTION_BYTES_MAX,
  VALIDATORS_MAX,
  WITNESSES_MAX,
} from './limits.ts';
import { SPEND_BYTES_MIN } from './transaction.ts';

const reference = readFileSync(new URL('../../../../docs/reference/encodings.md', import.meta.url), 'utf8');

it('the reference names the limits of the code', () => {
  const commas = (value: number) => String(value).replace(/\B(?=(\d{3})+$)/g, ',');
  const rows: readonly [what: string, limit: string][] = [
    ['Inputs, outputs, witnesses of a transaction', `${INPUTS_MAX} each`],
    ['Actions of a transaction', commas(ACTIONS_MAX)],
    ['Bytes of a transaction', commas(TRANSACTION_BYTES_MAX)],
    ['Bytes of a block', commas(BLOCK_BYTES_MAX)],
    ['Bytes of a seal', commas(SEAL_BYTES_MAX)],
    ['Keys of a multisig or a set of guardians', commas(LOCK_KEYS_MAX)],
    ['Validators of an epoch', commas(VALIDATORS_MAX)],
    ['Transactions of a block', `1 + ⌊bytes after the count / ${SPEND_BYTES_MIN}⌋`],
  ];
  for (const [what, limit] of rows) assert.ok(reference.includes(`| ${what} | ${limit} |`), what);
  assert.deepEqual([OUTPUTS_MAX, WITNESSES_MAX], [INPUTS_MAX, INPUTS_MAX]);
});
