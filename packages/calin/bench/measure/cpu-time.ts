/** The system counts processor time about every millisecond: what took less is given as one. */
const GRAIN_MS = 1;

/**
 * Milliseconds of processor time that some work takes on this thread; good for work of 20 ms and more. Where it waits
 * for nothing, that is what a clock would show on a machine that does nothing else.
 */
export function cpuMsOf(work: () => void): number {
  const start = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(start);
  return Math.max(GRAIN_MS, (user + system) / 1000);
}
