import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Claim, Verdict } from './claims.ts';
import { FollowedChain } from './followed-chain.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { proveClaim } from './prove-claim.ts';

/** A claim on its way to the worker. */
export interface ProverJob {
  readonly job: number;
  readonly claim: Claim;
  /** How far the chain was followed before. */
  readonly kept: unknown;
}

/** What comes back: a verdict, or how far the chain is followed. */
export type ProverAnswer =
  | { readonly job: number; readonly verdict: Verdict }
  | { readonly job: undefined; readonly kept: unknown };

const rpc = new RpcClient({ url: `${location.origin}/` });
let chain: Promise<Verdict | FollowedChain> | undefined;
/** One claim after the other: they share the headers that are followed. */
let last: Promise<unknown> = Promise.resolve();

async function begin(kept: unknown): Promise<Verdict | FollowedChain> {
  const keep = (checkpoint: unknown) => answer({ job: undefined, kept: checkpoint });
  const begun = await FollowedChain.begin({ server: rpc, nowMs: Date.now, kept, keep });
  if (begun.ok) return begun.value;
  // What failed for a moment is begun again with the next claim.
  chain = undefined;
  return judgeRefusal(begun.error);
}

async function judge({ claim, kept }: ProverJob): Promise<Verdict> {
  chain ??= begin(kept);
  const followed = await chain;
  return followed instanceof FollowedChain ? proveClaim(claim, followed, rpc) : followed;
}

function answer(message: ProverAnswer): void {
  self.postMessage(message);
}

self.addEventListener('message', ({ data }: MessageEvent<ProverJob>) => {
  last = last
    .then(() => judge(data))
    .catch((error: unknown): Verdict => ({ kind: 'open', why: `The check failed: ${String(error)}` }))
    .then((verdict) => answer({ job: data.job, verdict }));
});
