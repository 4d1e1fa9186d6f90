import type { SubmitVerdict } from '@calin/core/node/events.ts';

/** A block as the node told of it. Ids are hex. */
export interface ToldBlock {
  readonly height: number;
  readonly id: string;
  /** Without the reward. */
  readonly txids: readonly string[];
}

/** What the parent asks the node, one JSON object on one line. */
export type CrashRequest =
  | { readonly kind: 'submit'; readonly transactions: readonly string[] }
  | { readonly kind: 'mine'; readonly blocks: number };

/** What the node says, one JSON object on one line. Everything but `refused` tells of what is on disk. */
export type CrashMessage =
  /** It is open; all blocks above the height that the parent had named. */
  | {
      readonly type: 'ready';
      readonly height: number;
      readonly stateRoot: string;
      readonly blocks: readonly ToldBlock[];
    }
  /** News for subscribers: a new head. */
  | { readonly type: 'head'; readonly block: ToldBlock }
  /** Answers come in the order of the requests. */
  | { readonly type: 'submitted'; readonly verdicts: readonly SubmitVerdict[] }
  | { readonly type: 'mined'; readonly ids: readonly string[] }
  | { readonly type: 'refused'; readonly rule: string; readonly evidence: string };
