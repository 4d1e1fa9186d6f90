import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';

/** What a store takes. */
export interface StoreSize {
  /** Bytes of all files in its folder. */
  readonly fileBytes: number;
  /** Bytes of keys and values by what they are. */
  readonly records: Readonly<Record<string, number>>;
}

/** By the first byte of a key; see chain/layout.ts and history/layout.ts. */
const KINDS: Readonly<Record<string, string>> = {
  b: 'blocks',
  r: 'receipts',
  u: 'undo',
  d: 'checkpoint',
  x: 'transactionIndex',
  y: 'transactionIndex',
  a: 'addressHistory',
  e: 'addressHistory',
};

/** Compacts a store that nobody has open, as LevelDB does by itself in time, and measures it. */
export async function measureStore(folder: string): Promise<StoreSize> {
  const level = new ClassicLevel<Uint8Array, Uint8Array>(folder, {
    keyEncoding: 'view',
    valueEncoding: 'view',
    compression: true,
  });
  await level.open();
  await level.compactRange(new Uint8Array(0), Uint8Array.of(0xff, 0xff));
  const records: Record<string, number> = {};
  for await (const [key, value] of level.iterator()) {
    const kind = KINDS[String.fromCharCode(key[0] as number)] ?? 'other';
    records[kind] = (records[kind] ?? 0) + key.length + value.length;
  }
  await level.close();
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  return { fileBytes: files.reduce((sum, bytes) => sum + bytes, 0), records };
}
