import { assert } from '../../base/assert.ts';
import { bytesKey } from '../../base/bytes-key.ts';
import type { FuzzTarget, SeededRandom } from '../../base/fuzz.testing.ts';
import type { Block } from '../../primitives/block.ts';
import type { Transaction } from '../../primitives/transaction.ts';
import type { Message } from '../messages/message.ts';
import { ORPHANS_MAX, PENDING_BLOCKS_MAX, RECENT_BLOCKS_MAX, WANTED_PER_PEER_MAX } from './limits.ts';
import { BAD_SEAL, type LinkFault, RelayNet, testBlock, testTransaction } from './relay.testing.ts';
import { compactBlockOf, relayBlockOf } from './relay-block.ts';

/** Steps of one network: some transactions, blocks and lies each. */
const STEPS_PER_NET = 40;
/** The honest members; `x` and `y` say anything to all of them. */
const HONEST = ['a', 'b', 'c', 'd'] as const;
const LIARS = ['x', 'y'] as const;
/** More than every timeout together, so that whatever was lost has been asked elsewhere. */
const QUIET_MS = 120_000;

/**
 * Four honest relays in a ring whose links lose, double, delay and reorder, and two liars who answer what they like.
 * Nothing that strangers can fill grows beyond its limit, no honest peer is blamed, and when the links hold again
 * everybody comes to the newest block.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p/relay',
  run(random: SeededRandom, iterations: number): void {
    for (let done = 0; done < iterations; done += STEPS_PER_NET) {
      const scene = new FuzzScene(random);
      for (let step = 0; step < Math.min(STEPS_PER_NET, iterations - done); step++) scene.step();
      scene.end();
    }
  },
};

class FuzzScene {
  readonly #net = new RelayNet();
  readonly #random: SeededRandom;
  readonly #transactions: Transaction[] = [];
  readonly #blocks: Block[] = [];

  constructor(random: SeededRandom) {
    this.#random = random;
    HONEST.forEach((name, i) => {
      this.#net.join(name, HONEST[(i + 1) % HONEST.length] as string);
      for (const liar of LIARS) {
        if (random.oneIn(2)) this.#net.join(liar, name);
        else this.#net.join(name, liar);
      }
    });
    this.#net.fault = this.#fault;
  }

  step(): void {
    const random = this.#random;
    const net = this.#net;
    const member = net.member(random.pick(HONEST));
    for (let i = random.below(6); i > 0; i--) this.#transact(member);
    if (random.oneIn(4)) this.#makeBlock(member);
    for (let i = random.below(5); i > 0; i--) {
      net.member(random.pick(HONEST)).receive(random.pick(LIARS), this.#lie());
    }
    if (random.oneIn(30)) {
      net.part(member.id, 'x');
      net.join('x', member.id);
    }
    net.run(random.below(2_000));
    this.#check();
  }

  /** The links hold, the liars fall silent, one more block is made: everybody has it. */
  end(): void {
    const net = this.#net;
    net.fault = (from) => (LIARS.some((liar) => liar === from) ? [] : undefined);
    net.run(QUIET_MS);
    const [a] = HONEST;
    for (const name of HONEST) this.#adoptBranch(name, a);
    const block = testBlock(net.member(a).head, [
      testTransaction(this.#random, []),
      ...net.member(a).pool.values(),
    ]);
    net.member(a).make(block);
    net.run(QUIET_MS);
    for (const name of HONEST) assert(net.member(name).knows(block), `${name} does not have the last block`);
    for (const name of HONEST) {
      const { wanted = 0, pending = 0, submissions = 0 } = net.member(name).relay.counts;
      assert(
        wanted + pending + submissions === 0,
        `${name} still waits: ${wanted}, ${pending}, ${submissions}`,
      );
    }
    this.#check();
  }

  #check(): void {
    for (const name of HONEST) {
      const member = this.#net.member(name);
      const { wanted = 0, orphans = 0, blocks = 0, pending = 0 } = member.relay.counts;
      assert(
        wanted <= 4 * WANTED_PER_PEER_MAX.outbound && orphans <= ORPHANS_MAX,
        `${wanted} wanted, ${orphans} orphans`,
      );
      assert(
        blocks <= RECENT_BLOCKS_MAX && pending <= PENDING_BLOCKS_MAX,
        `${blocks} blocks, ${pending} pending`,
      );
      for (const honest of HONEST) {
        assert(member.pointsOf(honest) === 0, `${name} blames ${honest}: ${member.rulesOf(honest).join()}`);
      }
    }
  }

  #transact(member: ReturnType<RelayNet['member']>): void {
    const random = this.#random;
    const parent = random.oneIn(3) ? [...member.pool.values()].at(-1) : undefined;
    const transaction = this.#net.remember(testTransaction(random, parent && [parent.txid]));
    this.#transactions.push(transaction);
    member.add(transaction);
  }

  #makeBlock(member: ReturnType<RelayNet['member']>): void {
    const block = testBlock(member.head, [testTransaction(this.#random, []), ...member.pool.values()]);
    this.#blocks.push(block);
    member.make(block);
  }

  /** The synchronisation, which is not under test here: a member gets the blocks it lacks of another one's branch. */
  #adoptBranch(name: string, from: string): void {
    const { blocks, head } = this.#net.member(from);
    const member = this.#net.member(name);
    const lacking: Block[] = [];
    for (let block = blocks.get(bytesKey(head.id)); block !== undefined && !member.knows(block); ) {
      lacking.unshift(block);
      block = blocks.get(bytesKey(block.header.parent));
    }
    for (const block of lacking) member.make(block);
  }

  /** What one of the liars says: made up, or bent from what is true. */
  #lie(): Message {
    const random = this.#random;
    const txid = () => (random.oneIn(2) ? random.bytes(32) : this.#anyTransaction().txid);
    const block = this.#anyBlock();
    const request = random.below(40);
    switch (random.below(9)) {
      case 0:
        return { kind: 'tx-announce', txids: Array.from({ length: random.below(50) }, txid) };
      case 1:
        return { kind: 'tx-request', request, txids: Array.from({ length: random.below(20) }, txid) };
      case 2:
        return {
          kind: 'transactions',
          request,
          transactions: [this.#anyTransaction().bytes, random.bytes(60)],
        };
      case 3:
        return { kind: 'header-announce', header: this.#bentHeader(block) };
      case 4:
        return {
          kind: 'block-txs-request',
          request,
          blockId: block.id,
          indexes: random.oneIn(2) ? [] : [0, 3],
        };
      case 5:
        return {
          kind: 'block-txs',
          request,
          blockId: block.id,
          transactions: [this.#anyTransaction().bytes],
        };
      case 6:
        return { kind: 'compact-request', blockId: random.oneIn(2) ? block.id : random.bytes(32) };
      case 7:
        return { kind: 'push-mode', isWanted: random.oneIn(2) };
      default:
        return this.#lyingCompact(block);
    }
  }

  #lyingCompact(block: Block): Message {
    const random = this.#random;
    const honest = compactBlockOf(relayBlockOf(block, this.#net.hasher), random.oneIn(2) ? [] : [0]);
    const shortIds = honest.shortIds.slice();
    if (shortIds.length > 0 && random.oneIn(2)) shortIds[random.below(shortIds.length)] = random.below(256);
    const prefilled = honest.prefilled.map(({ index, bytes }) => ({
      index: index + random.below(3) - 1,
      bytes,
    }));
    return { ...honest, header: this.#bentHeader(block), shortIds, prefilled };
  }

  #bentHeader({ header }: Block): Block['header'] {
    const random = this.#random;
    if (random.oneIn(3)) return { ...header, seal: BAD_SEAL };
    if (random.oneIn(3)) return { ...header, parent: random.bytes(32) };
    return header;
  }

  #anyTransaction(): Transaction {
    return this.#transactions.length > 0
      ? this.#random.pick(this.#transactions)
      : testTransaction(this.#random);
  }

  /** One that was made, or one that a maker keeps to itself. */
  #anyBlock(): Block {
    const random = this.#random;
    if (this.#blocks.length > 0 && !random.oneIn(4)) return random.pick(this.#blocks);
    return testBlock(this.#net.member(random.pick(HONEST)).head, [this.#anyTransaction()]);
  }

  readonly #fault: LinkFault = (from, _to, message) => {
    const random = this.#random;
    const delayMs = 20 + random.below(400);
    if (from === 'x' || from === 'y') return this.#answer(message, delayMs);
    if (random.oneIn(12)) return [];
    if (random.oneIn(8))
      return [
        { message, delayMs },
        { message, delayMs: 10 + random.below(6_000) },
      ];
    return [{ message, delayMs: random.oneIn(10) ? random.below(8_000) : delayMs }];
  };

  /** A liar's relay is an honest one; what it answers is bent on the way. */
  #answer(message: Message, delayMs: number): ReturnType<LinkFault> {
    const random = this.#random;
    if (random.oneIn(3)) return [];
    if (message.kind === 'transactions' && random.oneIn(2)) {
      const transactions = message.transactions.map(() => this.#anyTransaction().bytes);
      return [{ message: { ...message, transactions }, delayMs }];
    }
    if (message.kind === 'block-txs' && random.oneIn(2)) {
      const transactions = message.transactions.toReversed().slice(random.below(2));
      return [{ message: { ...message, transactions }, delayMs }];
    }
    return [{ message, delayMs }];
  }
}
