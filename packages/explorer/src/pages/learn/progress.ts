import { LESSONS, type StepName, stepName } from './lessons.ts';

/** The steps that were done, by their names. */
export type Progress = ReadonlySet<StepName>;

const NAMES: ReadonlySet<string> = new Set(
  LESSONS.flatMap((lesson) => lesson.steps.map((step) => stepName(lesson, step))),
);

/** Reads what {@link formatProgress} wrote. Steps that no longer exist are left out, and so is all else. */
export function parseProgress(text: string | null): Progress {
  const names = (text ?? '').split(' ').filter((name): name is StepName => NAMES.has(name));
  return new Set(names);
}

/** Progress as it is kept in a browser. */
export function formatProgress(progress: Progress): string {
  return [...progress].join(' ');
}

/** How many steps of a lesson were done. */
export function countDone(lesson: (typeof LESSONS)[number], progress: Progress): number {
  return lesson.steps.filter((step) => progress.has(stepName(lesson, step))).length;
}
