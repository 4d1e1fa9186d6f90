import type { Attacker } from '../byzantine/attacker.ts';
import type { Cluster } from '../cluster.ts';
import type { Checker, Report } from './checker.ts';

/** Who attacks is thrown out by every one of its victims, and stays out. */
export class ThrownOut implements Checker {
  readonly invariant = 'attackers are thrown out';
  readonly #attackers: readonly Attacker[];

  constructor(attackers: readonly Attacker[]) {
    this.#attackers = attackers;
  }

  finish({ running }: Cluster, report: Report): void {
    for (const { name } of this.#attackers) {
      const friends = running.filter(({ node }) => node?.p2p?.peers.has(name) === true);
      if (friends.length === 0) continue;
      report('An attacker is still among the peers.', { attacker: name, of: friends.length });
    }
  }
}
