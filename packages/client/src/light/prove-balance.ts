import { equalBytes, fromHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { type Address, formatAddress } from '@calin/core/primitives/address.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { readOutpointJson } from '@calin/core/rpc/json/fields.ts';
import { accountGetCoins } from '@calin/core/rpc/methods/account-get-coins.ts';
import { stateGetProof } from '@calin/core/rpc/methods/state-get-proof.ts';
import type { Coin } from '@calin/core/state/coin.ts';
import { ask, type LightServer } from './ask-server.ts';
import type { Followed } from './followed.ts';
import { proveCoin } from './verify-state.ts';

/** Coins that one call proves: each takes an exchange with the server. */
const COINS_MAX = 200;
/** Times that a server is asked again for a state that it works out little by little. */
const FAR_CALLS_MAX = 64;

/** What is proved of an account. It may have more: a server can hide a coin, and cannot invent one. */
export interface ProvedBalance {
  /** The block after which the coins are there. */
  readonly height: number;
  /** Base units by asset, in coins that are proved. */
  readonly amounts: ReadonlyMap<number, number>;
  readonly coins: number;
  /** False when there are more coins than one call proves. */
  readonly complete: boolean;
}

/** The account, and how its chain writes addresses. */
export interface AccountOf {
  readonly address: Address;
  readonly addressPrefix: string;
}

/**
 * Proves the coins of an account after a block that is followed: the server says which they are, and each is checked
 * against the header. Coins that came later are not counted.
 */
export async function proveBalance(
  server: LightServer,
  { header }: Followed,
  account: AccountOf,
): Promise<Result<ProvedBalance>> {
  const address = formatAddress(account.address, account.addressPrefix);
  const page = await ask(server, 'account_getCoins', { address, limit: COINS_MAX }, accountGetCoins.result);
  if (!page.ok) return page;
  const amounts = new Map<number, number>();
  const seen = new Set<string>();
  let coins = 0;
  for (const { outpoint } of page.value.coins.slice(0, COINS_MAX)) {
    const name = `${outpoint.txid.toLowerCase()} ${outpoint.index}`;
    // A coin that is named twice is there once.
    if (seen.has(name)) continue;
    seen.add(name);
    const coin = await askCoin(server, header, readOutpointJson(outpoint), outpoint);
    if (!coin.ok) return coin;
    if (coin.value === undefined || !equalBytes(coin.value.address, account.address)) continue;
    amounts.set(coin.value.asset, (amounts.get(coin.value.asset) ?? 0) + coin.value.amount);
    coins += 1;
  }
  const complete = page.value.next === null && page.value.coins.length <= COINS_MAX;
  return ok({ height: header.height, amounts, coins, complete });
}

async function askCoin(
  server: LightServer,
  header: Followed['header'],
  outpoint: Outpoint,
  coin: { readonly txid: string; readonly index: number },
): Promise<Result<Coin | undefined>> {
  for (let call = 1; ; call++) {
    const params = { coin, height: header.height };
    const answer = await ask(server, 'state_getProof', params, stateGetProof.result);
    const isFar = !answer.ok && answer.error.rule === 'chain/state-far' && call < FAR_CALLS_MAX;
    if (isFar) continue;
    if (!answer.ok) return answer;
    const value = answer.value.value === null ? undefined : fromHex(answer.value.value);
    return proveCoin(header, outpoint, { value, proof: fromHex(answer.value.proof) });
  }
}
