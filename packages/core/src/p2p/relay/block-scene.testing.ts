import { type SeededRandom, seededRandom } from '../../base/fuzz.testing.ts';
import type { Block } from '../../primitives/block.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { CompactBlockMessage } from '../messages/blocks.ts';
import type { Message } from '../messages/message.ts';
import { RelayNet, testBlock, testTransaction } from './relay.testing.ts';
import { compactBlockOf, relayBlockOf } from './relay-block.ts';

/** A net whose members all have some transactions in the pool, and a block of them with a reward nobody has. */
export class BlockScene {
  readonly net = new RelayNet();
  readonly random: SeededRandom = seededRandom(11);
  readonly pooled: readonly Transaction[];
  readonly block: Block;

  constructor(
    links: readonly (readonly [string, string])[],
    { count = 100, inBlock }: { count?: number; inBlock?: number } = {},
  ) {
    for (const [from, to] of links) this.net.join(from, to);
    this.pooled = this.net.transactions(this.random, count);
    for (const member of this.net.members.values()) member.add(...this.pooled);
    this.net.run(2_000);
    this.net.log.length = 0;
    this.net.bytes.clear();
    this.block = testBlock(this.net.genesis, [this.reward(), ...this.pooled.slice(0, inBlock ?? count)]);
  }

  reward(): Transaction {
    return testTransaction(this.random, []);
  }

  count(kind: Message['kind'], from?: string): number {
    const isIt = (one: RelayNet['log'][number]) =>
      one.message.kind === kind && (from ?? one.from) === one.from;
    return this.net.log.filter(isIt).length;
  }

  /** The compact form that an honest maker sends. */
  compact(block: Block = this.block): CompactBlockMessage {
    return compactBlockOf(relayBlockOf(block, this.net.hasher), [0]);
  }
}
