import { equalBytes } from '@calin/core/base/bytes.ts';
import type { BlockNode } from '@calin/core/chain/block-tree.ts';
import type { Cluster } from '../cluster.ts';
import type { Dice } from '../dice.ts';
import { bestBlocks, handBlocks, heightOf } from '../published/mining-cluster.ts';
import type { SimNode } from '../sim-node.ts';

/** How a {@link SelfishMiner} is connected. */
export interface SelfishMinerOptions {
  /** Of a hundred honest miners so many see the selfish one's block first when two are shown at one height: γ. */
  readonly firstPercent: number;
  /** How long a block takes from one honest miner to another. */
  readonly delayUs: number;
}

/**
 * A miner that keeps its blocks to itself and shows them only to make the work of others worthless: when they have
 * caught up to one block behind it shows all it has, when they have caught up it races, and while it is further ahead
 * it shows block for block. It sees everything at once; honest miners hear of each other a little later.
 *
 * @see I. Eyal and E. G. Sirer, "Majority is not enough: Bitcoin mining is vulnerable" (2014), algorithm 1
 */
export class SelfishMiner {
  readonly #options: SelfishMinerOptions;
  readonly #node: SimNode;
  readonly #cluster: Cluster;
  readonly #dice: Dice;
  /** The height of the highest honest block, and of the highest block of its own that is shown. */
  #openHeight = 0;
  #shownHeight = 0;
  /** True while two blocks of one height are shown, one of them its own. */
  #isRacing = false;

  constructor(options: SelfishMinerOptions, node: SimNode, cluster: Cluster) {
    this.#options = options;
    this.#node = node;
    this.#cluster = cluster;
    const { world } = cluster;
    this.#dice = world.dice('selfish miner');
    world.measures.onHead = (name, head) => this.#seen(name, head);
  }

  get #honest(): readonly SimNode[] {
    return this.#cluster.nodes.filter((node) => node !== this.#node);
  }

  #seen(name: string, { header }: BlockNode): void {
    const node = this.#cluster.nodes.find((one) => one.name === name);
    // Only the one who has made a block tells of it.
    if (node?.key === undefined || !equalBytes(header.producer, node.key.address)) return;
    if (node === this.#node) this.#found(header.height);
    else this.#othersFound(node, header.height);
  }

  #found(height: number): void {
    if (!this.#isRacing) return;
    // One ahead in a race: whoever mined on the other branch has lost.
    this.#isRacing = false;
    this.#show(height);
  }

  #othersFound(maker: SimNode, height: number): void {
    // It may be a block of the branch that this one is racing with or has left behind.
    if (height <= this.#openHeight) return this.#spread(maker, height);
    this.#openHeight = height;
    this.#isRacing = false;
    const own = heightOf(this.#node);
    const lead = own - height;
    handBlocks(this.#node, bestBlocks(maker, Math.max(1, this.#shownHeight), height));
    if (lead === 0) this.#race(maker, own);
    else if (lead === 1) this.#show(own);
    else if (lead > 1) this.#show(height);
    else this.#shownHeight = height;
    this.#spread(maker, height);
  }

  /** Shows its block of the height that somebody has just reached, to some before they hear of the other. */
  #race(maker: SimNode, height: number): void {
    const others = this.#honest.filter((node) => node !== maker);
    const firsts = Math.round((this.#honest.length * this.#options.firstPercent) / 100);
    const shuffled = this.#dice.shuffle([...others]);
    this.#isRacing = true;
    // As they are now: by the time that all see them, the race may be lost.
    const blocks = bestBlocks(this.#node, this.#shownHeight + 1, height);
    for (const node of shuffled.slice(0, firsts)) handBlocks(node, blocks);
    this.#shownHeight = height;
    this.#later(2 * this.#options.delayUs, () => {
      for (const node of this.#honest) handBlocks(node, blocks);
    });
  }

  /** Shows its blocks up to a height to everybody. */
  #show(height: number): void {
    const blocks = bestBlocks(this.#node, this.#shownHeight + 1, height);
    for (const node of this.#honest) handBlocks(node, blocks);
    this.#shownHeight = Math.max(this.#shownHeight, height);
  }

  /** An honest block reaches the other honest miners. */
  #spread(maker: SimNode, height: number): void {
    const blocks = bestBlocks(maker, height, height);
    this.#later(this.#options.delayUs, () => {
      for (const node of this.#honest) if (node !== maker) handBlocks(node, blocks);
    });
  }

  #later(delayUs: number, fire: () => void): void {
    const { clock } = this.#cluster.world;
    clock.schedule(clock.nowUs + delayUs, { fire });
  }
}
