import { pathToFileURL } from 'node:url';
import { fromRoot } from './workspace.ts';

/** What a file of the repository exports, by name. */
export async function loadModule(path: string): Promise<Readonly<Record<string, unknown>>> {
  return (await import(pathToFileURL(fromRoot(path)).href)) as Record<string, unknown>;
}

/**
 * One export of a file that a tool found by its name.
 *
 * @throws Error when the file does not export it: the tool would otherwise skip it in silence
 */
export async function loadExport<T>(path: string, name: string): Promise<T> {
  const value = (await loadModule(path))[name];
  if (value === undefined) throw new Error(`${path} does not export \`${name}\``);
  return value as T;
}
