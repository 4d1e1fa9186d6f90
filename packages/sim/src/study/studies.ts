import { pbft } from './pbft/pbft.ts';
import { raft } from './raft/raft.ts';
import { defineStudy, type Study } from './study-run.ts';

/** Every study protocol, in the order in which they are listed. */
export const STUDIES: readonly Study[] = [defineStudy(raft), defineStudy(pbft)];

/** The study protocol of a name. */
export function findStudy(name: string): Study | undefined {
  return STUDIES.find((study) => study.name === name);
}
