import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { concatBytes, toHex } from '../base/bytes.ts';
import { StagedBatch } from '../chain/staged-batch.ts';
import { MemoryStore } from '../ports/memory-store.ts';
import { appendEntries, removeEntries } from './account-entries.ts';
import { historyLayout } from './layout.ts';
import { encodeEntries, PAGE_ENTRIES, parseAccount } from './records.ts';

const ADDRESS = new Uint8Array(32).fill(7);

/** A store, and how to write to it. */
function writable() {
  const store = new MemoryStore();
  const write = (step: (writes: StagedBatch) => void): void => {
    const writes = new StagedBatch(store);
    step(writes);
    store.commit(writes.finish(), () => {});
  };
  return { store, write };
}

/** Every record of an address, as text. */
function recordsOf(store: MemoryStore): string[] {
  const account = store.get(historyLayout.account(ADDRESS));
  const pages: string[] = [];
  for (let page = 0; ; page++) {
    const bytes = store.get(historyLayout.page(ADDRESS, page));
    if (bytes === undefined) break;
    pages.push(toHex(bytes));
  }
  assert.equal(store.size, pages.length + (account === undefined ? 0 : 1));
  return account === undefined ? pages : [...pages, toHex(account)];
}

/** What the records must say: all entries in order, in full pages except the last. */
function assertEntries(store: MemoryStore, all: Uint8Array): void {
  const count = all.length / 8;
  const account = store.get(historyLayout.account(ADDRESS));
  if (count === 0) return assert.equal(store.size, 0);
  const parsed = parseAccount(account as Uint8Array);
  assert.ok(parsed.ok && parsed.value.count === count);
  const pages = Math.ceil(count / PAGE_ENTRIES) - 1;
  assert.equal(store.size, pages + 1);
  const parts = Array.from({ length: pages }, (_, i) => store.get(historyLayout.page(ADDRESS, i)));
  const told = concatBytes(...parts.map((part) => part as Uint8Array), parsed.value.tail);
  assert.equal(toHex(told), toHex(all));
}

describe('the entries of an address', () => {
  it('fill pages whatever comes with one block, and are taken off exactly', () => {
    const size = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 30, max: 100 }));
    fc.assert(
      fc.property(fc.array(size, { maxLength: 12 }), (sizes) => {
        const { store, write } = writable();
        const blocks = sizes.map((length, i) =>
          encodeEntries(
            i + 1,
            Array.from({ length }, (_, place) => 4 * place + 1 + (place % 3)),
          ),
        );
        const records: string[][] = [];
        for (const [i, entries] of blocks.entries()) {
          records.push(recordsOf(store));
          write((writes) => appendEntries(writes, ADDRESS, entries));
          assertEntries(store, concatBytes(...blocks.slice(0, i + 1)));
        }
        for (const entries of blocks.toReversed()) {
          write((writes) => removeEntries(writes, ADDRESS, entries));
          assert.deepEqual(recordsOf(store), records.pop());
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are only taken off when they are the last', () => {
    const { write } = writable();
    write((writes) => appendEntries(writes, ADDRESS, encodeEntries(1, [1, 5])));
    for (const places of [[1], [1, 6], [1, 5, 9]]) {
      const other = encodeEntries(1, places);
      assert.throws(() => write((writes) => removeEntries(writes, ADDRESS, other)), /entries/);
    }
  });
});
