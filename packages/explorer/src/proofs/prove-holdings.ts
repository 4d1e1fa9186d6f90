import { proveCoin } from '@calin/client/light/verify-state.ts';
import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Refusal } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { readOutpointJson } from '@calin/core/rpc/json/fields.ts';
import { stateGetProof } from '@calin/core/rpc/methods/state-get-proof.ts';
import type { CoinJson } from '../node/shapes.ts';
import { type Claim, proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { judgeRefusal } from './judge-refusal.ts';

/** Whoever makes several calls in one exchange. */
export type BatchServer = Pick<RpcClient, 'batch'>;

type Holdings = Extract<Claim, { kind: 'holdings' }>;

/** Times that a node is asked again for a state that it works out little by little. */
const TRIES_MAX = 16;

/**
 * Checks that every coin is in the state after the block at which the node said so, with its amount and owner, and that
 * the balances are the sums of coins. A node can still hide a coin: at least this is there.
 */
export async function proveHoldings(
  claim: Holdings,
  chain: FollowedChain,
  server: BatchServer,
): Promise<Verdict> {
  const { at, coins, isWhole } = claim;
  if (at === null)
    return { kind: 'open', why: 'The chain went on while the node answered; it is asked again.' };
  const sums = checkSums(claim);
  if (sums !== undefined) return sums;
  const own = await chain.at(at.height);
  if (!own.ok) return judgeRefusal(own.error);
  if (toHex(own.value.id) !== at.id) {
    return { kind: 'open', why: 'The page follows another branch at this height, and neither is final.' };
  }
  const failure = await checkCoins(
    claim,
    { header: own.value.header, prefix: chain.spec.addressPrefix },
    server,
  );
  if (failure !== undefined) return failure;
  const count = coins.length === 1 ? 'The coin is' : `Each of these ${coins.length} coins is`;
  const what =
    coins.length === 0
      ? 'The node names no coin. That there is none cannot be proved, since coins are found by their outpoint.'
      : `${count} in the state, with its amount and owner${isWhole ? ', and the balances are their sums' : '; there are more'}.`;
  return coins.length === 0 ? { kind: 'open', why: what } : proved(at.height, chain.finalHeight, what);
}

/** The verdict when balances and coins contradict each other. */
function checkSums({ balances, coins, isWhole }: Holdings): Verdict | undefined {
  for (const { asset, confirmed, immature } of balances) {
    const sum = coins.reduce((total, coin) => total + (coin.asset === asset ? coin.amount : 0), 0);
    const said = confirmed + immature;
    if (isWhole ? said === sum : said >= sum) continue;
    return wrong(
      'light/value-mismatch',
      `The coins add up to ${sum} base units, not to the balance of ${said}.`,
    );
  }
  return undefined;
}

async function checkCoins(
  { coins, address }: Holdings,
  { header, prefix }: { readonly header: Header; readonly prefix: string },
  server: BatchServer,
): Promise<Verdict | undefined> {
  let open = coins;
  let last: Refusal | undefined;
  for (let tries = 0; open.length > 0 && tries < TRIES_MAX; tries++) {
    const calls = open.map(({ outpoint }) => {
      const params = { coin: outpoint, height: header.height };
      return { method: 'state_getProof', params } as const;
    });
    const answers = await server.batch(calls);
    if (!answers.ok) return judgeRefusal(answers.error);
    const later: CoinJson[] = [];
    for (const [i, answer] of answers.value.entries()) {
      const coin = open[i] as CoinJson;
      if (!answer.ok) {
        if (!answer.error.retry) return judgeRefusal(answer.error);
        last = answer.error;
        later.push(coin);
        continue;
      }
      const read = stateGetProof.result.parse(answer.value, 'result');
      if (!read.ok) return judgeRefusal(read.error);
      const { value, proof } = read.value;
      const bytes = value === null ? undefined : fromHex(value);
      const real = proveCoin(header, readOutpointJson(coin.outpoint), {
        value: bytes,
        proof: fromHex(proof),
      });
      if (!real.ok) return judgeRefusal(real.error);
      const { asset, amount, address: owner } = real.value ?? {};
      const isAsSaid =
        asset === coin.asset && amount === coin.amount && owner && formatAddress(owner, prefix) === address;
      if (isAsSaid !== true)
        return wrong('light/value-mismatch', 'A coin in the state is another one than the node says.');
    }
    open = later;
  }
  return last !== undefined && open.length > 0 ? judgeRefusal(last) : undefined;
}
