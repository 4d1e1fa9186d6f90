import { formatFields } from '../output.ts';
import type { Payment } from './pay.ts';

/** What happened, then where the transaction is and what it cost. */
export function formatPayment(done: string, { txid, block }: Payment, fee: string): string {
  const place = block === undefined ? 'waits in the pool' : `${block.height}`;
  return `${done}\n${formatFields([
    ['Transaction', txid],
    ['Block', place],
    ['Fee', fee],
  ])}`;
}
