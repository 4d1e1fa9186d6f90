import type { Attacker } from '../byzantine/attacker.ts';
import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import type { Checker, Moment, Report } from './checker.ts';

/**
 * How long a node may keep an attacker that has come back: who breaks no rule that costs the connection, such as a liar
 * about its head, leaves a ping without an answer, for which 20 seconds are waited.
 */
const CONNECTED_MS_MAX = 30_000;

/** How long it may come back at all: a lie costs a tenth of what a ban takes, and some are told in a minute. */
const BANNED_US = 60_000_000;

/** Who attacks is thrown out by every one of its victims, soon each time, and in the end for good. */
export class ThrownOut implements Checker<readonly number[]> {
  readonly invariant = 'attackers are thrown out';
  readonly #attackers: readonly Pick<Attacker, 'name'>[];
  readonly #bannedUs: number;

  /** @param attackUs - when they begin */
  constructor(attackers: readonly Pick<Attacker, 'name'>[], attackUs: number) {
    this.#attackers = attackers;
    this.#bannedUs = attackUs + BANNED_US;
  }

  /** For each attacker, how many have it among their peers, though they should have got rid of it. */
  look({ runningHere, world }: Cluster, moment: Moment): readonly number[] {
    const isOver = moment === 'finish' && world.clock.nowUs >= this.#bannedUs;
    const connectedMsMax = isOver ? Number.NEGATIVE_INFINITY : CONNECTED_MS_MAX;
    return this.#attackers.map(({ name }) => {
      return runningHere.filter((node) => connectedForMs(node, name) > connectedMsMax).length;
    });
  }

  judge(sights: readonly (readonly number[])[], _moment: Moment, report: Report): void {
    this.#attackers.forEach(({ name }, i) => {
      const friends = sights.reduce((sum, counts) => sum + (counts[i] ?? 0), 0);
      if (friends > 0) report('An attacker is still among the peers.', { attacker: name, of: friends });
    });
  }
}

/** How long a node has had somebody among its peers; minus infinity when it has not. */
function connectedForMs({ node, clock }: SimNode, name: string): number {
  const peer = node?.p2p?.peers.get(name);
  return peer === undefined ? Number.NEGATIVE_INFINITY : clock.nowMs() - peer.connectedMs;
}
