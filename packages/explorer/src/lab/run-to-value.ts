/** Runs a generator to its end and gives what it returns. */
export function runToValue<T>(steps: Generator<unknown, T, undefined>): T {
  let step = steps.next();
  while (step.done !== true) step = steps.next();
  return step.value;
}
