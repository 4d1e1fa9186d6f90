import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fromHex, isHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { array, choice, hex, type Infer, integer, object, string } from '@calin/core/base/schema.ts';
import type { Role } from '@calin/core/rpc/roles.ts';
import { refuseAdapter } from '../rules.ts';
import { writeDurably } from './durable-file.ts';
import { systemRandom } from './random.ts';

/** The file of a data folder that knows the keys of its API, by their hashes. */
const NAME = 'api-keys.json';
/** Keys of one node. */
const KEYS_MAX = 1000;
const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** How long a key that was revoked may still be taken. */
const CHECK_INTERVAL_MS = 1000;

const keySchema = object('A key without its secret.', {
  id: hex('What it is called by.', { bytes: ID_BYTES }),
  name: string('What its owner calls it.', { lengthMax: 64, pattern: '^[\\w .@-]+$' }),
  role: choice('What it may do.', ['read', 'submit', 'admin']),
  callsPerSecond: integer('How many calls it may make; 0 for any number.', 0, 1_000_000),
  createdMs: integer('When it was made, in milliseconds since 1970.'),
  hash: hex('The keyed hash of its secret.', { bytes: 32 }),
});

const fileSchema = object('The keys of a node.', {
  hashKey: hex('What the hashes are keyed by.', { bytes: 32 }),
  keys: array('The keys.', keySchema, KEYS_MAX),
});

/** A key as it is kept: its secret is not in it. */
export type ApiKey = Infer<typeof keySchema>;
type KeyFile = Infer<typeof fileSchema>;

/** What of a key may be chosen. */
export type ApiKeyChoice = Pick<ApiKey, 'name' | 'callsPerSecond'> & { readonly role: Exclude<Role, 'none'> };

/**
 * Makes a key and keeps its hash. A secret of 256 random bits cannot be guessed from its hash however fast that is, so
 * none of the slow functions for passwords is needed, which would cost each call milliseconds.
 *
 * @returns the key as its user sends it, which nobody can read again, and what is kept of it
 */
export function createApiKey(
  folder: string,
  chosen: ApiKeyChoice,
  nowMs: number,
): Result<{ readonly key: string; readonly kept: ApiKey }> {
  const file = readKeyFile(folder);
  if (!file.ok) return file;
  const { hashKey, keys } = file.value ?? { hashKey: toHex(systemRandom(32)), keys: [] };
  if (keys.length >= KEYS_MAX) return refuseAdapter('key/too-many', { expected: KEYS_MAX });
  const id = toHex(systemRandom(ID_BYTES));
  const secret = systemRandom(SECRET_BYTES);
  const hash = toHex(hashSecret(hashKey, secret));
  const kept = keySchema.parse({ id, ...chosen, createdMs: nowMs, hash }, 'key');
  if (!kept.ok) return kept;
  writeKeyFile(folder, { hashKey, keys: [...keys, kept.value] });
  return ok({ key: `calin_${id}_${toHex(secret)}`, kept: kept.value });
}

/** The keys of a folder, oldest first. */
export function listApiKeys(folder: string): Result<readonly ApiKey[]> {
  const file = readKeyFile(folder);
  return file.ok ? ok(file.value?.keys ?? []) : file;
}

/** Forgets a key; a node that runs refuses it within a second. Refuses by `key/unknown`. */
export function revokeApiKey(folder: string, id: string): Result<ApiKey> {
  const file = readKeyFile(folder);
  if (!file.ok) return file;
  const { value: known } = file;
  const found = known?.keys.find((key) => key.id === id);
  if (known === undefined || found === undefined)
    return refuseAdapter('key/unknown', { got: id.slice(0, 80) });
  writeKeyFile(folder, { ...known, keys: known.keys.filter((key) => key !== found) });
  return ok(found);
}

/** The keys of a running node; follows what the command line changes in the file. */
export class ApiKeys {
  readonly #folder: string;
  readonly #nowMs: () => number;
  #checkedMs = Number.NEGATIVE_INFINITY;
  #stamp = '';
  #hashKey = '';
  #keys = new Map<string, ApiKey>();

  /** @param nowMs - a clock that only goes on */
  constructor(folder: string, nowMs: () => number) {
    this.#folder = folder;
    this.#nowMs = nowMs;
  }

  /** The key that somebody has sent; undefined when it is none of this node. Takes microseconds, whatever is sent. */
  find(sent: string): ApiKey | undefined {
    this.#follow();
    const [, id = '', secret = ''] = /^calin_([0-9a-f]{16})_([0-9a-f]{64})$/.exec(sent) ?? [];
    const key = this.#keys.get(id);
    if (key === undefined || !isHex(secret)) return undefined;
    const isSame = timingSafeEqual(hashSecret(this.#hashKey, fromHex(secret)), fromHex(key.hash));
    return isSame ? key : undefined;
  }

  /** Whether there is still a key of an id. */
  has(id: string): boolean {
    this.#follow();
    return this.#keys.has(id);
  }

  #follow(): void {
    const nowMs = this.#nowMs();
    if (nowMs - this.#checkedMs < CHECK_INTERVAL_MS) return;
    this.#checkedMs = nowMs;
    const stamp = stampOf(this.#folder);
    if (stamp === this.#stamp) return;
    const file = readKeyFile(this.#folder);
    // A file that cannot be read opens nothing.
    const { hashKey, keys } = (file.ok ? file.value : undefined) ?? { hashKey: '', keys: [] };
    this.#stamp = stamp;
    this.#hashKey = hashKey;
    this.#keys = new Map(keys.map((key) => [key.id, key]));
  }
}

function hashSecret(hashKey: string, secret: Uint8Array): Uint8Array {
  return createHmac('sha256', fromHex(hashKey)).update(secret).digest();
}

/** What changes whenever the file does: it is always written anew. */
function stampOf(folder: string): string {
  const stat = statSync(join(folder, NAME), { throwIfNoEntry: false, bigint: true });
  return stat === undefined ? '' : `${stat.ino} ${stat.mtimeNs} ${stat.size}`;
}

function readKeyFile(folder: string): Result<KeyFile | undefined> {
  const path = join(folder, NAME);
  try {
    const parsed = fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')), NAME);
    return parsed.ok ? parsed : refuseAdapter('key/file', { path, reason: parsed.error.rule });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ok(undefined);
    return refuseAdapter('key/file', {
      path,
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}

function writeKeyFile(folder: string, file: KeyFile): void {
  writeDurably(join(folder, NAME), `${JSON.stringify(file, undefined, 2)}\n`);
}
