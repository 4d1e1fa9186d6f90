import { bytesKey } from '../base/bytes-key.ts';
import type { Hash } from '../crypto/hash.ts';
import type { Output } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { type Coin, coinKey } from '../state/coin.ts';
import { NAMESPACE, type Namespace } from '../state/namespaces.ts';
import type { StateView } from '../state/view.ts';
import type { PoolGraph } from './pool-graph.ts';

/**
 * The state as one transaction finds it when all it builds on is in the same block before it: the coins that entries
 * made for it, and the storage that they wrote. Notes what the transaction touches.
 *
 * The native supply is not among it: it only adds up, no rule refuses by it, and counting it would chain every burn
 * to every other.
 */
export class PoolView implements StateView {
  readonly #base: StateView;
  readonly #graph: PoolGraph;
  readonly #coins = new Map<string, Coin>();
  /** Storage entries that were asked for. */
  readonly touched = new Set<string>();
  /** A reward was asked for, which must be old enough. */
  usesReward = false;

  /** @param height - of the next block, in which the entries' coins will be created */
  constructor(base: StateView, graph: PoolGraph, transaction: Transaction, height: number) {
    this.#base = base;
    this.#graph = graph;
    for (const { txid, index } of transaction.inputs) {
      const maker = graph.get(bytesKey(txid));
      const output = maker?.transaction.outputs[index];
      if (output !== undefined)
        this.#coins.set(bytesKey(coinKey(txid, index)), pooledCoin(output, index, height));
    }
  }

  coin(key: Hash): Coin | undefined {
    const pooled = this.#coins.size === 0 ? undefined : this.#coins.get(bytesKey(key));
    const coin = pooled ?? this.#base.coin(key);
    if (coin?.reward === true) this.usesReward = true;
    return coin;
  }

  value(namespace: Namespace, key: Uint8Array): Uint8Array | undefined {
    if (namespace === NAMESPACE.supply) return this.#base.value(namespace, key);
    const name = storageName(namespace, key);
    this.touched.add(name);
    // Whoever touches an entry builds on all who touched it before, so the last one that wrote it is an ancestor.
    const writer = this.#graph.touchers(name).findLast(({ written }) => written.has(name));
    return writer === undefined ? this.#base.value(namespace, key) : writer.written.get(name);
  }
}

/** A storage entry as a map key. */
export function storageName(namespace: Namespace, key: Uint8Array): string {
  return String.fromCharCode(namespace, ...key);
}

/** The coin that an output will be in the block of a height. */
export function pooledCoin({ asset, amount, address }: Output, index: number, height: number): Coin {
  return { index, asset, amount, address, height, reward: false };
}
