import { unreachable } from '@calin/core/base/assert.ts';
import type { Cluster } from '../cluster.ts';
import type { Dice } from '../dice.ts';
import type { SimHost } from '../link.ts';
import { NO_FAULTS } from '../link-faults.ts';
import type { SimNode } from '../sim-node.ts';
import type { ComparedFault } from './faults-file.ts';

const S = 1_000_000;

/** Puts faults into the clock of a run. Makers that cheat are chosen before, with the cluster. */
export function applyFaults(cluster: Cluster, faults: readonly ComparedFault[]): void {
  const dice = cluster.world.dice('faults of a comparison');
  for (const fault of faults) applyFault(cluster, fault, dice);
}

function applyFault(cluster: Cluster, fault: ComparedFault, dice: Dice): void {
  switch (fault.kind) {
    case 'partition': {
      const apart = new Set(draw(cluster, fault.nodesPercent, dice).map(({ name }) => name));
      return divide(cluster, (name) => (apart.has(name) ? 1 : 0), fault);
    }
    case 'crash':
      for (const node of draw(cluster, fault.nodesPercent, dice)) switchOff(cluster, node, fault);
      return;
    case 'links': {
      const { lostPermille, doubledPermille, latePermille } = fault;
      const ppm = (permille: number) => permille * 1000;
      const faults = {
        lossPpm: ppm(lostPermille),
        duplicatePpm: ppm(doubledPermille),
        reorderPpm: ppm(latePermille),
      };
      return during(cluster, fault, (isOver) => {
        cluster.world.network.faults = isOver ? NO_FAULTS : faults;
        cluster.say(isOver ? 'links are good' : 'links are disturbed');
      });
    }
    case 'clocks': {
      const { skewMsMax } = fault;
      const skews = cluster.nodes.map((node) => ({ node, skewMs: dice.between(-skewMsMax, skewMsMax) }));
      return at(cluster, fault.fromS, () => {
        // A clock that was set back would stand still; here it only ever goes forward.
        for (const { node, skewMs } of skews) node.clock.skewMs = Math.max(node.clock.skewMs, skewMs);
        cluster.say('clocks are wrong', { skewMsMax });
      });
    }
    case 'byzantine':
      return;
    default:
      return unreachable(fault);
  }
}

/** When something begins and ends, in seconds of the run. */
export interface Span {
  readonly fromS: number;
  readonly toS: number;
}

/** Divides the network for a while, into the parts that names are in. */
export function divide(cluster: Cluster, partOf: (name: string) => number, span: Span): void {
  const { network } = cluster.world;
  during(cluster, span, (isOver) => {
    network.partition(isOver ? undefined : ({ name }: SimHost) => partOf(name));
    cluster.say(isOver ? 'the network is whole' : 'the network is divided');
  });
}

/** Cuts the power of a machine for a while. */
export function switchOff(cluster: Cluster, node: SimNode, span: Span): void {
  during(cluster, span, (isOver) => {
    // It may have been switched off, or on, by another fault.
    if (isOver && !node.isUp) node.start();
    if (!isOver && node.isUp) node.crash();
  });
}

function during(cluster: Cluster, { fromS, toS }: Span, change: (isOver: boolean) => void): void {
  at(cluster, fromS, () => change(false));
  at(cluster, toS, () => change(true));
}

function at({ world }: Cluster, seconds: number, fire: () => void): void {
  world.clock.schedule(seconds * S, { fire });
}

function draw({ nodes }: Cluster, percent: number, dice: Dice): readonly SimNode[] {
  const count = Math.max(1, Math.floor((nodes.length * percent) / 100));
  return dice.shuffle([...nodes]).slice(0, count);
}
