import { accountGetActivity } from './methods/account-get-activity.ts';
import { accountGetBalance } from './methods/account-get-balance.ts';
import { accountGetCoins } from './methods/account-get-coins.ts';
import { accountGetHistory } from './methods/account-get-history.ts';
import { chainGetBlock } from './methods/chain-get-block.ts';
import { chainGetBlocks } from './methods/chain-get-blocks.ts';
import { chainGetFinality } from './methods/chain-get-finality.ts';
import { chainGetGenesis } from './methods/chain-get-genesis.ts';
import { chainGetHeader } from './methods/chain-get-header.ts';
import { chainGetHeaders } from './methods/chain-get-headers.ts';
import { chainGetSides } from './methods/chain-get-sides.ts';
import { chartGetSeries } from './methods/chart-get-series.ts';
import { devFaucet } from './methods/dev-faucet.ts';
import { devMine } from './methods/dev-mine.ts';
import { devReorg } from './methods/dev-reorg.ts';
import { devRevert } from './methods/dev-revert.ts';
import { devSetTime } from './methods/dev-set-time.ts';
import { devSnapshot } from './methods/dev-snapshot.ts';
import { indexRebuild } from './methods/index-rebuild.ts';
import { indexStatus } from './methods/index-status.ts';
import { mempoolGet } from './methods/mempool-get.ts';
import { netAddPeer } from './methods/net-add-peer.ts';
import { netBan } from './methods/net-ban.ts';
import { netBans } from './methods/net-bans.ts';
import { netInfo } from './methods/net-info.ts';
import { netPeers } from './methods/net-peers.ts';
import { netUnban } from './methods/net-unban.ts';
import { nodeStatus } from './methods/node-status.ts';
import { producerList } from './methods/producer-list.ts';
import { rpcDiscover } from './methods/rpc-discover.ts';
import { searchFind } from './methods/search-find.ts';
import { stakeGetDelegations } from './methods/stake-get-delegations.ts';
import { stakeGetValidator } from './methods/stake-get-validator.ts';
import { stakeGetValidators } from './methods/stake-get-validators.ts';
import { stateGetProof } from './methods/state-get-proof.ts';
import { subscribeMethod } from './methods/subscribe.ts';
import { tokenGet } from './methods/token-get.ts';
import { tokenGetHolders } from './methods/token-get-holders.ts';
import { tokenList } from './methods/token-list.ts';
import { txEstimateFee } from './methods/tx-estimate-fee.ts';
import { txGet } from './methods/tx-get.ts';
import { txGetProof } from './methods/tx-get-proof.ts';
import { txSubmit } from './methods/tx-submit.ts';
import { unsubscribeMethod } from './methods/unsubscribe.ts';

/** Every method by its name: what the dispatcher does, the client is typed by, and the docs are made from. */
export const METHODS = {
  node_status: nodeStatus,
  chain_getGenesis: chainGetGenesis,
  chain_getBlock: chainGetBlock,
  chain_getHeader: chainGetHeader,
  chain_getHeaders: chainGetHeaders,
  chain_getFinality: chainGetFinality,
  chain_getSides: chainGetSides,
  tx_submit: txSubmit,
  tx_get: txGet,
  tx_getProof: txGetProof,
  tx_estimateFee: txEstimateFee,
  account_getBalance: accountGetBalance,
  account_getCoins: accountGetCoins,
  account_getHistory: accountGetHistory,
  state_getProof: stateGetProof,
  token_get: tokenGet,
  stake_getValidators: stakeGetValidators,
  stake_getValidator: stakeGetValidator,
  stake_getDelegations: stakeGetDelegations,
  account_getActivity: accountGetActivity,
  token_list: tokenList,
  token_getHolders: tokenGetHolders,
  chain_getBlocks: chainGetBlocks,
  chart_getSeries: chartGetSeries,
  producer_list: producerList,
  search_find: searchFind,
  index_status: indexStatus,
  index_rebuild: indexRebuild,
  mempool_get: mempoolGet,
  net_info: netInfo,
  net_peers: netPeers,
  net_bans: netBans,
  net_ban: netBan,
  net_unban: netUnban,
  net_addPeer: netAddPeer,
  subscribe: subscribeMethod,
  unsubscribe: unsubscribeMethod,
  'rpc.discover': rpcDiscover,
  dev_mine: devMine,
  dev_setTime: devSetTime,
  dev_snapshot: devSnapshot,
  dev_revert: devRevert,
  dev_reorg: devReorg,
  dev_faucet: devFaucet,
} as const;

/** The type of {@link METHODS}, for clients that import types only. */
export type Methods = typeof METHODS;
