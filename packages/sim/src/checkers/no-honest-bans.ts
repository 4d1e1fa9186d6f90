import type { Cluster } from '../cluster.ts';
import type { SimNode } from '../sim-node.ts';
import { type Checker, type Finding, inOrder, type Moment, type Report } from './checker.ts';

/**
 * Nodes that follow the protocol do not ban one another, however bad the links between them are: a ban lasts for a day,
 * so one that is found at the end of a run has not gone by unseen.
 */
export class NoHonestBans implements Checker<readonly Finding[]> {
  readonly invariant = 'no honest node is banned';

  look(cluster: Cluster, moment: Moment): readonly Finding[] | undefined {
    if (moment === 'watch') return undefined;
    const honest = new Set(cluster.honest.map(({ name }) => name));
    return cluster.runningHere.flatMap((node) => bansOf(node, honest));
  }

  judge(sights: readonly (readonly Finding[])[], _moment: Moment, report: Report): void {
    for (const { message, evidence } of inOrder(sights)) report(message, evidence);
  }
}

function bansOf({ name, number, node, clock }: SimNode, honest: ReadonlySet<string>): readonly Finding[] {
  const bans = node?.p2p?.connections.bans(clock.nowMs()) ?? [];
  return bans
    .filter(({ target }) => honest.has(target))
    .map(({ target, reason }) => {
      const evidence = { node: name, banned: target, rule: reason };
      return { machine: number, message: 'A node has banned one that follows the protocol.', evidence };
    });
}
