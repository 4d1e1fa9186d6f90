import { constants, getPriority, setPriority } from 'node:os';

/**
 * Lets the main thread go first: called on a worker, it lowers the priority of that thread alone. Where every core is
 * busy, the event loop would otherwise wait for its turn as long as any worker does. On Linux, where a priority is that
 * of a thread (setpriority(2)); elsewhere it is that of the process, and nothing is done.
 */
export function stepBack(): void {
  if (process.platform !== 'linux') return;
  try {
    // Whoever may raise a priority would otherwise raise that of a process that was told to be nice.
    setPriority(Math.max(getPriority(), constants.priority.PRIORITY_BELOW_NORMAL));
  } catch {
    // A system that does not allow it, such as a strict sandbox: everything works as before.
  }
}
