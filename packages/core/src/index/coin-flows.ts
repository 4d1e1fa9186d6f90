import { assert } from '../base/assert.ts';
import { bytesKey } from '../base/bytes-key.ts';
import type { Address } from '../primitives/address.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import type { AssetId } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import type { CoinRow } from './tables.ts';

/** What one transaction did to the coins of one asset that an address has. */
export interface Flow {
  readonly address: Address;
  readonly asset: AssetId;
  received: number;
  sent: number;
}

/** How much more of an asset an address holds after a block than before it. */
export interface BalanceMove {
  readonly address: Address;
  readonly asset: AssetId;
  /** May be negative, or 0. */
  change: number;
}

/** The coins of a block: which are made, which are spent, and what that does to balances. */
export class CoinFlows {
  /** Coins that are there after the block and were not before. */
  readonly #made = new Map<string, CoinRow>();
  /** Coins that were there before the block and are not after it. */
  readonly spent: CoinRow[] = [];
  readonly #moves = new Map<string, BalanceMove>();

  get made(): Iterable<CoinRow> {
    return this.#made.values();
  }

  get moves(): Iterable<BalanceMove> {
    return this.#moves.values();
  }

  /** True for a coin that the transactions so far have made and not spent. */
  has(outpoint: Outpoint): boolean {
    return this.#made.has(coinName(outpoint));
  }

  /**
   * Adds a transaction, and gives what it did for each address and asset.
   *
   * @param coinOf - the coin of an outpoint that was there before the block
   */
  add({ txid, inputs, outputs }: Transaction, coinOf: (outpoint: Outpoint) => CoinRow): readonly Flow[] {
    const flows = new Map<string, Flow>();
    for (const input of inputs) {
      const name = coinName(input);
      const made = this.#made.get(name);
      const coin = made ?? coinOf(input);
      if (made === undefined) this.spent.push(coin);
      else this.#made.delete(name);
      flowOf(flows, coin.address, coin.asset).sent += coin.amount;
    }
    for (const [output, { address, asset, amount }] of outputs.entries()) {
      this.#made.set(coinName({ txid, index: output }), { txid, output, address, asset, amount });
      flowOf(flows, address, asset).received += amount;
    }
    for (const [name, { address, asset, received, sent }] of flows) {
      const move = this.#moves.get(name);
      if (move === undefined) this.#moves.set(name, { address, asset, change: received - sent });
      else move.change += received - sent;
    }
    return [...flows.values()];
  }

  /** Adds a coin of the genesis block. */
  allocate(coin: CoinRow): void {
    this.#made.set(coinName({ txid: coin.txid, index: coin.output }), coin);
    const name = flowName(coin.address, coin.asset);
    const move = this.#moves.get(name) ?? { address: coin.address, asset: coin.asset, change: 0 };
    move.change += coin.amount;
    this.#moves.set(name, move);
  }
}

function flowOf(flows: Map<string, Flow>, address: Address, asset: AssetId): Flow {
  const name = flowName(address, asset);
  let flow = flows.get(name);
  if (flow === undefined) {
    flow = { address, asset, received: 0, sent: 0 };
    flows.set(name, flow);
  }
  return flow;
}

function flowName(address: Address, asset: AssetId): string {
  return asset === 0 ? bytesKey(address) : `${bytesKey(address)}${asset}`;
}

function coinName({ txid, index }: Outpoint): string {
  assert(index < 0x1_0000, 'an output of a transaction');
  return bytesKey(txid) + String.fromCharCode(index);
}
