import type { SeededRandom } from '../base/fuzz.testing.ts';
import type { Delivery, TestNetwork } from './test-network.testing.ts';

/** How many numbers {@link NetworkFaults.strike} takes; a fuzz target that draws its next step has its own behind. */
export const FAULT_KINDS = 6;

/**
 * What goes wrong between the nodes of a test network: frames are lost, doubled and late, sides part, cables break and
 * are mended, nodes lose their power.
 */
export class NetworkFaults {
  readonly #random: SeededRandom;
  /** Which side of a parted network each node is on. */
  #sides: readonly number[];
  #lossIn = 0;

  /** @param nodes - their number; they are named n0, n1 and so on */
  constructor(random: SeededRandom, nodes: number) {
    this.#random = random;
    this.#sides = new Array<number>(nodes).fill(0);
  }

  /** Lets one of {@link FAULT_KINDS} kinds of faults happen. */
  strike(kind: number, net: TestNetwork): void {
    const random = this.#random;
    const nodes = this.#sides.length;
    switch (kind) {
      case 0:
        this.#lossIn = random.pick([0, 0, 3, 10, 40]);
        break;
      case 1:
        this.#sides = this.#sides.map(() => (random.oneIn(3) ? 1 : 0));
        break;
      case 2:
        net.disconnect(random.below(nodes), random.below(nodes));
        break;
      case 3:
        // Its disk writes at once, so it knows all that it said.
        if (random.oneIn(3)) net.restart(random.below(nodes));
        break;
      default:
        connect(net, random.below(nodes), random.below(nodes));
    }
  }

  /** Everything arrives again, and once. What is not connected stays so. */
  end(): void {
    this.#lossIn = 0;
    this.#sides = this.#sides.map(() => 0);
  }

  /** What becomes of a delivery, for the option `wire` of a network. */
  bend(delivery: Delivery): readonly Delivery[] {
    const random = this.#random;
    const side = (name: string) => this.#sides[Number(name.slice(1))];
    if (side(delivery.from) !== side(delivery.to)) return [];
    if (this.#lossIn === 0) return [delivery];
    if (random.oneIn(this.#lossIn)) return [];
    const late = { ...delivery, delayMs: delivery.delayMs + random.below(80) };
    return random.oneIn(8) ? [late, { ...late, delayMs: late.delayMs + random.below(3_000) }] : [late];
  }
}

/** Connects two nodes, unless they are. */
export function connect(net: TestNetwork, from: number, to: number): void {
  if (from !== to && !net.isConnected(from, to)) net.connect(from, to);
}
