/** Work that is done piece by piece: each call of `next` does one, and the last one gives what came of it. */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Does all that is left at once. */
export function runSteps<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
