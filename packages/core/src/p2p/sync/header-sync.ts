import { bytesKey } from '../../base/bytes-key.ts';
import type { Result } from '../../base/result.ts';
import { OK } from '../../base/result.ts';
import type { HeadClaim } from '../../chain/fork-choice.ts';
import type { Hash } from '../../crypto/hash.ts';
import type { Header } from '../../primitives/header.ts';
import { headerBytes } from '../messages/fields.ts';
import { LOCATOR_MAX } from '../messages/limits.ts';
import type { HeadersMessage } from '../messages/sync.ts';
import { refuseP2p } from '../rules.ts';
import { HEADERS_ANSWER_BYTES } from './limits.ts';
import { deferLost, isWaiting, type SyncParts } from './sync-parts.ts';
import type { HeadersRequest, SyncPeer } from './sync-peer.ts';
import { findKnown, type HeadersWait, type TakenHeaders, takeHeaders } from './take-headers.ts';

/** How long a peer is not asked again that did not answer in time, doubled each time in a row. */
const LAPSE_PAUSE_MS = 5_000;

/** The same for one whose answer led nowhere, and how often it is doubled at most: to about a minute. */
const FRUITLESS_PAUSE_MS = 1_000;
const FRUITLESS_DOUBLINGS = 6;

/** The least time that a peer is not asked again whose next header has not come of age, so that a liar costs little. */
const EARLY_PAUSE_MS_MIN = 100;

/**
 * Looks into what peers say of their heads: headers first, so that nothing costly is done for a branch before it is
 * known to be better. A weight that is claimed decides whom to ask, never what to do.
 */
export class HeaderSync {
  readonly #parts: SyncParts;
  /** The peer that gave the last headers; it is asked again as long as it has more. */
  #leader: SyncPeer | undefined;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  /**
   * True while some peer says that it has a better head, and has not been found wrong. Where this node has chosen
   * peers, only theirs counts: a crowd that comes by itself could always claim something.
   */
  isChecking(nowMs: number): boolean {
    let isInboundOpen = false;
    let isAnyChosen = false;
    for (const peer of this.#parts.peers.values()) {
      if (peer.isOutbound) isAnyChosen = true;
      if (peer.deferredUntilMs > nowMs || !this.#isOpen(peer)) continue;
      if (peer.isOutbound) return true;
      isInboundOpen = true;
    }
    return isInboundOpen && !isAnyChosen;
  }

  /** Asks for headers where there are some to be had; when there will be more to do, if nothing happens before. */
  advance(nowMs: number, pathBlocks: number): number {
    const { peers, limits } = this.#parts;
    this.#checkLate(nowMs);
    let soonest = Number.POSITIVE_INFINITY;
    let inFlight = 0;
    let slow = 0;
    const candidates: SyncPeer[] = [];
    for (const peer of peers.values()) {
      const { headersRequest } = peer;
      if (headersRequest !== undefined) {
        inFlight += 1;
        const slowMs = headersRequest.sinceMs + limits.headersSlowMs;
        if (slowMs <= nowMs) {
          slow += 1;
          if (this.#leader === peer) this.#leader = undefined;
        } else soonest = Math.min(soonest, slowMs);
        soonest = Math.min(soonest, headersRequest.sinceMs + limits.headersTimeoutMs);
      } else if (this.#isPast(peer)) peer.claim = undefined;
      else if (this.#isOpen(peer) && !isWaiting(this.#parts, peer)) {
        const readyMs = Math.max(peer.deferredUntilMs, peer.claim?.notBeforeMs ?? 0);
        if (readyMs <= nowMs) candidates.push(peer);
        else soonest = Math.min(soonest, readyMs);
      }
    }
    const most = Math.min(limits.headersInFlightMax, 1 + slow);
    if (candidates.length === 0 || inFlight >= most || !this.#makeRoom(pathBlocks, nowMs)) return soonest;
    const chosen = this.#choose(candidates);
    if (chosen === undefined) return soonest;
    this.#ask(chosen, nowMs);
    return Math.min(soonest, nowMs + limits.headersSlowMs);
  }

  /** Whom to ask: the one that gave the last headers, else one that this node has chosen, else any. */
  #choose(candidates: readonly SyncPeer[]): SyncPeer | undefined {
    const leader = this.#leader;
    if (leader !== undefined && candidates.includes(leader)) return leader;
    const { random } = this.#parts.host;
    return random.pick(candidates.filter(({ isOutbound }) => isOutbound)) ?? random.pick(candidates);
  }

  /** Takes an answer. */
  headers(peer: SyncPeer, { request, headers }: HeadersMessage, nowMs: number): Result<undefined> {
    const asked = peer.headersRequest;
    if (asked?.request !== request) {
      if (peer.lateRequest !== request) return refuseP2p('p2p/headers-unasked');
      peer.lateRequest = undefined;
      return OK;
    }
    peer.headersRequest = undefined;
    peer.headersLapses = 0;
    if (headers.length > asked.limit) {
      return refuseP2p('p2p/headers-unasked', { got: headers.length, expected: asked.limit });
    }
    const origin = { source: peer.id, locator: asked.locator };
    const taken = takeHeaders(this.#parts, headers, origin, nowMs);
    return this.#judge(peer, asked, headers, taken, nowMs);
  }

  /** Forgets a peer that is gone. */
  peerGone(peer: SyncPeer): void {
    if (this.#leader === peer) this.#leader = undefined;
  }

  /** True when a peer's claim needs no look any more: the own head is as good, and only gets better. */
  #isPast({ claim }: SyncPeer): boolean {
    if (claim === undefined) return false;
    const { chain } = this.#parts.host;
    const { id, weight } = claim;
    if (chain.node(id) !== undefined) return true;
    return weight !== undefined && chain.compareHeads({ id, weight }, chain.head) >= 0;
  }

  /** True when a peer's claim is to be looked into. */
  #isOpen({ claim }: SyncPeer): boolean {
    if (claim === undefined) return false;
    const { tree, host } = this.#parts;
    if (tree.find(claim.key) !== undefined || host.chain.node(claim.id) !== undefined) return false;
    return claim.weight === undefined || this.#isBetter({ id: claim.id, weight: claim.weight });
  }

  #isBetter(head: HeadClaim): boolean {
    const { tree, host } = this.#parts;
    const { chain } = host;
    const { best } = tree;
    return (
      chain.compareHeads(head, chain.head) < 0 && (best === undefined || chain.compareHeads(head, best) < 0)
    );
  }

  #makeRoom(pathBlocks: number, nowMs: number): boolean {
    const { tree, limits } = this.#parts;
    const { headersPerRequest } = limits;
    if (pathBlocks + headersPerRequest > limits.targetHeadersMax) return false;
    if (tree.hasRoom(headersPerRequest)) return true;
    // What the other branches had room for has not made one of them better.
    if (pathBlocks > 0) tree.keepBest();
    else tree.drop(() => true);
    deferLost(this.#parts, nowMs);
    return tree.hasRoom(headersPerRequest);
  }

  #ask(peer: SyncPeer, nowMs: number): void {
    const { claim } = peer;
    if (claim === undefined) return;
    const limit = this.#parts.limits.headersPerRequest;
    const locator = this.#locator(peer);
    const request = this.#parts.nextRequest();
    const keys = new Set(locator.map(bytesKey));
    peer.headersRequest = { request, sinceMs: nowMs, limit, locator: keys, claim };
    this.#parts.host.send(peer.id, { kind: 'headers-request', request, locator, limit });
  }

  /** From the last header the peer gave, or the best one there is, back to genesis with gaps that grow. */
  #locator({ tipKey }: SyncPeer): readonly Hash[] {
    const { tree, host } = this.#parts;
    const own = host.chain.locator();
    const tip = (tipKey === undefined ? undefined : tree.find(tipKey)) ?? tree.best;
    if (tip === undefined) return own;
    const branch = tree.branch(tip);
    const ids: Hash[] = [];
    for (let back = 1, step = 1; back <= branch.length && ids.length < LOCATOR_MAX / 2; back += step) {
      ids.push((branch[branch.length - back] as (typeof branch)[number]).id);
      if (ids.length >= 4) step *= 2;
    }
    return [...ids, ...own].slice(0, LOCATOR_MAX);
  }

  /** Compares what a peer showed with what it said. */
  #judge(
    peer: SyncPeer,
    asked: HeadersRequest,
    headers: readonly Header[],
    { last, added, refusal, wait, earlyMs }: TakenHeaders,
    nowMs: number,
  ): Result<undefined> {
    if (last !== undefined) this.#shown(peer, last.key, last.height);
    if (added > 0) peer.fruitless = 0;
    if (wait !== undefined) {
      this.#wait(peer, wait, nowMs);
      return OK;
    }
    if (earlyMs !== undefined) {
      // Its claim stays, and is looked into again.
      peer.deferredUntilMs = nowMs + Math.max(EARLY_PAUSE_MS_MIN, earlyMs);
      return OK;
    }
    const { claim } = peer;
    // What it has said since may be true.
    const isSame = claim === undefined || claim.key === asked.claim.key;
    if (refusal !== undefined) {
      if (isSame) this.#refute(peer, last?.height ?? 0);
      peer.deferredUntilMs = nowMs + this.#parts.limits.deferMs;
      return { ok: false, error: refusal };
    }
    if (this.#isFull(headers, asked.limit)) {
      this.#leader = peer;
      if (added > 0 || (claim !== undefined && !this.#isOpen(peer))) return this.#weigh(peer, asked);
      peer.deferredUntilMs = nowMs + this.#parts.limits.deferMs;
      return OK;
    }
    if (this.#parts.tree.find(asked.claim.key) !== undefined || this.#isInChain(asked.claim.id)) {
      peer.fruitless = 0;
      return this.#weigh(peer, asked);
    }
    if (added === 0) {
      peer.deferredUntilMs = nowMs + FRUITLESS_PAUSE_MS * 2 ** Math.min(peer.fruitless, FRUITLESS_DOUBLINGS);
      peer.fruitless += 1;
    }
    if (!isSame) return OK;
    this.#refute(peer, last?.height ?? 0);
    // The head may have been replaced by a better one since, and nobody knows how heavy an announced one is.
    const { weight } = asked.claim;
    if (!peer.hasAllBlocks || weight === undefined || (last?.weight ?? 0n) >= weight) return OK;
    return refuseP2p('p2p/head-unproved', { height: asked.claim.height });
  }

  /** Leaves a peer alone until the block is here that its next headers need. */
  #wait(peer: SyncPeer, { after, height }: HeadersWait, nowMs: number): void {
    const { tree, limits } = this.#parts;
    this.#shown(peer, after.key, after.height);
    const tip = tree.find(after.key);
    const branch = tip === undefined ? [] : tree.branch(tip);
    this.#leader = peer;
    peer.waitsFor = branch.find((entry) => entry.height === height);
    if (peer.waitsFor === undefined) peer.deferredUntilMs = nowMs + limits.deferMs;
  }

  /** Compares the weight of a head that has been shown with the one that was claimed. */
  #weigh(peer: SyncPeer, { claim }: HeadersRequest): Result<undefined> {
    const known = findKnown(this.#parts, claim);
    if (known?.weight === undefined || claim.weight === undefined || known.weight === claim.weight) return OK;
    this.#refute(peer, known.height);
    return refuseP2p('p2p/weight-wrong', { height: known.height });
  }

  #isInChain(id: Hash): boolean {
    return this.#parts.host.chain.node(id) !== undefined;
  }

  #isFull(headers: readonly Header[], limit: number): boolean {
    if (headers.length >= limit) return true;
    return headers.reduce((sum, header) => sum + headerBytes(header), 0) >= HEADERS_ANSWER_BYTES;
  }

  #shown(peer: SyncPeer, key: string, height: number): void {
    if (this.#parts.tree.find(key) !== undefined) peer.tipKey = key;
    peer.height = Math.max(peer.height, height);
  }

  #refute(peer: SyncPeer, height: number): void {
    peer.claim = undefined;
    peer.height = height;
  }

  #checkLate(nowMs: number): void {
    const { peers, limits, punish, disconnect } = this.#parts;
    for (const peer of peers.values()) {
      const { headersRequest } = peer;
      if (headersRequest === undefined || nowMs < headersRequest.sinceMs + limits.headersTimeoutMs) continue;
      peer.headersRequest = undefined;
      peer.lateRequest = headersRequest.request;
      peer.headersLapses += 1;
      peer.deferredUntilMs = nowMs + LAPSE_PAUSE_MS * 2 ** peer.headersLapses;
      if (this.#leader === peer) this.#leader = undefined;
      const { error } = refuseP2p('p2p/headers-late');
      punish(peer.id, error);
      if (peer.headersLapses >= limits.failuresMax) disconnect(peer.id, error);
    }
  }
}
