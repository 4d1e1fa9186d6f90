import { amount } from '@calin/core/base/amount.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { merkleRoot } from '@calin/core/crypto/merkle.ts';
import { receiptRoot } from '@calin/core/primitives/receipt.ts';
import { parseTransaction, type Transaction, transactionLeaf } from '@calin/core/primitives/transaction.ts';
import { presentTransaction } from '@calin/core/rpc/json/transaction.ts';
import { chainGetBlock } from '@calin/core/rpc/methods/chain-get-block.ts';
import { type Claim, proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { isSame } from './is-same.ts';
import { judgeRefusal } from './judge-refusal.ts';

/** Checks all transactions of a block, and what each cost, against the two roots of its header. */
export async function proveContents(
  { block }: Extract<Claim, { kind: 'contents' }>,
  chain: FollowedChain,
): Promise<Verdict> {
  const said = chainGetBlock.result.parse(block, 'result');
  if (!said.ok) return judgeRefusal(said.error);
  const { header, txids, transactions, receipts } = said.value;
  if (transactions === undefined || receipts === undefined) {
    return {
      kind: 'open',
      why: 'The block is shown by the ids alone. Each transaction is checked on its own page.',
    };
  }
  const own = await chain.at(header.height);
  if (!own.ok) return judgeRefusal(own.error);
  if (toHex(own.value.id) !== header.id) {
    return { kind: 'open', why: 'The page follows another block at this height.' };
  }
  const real: Transaction[] = [];
  for (const { bytes } of transactions) {
    const parsed = parseTransaction(fromHex(bytes), chain.chainId);
    if (!parsed.ok) return judgeRefusal(parsed.error);
    real.push(parsed.value);
  }
  const done = receipts.map(({ gasUsed, fee, burned }, i) => ({
    txid: fromHex(txids[i] ?? ''),
    gasUsed,
    fee: amount(fee),
    burned: amount(burned),
  }));
  const prefix = chain.spec.addressPrefix;
  const isAsSaid =
    isSame(
      real.map((one) => presentTransaction(one, prefix)),
      transactions,
    ) &&
    isSame(
      real.map(({ txid }) => toHex(txid)),
      txids,
    );
  const stands =
    toHex(merkleRoot(real.map(transactionLeaf))) === toHex(own.value.header.txRoot) &&
    done.length === real.length &&
    toHex(receiptRoot(done)) === toHex(own.value.header.receiptRoot);
  if (!isAsSaid || !stands)
    return wrong('light/value-mismatch', 'The block holds something else than is shown.');
  const what =
    'These are all transactions of the block in their order, with all that is shown of them and what each cost.';
  return proved(header.height, chain, what);
}
