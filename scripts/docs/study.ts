import { sequenceFile } from '@calin/sim/study/sequence-picture.ts';
import { findStudy } from '@calin/sim/study/studies.ts';
import type { StudyOptions } from '@calin/sim/study/study-run.ts';
import type { GeneratedPage } from '../lib/generated.ts';

/** A drawing of docs/reference/study-protocols.md: which part of which run. */
interface Drawing {
  readonly name: string;
  readonly title: string;
  readonly protocol: string;
  readonly options: StudyOptions;
  /** 0 for how the run begins, 1 for the first change of the leader. */
  readonly scene: number;
}

const ALONE = { clients: 1, durationS: 20 };

const DRAWINGS: readonly Drawing[] = [
  {
    name: 'study-raft',
    title: 'Raft: an election, and requests in one round trip each',
    protocol: 'raft',
    options: { ...ALONE, seed: 1, faults: [] },
    scene: 0,
  },
  {
    name: 'study-raft-liar',
    title: 'Raft: a leader that says one thing to one half and another to the other',
    protocol: 'raft',
    options: { ...ALONE, clients: 2, seed: 2, faults: ['liars'] },
    scene: 0,
  },
  {
    name: 'study-pbft',
    title: 'PBFT: requests in three phases',
    protocol: 'pbft',
    options: { ...ALONE, seed: 1, faults: [] },
    scene: 0,
  },
  {
    name: 'study-pbft-view',
    title: 'PBFT: a silent primary is replaced',
    protocol: 'pbft',
    options: { ...ALONE, seed: 12, faults: ['liars'] },
    scene: 0,
  },
];

/** The drawings, each made by a run. */
export const pages: readonly GeneratedPage[] = DRAWINGS.map((drawing) => ({
  path: `docs/images/${drawing.name}.svg`,
  generate: () => draw(drawing),
}));

function draw({ title, protocol, options, scene }: Drawing): string {
  const run = findStudy(protocol)?.run(options);
  const shown = run?.scenes[scene];
  if (shown === undefined) throw new Error(`${protocol} has no scene ${scene}`);
  return sequenceFile(shown, title);
}
