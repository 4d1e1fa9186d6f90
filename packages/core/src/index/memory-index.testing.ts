import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Block } from '../primitives/block.ts';
import { decodeReceipts } from '../primitives/receipt.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { BlockFacts } from './block-facts.ts';
import { connectBlock, disconnectBlock, type IndexSteps } from './connect-block.ts';
import { IndexStage } from './index-stage.ts';
import { decodeRow, encodeKey, encodeValue } from './row-codec.ts';
import type { AnyRow, RowOf, Table } from './table.ts';
import { TABLES, TIP } from './tables.ts';

/** What a block of a history is to the index. */
export function factsOf(block: Block, receipts: Uint8Array): BlockFacts {
  return { block, receipts: decodeReceipts(receipts), weight: 1n, supply: undefined };
}

/** An index in memory: what stores are compared with. */
export class MemoryIndex {
  readonly #spec: ChainSpec;
  readonly #rows = new Map<string, readonly [key: Uint8Array, value: Uint8Array]>();
  readonly #undoBlocks: number;
  stage = new IndexStage();

  constructor(spec: ChainSpec, undoBlocks = 100) {
    this.#spec = spec;
    this.#undoBlocks = undoBlocks;
  }

  /** Adds a block; {@link flush} writes it. */
  connect(facts: BlockFacts, isUndoable = true): void {
    this.run(connectBlock({ spec: this.#spec, isUndoable, undoBlocks: this.#undoBlocks }, this.stage, facts));
  }

  /** Takes the last block back out. */
  disconnect(): boolean {
    return this.run(disconnectBlock(this.stage));
  }

  /** Runs steps to their end with the rows that they ask for. */
  run<T>(steps: IndexSteps<T>): T {
    for (;;) {
      const step = steps.next();
      if (step.done === true) return step.value;
      for (const wanted of step.value) {
        const found = this.#rows.get(toHex(encodeKey(wanted.table, wanted.cells)));
        this.stage.fill(wanted, found && decodeRow(wanted.table, ...found));
      }
    }
  }

  /** Writes what has come together. */
  flush(): void {
    for (const { table, key, row } of this.stage.finish()) {
      if (row === undefined) this.#rows.delete(toHex(key));
      else this.#rows.set(toHex(key), [key, encodeValue(table, row)]);
    }
  }

  /** The rows of a table in the order of their keys. */
  rows<T extends Table>(table: T): RowOf<T>[] {
    const names = [...this.#rows.keys()]
      .toSorted()
      .filter((name) => parseInt(name.slice(0, 2), 16) === table.tag);
    return names.map((name) => {
      const found = this.#rows.get(name);
      assert(found !== undefined, 'a row that was listed');
      return decodeRow(table, ...found) as RowOf<T>;
    });
  }

  /** Everything in it, for comparisons. */
  content(tables = TABLES): Record<string, readonly AnyRow[]> {
    return Object.fromEntries(tables.map((table) => [table.name, this.rows(table)]));
  }

  get height(): number {
    return this.rows(TIP)[0]?.height ?? -1;
  }
}
