import type { Block } from '../primitives/block.ts';
import type { ReadStore } from './store.ts';

/** A batch that is being put together: reads see its own writes, then the store. */
export interface StoreWrites extends ReadStore {
  put(key: Uint8Array, value: Uint8Array): void;
  delete(key: Uint8Array): void;
}

/** What is kept up to date by the same atomic batch as the chain itself, without the chain knowing what it is. */
export interface BlockIndex {
  /** A block became the head of the best branch. */
  connect(writes: StoreWrites, block: Block): void;
  /** The head of the best branch was taken off: undoes exactly what {@link connect} wrote for it. */
  disconnect(writes: StoreWrites, block: Block): void;
}
