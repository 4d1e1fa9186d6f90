import { devAccounts } from '@calin/client/keys/dev-accounts.ts';
import { type MethodResult, RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { amount } from '@calin/core/base/amount.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import { keyOpening, signTransaction, type TestKey } from '@calin/core/ledger/testing/owners.testing.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';

/** Payments of one account that follow one another in the pool, which takes 25 in a line. */
const LINE = 12;

/** Hugs: several times what such a payment costs where blocks are far from full. */
const FEE = 20_000;

/** A coin to begin a line with. */
interface Coin {
  readonly outpoint: Outpoint;
  readonly amount: number;
}

/**
 * Payments without end: each account pays itself, so that the state does not grow. What an account owns it asks of the
 * node each time, so nothing that a node loses or reverts holds it up.
 */
export class SoakTraffic {
  readonly #chainId: Uint8Array;
  readonly #prefix: string;
  readonly #accounts = devAccounts();
  sent = 0;
  refused = 0;

  constructor(chainId: string, prefix: string) {
    this.#chainId = fromHex(chainId);
    this.#prefix = prefix;
  }

  /** Hands one line of payments of each account to a node; one that does not answer gets none. */
  async round(url: string): Promise<void> {
    const client = new RpcClient({ url, timeoutMs: 5000 });
    for (const account of this.#accounts) {
      const address = formatAddress(account.address, this.#prefix);
      const found = await client.call('account_getCoins', { address, limit: 10 });
      if (!found.ok) return;
      const coin = freeCoin(found.value.coins);
      if (coin === undefined) continue;
      const verdicts = await client.submitBundle(this.#line(account, coin));
      if (!verdicts.ok) return;
      for (const { accepted } of verdicts.value) {
        if (accepted) this.sent += 1;
        else this.refused += 1;
      }
    }
  }

  #line(account: TestKey, coin: Coin): readonly Uint8Array[] {
    const line: Uint8Array[] = [];
    let tip = coin;
    for (let i = 0; i < LINE && tip.amount > 2 * FEE; i++) {
      const left = tip.amount - FEE;
      const outputs = [{ asset: NATIVE_ASSET, amount: amount(left), address: account.address }];
      const body = { expiryHeight: 0, inputs: [tip.outpoint], outputs, actions: [] };
      const transaction = signTransaction(body, [keyOpening(account)], this.#chainId);
      line.push(transaction.bytes);
      tip = { outpoint: { txid: transaction.txid, index: 0 }, amount: left };
    }
    return line;
  }
}

/** The account's one coin, unless it is on its way. */
function freeCoin(coins: MethodResult<'account_getCoins'>['coins']): Coin | undefined {
  const free = coins.find((coin) => !coin.spentInPool && !coin.reward);
  if (free === undefined) return undefined;
  const { txid, index } = free.outpoint;
  return { outpoint: { txid: fromHex(txid), index }, amount: Number(free.amount) };
}
