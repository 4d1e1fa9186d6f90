import type { Result } from '@calin/core/base/result.ts';
import { queryOptions } from '@tanstack/react-query';
import type { SaidAt } from '../proofs/claims.ts';
import { readSummaries } from './block-summaries.ts';
import { ask, RefusedCall, rpc } from './rpc.ts';
import type { HeaderJson, TransactionJson } from './shapes.ts';

/** Answers that a new head makes old have this as the first part of their key. */
export const LIVE = 'live';
/** Answers that what comes into the pool makes old have this. */
export const POOL = 'pool';

/** How the node is. */
export const statusQuery = queryOptions({
  queryKey: [LIVE, 'status'],
  queryFn: () => ask('node_status', {}),
});

/** How far the index of the node goes. */
export const indexStatusQuery = queryOptions({
  queryKey: [LIVE, 'index'],
  queryFn: () => ask('index_status', {}),
});

/** What all nodes of the chain share. */
export const genesisQuery = queryOptions({
  queryKey: ['genesis'],
  queryFn: () => ask('chain_getGenesis', {}),
  staleTime: Number.POSITIVE_INFINITY,
});

/** What waits, the best of it. */
export const mempoolQuery = (limit: number) =>
  queryOptions({ queryKey: [POOL, 'mempool', limit], queryFn: () => ask('mempool_get', { limit }) });

/** What to pay to be in one of the next blocks. */
export const feeQuery = (targetBlocks: number) =>
  queryOptions({
    queryKey: [POOL, 'fee', targetBlocks],
    queryFn: () => ask('tx_estimateFee', { targetBlocks }),
  });

/** Blocks from a height downwards. */
export const summariesQuery = (from: number, count: number) =>
  queryOptions({
    queryKey: [LIVE, 'summaries', from, count],
    queryFn: () => readSummaries(from, count),
    placeholderData: (before) => before,
  });

/** A block by height or id, with its transactions as far as they fit into an answer. */
export const blockQuery = (block: string) =>
  queryOptions({
    queryKey: [LIVE, 'block', block],
    queryFn: () => readBlock(/^\d{1,10}$/.test(block) ? { height: Number(block) } : { id: block }),
  });

async function readBlock(selector: { readonly height: number } | { readonly id: string }) {
  const whole = await rpc.call('chain_getBlock', { ...selector, transactions: 'full' });
  if (whole.ok) return whole.value;
  if (whole.error.rule !== 'rpc/response-too-large') throw new RefusedCall(whole.error);
  return ask('chain_getBlock', { ...selector });
}

/** The block at a height, if there is one. */
export const nextBlockQuery = (height: number) =>
  queryOptions({
    queryKey: [LIVE, 'header', height],
    queryFn: async () => {
      const answer = await rpc.call('chain_getHeader', { height });
      return answer.ok ? answer.value : null;
    },
  });

/** A transaction, and where it is. */
export const transactionQuery = (txid: string) =>
  queryOptions({ queryKey: [LIVE, 'tx', txid], queryFn: () => ask('tx_get', { txid }) });

/** Most transactions that are read for the coins that one spends; calls in one batch. */
const SOURCES_MAX = 100;

/** The outputs that a transaction spends, in the order of its inputs; null where the node no longer has one. */
export const sourcesQuery = ({ txid, inputs }: TransactionJson) =>
  queryOptions({
    queryKey: ['sources', txid],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const txids = [...new Set(inputs.map((input) => input.txid))].slice(0, SOURCES_MAX);
      const answers = await rpc.batch(
        txids.map((id) => ({ method: 'tx_get', params: { txid: id } }) as const),
      );
      if (!answers.ok) throw new RefusedCall(answers.error);
      const found = new Map(
        answers.value.flatMap((answer) =>
          answer.ok ? [[answer.value.transaction.txid, answer.value.transaction]] : [],
        ),
      );
      return inputs.map((input) => found.get(input.txid)?.outputs[input.index] ?? null);
    },
  });

/** A token by its asset id. */
export const tokenQuery = (asset: number) =>
  queryOptions({
    queryKey: [LIVE, 'token', asset],
    queryFn: () => ask('token_get', { asset }),
    staleTime: 60_000,
  });

/** What an address holds, and the first of its coins, as the node has them at one moment. */
export const holdingsQuery = (address: string) =>
  queryOptions({
    queryKey: [LIVE, 'holdings', address],
    queryFn: async () => {
      const answers = await rpc.batch([
        { method: 'chain_getHeader', params: {} },
        { method: 'account_getBalance', params: { address } },
        { method: 'account_getCoins', params: { address, limit: SOURCES_MAX } },
        { method: 'chain_getHeader', params: {} },
      ]);
      if (!answers.ok) throw new RefusedCall(answers.error);
      const [before, balance, coins, after] = answers.value;
      if (!balance.ok) throw new RefusedCall(balance.error);
      if (!coins.ok) throw new RefusedCall(coins.error);
      return { balances: balance.value.balances, ...coins.value, at: headAt(before, after) };
    },
  });

/** The head after which everything between two looks at it was said, unless the chain went on in between. */
function headAt(before: Result<HeaderJson>, after: Result<HeaderJson>): SaidAt {
  const isOneHead = before.ok && after.ok && before.value.id === after.value.id;
  return isOneHead ? { height: after.value.height, id: after.value.id } : null;
}

/** One page of the history of an address: entries before a number, newest first. */
export const historyQuery = (address: string, before: number | undefined) =>
  queryOptions({
    queryKey: [LIVE, 'history', address, before],
    queryFn: () =>
      ask('account_getHistory', { address, limit: 25, ...(before === undefined ? {} : { before }) }),
    placeholderData: (earlier) => earlier,
  });

const PAGE = 25;
const afterOf = (cursor: string | undefined) => (cursor === undefined ? {} : { after: cursor });

/** What transactions did for an address, a page at a time. */
export const activityQuery = (address: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [LIVE, 'activity', address, cursor],
    queryFn: () => ask('account_getActivity', { address, limit: PAGE, ...afterOf(cursor) }),
  });

/** Tokens whose symbol or name begins with a text, a page at a time. */
export const tokensQuery = (text: string, cursor: string | undefined) =>
  queryOptions({
    queryKey: [LIVE, 'tokens', text, cursor],
    queryFn: () => ask('token_list', { limit: PAGE, ...(text === '' ? {} : { text }), ...afterOf(cursor) }),
  });

/** Who holds a token, a page at a time. */
export const holdersQuery = (asset: number, cursor: string | undefined) =>
  queryOptions({
    queryKey: [LIVE, 'holders', asset, cursor],
    queryFn: () => ask('token_getHolders', { asset, limit: PAGE, ...afterOf(cursor) }),
  });

/** Who has made blocks, a page at a time. */
export const producersQuery = (cursor: string | undefined) =>
  queryOptions({
    queryKey: [LIVE, 'producers', cursor],
    queryFn: () => ask('producer_list', { limit: PAGE, ...afterOf(cursor) }),
  });

/** The validators of the present epoch, and candidates for later ones. */
export const validatorsQuery = queryOptions({
  queryKey: [LIVE, 'validators'],
  queryFn: async () => {
    const answers = await rpc.batch([
      { method: 'chain_getHeader', params: {} },
      { method: 'stake_getValidators', params: { candidates: true } },
      { method: 'chain_getHeader', params: {} },
    ]);
    if (!answers.ok) throw new RefusedCall(answers.error);
    const [before, set, after] = answers.value;
    if (!set.ok) throw new RefusedCall(set.error);
    return { set: set.value, at: headAt(before, after) };
  },
});

/** How the chain went from a height on. */
export const seriesQuery = (from: number) =>
  queryOptions({
    queryKey: [LIVE, 'series', from],
    queryFn: () => ask('chart_getSeries', { from, points: 300 }),
  });

/** How the node takes part in its network. */
export const networkQuery = queryOptions({
  queryKey: ['network'],
  queryFn: () => ask('net_info', {}),
  refetchInterval: 5000,
});

/** Who the peers of the node are; for its owner. */
export const peersQuery = queryOptions({
  queryKey: ['peers'],
  queryFn: () => ask('net_peers', {}),
  refetchInterval: 5000,
});

/** Blocks beside the best branch that could still win. */
export const sidesQuery = queryOptions({
  queryKey: [LIVE, 'sides'],
  queryFn: () => ask('chain_getSides', { limit: 200 }),
});
