import { proveCoin } from '@calin/client/light/verify-state.ts';
import { assert } from '@calin/core/base/assert.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import type { Header } from '@calin/core/primitives/header.ts';
import { readOutpointJson } from '@calin/core/rpc/json/fields.ts';
import { askProofs, type BatchServer } from './ask-proofs.ts';
import { type Claim, proved, type Verdict, wrong } from './claims.ts';
import type { FollowedChain } from './followed-chain.ts';
import { judgeRefusal } from './judge-refusal.ts';

type Holdings = Extract<Claim, { kind: 'holdings' }>;

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
  return coins.length === 0 ? { kind: 'open', why: what } : proved(at.height, chain, what);
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
  const questions = coins.map(({ outpoint }) => ({ coin: outpoint }));
  const proofs = await askProofs(questions, header.height, server);
  if (!proofs.ok) return judgeRefusal(proofs.error);
  for (const [i, coin] of coins.entries()) {
    const proof = proofs.value[i];
    assert(proof !== undefined, 'each question has an answer');
    const real = proveCoin(header, readOutpointJson(coin.outpoint), proof);
    if (!real.ok) return judgeRefusal(real.error);
    const { asset, amount, address: owner } = real.value ?? {};
    const isAsSaid =
      asset === coin.asset && amount === coin.amount && owner && formatAddress(owner, prefix) === address;
    if (isAsSaid !== true)
      return wrong('light/value-mismatch', 'A coin in the state is another one than the node says.');
  }
  return undefined;
}
