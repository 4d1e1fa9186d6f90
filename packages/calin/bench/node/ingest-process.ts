import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ClientMessage, IngestOrder, IngestReport, IngestShare } from './ingest-report.ts';

/** A client that has read its transfers and waits for the word to go. */
export interface IngestClient {
  /** Requests that it can send. */
  readonly requests: number;
  /** Sends some of them to a node. */
  send(share: IngestShare): Promise<IngestReport>;
  /** Ends the process, whatever it does. */
  close(): void;
}

/** Starts a client in a process of its own. */
export async function startIngestClient(order: IngestOrder): Promise<IngestClient> {
  const script = fileURLToPath(new URL('./ingest-client.ts', import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify(order)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const close = () => void child.kill('SIGKILL');
  const first = await messageOf(child);
  if (first.kind !== 'ready') throw new Error('the client did not read its transfers');
  return {
    requests: first.requests,
    send: async (share) => {
      child.send(share);
      const last = await messageOf(child);
      if (last.kind !== 'done') throw new Error('the client did not send its transfers');
      return last.report;
    },
    close,
  };
}

/** The next message of a client, or a failure when it ends before. */
function messageOf(child: ChildProcess): Promise<ClientMessage> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`the client ended with ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message as ClientMessage);
    });
  });
}
