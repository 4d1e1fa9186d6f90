import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import type { Block } from '@calin/core/primitives/block.ts';
import type { Transaction } from '@calin/core/primitives/transaction.ts';
import { coinsOf, pay } from '../practice/payments.ts';
import { practiceKey } from '../practice/practice-key.ts';
import { PRACTICE_BLOCKS_MAX, PracticeNode } from '../practice/practice-node.ts';
import { workSpec } from '../practice/practice-spec.ts';

/** Who pays, and who is paid. */
const YOU = practiceKey('you');
const SHOP = practiceKey('shop');

/** The two nodes, each with a miner. */
export const SIDES = ['A', 'B'] as const;
/** One of them. */
export type Side = (typeof SIDES)[number];

/** A block of the picture. */
export interface ForkBlock {
  readonly id: string;
  readonly parent: string;
  readonly height: number;
  readonly miner: Side | undefined;
  /** What was paid in it. */
  readonly payments: readonly string[];
  /** Whose head it is, and on whose best branch it lies. */
  readonly headOf: readonly Side[];
  readonly bestOf: readonly Side[];
}

/** What a payment of a world is at one node. */
export type PaymentState = 'unknown' | 'waiting' | 'in a block' | 'impossible';

/** A payment that was made here, by its name. */
export interface NamedPayment {
  readonly name: string;
  readonly transaction: Transaction;
}

/**
 * Two nodes of one chain with a wire between them that can be cut. While it holds, blocks and payments reach both at
 * once. You have one coin.
 */
export class TwoMiners {
  readonly payments: NamedPayment[] = [];
  readonly #nodes: Readonly<Record<Side, PracticeNode>>;
  readonly #miners: Readonly<Record<Side, ReturnType<typeof practiceKey>>>;
  #isJoined = true;
  /** Reorganisations that a node went through. */
  #reorganisations = 0;

  constructor() {
    const spec = workSpec([{ owner: YOU, calin: 10 }]);
    this.#nodes = { A: new PracticeNode(spec), B: new PracticeNode(spec) };
    this.#miners = { A: practiceKey('A'), B: practiceKey('B') };
    this.mine('A');
  }

  get isJoined(): boolean {
    return this.#isJoined;
  }

  get reorganisations(): number {
    return this.#reorganisations;
  }

  /** True while both nodes have the same head. */
  get isAgreed(): boolean {
    const { A, B } = this.#nodes;
    return equalBytes(A.chain.head.id, B.chain.head.id);
  }

  /** True when no lesson needs more blocks. */
  get isFull(): boolean {
    return SIDES.some((side) => this.#nodes[side].chain.head.height >= PRACTICE_BLOCKS_MAX);
  }

  cut(): void {
    this.#isJoined = false;
  }

  /** Joins the wire: each node hears of what the other one has. */
  join(): void {
    this.#isJoined = true;
    this.#exchange();
  }

  /** The miner of a node finds the next block there. */
  mine(side: Side): void {
    if (this.isFull) return;
    this.#nodes[side].mine(this.#miners[side]);
    if (this.#isJoined) this.#exchange();
  }

  /** Signs a payment of your one coin as the node of a side sees it, and sends it there. */
  pay(side: Side, name: string, to: 'shop' | 'yourself'): Result<unknown> {
    const node = this.#nodes[side];
    const coins = coinsOf(node, YOU).slice(0, 1);
    const payment = { from: YOU, coins, to: to === 'shop' ? SHOP.address : YOU.address };
    const paid = pay(node, to === 'shop' ? { ...payment, calin: 4 } : payment);
    if (!paid.ok) return paid;
    const sent = node.send(paid.value);
    if (sent.ok) this.payments.push({ name, transaction: paid.value });
    if (this.#isJoined) this.#exchange();
    return sent;
  }

  /** What a node knows of a payment. */
  stateOf({ transaction }: NamedPayment, side: Side): PaymentState {
    const node = this.#nodes[side];
    if (node.pool.has(transaction.txid)) return 'waiting';
    const isIn = node.blocks().some((block) => holds(block, transaction));
    if (isIn) return 'in a block';
    return node.judge(transaction).ok ? 'unknown' : 'impossible';
  }

  /** What the ledger of a node says of a payment now. */
  judge({ transaction }: NamedPayment, side: Side): Result<unknown> {
    return this.#nodes[side].judge(transaction);
  }

  /** Every block that one of them has, the lowest first. */
  tree(): readonly ForkBlock[] {
    const found = new Map<string, ForkBlock>();
    for (const side of SIDES) {
      const { chain } = this.#nodes[side];
      const best = this.#nodes[side].blocks();
      const sides = [...chain.sides].flatMap(({ id }) => {
        const block = chain.block(id);
        return block.ok ? [block.value] : [];
      });
      for (const block of [...best, ...sides]) {
        const isBest = best.includes(block);
        const isHead = equalBytes(block.id, chain.head.id);
        const known = found.get(toHex(block.id)) ?? this.#describe(block);
        found.set(known.id, {
          ...known,
          headOf: isHead ? [...known.headOf, side] : known.headOf,
          bestOf: isBest ? [...known.bestOf, side] : known.bestOf,
        });
      }
    }
    return [...found.values()].toSorted((a, b) => a.height - b.height);
  }

  #describe(block: Block): ForkBlock {
    const { header, id } = block;
    const miner = SIDES.find((side) => equalBytes(this.#miners[side].address, header.producer));
    const payments = this.payments.filter(({ transaction }) => holds(block, transaction));
    return {
      id: toHex(id),
      parent: toHex(header.parent),
      height: header.height,
      miner,
      payments: payments.map(({ name }) => name),
      headOf: [],
      bestOf: [],
    };
  }

  /** Each gives the other what it has: blocks first, then what waits. */
  #exchange(): void {
    const { A, B } = this.#nodes;
    this.#give(A, B);
    this.#give(B, A);
    for (const transaction of [...A.pool.transactions()]) B.send(transaction);
    for (const transaction of [...B.pool.transactions()]) A.send(transaction);
  }

  #give(from: PracticeNode, to: PracticeNode): void {
    for (const block of from.blocks()) {
      const update = to.take(block);
      if (update.ok && update.value.removed.length > 0) this.#reorganisations += 1;
    }
  }
}

function holds({ transactions }: Block, { txid }: Transaction): boolean {
  return transactions.some((one) => equalBytes(one.txid, txid));
}
