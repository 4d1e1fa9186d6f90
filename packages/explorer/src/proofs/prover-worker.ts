import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Claim, Verdict } from './claims.ts';
import { FollowedChain } from './followed-chain.ts';
import { judgeRefusal } from './judge-refusal.ts';
import { proveClaim } from './prove-claim.ts';

/** A claim on its way to the worker, and a verdict on its way back. */
interface Job {
  readonly job: number;
  readonly claim: Claim;
}

const rpc = new RpcClient({ url: `${location.origin}/` });
let chain: Promise<Verdict | FollowedChain> | undefined;
/** One claim after the other: they share the headers that are followed. */
let last: Promise<unknown> = Promise.resolve();

async function begin(): Promise<Verdict | FollowedChain> {
  const begun = await FollowedChain.begin(rpc);
  if (begun.ok) return begun.value;
  // What failed for a moment is begun again with the next claim.
  chain = undefined;
  return judgeRefusal(begun.error);
}

async function judge(claim: Claim): Promise<Verdict> {
  chain ??= begin();
  const followed = await chain;
  return followed instanceof FollowedChain ? proveClaim(claim, followed, rpc) : followed;
}

self.addEventListener('message', ({ data }: MessageEvent<Job>) => {
  const { job, claim } = data;
  last = last
    .then(() => judge(claim))
    .catch((error: unknown): Verdict => ({ kind: 'open', why: `The check failed: ${String(error)}` }))
    .then((verdict) => self.postMessage({ job, verdict }));
});
