import { monitorEventLoopDelay } from 'node:perf_hooks';

/** What a stretch of work cost the process. */
export interface ThreadReport {
  readonly wallMs: number;
  /** Processor time of all threads of the process, and of this one alone. */
  readonly cpuMs: number;
  readonly mainCpuMs: number;
  /** How long something else had to wait for the event loop: the 99.9th percentile and the longest wait. */
  readonly eventLoopP999Ms: number;
  readonly eventLoopMaxMs: number;
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION_MS = 1;

/**
 * Watches this thread until the function it returns is called. The delay of the event loop is what
 * `perf_hooks.monitorEventLoopDelay` sees with a timer of 1 ms: each value is the time between two of its calls, so
 * that an idle loop shows 1 ms.
 */
export function watchThread(): () => ThreadReport {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  delays.enable();
  const startMs = performance.now();
  const cpu = process.cpuUsage();
  const main = process.threadCpuUsage();
  return () => {
    const wallMs = performance.now() - startMs;
    const used = process.cpuUsage(cpu);
    const mainUsed = process.threadCpuUsage(main);
    delays.disable();
    return {
      wallMs,
      cpuMs: (used.user + used.system) / 1000,
      mainCpuMs: (mainUsed.user + mainUsed.system) / 1000,
      eventLoopP999Ms: delays.percentile(99.9) / 1e6,
      eventLoopMaxMs: delays.max / 1e6,
    };
  };
}
