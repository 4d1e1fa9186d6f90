import type { VirtualClock } from './clock.ts';
import type { Cluster } from './cluster.ts';
import type { Dice } from './dice.ts';
import type { SimHost } from './link.ts';
import { type LinkFaults, NO_FAULTS } from './link-faults.ts';
import type { SimNode } from './sim-node.ts';

/** When faults happen: none begins after `untilUs`, and every one of them is over by `healedUs`. */
export interface FaultTime {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly healedUs: number;
}

/** Faults of one kind that come again and again. */
export interface RepeatedFault {
  /** Between two of them, on average. */
  readonly intervalUs: number;
  readonly lastsUsMin: number;
  readonly lastsUsMax: number;
}

/** Power cuts. */
export interface Crashes extends RepeatedFault {
  /** Machines that are off at a time, at most. */
  readonly offMax: number;
}

/** Crashes machines, and starts each of them again after a while. */
export function crashNodes(cluster: Cluster, crashes: Crashes, time: FaultTime): void {
  const dice = cluster.world.dice('crashes');
  const off = new Set<SimNode>();
  repeatFault(cluster.world.clock, crashes, time, dice, (endUs) => {
    const up = cluster.nodes.filter((node) => node.isUp);
    if (off.size >= crashes.offMax || up.length === 0) return;
    const node = dice.choose(up);
    node.crash();
    off.add(node);
    cluster.world.clock.schedule(endUs, {
      fire: () => {
        off.delete(node);
        // Somebody else may have switched it on meanwhile.
        if (!node.isUp) node.start();
      },
    });
  });
}

/** Divides the network into two parts, of any sizes, now and then. */
export function dividePeers(cluster: Cluster, divisions: RepeatedFault, time: FaultTime): void {
  const dice = cluster.world.dice('partitions');
  const { network, clock } = cluster.world;
  repeatFault(clock, divisions, time, dice, (endUs) => {
    if (network.isDivided) return;
    const share = dice.between(10, 50);
    const parts = new Map(cluster.nodes.map(({ name }) => [name, dice.below(100) < share ? 1 : 0]));
    const apart = [...parts.values()].filter((part) => part === 1).length;
    cluster.say('the network is divided', { apart, of: cluster.nodes.length });
    network.partition((host: SimHost) => parts.get(host.name) ?? 0);
    clock.schedule(endUs, {
      fire: () => {
        cluster.say('the network is whole');
        network.partition(undefined);
      },
    });
  });
}

/** Loses, doubles and delays messages for a while, now and then. */
export function disturbLinks(
  cluster: Cluster,
  disturbances: RepeatedFault & { readonly faults: LinkFaults },
  time: FaultTime,
): void {
  const dice = cluster.world.dice('disturbances');
  const { network, clock } = cluster.world;
  repeatFault(clock, disturbances, time, dice, (endUs) => {
    network.faults = disturbances.faults;
    cluster.say('links are disturbed', { lossPpm: disturbances.faults.lossPpm });
    clock.schedule(endUs, {
      fire: () => {
        network.faults = NO_FAULTS;
        cluster.say('links are good');
      },
    });
  });
}

/** Sets clocks right or wrong by up to so much, now and then. */
export function skewClocks(
  cluster: Cluster,
  { intervalUs, skewMsMax }: { readonly intervalUs: number; readonly skewMsMax: number },
  time: FaultTime,
): void {
  const dice = cluster.world.dice('clocks');
  const fault = { intervalUs, lastsUsMin: 0, lastsUsMax: 0 };
  repeatFault(cluster.world.clock, fault, time, dice, () => {
    const node = dice.choose(cluster.nodes);
    // A clock that was set back would go on slowly until the time has caught up; here it only ever goes forward.
    node.clock.skewMs = Math.max(node.clock.skewMs, dice.between(-skewMsMax, skewMsMax));
    node.say('machine', 'clock set', { skewMs: node.clock.skewMs });
  });
}

/** Lets a fault begin again and again; `begin` is told when it has to be over. */
export function repeatFault(
  clock: VirtualClock,
  { intervalUs, lastsUsMin, lastsUsMax }: RepeatedFault,
  { fromUs, untilUs, healedUs }: FaultTime,
  dice: Dice,
  begin: (endUs: number) => void,
): void {
  const next = (afterUs: number): void => {
    const atUs = afterUs + dice.exponential(intervalUs);
    if (atUs >= untilUs) return;
    const fire = () => {
      begin(Math.min(healedUs, clock.nowUs + dice.between(lastsUsMin, lastsUsMax)));
      next(clock.nowUs);
    };
    clock.schedule(atUs, { fire });
  };
  next(fromUs);
}
