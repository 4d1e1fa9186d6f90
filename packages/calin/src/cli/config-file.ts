import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { refuseCli } from './rules.ts';
import { nearestName } from './suggest.ts';

/** Options that a configuration file may hold: those that are also read from the environment. */
export const CONFIG_KEYS = [
  'data',
  'rpc',
  'api-key',
  'keystore',
  'line-port',
  'password',
  'port',
  'log',
  'address',
  'allow-origin',
  'anonymous',
  'rate-limit',
  'tls-cert',
  'tls-key',
  'no-pages',
  'block-time',
  'mode',
  'prune-blocks',
  'index',
  'coin-shards',
  'signature-workers',
  'mining-workers',
  'listen',
  'bootstrap',
  'announce',
  'no-mdns',
  'no-dht',
  'relay',
  'sync',
  'upnp',
  'end-alone',
  'no-network',
] as const;

/** Characters of a file that is looked at. */
const TEXT_LENGTH_MAX = 65_536;

/** The values of a configuration file, not yet checked against an option. */
export type ConfigValues = Readonly<Record<string, string | number | boolean>>;

/**
 * Reads a configuration file.
 *
 * @param path - the file of --config; without it `calin.json` in the data folder is read if it is there
 */
export function readConfigFile(path: string | undefined, dataFolder: string): Result<ConfigValues> {
  const file = path ?? join(dataFolder, 'calin.json');
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (path === undefined && (code === 'ENOENT' || code === 'ENOTDIR')) return ok({});
    return refuseCli('cli/config-file', { file, why: message });
  }
  const parsed = parseConfig(text);
  if (parsed.ok) return parsed;
  return { ok: false, error: { ...parsed.error, evidence: { file, ...parsed.error.evidence } } };
}

/** Checks the text of a configuration file: an object of known keys with plain values. */
export function parseConfig(text: string): Result<ConfigValues> {
  if (text.length > TEXT_LENGTH_MAX) return refuseCli('cli/config-file', { why: 'it is too long' });
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuseCli('cli/config-file', { why: error instanceof Error ? error.message : 'it is not JSON' });
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuseCli('cli/config-file', { why: 'it is not an object' });
  }
  const values: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(json)) {
    if (!CONFIG_KEYS.some((known) => known === key)) {
      const nearest = nearestName(key, CONFIG_KEYS);
      const hint = nearest === undefined ? {} : { didYouMean: nearest };
      return refuseCli('cli/config-file', { why: 'unknown key', key: key.slice(0, 80), ...hint });
    }
    if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      return refuseCli('cli/config-file', { why: 'the value is not a text, a number or true or false', key });
    }
    values[key] = value;
  }
  return ok(values);
}
