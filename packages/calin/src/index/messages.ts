import type { Result } from '@calin/core/base/result.ts';
import type { LogEntry } from '@calin/core/ports/log.ts';
import type { IndexProgress } from './index-follower.ts';
import type { IndexStep, Place } from './index-source.ts';

/** Where an index is kept. */
export type IndexHome =
  | { readonly kind: 'embedded'; readonly folder: string }
  | { readonly kind: 'postgres'; readonly url: string };

/** What the thread of an index is started with. */
export interface IndexWorkerData {
  /** The genesis file of the chain, as a JSON value. */
  readonly genesis: unknown;
  readonly home: IndexHome;
}

/** What the node tells the thread. */
export type ToIndex =
  | { readonly kind: 'wake' }
  | { readonly kind: 'rebuild'; readonly id: number }
  | { readonly kind: 'close' }
  | { readonly kind: 'step'; readonly step: IndexStep }
  | { readonly kind: 'query'; readonly id: number; readonly name: string; readonly params: unknown };

/** What the thread tells the node. */
export type FromIndex =
  /** The store is closed, and nothing more comes. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'next'; readonly after: Place | undefined }
  /** With what the objects and buffers of the thread take, garbage included. */
  | { readonly kind: 'progress'; readonly progress: IndexProgress; readonly heapBytes: number }
  | { readonly kind: 'log'; readonly entry: LogEntry }
  | { readonly kind: 'answer'; readonly id: number; readonly result: Result<unknown> };
