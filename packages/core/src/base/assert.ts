/** Thrown when the program contradicts itself. Never used for input that a stranger may have written. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

/**
 * Stops on a broken invariant. Stays in production: a wrong ledger must not go on.
 *
 * @throws AssertionError when `condition` is false
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new AssertionError(message);
}

/** Marks a case that the types say cannot happen; the compiler complains when one is forgotten. */
export function unreachable(value: never): never {
  throw new AssertionError(`unreachable value ${String(value)}`);
}
