import { OK, type Result } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import type { P2pHost } from '../host.ts';
import type { ConsensusMessage } from '../messages/consensus.ts';
import type { Message } from '../messages/message.ts';
import type { P2pPart } from '../part.ts';
import type { Connection, Peer, PeerTable } from '../peer.ts';
import { refuseP2p } from '../rules.ts';
import { ASK_AGAIN_BLOCKS, ASK_AGAIN_MS, ASK_AGAIN_MS_MAX, GIVE_AGAIN_MS, GIVEN_BURST } from './limits.ts';
import { PastAsking, type PastSource } from './past-asking.ts';

/** What the protocol needs of the engine that counts votes. */
export interface VotingHost {
  /** Which engine the chain votes with: 1 for votes on checkpoints, 2 for votes on each block. */
  readonly engine: number;
  /** Blocks after the last final one at which certificates must be missing here, for others have them. */
  readonly behindBlocks: number;
  /**
   * Blocks after the last final one beyond which none is taken: where every block is voted on, one validator alone
   * could make a branch of any length.
   */
  readonly aheadBlocksMax: number;
  /** The last height whose certificate can be checked here: the validators of later ones are not known for sure. */
  readonly checkedHeightMax: number;
  /** The certificates of epochs gone by. */
  readonly past: PastSource;
  /** Takes what a peer says; does nothing of it before it has returned. */
  message(payload: Uint8Array, from: PeerId): void;
  /** The certificate of the last final block at or below a height, if it is at hand. */
  certificateUpTo(height: number): Uint8Array | undefined;
}

/** What passing votes on needs. */
export interface VoteExchangeDependencies {
  readonly host: Pick<P2pHost, 'send' | 'voting' | 'wake'> & {
    readonly chain: {
      readonly head: { readonly height: number };
      readonly final: { readonly height: number };
    };
  };
  readonly peers: PeerTable;
}

/**
 * Carries what voting engines say to one another: what the own engine wants said goes to all peers, what they say goes
 * to the engine, which alone reads it and passes it on once it has found it good. Who comes is given the last
 * certificate, and who has blocks and no certificates for them asks.
 */
export class VoteExchange implements P2pPart {
  readonly #deps: VoteExchangeDependencies;
  /** When the next certificate is due to each peer that has asked for some; at most one entry for each peer. */
  readonly #given = new Map<PeerId, number>();
  #askAgainMs = 0;
  #pauseMs = ASK_AGAIN_MS;
  #askAgainHeight = 0;
  #asked = 0;
  /** The last final height when it was asked last. */
  #askedFinal = -1;
  readonly #past: PastAsking | undefined;

  constructor(dependencies: VoteExchangeDependencies) {
    this.#deps = dependencies;
    const { host, peers } = dependencies;
    if (host.voting !== undefined) this.#past = new PastAsking({ host, peers, past: host.voting.past });
  }

  /** What strangers' messages have filled: for tests and metrics. */
  get counts(): { readonly given: number } {
    return { given: this.#given.size };
  }

  /** Sends what the engine says to every peer but one. */
  broadcast(payload: Uint8Array, except: PeerId | undefined): void {
    const message = this.#wrap(payload);
    if (message === undefined) return;
    for (const { id } of this.#deps.peers.values()) if (id !== except) this.#deps.host.send(id, message);
  }

  handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    const { voting } = this.#deps.host;
    if (message.kind === 'certificate-request') {
      if (voting === undefined) return refuseP2p('p2p/engine-unknown');
      if (this.#mayGive(peer.id, nowMs)) this.#give(peer, voting.certificateUpTo(message.height));
    }
    if (message.kind !== 'consensus') return OK;
    const { engine, payload } = message;
    if (engine !== voting?.engine) {
      return refuseP2p('p2p/engine-unknown', { got: engine, expected: voting?.engine ?? 'none' });
    }
    voting.message(payload, peer.id);
    return this.#past?.take(peer.id, payload, nowMs) ?? OK;
  }

  peerReady(peer: Peer, nowMs: number): void {
    const { voting } = this.#deps.host;
    if (voting === undefined) return;
    this.#give(peer, voting.certificateUpTo(this.#deps.host.chain.final.height));
    this.#ask(nowMs);
    this.#past?.look(nowMs);
  }

  peerGone({ id }: Connection): void {
    this.#given.delete(id);
  }

  tick(nowMs: number): void {
    if (this.#askAgainMs > 0 && nowMs >= this.#askAgainMs) this.#ask(nowMs);
    this.#past?.look(nowMs);
  }

  headMoved(_update: unknown, _isOwn: boolean, nowMs: number): void {
    this.#ask(nowMs);
    this.#past?.look(nowMs);
  }

  /** Asks a peer that has more final blocks for the certificate of a block that is here, one peer after the other. */
  #ask(nowMs: number): void {
    const { host, peers } = this.#deps;
    const { voting, chain } = host;
    const { head, final } = chain;
    if (voting === undefined || head.height < final.height + voting.behindBlocks) return;
    const isAnswered = final.height > this.#askedFinal;
    if (isAnswered) this.#pauseMs = ASK_AGAIN_MS;
    else if (nowMs < this.#askAgainMs && head.height < this.#askAgainHeight) return;
    // What a peer said of its last final block may be old; one whose head is as far ahead should have some.
    const isAhead = (peer: Peer) =>
      peer.finalHeight > final.height || peer.head.height >= final.height + voting.behindBlocks;
    const ahead = [...peers.values()].filter(isAhead);
    const peer = ahead[this.#asked % ahead.length];
    if (peer === undefined) return;
    this.#asked += 1;
    this.#askedFinal = final.height;
    this.#askAgainMs = nowMs + this.#pauseMs;
    this.#pauseMs = Math.min(ASK_AGAIN_MS_MAX, 2 * this.#pauseMs);
    this.#askAgainHeight = head.height + ASK_AGAIN_BLOCKS;
    host.wake(this.#askAgainMs);
    const height = Math.min(head.height, voting.checkedHeightMax);
    host.send(peer.id, { kind: 'certificate-request', height });
  }

  #give(peer: Peer, certificate: Uint8Array | undefined): void {
    const message = certificate === undefined ? undefined : this.#wrap(certificate);
    if (message !== undefined) this.#deps.host.send(peer.id, message);
  }

  /** A bucket of certificates for each peer, as the time at which it is full again. */
  #mayGive(id: PeerId, nowMs: number): boolean {
    const fullMs = Math.max(this.#given.get(id) ?? 0, nowMs);
    if (fullMs >= nowMs + GIVEN_BURST * GIVE_AGAIN_MS) return false;
    this.#given.set(id, fullMs + GIVE_AGAIN_MS);
    return true;
  }

  #wrap(payload: Uint8Array): ConsensusMessage | undefined {
    const { voting } = this.#deps.host;
    return voting && { kind: 'consensus', engine: voting.engine, payload };
  }
}
