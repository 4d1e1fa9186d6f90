import { type FaultTime, type RepeatedFault, repeatFault } from '../faults.ts';
import { NO_FAULTS } from '../link-faults.ts';
import type { StudyCluster } from './study-cluster.ts';

/** What may go wrong in a run, by the names of the command line. */
export const STUDY_FAULTS = ['crashes', 'partitions', 'links', 'liars', 'more-liars'] as const;

/** One of {@link STUDY_FAULTS}. */
export type StudyFault = (typeof STUDY_FAULTS)[number];

const S = 1_000_000;
const CRASHES: RepeatedFault = { intervalUs: S, lastsUsMin: S / 10, lastsUsMax: 4 * S };
const PARTITIONS: RepeatedFault = { intervalUs: 4 * S, lastsUsMin: S / 5, lastsUsMax: 5 * S };
const DISTURBANCES: RepeatedFault = { intervalUs: 3 * S, lastsUsMin: S, lastsUsMax: 6 * S };
const BAD_LINKS = { lossPpm: 100_000, duplicatePpm: 30_000, reorderPpm: 100_000 };

/** Cuts the power of honest machines, all of them if it comes so, and starts each of them again after a while. */
export function crashMachines<M, R>(cluster: StudyCluster<M, R>, time: FaultTime): void {
  const dice = cluster.dice('crashes');
  repeatFault(cluster.clock, CRASHES, time, dice, (endUs) => {
    const up = cluster.honest.filter(({ isUp }) => isUp);
    if (up.length === 0) return;
    const machine = dice.choose(up);
    cluster.say(machine, 'power cut');
    machine.crash(dice);
    cluster.clock.schedule(endUs, { fire: () => cluster.start(machine) });
  });
}

/** Divides the machines and clients into two parts, of any sizes, now and then. */
export function divideMachines<M, R>(cluster: StudyCluster<M, R>, time: FaultTime): void {
  const dice = cluster.dice('partitions');
  const { network, clock } = cluster;
  repeatFault(clock, PARTITIONS, time, dice, (endUs) => {
    if (network.isDivided) return;
    const parts = new Map(cluster.stations.map(({ name }) => [name, dice.below(2)]));
    cluster.say(undefined, 'the network is divided');
    network.partition(({ name }) => parts.get(name) ?? 0);
    const fire = () => {
      cluster.say(undefined, 'the network is whole');
      network.partition(undefined);
    };
    clock.schedule(endUs, { fire });
  });
}

/** Loses, doubles and delays messages for a while, now and then. */
export function disturbMessages<M, R>(cluster: StudyCluster<M, R>, time: FaultTime): void {
  const dice = cluster.dice('disturbances');
  const { network, clock } = cluster;
  repeatFault(clock, DISTURBANCES, time, dice, (endUs) => {
    if (network.faults !== NO_FAULTS) return;
    network.faults = BAD_LINKS;
    cluster.say(undefined, 'links are disturbed');
    const fire = () => {
      network.faults = NO_FAULTS;
      cluster.say(undefined, 'links are good');
    };
    clock.schedule(endUs, { fire });
  });
}
