/** The variable of the environment that says where samples go. */
export const PROBE_FOLDER = 'CALIN_SOAK_FOLDER';

/** How often a node takes a sample: collecting its garbage costs tens of milliseconds. */
export const PROBE_INTERVAL_MS = 2000;

/** What a process holds, right after its garbage was collected. Memory in bytes. */
export interface ProbeSample {
  readonly pid: number;
  readonly upMs: number;
  readonly rss: number;
  /** The part of it that no file on disk stands behind. */
  readonly anonymous: number;
  readonly heap: number;
  /** Buffers outside the heap. */
  readonly external: number;
  /** Open file descriptors, sockets among them. */
  readonly files: number;
  /** What keeps the event loop busy: sockets, timers, requests. */
  readonly handles: number;
  /** The same by kind. */
  readonly resources: Readonly<Record<string, number>>;
}
