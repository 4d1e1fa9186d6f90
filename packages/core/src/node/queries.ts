import { type Amount, amount } from '../base/amount.ts';
import { equalBytes, isZero, toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { OK, ok } from '../base/result.ts';
import { Reader } from '../codec/reader.ts';
import type { Hash } from '../crypto/hash.ts';
import { merkleProof } from '../crypto/merkle.ts';
import { addressHistory, transactionLocation } from '../history/read-history.ts';
import type { TransactionLocation } from '../history/records.ts';
import { readSupply } from '../ledger/supply.ts';
import { readToken } from '../ledger/token.ts';
import { PROTOCOL_VERSION } from '../p2p/handshake.ts';
import type { Address } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import { transactionAt, transactionCount } from '../primitives/flat-block.ts';
import type { Header } from '../primitives/header.ts';
import type { Outpoint } from '../primitives/outpoint.ts';
import { type AssetId, NATIVE_ASSET } from '../primitives/output.ts';
import { type Receipt, receiptLeaf } from '../primitives/receipt.ts';
import { transactionLeaf } from '../primitives/transaction.ts';
import { CERTIFICATE_LOOKUPS_MAX } from '../rpc/limits.ts';
import type {
  BlockAt,
  FeeEstimate,
  FoundBalance,
  FoundCertificate,
  FoundCoin,
  FoundInclusion,
  FoundProof,
  FoundToken,
  FoundTransaction,
  HistoryEntry,
  NetworkView,
  NodeStatus,
  NodeView,
  SideBlock,
} from '../rpc/node-view.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import { type Coin, coinKey, coinOutpoint, encodeCoin } from '../state/coin.ts';
import { isNamespace, NAMESPACE } from '../state/namespaces.ts';
import { encodeStateProof, proveState } from '../state/state-proof.ts';
import { storageKey } from '../state/storage.ts';
import type { StateView } from '../state/view.ts';
import { getCoin, getValue, type WorldState } from '../state/world-state.ts';
import type { Node } from './node.ts';
import { refuseNode } from './rules.ts';

/** Coins of one address that are added up for a balance; more are refused by `node/too-many-coins`. */
const BALANCE_COINS_MAX = 100_000;

/** Answers the faces' questions from a node's chain, pool and indexes. Reads only. */
export class NodeQueries implements NodeView {
  readonly #node: Node;

  constructor(node: Node) {
    this.#node = node;
  }

  get spec(): ChainSpec {
    return this.#node.spec;
  }

  get chainId(): Hash {
    return this.#node.chain.chainId;
  }

  status(): NodeStatus {
    const { chain, mempool, life, isProducing, mining, voting, outbox } = this.#node;
    const { head, final } = chain;
    return {
      life,
      head: { id: head.id, header: head.header },
      final: { id: final.id, height: final.height },
      weight: head.weight.toString(),
      producing: isProducing,
      mempool: { transactions: mempool.size, bytes: mempool.bytes },
      supply: readSupply(this.#node.view()),
      coins: chain.state.coins.size,
      storage: { ...chain.storage, index: this.#node.isIndexed },
      mining,
      finality: this.spec.consensus.finality.kind,
      voting: voting?.progress && { ...voting.progress, sinceMs: voting.sinceMs },
      timeOffsetMs: outbox.timeOffsetMs,
    };
  }

  state(): StateView {
    return this.#node.view();
  }

  network(): NetworkView {
    const { p2p, config, nowMs } = this.#node;
    if (p2p === undefined) return NO_NETWORK;
    const { connections, listening, sync } = p2p;
    const peers = connections.connected(nowMs).map((peer) => {
      const { id, address, direction, connectedMs, said, latencyMs, points, isAnchor } = peer;
      return { id, address, direction, connectedMs, said, latencyMs, points, isAnchor };
    });
    const { isCaughtUp: caughtUp, missing } = sync.progress;
    const bans = connections.bans(nowMs);
    return {
      enabled: true,
      agent: config.p2p?.agent ?? '',
      protocol: PROTOCOL_VERSION,
      listening,
      peers,
      bans,
      addresses: connections.book,
      sync: { caughtUp, missing },
    };
  }

  header(at: BlockAt): { readonly id: Hash; readonly header: Header } | undefined {
    const id = this.#idAt(at);
    if (id === undefined) return undefined;
    const header = this.#node.chain.header(id);
    return header.ok ? { id, header: header.value } : undefined;
  }

  sides(limit: number): readonly SideBlock[] {
    const all = [...this.#node.chain.sides].toSorted((a, b) => b.height - a.height);
    return all.slice(0, limit).map(({ id, header, weight }) => ({ id, header, weight: weight.toString() }));
  }

  block(at: BlockAt): Block | undefined {
    const id = this.#idAt(at);
    const block = id === undefined ? undefined : this.#node.chain.block(id);
    return block?.ok === true ? block.value : undefined;
  }

  certified(height: number): FoundCertificate | undefined {
    const { chain } = this.#node;
    const { finality } = this.spec.consensus;
    const step = finality.kind === 'votes' ? finality.intervalBlocks : 1;
    let next = Math.ceil(Math.max(1, height) / step) * step;
    for (
      let looked = 0;
      looked < CERTIFICATE_LOOKUPS_MAX && next <= chain.final.height;
      looked++, next += step
    ) {
      const certificate = chain.certificate(next);
      const found = certificate === undefined ? undefined : this.header({ kind: 'height', height: next });
      if (certificate !== undefined && found !== undefined) return { header: found.header, certificate };
    }
    return undefined;
  }

  receipts(id: Hash): readonly Receipt[] | undefined {
    const receipts = this.#node.chain.receipts(id);
    return receipts.ok ? receipts.value : undefined;
  }

  checkIndex(): Result<undefined> {
    return this.#node.isIndexed ? OK : refuseNode('node/no-index');
  }

  transaction(txid: Hash): FoundTransaction | undefined {
    const waiting = this.#node.mempool.get(txid);
    if (waiting !== undefined) return { transaction: waiting, block: undefined };
    const found = this.#inBlock(txid);
    if (found === undefined) return undefined;
    const { block, position } = found;
    const transaction = transactionAt(block, position);
    const receipt = this.receipts(block.id)?.[position];
    if (receipt === undefined) return undefined;
    return { transaction, block: { id: block.id, height: block.header.height, position, receipt } };
  }

  transactionHeight(txid: Hash): number | undefined {
    return this.#location(txid)?.height;
  }

  transactionProof(txid: Hash): FoundInclusion | undefined {
    const found = this.#inBlock(txid);
    if (found === undefined) return undefined;
    const { block, position } = found;
    const receipts = this.receipts(block.id);
    const receipt = receipts?.[position];
    if (receipts === undefined || receipt === undefined) return undefined;
    return {
      header: block.header,
      proof: merkleProof(block.transactions.map(transactionLeaf), position),
      receipt,
      receiptProof: merkleProof(receipts.map(receiptLeaf), position),
    };
  }

  coins(address: Address, limit: number, after: Outpoint | undefined): Result<readonly FoundCoin[]> {
    const { coins } = this.#node;
    if (coins === undefined) return refuseNode('node/no-index');
    const rest =
      after === undefined
        ? coins.coins(address)
        : coins.coinsAfter(address, coinKey(after.txid, after.index));
    // The coin that the last page ended with was spent meanwhile; an empty page would look like the end.
    if (rest === undefined) return refuseNode('node/page-gone', { got: toHex(after?.txid ?? this.chainId) });
    const found: FoundCoin[] = [];
    for (const { key, coin } of rest) {
      found.push(this.#found(coinOutpoint(key, coin), coin));
      if (found.length === limit) break;
    }
    return ok(found);
  }

  coin(outpoint: Outpoint): FoundCoin | undefined {
    const coin = getCoin(this.#node.chain.state, coinKey(outpoint.txid, outpoint.index));
    return coin === undefined ? undefined : this.#found(outpoint, coin);
  }

  balances(address: Address): Result<readonly FoundBalance[]> {
    const { coins } = this.#node;
    if (coins === undefined) return refuseNode('node/no-index');
    const count = coins.count(address);
    if (count > BALANCE_COINS_MAX)
      return refuseNode('node/too-many-coins', { got: count, expected: BALANCE_COINS_MAX });
    const sums = new Map<AssetId, Sums>([
      [NATIVE_ASSET, { confirmed: 0, immature: 0, incoming: 0, outgoing: 0 }],
    ]);
    const nextHeight = this.#node.chain.head.height + 1;
    for (const { key, coin } of coins.coins(address)) {
      const found = this.#found(coinOutpoint(key, coin), coin);
      const sum = sumsOf(sums, coin.asset);
      if (found.spendableHeight > nextHeight) sum.immature += coin.amount;
      else sum.confirmed += coin.amount;
      if (found.spentInPool) sum.outgoing += coin.amount;
    }
    this.#addPool(address, sums);
    return ok([...sums].map(([asset, sum]) => presentSums(asset, sum)));
  }

  history(
    address: Address,
    limit: number,
    before: number | undefined,
  ): Result<{ total: number; entries: readonly HistoryEntry[] }> {
    if (!this.#node.isIndexed) return refuseNode('node/no-index');
    return addressHistory(this.#node.store, address, { before, limit });
  }

  coinProof(outpoint: Outpoint, at: BlockAt): Result<FoundProof> {
    const key = coinKey(outpoint.txid, outpoint.index);
    return this.#prove('coins', key, at, (state) => {
      const coin = getCoin(state, key);
      return coin === undefined ? undefined : encodeCoin(coin);
    });
  }

  storageProof(namespace: number, key: Uint8Array, at: BlockAt): Result<FoundProof> {
    if (!isNamespace(namespace)) return refuseNode('node/unknown-namespace', { got: namespace });
    const kept = namespace === NAMESPACE.validators ? this.#keptSetProof(key, at) : undefined;
    if (kept !== undefined) return ok(kept);
    return this.#prove('storage', storageKey(namespace, key), at, (state) => getValue(state, namespace, key));
  }

  /** The proof of a set of validators that was kept when its block became final. */
  #keptSetProof(key: Uint8Array, at: BlockAt): FoundProof | undefined {
    const found = this.header(at);
    if (found === undefined || key.length !== 4) return undefined;
    const { id, header } = found;
    const best = this.#node.chain.idAt(header.height);
    if (best === undefined || !equalBytes(best, id)) return undefined;
    const kept = this.#node.chain.setProof(header.height, new Reader(key).u32());
    if (kept === undefined) return undefined;
    const name = storageKey(NAMESPACE.validators, key);
    return { header, blockId: id, key: name, present: true, ...kept };
  }

  token(asset: AssetId): FoundToken | undefined {
    const token = readToken(this.#node.view(), asset);
    if (token === undefined) return undefined;
    return { asset, ...token, minter: isZero(token.minter) ? undefined : token.minter };
  }

  pool(limit: number): readonly {
    readonly transaction: FoundTransaction['transaction'];
    readonly fee: Amount;
    readonly gas: number;
  }[] {
    const found: { transaction: FoundTransaction['transaction']; fee: Amount; gas: number }[] = [];
    for (const { txid } of this.#node.mempool.candidates()) {
      if (found.length === limit) break;
      const info = this.#node.mempool.info(txid);
      if (info !== undefined) found.push({ transaction: info.transaction, fee: info.fee, gas: info.gas });
    }
    return found;
  }

  estimateFee(targetBlocks: number): FeeEstimate {
    const { feePerGas } = this.#node.mempool.estimateFee({ targetBlocks });
    const { baseFee } = this.#node.nextEnvironment();
    return { feePerGas: Math.max(feePerGas, baseFee), baseFee, poolTransactions: this.#node.mempool.size };
  }

  #idAt(at: BlockAt): Hash | undefined {
    switch (at.kind) {
      case 'head':
        return this.#node.chain.head.id;
      case 'final':
        return this.#node.chain.final.id;
      case 'height':
        return this.#node.chain.idAt(at.height);
      case 'id':
        return at.id;
    }
  }

  #inBlock(txid: Hash): { readonly block: Block; readonly position: number } | undefined {
    const location = this.#location(txid);
    if (location === undefined) return undefined;
    const { height, position } = location;
    const block = this.block({ kind: 'height', height });
    if (block === undefined || position >= transactionCount(block)) return undefined;
    return equalBytes(transactionAt(block, position).txid, txid) ? { block, position } : undefined;
  }

  /** Where a transaction is; what is left of an index that was switched off is not asked. */
  #location(txid: Hash): TransactionLocation | undefined {
    if (!this.#node.isIndexed) return undefined;
    const location = transactionLocation(this.#node.store, txid);
    return location.ok ? location.value : undefined;
  }

  #stateAfter({ id, header }: { readonly id: Hash; readonly header: Header }): Result<WorldState> {
    const { chain } = this.#node;
    const best = chain.idAt(header.height);
    if (best !== undefined && equalBytes(best, id)) return chain.historicState(header.height);
    const state = chain.stateAt(id);
    return state === undefined ? refuseNode('node/no-state') : ok(state);
  }

  #found(outpoint: Outpoint, coin: Coin): FoundCoin {
    const { asset, amount: value, height, reward } = coin;
    const spendableHeight = reward ? height + this.spec.economy.rewardMaturityBlocks : height + 1;
    const spentInPool = this.#node.mempool.spends(outpoint) !== undefined;
    return { outpoint, asset, amount: value, height, reward, spendableHeight, spentInPool };
  }

  #addPool(address: Address, sums: Map<AssetId, Sums>): void {
    for (const transaction of this.#node.mempool.transactions()) {
      for (const [index, output] of transaction.outputs.entries()) {
        if (!equalBytes(output.address, address)) continue;
        const sum = sumsOf(sums, output.asset);
        sum.incoming += output.amount;
        if (this.#node.mempool.spends({ txid: transaction.txid, index }) !== undefined)
          sum.outgoing += output.amount;
      }
    }
  }

  #prove(
    map: 'coins' | 'storage',
    key: Hash,
    at: BlockAt,
    valueIn: (state: WorldState) => Uint8Array | undefined,
  ): Result<FoundProof> {
    const found = this.header(at);
    if (found === undefined) return refuseNode('node/no-state');
    const { chain, nowMs, oldStates } = this.#node;
    const isOld = !equalBytes(found.id, chain.head.id);
    if (isOld && !oldStates.isOpen(nowMs)) return refuseNode('node/busy', { height: found.header.height });
    const { moved } = chain.state.coins;
    const state = this.#stateAfter(found);
    const value = state.ok ? valueIn(state.value) : undefined;
    const proof = state.ok ? encodeStateProof(proveState(state.value, map, key)) : undefined;
    if (isOld) oldStates.pay(chain.state.coins.moved - moved);
    if (!state.ok || proof === undefined) return state.ok ? refuseNode('node/no-state') : state;
    return ok({ header: found.header, blockId: found.id, key, present: value !== undefined, value, proof });
  }
}

/** Of a node without peers, which has nothing to catch up with. */
const NO_NETWORK: NetworkView = {
  enabled: false,
  agent: '',
  protocol: PROTOCOL_VERSION,
  listening: [],
  peers: [],
  bans: [],
  addresses: { known: 0, reached: 0 },
  sync: { caughtUp: true, missing: 0 },
};

interface Sums {
  confirmed: number;
  immature: number;
  incoming: number;
  outgoing: number;
}

function sumsOf(sums: Map<AssetId, Sums>, asset: AssetId): Sums {
  let sum = sums.get(asset);
  if (sum === undefined) {
    sum = { confirmed: 0, immature: 0, incoming: 0, outgoing: 0 };
    sums.set(asset, sum);
  }
  return sum;
}

/** All coins of an asset together are at most 2^53 − 1, and the pool only moves them, so every sum is an amount. */
function presentSums(asset: AssetId, { confirmed, immature, incoming, outgoing }: Sums): FoundBalance {
  return {
    asset,
    confirmed: amount(confirmed),
    immature: amount(immature),
    incoming: amount(incoming),
    outgoing: amount(outgoing),
  };
}
