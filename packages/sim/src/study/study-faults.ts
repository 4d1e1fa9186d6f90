import { type FaultTime, type RepeatedFault, repeatFault } from '../faults.ts';
import { NO_FAULTS } from '../link-faults.ts';
import type { StudyCluster } from './study-cluster.ts';
import type { StudyMachine } from './study-machine.ts';

/** What may go wrong in a run, by the names of the command line. */
export const STUDY_FAULTS = ['crashes', 'partitions', 'links', 'liars', 'more-liars'] as const;

/** One of {@link STUDY_FAULTS}. */
export type StudyFault = (typeof STUDY_FAULTS)[number];

const S = 1_000_000;
const CRASHES: RepeatedFault = { intervalUs: S, lastsUsMin: S / 10, lastsUsMax: 4 * S };
const PARTITIONS: RepeatedFault = { intervalUs: 4 * S, lastsUsMin: S / 5, lastsUsMax: 5 * S };
const DISTURBANCES: RepeatedFault = { intervalUs: 3 * S, lastsUsMin: S, lastsUsMax: 6 * S };
const BAD_LINKS = { lossPpm: 100_000, duplicatePpm: 30_000, reorderPpm: 100_000 };

/** One in so many times that a machine wants to lead, or leads, a machine crashes within a few messages of it. */
const STRIKES_ONE_IN = 3;
const STRIKE_WITHIN_US = 60_000;
const STRIKE_LASTS_US_MAX = 300_000;

/** Told when a machine wants to lead, or leads: moments at which a power cut does most harm. */
export type Strike<M, R> = (machine: StudyMachine<M, R>) => void;

/** Cuts the power of honest machines, all of them if it comes so, and starts each of them again after a while. */
export function crashMachines<M, R>(cluster: StudyCluster<M, R>, time: FaultTime): Strike<M, R> {
  const dice = cluster.dice('crashes');
  const { clock } = cluster;
  const crash = (machine: StudyMachine<M, R>, endUs: number): void => {
    if (!machine.isUp) return;
    cluster.say(machine, 'power cut');
    machine.crash(dice);
    clock.schedule(endUs, { fire: () => cluster.start(machine) });
  };
  repeatFault(clock, CRASHES, time, dice, (endUs) => {
    const up = cluster.honest.filter(({ isUp }) => isUp);
    if (up.length > 0) crash(dice.choose(up), endUs);
  });
  return (machine) => {
    const isTime = clock.nowUs >= time.fromUs && clock.nowUs < time.untilUs;
    if (!isTime || !dice.oneIn(STRIKES_ONE_IN)) return;
    const victim = dice.oneIn(2) ? machine : dice.choose(cluster.honest);
    const atUs = clock.nowUs + dice.below(STRIKE_WITHIN_US);
    const endUs = atUs + dice.between(1, STRIKE_LASTS_US_MAX);
    clock.schedule(atUs, { fire: () => crash(victim, endUs) });
  };
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
