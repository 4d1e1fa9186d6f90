import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { signBlank } from '../ledger/testing/owners.testing.ts';
import type { TestNodeOptions } from '../node/test-node.testing.ts';
import { stateRoot } from '../state/world-state.ts';
import { connect, FAULT_KINDS, NetworkFaults } from './network-faults.testing.ts';
import { TestNetwork } from './test-network.testing.ts';
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
  readonly #faults: NetworkFaults;
  readonly #net: TestNetwork;
  #paid = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#faults = new NetworkFaults(random, NODES);
    this.#net = new TestNetwork({
      spec,
      nodes: NODES,
      node: optionsOf,
      wire: (one) => this.#faults.bend(one),
    });
    this.#net.connectLine();
    this.#net.run(500);
  }

  act(): void {
    const net = this.#net;
    const step = this.#random.below(12);
    if (step < FAULT_KINDS) this.#faults.strike(step, net);
    else if (step < FAULT_KINDS + 3) this.#pay(this.#random.below(NODES));
    else net.run(this.#random.pick([5, 50, 500, 1_500]));
    for (const { runner } of net.nodes) assert(!runner.isBroken, 'a node is broken');
  }

  /** Ends all faults, and checks what must hold then. */
  calm(): void {
    const net = this.#net;
    this.#faults.end();
    for (let from = 1; from < NODES; from++) net.connect(from, from - 1);
    // A block that all can have: two branches of the same weight are no disagreement that anything could end.
    net.run(30_000);
    for (let i = 0; i < NODES; i++) connect(net, i, (i + 1) % NODES);
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

  #pay(by: number): void {
    const node = this.#net.node(by);
    const index = this.#paid % ALLOCATIONS;
    this.#paid += 1;
    const transaction = payment(spec, node, index, signBlank);
    node.runner.request({ kind: 'submit', transactions: [transaction.bytes] }, () => {});
  }
}
