import { assert } from '@calin/core/base/assert.ts';
import { bytesKey } from '@calin/core/base/bytes-key.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import type { Cluster } from './cluster.ts';
import type { Dice } from './dice.ts';
import { simKey } from './keys.ts';
import type { SimNode } from './sim-node.ts';
import { FIRST_OWNER, OWNERS } from './spec.ts';
import { type OwnedCoin, Wallet } from './wallet.ts';

/** What people do with the network. */
export interface WorkloadOptions {
  /** Between two transfers, on average. */
  readonly intervalUs: number;
  /** Of a million transfers so many spend the change of the last one that the same node was given. */
  readonly chainedPpm: number;
  /** Of a million transfers so many are sent twice, to two nodes, paying two people. */
  readonly doubleSpendPpm: number;
}

/** Nobody pays any more after this: the last transfers should come into a block. */
export interface WorkloadTime {
  readonly fromUs: number;
  readonly untilUs: number;
}

/** Hugs that a transfer pays. */
const PAID_MIN = 1_000;
const PAID_MAX = 9_000;

/** What became of the transfers when they were handed over to nodes of this part of the run. */
export interface WorkloadCounts {
  sent: number;
  accepted: number;
  refused: number;
  doubleSpends: number;
}

/**
 * People who pay each other: transfers at any time to any node that is on, some of them dishonest. What they do never
 * depends on what a node answers, so in each part of a run they do the same and hand over what is for its nodes.
 */
export class Workload {
  readonly counts: WorkloadCounts = { sent: 0, accepted: 0, refused: 0, doubleSpends: 0 };
  /** The ids of transfers that some node of this part took and that nobody tried to spend twice. */
  readonly accepted = new Set<string>();
  readonly #options: WorkloadOptions;
  readonly #cluster: Cluster;
  readonly #dice: Dice;
  readonly #wallet: Wallet;
  readonly #change = new Map<SimNode, OwnedCoin>();

  constructor(options: WorkloadOptions, cluster: Cluster) {
    assert(options.intervalUs > 0, 'some time between transfers');
    this.#options = options;
    this.#cluster = cluster;
    const { world } = cluster;
    this.#dice = world.dice('workload');
    this.#wallet = new Wallet(world.spec, world.chainId, world.signatures);
  }

  /** Begins, and ends by itself. */
  play({ fromUs, untilUs }: WorkloadTime): void {
    const { clock } = this.#cluster.world;
    const next = () => {
      const atUs = clock.nowUs + this.#dice.exponential(this.#options.intervalUs);
      if (atUs < untilUs) clock.schedule(atUs, { fire });
    };
    const fire = () => {
      this.#transfer();
      next();
    };
    clock.schedule(fromUs, { fire: next });
  }

  #transfer(): void {
    const { running } = this.#cluster;
    if (running.length === 0) return;
    const node = this.#dice.choose(running);
    const change = this.#dice.hits(this.#options.chainedPpm) ? this.#change.get(node) : undefined;
    const coin = change ?? this.#wallet.take();
    if (coin === undefined) return;
    this.#change.delete(node);
    const transaction = this.#pay(coin);
    if (this.#dice.hits(this.#options.doubleSpendPpm)) {
      if (node.isHere) this.counts.doubleSpends += 1;
      this.#submit(this.#dice.choose(running), this.#pay(coin), false);
      return this.#submit(node, transaction, false);
    }
    this.#change.set(node, this.#wallet.changeOf(transaction, coin.owner));
    this.#submit(node, transaction, true);
  }

  #pay(coin: OwnedCoin): Transaction {
    const to = simKey(FIRST_OWNER + this.#dice.below(OWNERS));
    return this.#wallet.pay(coin, to, this.#dice.between(PAID_MIN, PAID_MAX));
  }

  #submit(node: SimNode, { bytes, txid }: Transaction, isHonest: boolean): void {
    if (!node.isHere) return;
    this.counts.sent += 1;
    node.request({ kind: 'submit', transactions: [bytes] }, (answer) => {
      const verdict = answer.ok ? (answer.value as readonly SubmitVerdict[])[0] : undefined;
      if (verdict?.accepted !== true) {
        this.counts.refused += 1;
        return;
      }
      this.counts.accepted += 1;
      if (isHonest) this.accepted.add(bytesKey(txid));
    });
  }
}
