import { ask, type LightServer } from '@calin/client/light/ask-server.ts';
import { proveReceipt, proveTransaction } from '@calin/client/light/verify-inclusion.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import { presentHeader } from '@calin/core/rpc/json/header.ts';
import { presentReceipt, presentTransaction } from '@calin/core/rpc/json/transaction.ts';
import { txGet } from '@calin/core/rpc/methods/tx-get.ts';
import { txGetProof } from '@calin/core/rpc/methods/tx-get-proof.ts';
import type { BatchServer } from './ask-proofs.ts';
import { type Claim, proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { isSame } from './is-same.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { proveContents } from './prove-contents.ts';
import { proveHoldings } from './prove-holdings.ts';
import { proveToken } from './prove-token.ts';
import { proveValidators } from './prove-validators.ts';

/** Checks what the node has said against headers that are followed; asks the node for the proofs. */
export async function proveClaim(
  claim: Claim,
  chain: FollowedChain,
  server: LightServer & BatchServer,
): Promise<Verdict> {
  switch (claim.kind) {
    case 'header':
      return proveHeader(claim, chain);
    case 'transaction':
      return proveFound(claim, chain, server);
    case 'token':
      return proveToken(claim.token, chain, server);
    case 'holdings':
      return proveHoldings(claim, chain, server);
    case 'contents':
      return proveContents(claim, chain);
    case 'validators':
      return proveValidators(claim, chain, server);
  }
}

async function proveHeader(
  { header }: Extract<Claim, { kind: 'header' }>,
  chain: FollowedChain,
): Promise<Verdict> {
  const own = await chain.at(header.height);
  if (!own.ok) return judgeRefusal(own.error);
  const expected = presentHeader(own.value.id, own.value.header, chain.spec.addressPrefix);
  if (expected.id !== header.id && header.height > chain.finalHeight) {
    return { kind: 'open', why: 'The page follows another branch at this height, and neither is final.' };
  }
  if (!isSame(expected, header)) {
    return wrong('light/value-mismatch', 'The header of the chain at this height is another one.');
  }
  const what = 'All fields of the header are those of the chain, which the page has followed by itself.';
  return proved(header.height, chain, what);
}

async function proveFound(
  { found }: Extract<Claim, { kind: 'transaction' }>,
  chain: FollowedChain,
  server: LightServer,
): Promise<Verdict> {
  const said = txGet.result.parse(found, 'result');
  if (!said.ok) return judgeRefusal(said.error);
  const { transaction, block } = said.value;
  if (block === null) return { kind: 'open', why: 'It waits. Only what is in a block can be proved.' };
  const own = await chain.at(block.height);
  if (!own.ok) return judgeRefusal(own.error);
  const { header, id } = own.value;
  if (toHex(id) !== block.id) {
    if (block.height <= chain.finalHeight) {
      return wrong('light/value-mismatch', 'The chain has another block at this height.');
    }
    return { kind: 'open', why: 'The page follows another branch at this height, and neither is final.' };
  }
  const answer = await ask(server, 'tx_getProof', { txid: transaction.txid }, txGetProof.result);
  if (!answer.ok) return judgeRefusal(answer.error);
  const { index, size, siblings, receipt, receiptSiblings } = answer.value;
  const path = { index, size, siblings: siblings.map(fromHex) };
  const real = proveTransaction(header, fromHex(transaction.bytes), path, chain.chainId);
  if (!real.ok) return judgeRefusal(real.error);
  const done = proveReceipt(header, fromHex(receipt), { ...path, siblings: receiptSiblings.map(fromHex) });
  if (!done.ok) return judgeRefusal(done.error);
  const isAsSaid =
    index === block.position &&
    isSame(presentTransaction(real.value, chain.spec.addressPrefix), transaction) &&
    isSame(presentReceipt(done.value), block.receipt);
  if (!isAsSaid) return wrong('light/value-mismatch', 'The transaction in the block is another one.');
  const what = 'The transaction stands in this block with all that is shown of it, and so does what it cost.';
  return proved(block.height, chain, what);
}
