import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import { connect, FAULT_KINDS, NetworkFaults } from '../p2p/network-faults.testing.ts';
import type { TestNetwork } from '../p2p/test-network.testing.ts';
import type { ConsensusSpec } from '../spec/chain-spec.ts';
import { authoritiesOf, FAST_ROUNDS, stakesOf, validatorNetwork, votingSpec } from './validators.testing.ts';

const NODES = 4;

const VOTES = { kind: 'votes', intervalBlocks: 4, lagBlocks: 1, resendMs: 500 } as const;

const CHOICES: readonly ConsensusSpec[] = [
  { production: { kind: 'leader' }, finality: FAST_ROUNDS, validators: authoritiesOf(NODES) },
  { production: { kind: 'leader' }, finality: FAST_ROUNDS, validators: stakesOf(NODES) },
  {
    production: { kind: 'poa', authorities: [], slotMs: 500 },
    finality: VOTES,
    validators: authoritiesOf(NODES),
  },
  {
    production: { kind: 'dpos', slotMs: 500 },
    finality: VOTES,
    validators: stakesOf(NODES),
  },
];

/** The time in which a network whose faults have ended must go on: pauses of peers that were found at fault, mostly. */
const GO_ON_MS_MAX = 400_000;

/**
 * Validators whose messages are lost, doubled and late, whose sides part and whose power is cut. No node breaks
 * and no two of them hold different blocks for final, at any moment; and when it ends all go on together.
 */
export const fuzz: FuzzTarget = {
  name: 'node/votes',
  run(random, iterations) {
    const storm = new Storm(random);
    for (let i = 0; i < iterations; i++) storm.act();
    storm.calm();
  },
};

class Storm {
  readonly #random: SeededRandom;
  readonly #faults: NetworkFaults;
  readonly #net: TestNetwork;
  /** What was final somewhere, by height. */
  readonly #finals = new Map<number, string>();
  readonly #seen: number[] = Array.from({ length: NODES }, () => 0);

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#faults = new NetworkFaults(random, NODES);
    this.#net = validatorNetwork(votingSpec(random.pick(CHOICES)), {
      validators: NODES,
      node: () => ({ index: false }),
      wire: (delivery) => this.#faults.bend(delivery),
    });
    this.#net.run(500);
  }

  act(): void {
    const step = this.#random.below(10);
    if (step < FAULT_KINDS) this.#faults.strike(step, this.#net);
    else this.#net.run(this.#random.pick([5, 20, 100, 300]));
    this.#check();
  }

  /** Ends all faults, and checks what must hold then. */
  calm(): void {
    const net = this.#net;
    this.#faults.end();
    const before = Math.max(...this.#heights());
    const isOn = () => Math.min(...this.#heights()) > before;
    for (let waitedMs = 0; !isOn() && waitedMs < GO_ON_MS_MAX; waitedMs += 2_000) {
      for (let from = 0; from < NODES; from++) for (let to = 0; to < from; to++) connect(net, from, to);
      net.run(2_000);
      this.#check();
    }
    assert(isOn(), `nothing more is final: ${this.#heights().join()} after ${before}`);
  }

  #heights(): readonly number[] {
    return this.#net.nodes.map(({ node }) => node.chain.final.height);
  }

  /** Looks at what became final since it looked last. */
  #check(): void {
    for (const [index, { runner, node }] of this.#net.nodes.entries()) {
      assert(!runner.isBroken, 'a node is broken');
      const { chain } = node;
      assert(chain.final.height >= (this.#seen[index] as number), 'what is final stays so');
      for (let height = (this.#seen[index] as number) + 1; height <= chain.final.height; height++) {
        const id = toHex(chain.idAt(height) ?? new Uint8Array(0));
        const other = this.#finals.get(height) ?? id;
        assert(other === id, `two final blocks of height ${height}`);
        this.#finals.set(height, id);
      }
      this.#seen[index] = chain.final.height;
    }
  }
}
