import type { Result } from '@calin/core/base/result.ts';
import type { Verdict } from './lab-chain.ts';
import type { LabBlock } from './lab-session.ts';
import type { Repair } from './repairs.ts';
import type { TryName } from './tries.ts';

/** Bytes, and what a node says of them. */
export interface Judged {
  readonly bytes: Uint8Array;
  readonly verdict: Verdict;
}

/** What the page asks of its worker. Whatever it is, the answer says what a node says of the bytes then. */
export type LabOrder =
  | { readonly kind: 'open'; readonly block: string }
  | { readonly kind: 'judge'; readonly bytes: Uint8Array; readonly isWorkTaken: boolean }
  | { readonly kind: 'change'; readonly name: TryName }
  | { readonly kind: 'repair'; readonly bytes: Uint8Array; readonly repair: Repair };

/** What an order came to. */
export type LabAnswer = Result<Judged & { readonly facts: LabBlock }>;

/** How far an order is: blocks that were replayed, or hashes of a search. */
export interface LabProgress {
  readonly what: 'blocks' | 'hashes';
  readonly done: number;
  /** Of blocks all, of hashes what it takes on average. */
  readonly total: number;
}

/** An order on its way to the worker; `stop` ends the one that runs. */
export type ToWorker = { readonly job: number; readonly order: LabOrder } | 'stop';

/** What comes back. */
export type FromWorker = { readonly job: number } & (
  | { readonly progress: LabProgress }
  | { readonly answer: LabAnswer }
);
