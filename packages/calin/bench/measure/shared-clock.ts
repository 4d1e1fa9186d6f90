/** Milliseconds since 1970 with fractions, on which all processes of a machine agree. */
export function sharedMs(): number {
  return performance.timeOrigin + performance.now();
}
