import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { utf8Bytes } from '@calin/core/base/text.ts';
import type { StoreBatch } from '@calin/core/ports/store.ts';
import type { LevelStore } from './level-store.ts';
import { type OpenedLevelStore, type OpenLevelStoreOptions, openLevelStore } from './open-level-store.ts';

/** A folder that is removed when the block that declared it with `using` ends. */
export function temporaryFolder(): { readonly path: string; [Symbol.dispose](): void } {
  const path = mkdtempSync(join(tmpdir(), 'calin-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** Opens a store that must open. */
export async function mustOpen(options: OpenLevelStoreOptions): Promise<OpenedLevelStore> {
  const opened = await openLevelStore(options);
  if (!opened.ok) throw new Error(JSON.stringify(opened.error));
  return opened.value;
}

/** Parts of a numbered batch; few, so that a batch is a few records, and large enough to cross blocks of the log. */
const PARTS = 4;

/** Batch `n`: its parts, the tip, and the delete of a part of batch `n − 2`. Equal numbers give equal batches. */
export function numberedBatch(n: number): StoreBatch {
  const puts = Array.from({ length: PARTS }, (_, part) => [partKey(n, part), partValue(n, part)] as const);
  return { puts: [[TIP, utf8Bytes(`${n}`)], ...puts], deletes: [partKey(n - 2, 0)] };
}

/** The number of the newest batch that a store holds; 0 without one. */
export function tipOf(store: LevelStore): number {
  const tip = store.get(TIP);
  return tip === undefined ? 0 : Number(Buffer.from(tip).toString());
}

/** Why a store does not hold exactly the batches 1 to its tip, or undefined when it does. */
export function findWrong(store: LevelStore): string | undefined {
  const tip = tipOf(store);
  for (let n = 1; n <= tip + 8; n++) {
    for (let part = 0; part < PARTS; part++) {
      const isThere = n <= tip && (part > 0 || n > tip - 2);
      const found = store.get(partKey(n, part));
      if (isThere !== (found !== undefined)) return `part ${part} of ${n} at tip ${tip}: there is ${isThere}`;
      if (found !== undefined && !Buffer.from(found).equals(partValue(n, part)))
        return `part ${part} of ${n}`;
    }
  }
  return undefined;
}

const TIP = utf8Bytes('tip');

function partKey(n: number, part: number): Uint8Array {
  return utf8Bytes(`batch ${n} part ${part}`);
}

/** 0 to 8 KB, half of it compressible. */
function partValue(n: number, part: number): Uint8Array {
  const bytes = new Uint8Array((n * 977 + part * 3571) % 8192);
  for (let i = 0, state = n * 8 + part + 1; i < bytes.length; i += 2) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}
