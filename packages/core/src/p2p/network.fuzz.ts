import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { signBlank } from '../ledger/testing/owners.testing.ts';
import type { TestNodeOptions } from '../node/test-node.testing.ts';
import { stateRoot } from '../state/world-state.ts';
import { type Delivery, TestNetwork } from './test-network.testing.ts';
import { authority, payment, twoAuthoritiesSpec } from './two-authorities.testing.ts';

const NODES = 4;
const ALLOCATIONS = 200;
const spec = twoAuthoritiesSpec({ allocations: ALLOCATIONS, finalBlocks: 200 });

/** The time in which a network whose faults have ended must agree: pings, timeouts and waits before redialling. */
const AGREE_MS_MAX = 400_000;

/**
 * A network in which everything goes wrong: frames are lost, doubled, late and cut short, cables break, sides part,
 * nodes lose their power. No node breaks, and when it ends all come to agree on one chain.
 */
export const fuzz: FuzzTarget = {
  name: 'p2p/network',
  run(random, iterations) {
    const storm = new Storm(random);
    for (let i = 0; i < iterations; i++) storm.act();
    storm.calm();
  },
};

function optionsOf(index: number): Partial<TestNodeOptions> {
  return { index: false, ...(index < 2 ? authority(index) : { production: { kind: 'off' } }) };
}

class Storm {
  readonly #random: SeededRandom;
  readonly #net: TestNetwork;
  #paid = 0;
  /** Which side of a parted network each node is on. */
  #sides: readonly number[] = Array.from({ length: NODES }, () => 0);
  #lossIn = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#net = new TestNetwork({ spec, nodes: NODES, node: optionsOf, wire: (one) => this.#bend(one) });
    this.#net.connectLine();
    this.#net.run(500);
  }

  act(): void {
    const random = this.#random;
    const net = this.#net;
    switch (random.below(12)) {
      case 0:
        this.#lossIn = random.pick([0, 0, 3, 10, 40]);
        break;
      case 1:
        this.#sides = this.#sides.map(() => (random.oneIn(3) ? 1 : 0));
        break;
      case 2:
        net.disconnect(random.below(NODES), random.below(NODES));
        break;
      case 3:
        if (random.oneIn(3)) net.restart(random.below(NODES));
        break;
      case 4:
      case 5:
        this.#connect();
        break;
      case 6:
      case 7:
      case 8:
        this.#pay(random.below(NODES));
        break;
      default:
        net.run(random.pick([5, 50, 500, 1_500]));
    }
    for (const { runner } of net.nodes) assert(!runner.isBroken, 'a node is broken');
  }

  /** Ends all faults, and checks what must hold then. */
  calm(): void {
    const net = this.#net;
    this.#lossIn = 0;
    this.#sides = this.#sides.map(() => 0);
    for (let from = 1; from < NODES; from++) net.connect(from, from - 1);
    // A block that all can have: two branches of the same weight are no disagreement that anything could end.
    net.run(30_000);
    for (let i = 0; i < NODES; i++) if (!net.isConnected(i, (i + 1) % NODES)) net.connect(i, (i + 1) % NODES);
    this.#pay(0);
    assert(
      net.runUntil(() => this.#agrees(), AGREE_MS_MAX),
      `no agreement: ${this.#heads().join()}`,
    );
    const roots = new Set(net.nodes.map(({ node }) => toHex(stateRoot(node.chain.state))));
    assert(roots.size === 1, 'one state for one head');
  }

  #agrees(): boolean {
    return new Set(this.#heads()).size === 1;
  }

  #heads(): readonly string[] {
    return this.#net.nodes.map(
      ({ node }) => `${node.chain.head.height} ${toHex(node.chain.head.id).slice(0, 8)}`,
    );
  }

  #connect(): void {
    const [from, to] = [this.#random.below(NODES), this.#random.below(NODES)];
    if (from !== to && !this.#net.isConnected(from, to)) this.#net.connect(from, to);
  }

  #pay(by: number): void {
    const node = this.#net.node(by);
    const index = this.#paid % ALLOCATIONS;
    this.#paid += 1;
    const transaction = payment(spec, node, index, signBlank);
    node.runner.request({ kind: 'submit', transactions: [transaction.bytes] }, () => {});
  }

  #bend(delivery: Delivery): readonly Delivery[] {
    const random = this.#random;
    const side = (name: string) => this.#sides[Number(name.slice(1))];
    if (side(delivery.from) !== side(delivery.to)) return [];
    if (this.#lossIn === 0) return [delivery];
    if (random.oneIn(this.#lossIn)) return [];
    const late = { ...delivery, delayMs: delivery.delayMs + random.below(80) };
    return random.oneIn(8) ? [late, { ...late, delayMs: late.delayMs + random.below(3_000) }] : [late];
  }
}
