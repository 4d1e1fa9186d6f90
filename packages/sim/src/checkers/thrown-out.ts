import type { Attacker } from '../byzantine/attacker.ts';
import type { Cluster } from '../cluster.ts';
import type { Checker, Moment, Report } from './checker.ts';

/** Who attacks is thrown out by every one of its victims, and stays out. */
export class ThrownOut implements Checker<readonly number[]> {
  readonly invariant = 'attackers are thrown out';
  readonly #attackers: readonly Attacker[];

  constructor(attackers: readonly Attacker[]) {
    this.#attackers = attackers;
  }

  /** For each attacker, how many have it among their peers. */
  look({ runningHere }: Cluster, moment: Moment): readonly number[] | undefined {
    if (moment === 'watch') return undefined;
    return this.#attackers.map(({ name }) => {
      return runningHere.filter(({ node }) => node?.p2p?.peers.has(name) === true).length;
    });
  }

  judge(sights: readonly (readonly number[])[], _moment: Moment, report: Report): void {
    this.#attackers.forEach(({ name }, i) => {
      const friends = sights.reduce((sum, counts) => sum + (counts[i] ?? 0), 0);
      if (friends > 0) report('An attacker is still among the peers.', { attacker: name, of: friends });
    });
  }
}
