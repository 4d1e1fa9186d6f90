import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';

/** The file that says where the node of a data folder answers. */
const NAME = 'rpc.json';

/** Notes the address of the node that runs in a data folder, so that commands find it on any port. */
export function writeRunningNode(folder: string, url: string): void {
  writeDurably(join(folder, NAME), `${JSON.stringify({ url, pid: process.pid })}\n`, 0o644);
}

/** Forgets it; again is harmless. */
export function removeRunningNode(folder: string): void {
  rmSync(join(folder, NAME), { force: true });
}

/** The address of the node that runs in a data folder, or undefined. It may have ended without a word. */
export function readRunningNode(folder: string): string | undefined {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, NAME), 'utf8'));
    const url = typeof json === 'object' && json !== null && 'url' in json ? json.url : undefined;
    return typeof url === 'string' && /^http:\/\//.test(url) ? url : undefined;
  } catch {
    // Absent or torn: as good as no node.
    return undefined;
  }
}
