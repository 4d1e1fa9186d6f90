/** The variable of the environment that says where samples go. */
export const PROBE_FOLDER = 'CALIN_SOAK_FOLDER';

/** How often a node takes a sample: collecting its garbage costs tens of milliseconds. */
export const PROBE_INTERVAL_MS = 2000;

/** Where the thread of the full index of a process writes what it holds, and where the process itself does. */
export function probeFiles(pid: number): { readonly index: string; readonly process: string } {
  return { index: `${pid}.index.json`, process: `${pid}.json` };
}

/**
 * What a process holds, in bytes, right after the garbage of its main thread was collected. The thread of its full
 * index collects its own as often.
 */
export interface ProbeSample {
  readonly pid: number;
  readonly upMs: number;
  readonly rss: number;
  /** The part of it that no file on disk stands behind. */
  readonly anonymous: number;
  readonly heap: number;
  /** Buffers outside the heap. */
  readonly external: number;
  /** Objects and buffers of the thread of the full index; 0 on a node without one. */
  readonly index: number;
  /** Open file descriptors, sockets among them. */
  readonly files: number;
  /** What keeps the event loop busy: sockets, timers, requests. */
  readonly handles: number;
  /** The same by kind. */
  readonly resources: Readonly<Record<string, number>>;
}
