import { ok, type Result } from '@calin/core/base/result.ts';
import { type Address, formatAddress } from '@calin/core/primitives/address.ts';
import { type Mnemonic, mnemonicToSeed } from '../keys/mnemonic.ts';
import type { RpcClient } from '../rpc/rpc-client.ts';
import { addAccount } from './edit-wallet.ts';
import { findAccounts, type SearchProgress } from './find-accounts.ts';
import { emptyWallet, type WalletDocument } from './wallet-document.ts';

/**
 * Brings the accounts of a phrase back that the chain knows of: `main`, `account-1` and so on. Those before the last
 * used one were made too, so all of them come back; and there is always the first. Refuses by `node/no-index` where the
 * node cannot tell.
 *
 * @param client - a node, which learns that the addresses have one owner
 */
export async function restorePhrase(
  phrase: Mnemonic,
  addressPrefix: string,
  client: Pick<RpcClient, 'batch'>,
  progress?: (progress: SearchProgress) => void,
): Promise<Result<WalletDocument>> {
  const seed = mnemonicToSeed(phrase);
  const wereUsed = (addresses: readonly Address[]) => whetherUsed(client, addresses, addressPrefix);
  const used = await findAccounts(seed, wereUsed, progress);
  return used.ok ? walletOfPhrase(phrase, addressPrefix, (used.value.at(-1) ?? 0) + 1) : used;
}

/** A wallet of a phrase with its first accounts. Refuses by `wallet/document` when there are more than there may be. */
export function walletOfPhrase(
  phrase: Mnemonic,
  addressPrefix: string,
  accountCount: number,
): Result<WalletDocument> {
  const seed = mnemonicToSeed(phrase);
  let wallet = emptyWallet(addressPrefix, phrase);
  for (let index = 0; index < accountCount; index++) {
    const added = addAccount(wallet, index === 0 ? 'main' : `account-${index}`, seed, index);
    if (!added.ok) return added;
    wallet = added.value;
  }
  return ok(wallet);
}

/** Whether addresses hold anything or stand in a transaction. Refuses by `node/no-index`. */
async function whetherUsed(
  client: Pick<RpcClient, 'batch'>,
  addresses: readonly Address[],
  prefix: string,
): Promise<Result<readonly boolean[]>> {
  const texts = addresses.map((address) => formatAddress(address, prefix));
  // Coins of the genesis block are in no history.
  const balances = await client.batch(
    texts.map((address) => ({ method: 'account_getBalance', params: { address } }) as const),
  );
  if (!balances.ok) return balances;
  const histories = await client.batch(
    texts.map((address) => ({ method: 'account_getHistory', params: { address, limit: 1 } }) as const),
  );
  if (!histories.ok) return histories;
  const used: boolean[] = [];
  for (const [i, history] of histories.value.entries()) {
    const balance = balances.value[i];
    if (!history.ok) return history;
    if (balance?.ok === false) return balance;
    const holds = balance?.value.balances.some((one) => one.confirmed + one.immature + one.incoming > 0);
    used.push(history.value.total > 0 || holds === true);
  }
  return ok(used);
}
