import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Failure } from '@calin/core/base/result.ts';
import { refuseChain } from '@calin/core/chain/rules.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { checkShape } from '@calin/core/ledger/check-shape.ts';
import { checkRewardShape } from '@calin/core/ledger/reward-transaction.ts';
import { refuseInBlock, refuseLedger } from '@calin/core/ledger/rules.ts';
import { signatureChecks } from '@calin/core/ledger/transaction-signatures.ts';
import { type Block, transactionRoot } from '@calin/core/primitives/block.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import type { LabChain, Verdict } from './lab-chain.ts';

/** Refusals that only say that something is not here. */
const UNKNOWN: ReadonlySet<string> = new Set(['chain/validators-unknown', 'consensus/validators-unknown']);

/**
 * Judges a block whose parent's state is too far from genesis for the page: its bytes, its header next to that of its
 * parent, its root, the shape of its transactions and their signatures. Coins, fees and the roots of what the block
 * does are not looked at.
 *
 * @param chain - at genesis
 */
export function judgeAlone(
  chain: LabChain,
  bytes: Uint8Array,
  parent: { readonly header: Header; readonly id: Hash },
  nowMs: number,
): Verdict {
  const parsed = chain.parse(bytes.slice());
  if (!parsed.ok) return { kind: 'refused', refusal: parsed.error };
  const block = parsed.value;
  const failure = checkPlace(chain, block, parent, nowMs) ?? checkBody(chain.spec, block);
  return failure === undefined
    ? { kind: 'open', id: toHex(block.id) }
    : { kind: 'refused', refusal: failure.error };
}

function checkPlace(
  chain: LabChain,
  block: Block,
  parent: { readonly header: Header; readonly id: Hash },
  nowMs: number,
): Failure | undefined {
  const { header } = block;
  if (!equalBytes(header.parent, parent.id)) {
    return refuseChain('chain/parent-unknown', { parent: toHex(header.parent), height: header.height });
  }
  const checked = chain.checkHeaderAfter(block, parent.header, nowMs);
  return checked.ok || UNKNOWN.has(checked.error.rule) ? undefined : checked;
}

function checkBody(spec: ChainSpec, { header, transactions }: Block): Failure | undefined {
  const [reward, ...others] = transactions;
  if (reward === undefined) return refuseLedger('block/reward-missing', { got: 0, expected: 1 });
  const root = transactionRoot(transactions);
  if (!equalBytes(root, header.txRoot)) {
    return refuseLedger('block/tx-root-mismatch', { got: toHex(header.txRoot), expected: toHex(root) });
  }
  const shaped = checkRewardShape(reward, header.height);
  if (!shaped.ok) return shaped;
  for (const [i, tx] of others.entries()) {
    const failure = checkTransaction(spec, tx);
    if (failure !== undefined) return refuseInBlock(failure, i + 1);
  }
  return undefined;
}

function checkTransaction(spec: ChainSpec, tx: Transaction): Failure | undefined {
  const shape = checkShape(spec, tx);
  if (!shape.ok) return shape;
  const invalid = signatureChecks(tx).find((check) => !verifySignature(check));
  return invalid === undefined
    ? undefined
    : refuseLedger('tx/signature-invalid', { publicKey: toHex(invalid.publicKey), txid: toHex(tx.txid) });
}
