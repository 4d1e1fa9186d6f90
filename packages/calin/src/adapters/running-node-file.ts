import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from './durable-file.ts';

/** The file that says where the node of a data folder answers. */
const NAME = 'rpc.json';

/**
 * Notes the address of the node that runs in a data folder, so that commands find it on any port.
 *
 * @param linePort - of its line protocol; undefined where that is off
 */
export function writeRunningNode(folder: string, url: string, linePort?: number): void {
  writeDurably(join(folder, NAME), `${JSON.stringify({ url, linePort, pid: process.pid })}\n`, 0o644);
}

/** Forgets it; again is harmless. */
export function removeRunningNode(folder: string): void {
  rmSync(join(folder, NAME), { force: true });
}

/** The address of the node that runs in a data folder, or undefined. It may have ended without a word. */
export function readRunningNode(folder: string): string | undefined {
  const url = readField(folder, 'url');
  return typeof url === 'string' && /^https?:\/\//.test(url) ? url : undefined;
}

/** The port of the line protocol of that node, or undefined. */
export function readRunningLine(folder: string): number | undefined {
  const port = readField(folder, 'linePort');
  return typeof port === 'number' && Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
}

function readField(folder: string, name: string): unknown {
  try {
    const json: unknown = JSON.parse(readFileSync(join(folder, NAME), 'utf8'));
    const isThere = typeof json === 'object' && json !== null && Object.hasOwn(json, name);
    return isThere ? (json as Readonly<Record<string, unknown>>)[name] : undefined;
  } catch {
    // Absent or torn: as good as no node.
    return undefined;
  }
}
