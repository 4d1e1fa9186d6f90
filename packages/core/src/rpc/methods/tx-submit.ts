import { fromHex, toHex } from '../../base/bytes.ts';
import { ok } from '../../base/result.ts';
import {
  anyValue,
  array,
  boolean,
  hex,
  type Infer,
  nullable,
  object,
  optional,
  string,
} from '../../base/schema.ts';
import type { SubmitVerdict } from '../../node/events.ts';
import { TRANSACTION_BYTES_MAX } from '../../primitives/limits.ts';
import { hashField } from '../json/fields.ts';
import { defineCommand } from '../method.ts';

/** Transactions in one call: as many as fit the largest request, if they are small. */
const SUBMIT_MAX = 1000;

const verdictJson = object('The verdict on one transaction.', {
  txid: nullable(hashField('Its id; null when the bytes are no transaction.')),
  accepted: boolean('True when it is in the pool.'),
  refusal: optional(
    object('Why it is not.', {
      rule: string('The rule that was broken; see docs/reference/rules.md.'),
      message: string('What is wrong.', { lengthMax: 1000 }),
      help: string('What to do.', { lengthMax: 1000 }),
      evidence: anyValue('Facts, such as got and expected.'),
      retry: boolean('True when the same transaction may be accepted later.'),
    }),
  ),
});

/** Hands in signed transactions. */
export const txSubmit = defineCommand({
  name: 'tx_submit',
  summary: 'Hands in signed transactions and gives a verdict on each.',
  description:
    'Parents stand before their children. A refused transaction is no error of the call: its verdict names the rule. An accepted one waits for a block and may still be replaced, expire, or be lost if the node crashes.',
  params: object('Signed transactions.', {
    transactions: array(
      'Up to 1,000 encoded transactions.',
      hex('One encoded transaction.', { bytesMax: TRANSACTION_BYTES_MAX }),
      SUBMIT_MAX,
    ),
  }),
  result: array('One verdict for each, in the same order.', verdictJson, SUBMIT_MAX),
  errors: ['node/busy', 'node/not-alive', 'node/store-failed'],
  example: { transactions: ['01000000000000000000000000000000'] },
  request: (_view, { transactions }) => ok({ kind: 'submit', transactions: transactions.map(fromHex) }),
  present: (_view, answer) => (answer as readonly SubmitVerdict[]).map(presentVerdict),
});

/** A verdict as JSON; also for bundles, whose sender may ask for it. */
export function presentVerdict(verdict: SubmitVerdict): Infer<typeof verdictJson> {
  if (verdict.accepted) return { txid: toHex(verdict.txid), accepted: true };
  const { rule, message, help, evidence, retry } = verdict.refusal;
  const txid = verdict.txid === undefined ? null : toHex(verdict.txid);
  return { txid, accepted: false, refusal: { rule, message, help, evidence, retry } };
}
