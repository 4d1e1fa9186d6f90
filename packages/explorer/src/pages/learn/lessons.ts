import { BLOCK_LESSON } from './block/lesson.ts';
import { CHAIN_LESSON } from './chain/lesson.ts';
import { COIN_LESSON } from './coin/lesson.ts';
import { CONSENSUS_LESSON } from './consensus/lesson.ts';
import { FORK_LESSON } from './fork/lesson.ts';
import { HASH_LESSON } from './hash/lesson.ts';
import { SIGNATURE_LESSON } from './signature/lesson.ts';

/** All lessons, in the order in which each builds on those before. */
export const LESSONS = [
  HASH_LESSON,
  BLOCK_LESSON,
  CHAIN_LESSON,
  SIGNATURE_LESSON,
  COIN_LESSON,
  CONSENSUS_LESSON,
  FORK_LESSON,
] as const;

/** One of them. */
export type ListedLesson = (typeof LESSONS)[number];

type NamesOf<L> = L extends { readonly id: infer Id extends string; readonly steps: readonly (infer S)[] }
  ? S extends { readonly id: infer StepId extends string }
    ? `${Id}/${StepId}`
    : never
  : never;

/** The name of a step: its lesson and itself, such as `hash/flip`. */
export type StepName = NamesOf<ListedLesson>;

/** The name of a step of a lesson. */
export function stepName(lesson: ListedLesson, step: ListedLesson['steps'][number]): StepName {
  // A step of its own lesson, so the pair is one of the names.
  return `${lesson.id}/${step.id}` as StepName;
}
