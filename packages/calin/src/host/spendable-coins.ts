import type { SpendableCoin } from '@calin/client/transaction-builder/opening.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import type { Node } from '@calin/core/node/node.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';

/** Whose coins are wanted: the holder of one key. */
export interface CoinOwner {
  readonly address: Address;
  readonly publicKey: PublicKey;
}

/**
 * The native coins that the next block lets an owner spend, also those that its payments in the pool give back.
 *
 * @param coinsMax - coins on the chain that are looked at
 * @returns refuses by `node/no-index`
 */
export function spendableCoins(
  node: Node,
  { address, publicKey }: CoinOwner,
  coinsMax: number,
): Result<readonly SpendableCoin[]> {
  const view = new NodeQueries(node);
  const found = view.coins(address, coinsMax, undefined);
  if (!found.ok) return found;
  const opening = { lock: { kind: 'key', publicKey }, path: 0 } as const;
  const nextHeight = view.status().head.header.height + 1;
  const mature = found.value.filter(
    (coin) => coin.asset === NATIVE_ASSET && coin.spendableHeight <= nextHeight,
  );
  const spendable: SpendableCoin[] = [];
  const followed = new Set<string>();
  const open: Omit<SpendableCoin, 'opening'>[] = [...mature];
  // The pool bounds how long its chains of payments are.
  for (let coin = open.pop(); coin !== undefined; coin = open.pop()) {
    const { outpoint, asset } = coin;
    const spender = node.mempool.spends(outpoint);
    if (spender === undefined) spendable.push({ outpoint, asset, amount: coin.amount, opening });
    if (spender === undefined || followed.has(toHex(spender.txid))) continue;
    followed.add(toHex(spender.txid));
    spender.outputs.forEach((output, index) => {
      if (output.asset === NATIVE_ASSET && equalBytes(output.address, address))
        open.push({ outpoint: { txid: spender.txid, index }, asset, amount: output.amount });
    });
  }
  return ok(spendable);
}
