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
import { VoteSpread } from './vote-spread.ts';

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
  /** Whose vote these bytes are that the engine has passed on, by place in the set; undefined for a certificate. */
  voterOf(payload: Uint8Array): number | undefined;
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
 * Carries what voting engines say to one another: what the own engine wants said is spread among the peers
 * ({@link VoteSpread}), what they say goes to the engine, which alone reads it and passes it on once it has found it
 * good. Who comes is given the last certificate, and who has blocks and no certificates for them asks.
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
  readonly #spread: VoteSpread | undefined;

  constructor(dependencies: VoteExchangeDependencies) {
    this.#deps = dependencies;
    const { host, peers } = dependencies;
    const { voting } = host;
    if (voting === undefined) return;
    this.#past = new PastAsking({ host, peers, past: voting.past });
    this.#spread = new VoteSpread({ host, voting });
  }

  /** What strangers' messages have filled: for tests and metrics. */
  get counts(): { readonly given: number; readonly votes: number; readonly wanted: number } {
    const { votes = 0, wanted = 0 } = this.#spread?.counts ?? {};
    return { given: this.#given.size, votes, wanted };
  }

  /** Spreads what the engine says, or passes on. */
  broadcast(payload: Uint8Array, from: PeerId | undefined, nowMs: number): void {
    this.#spread?.broadcast(payload, from, nowMs);
  }

  handle(peer: Peer, message: Message, nowMs: number): Result<undefined> {
    const { voting } = this.#deps.host;
    const spread = this.#spread;
    if (voting === undefined || spread === undefined) return refuseP2p('p2p/engine-unknown');
    switch (message.kind) {
      case 'certificate-request':
        if (this.#mayGive(peer.id, nowMs)) this.#give(peer, voting.certificateUpTo(message.height));
        return OK;
      case 'vote-announce':
        spread.announced(message.ids, peer.id, nowMs);
        return OK;
      case 'vote-request':
        spread.asked(message.ids, peer.id, nowMs);
        return OK;
      case 'consensus': {
        const { engine, payload } = message;
        if (engine !== voting.engine)
          return refuseP2p('p2p/engine-unknown', { got: engine, expected: voting.engine });
        spread.take(payload, peer.id, nowMs);
        return this.#past?.take(peer.id, payload, nowMs) ?? OK;
      }
      default:
        return OK;
    }
  }

  peerReady(peer: Peer, nowMs: number): void {
    const { voting } = this.#deps.host;
    if (voting === undefined) return;
    this.#spread?.join(peer.id);
    this.#give(peer, voting.certificateUpTo(this.#deps.host.chain.final.height));
    this.#ask(nowMs);
    this.#past?.look(nowMs);
  }

  peerGone({ id }: Connection): void {
    this.#given.delete(id);
    this.#spread?.leave(id);
  }

  tick(nowMs: number): void {
    if (this.#askAgainMs > 0 && nowMs >= this.#askAgainMs) this.#ask(nowMs);
    this.#past?.look(nowMs);
    this.#spread?.tick(nowMs);
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
