import { fork } from 'node:child_process';
import { once } from 'node:events';
import { constants, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { AttackCounts, AttackTarget } from './attacker.ts';

/** What an attacking process is told. */
export interface AttackOrder extends AttackTarget {
  readonly attackers: number;
}

/** What its attackers did and who they were, by the name of their way to attack. */
export type AttackReport = Readonly<Record<string, AttackCounts & { readonly peers: readonly string[] }>>;

/** A process of attackers at work. */
export interface AttackProcess {
  /** Ends the attack; settles with what was done. */
  stop(): Promise<AttackReport>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/**
 * Starts attackers in a process of their own, which has what the honest nodes leave of the machine: real attackers
 * bring machines of their own. Settles when the first of them is at work.
 */
export async function startAttackProcess(order: AttackOrder): Promise<AttackProcess> {
  const script = fileURLToPath(new URL('./attack-child.ts', import.meta.url));
  const child = fork(script, [], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  await once(child, 'spawn');
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_LOW);
  child.send(order);
  await once(child, 'message');
  return {
    stop: async () => {
      child.send('stop');
      const [report] = (await once(child, 'message')) as [AttackReport];
      return report;
    },
    close: () => void child.kill('SIGKILL'),
  };
}
