import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { FuzzTarget, SeededRandom } from '../base/fuzz.testing.ts';
import type { Delivery, TestNetwork } from '../p2p/test-network.testing.ts';
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
  readonly #net: TestNetwork;
  /** What was final somewhere, by height. */
  readonly #finals = new Map<number, string>();
  readonly #seen: number[] = Array.from({ length: NODES }, () => 0);
  #sides: readonly number[] = Array.from({ length: NODES }, () => 0);
  #lossIn = 0;

  constructor(random: SeededRandom) {
    this.#random = random;
    this.#net = validatorNetwork(votingSpec(random.pick(CHOICES)), {
      validators: NODES,
      node: () => ({ index: false }),
      wire: (delivery) => this.#bend(delivery),
    });
    this.#net.run(500);
  }

  act(): void {
    const random = this.#random;
    const net = this.#net;
    switch (random.below(10)) {
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
        // Its disk writes at once, so it knows all that it said.
        if (random.oneIn(3)) net.restart(random.below(NODES));
        break;
      case 4:
      case 5:
        this.#connect(random.below(NODES), random.below(NODES));
        break;
      default:
        net.run(random.pick([5, 20, 100, 300]));
    }
    this.#check();
  }

  /** Ends all faults, and checks what must hold then. */
  calm(): void {
    const net = this.#net;
    this.#lossIn = 0;
    this.#sides = this.#sides.map(() => 0);
    const before = Math.max(...this.#heights());
    const isOn = () => Math.min(...this.#heights()) > before;
    for (let waitedMs = 0; !isOn() && waitedMs < GO_ON_MS_MAX; waitedMs += 2_000) {
      for (let from = 0; from < NODES; from++) for (let to = 0; to < from; to++) this.#connect(from, to);
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

  #connect(from: number, to: number): void {
    if (from !== to && !this.#net.isConnected(from, to)) this.#net.connect(from, to);
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
