import type { Duplex } from 'node:stream';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Log } from '@calin/core/ports/log.ts';
import { type BundleFrame, encodeBundleAnswerFrame, parseBundleFrame } from '@calin/core/rpc/bundle-frame.ts';
import { dispatch, type RpcHost } from '@calin/core/rpc/dispatch.ts';
import { RESUME_BLOCKS_MAX } from '@calin/core/rpc/limits.ts';
import { missedNews } from '@calin/core/rpc/missed-news.ts';
import { responseText } from '@calin/core/rpc/response.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { submitBundle } from '@calin/core/rpc/submit-bundle.ts';
import {
  notificationText,
  parseSubscription,
  type SubscriptionNews,
  type Topic,
} from '@calin/core/rpc/subscriptions.ts';
import type { RawData, WebSocket } from 'ws';
import type { Caller } from './callers.ts';
import type { ServerLimits } from './limits.ts';
import type { Holder, MemoryBudget } from './memory-budget.ts';
import { statusOf } from './statuses.ts';

/** What a connection works with. */
export interface ConnectionDependencies {
  readonly host: RpcHost;
  readonly log: Log;
}

/** What the connections of one server share. */
export interface SharedBetweenConnections {
  readonly budget: MemoryBudget;
  /** Id of the head that was announced last. */
  told(): Hash;
}

/** A WebSocket, and the connection that it runs on. */
export interface ConnectionOptions {
  readonly socket: WebSocket;
  /** The bytes of the connection: what of a message has arrived is known from them alone. */
  readonly wire: Duplex;
  readonly limits: ServerLimits;
  readonly caller: Caller;
}

/** The status of WebSockets (RFC 6455, 7.4.1) for what the server does not take. */
const UNSUPPORTED_DATA = 1003;
/** The same for who may not be here any more. */
const POLICY_VIOLATION = 1008;
/** The same for who is too slow; the IANA registry calls it "try again later". */
const TRY_AGAIN_LATER = 1013;

/** News that are kept for the answer to a subscription: all that it may have missed, and what comes meanwhile. */
const EARLY_NEWS_MAX = 2 * RESUME_BLOCKS_MAX;

/** Bytes of a frame of a client before what a ping or a pong carries (RFC 6455, 5.2). */
const CONTROL_HEAD_BYTES = 6;

/** One WebSocket: its calls, its subscriptions, and how much of its time and memory it may take. */
export class SocketConnection implements Holder {
  readonly #socket: WebSocket;
  readonly #limits: ServerLimits;
  readonly #host: RpcHost;
  readonly #log: Log;
  readonly #caller: Caller;
  readonly #topics = new Map<string, Topic>();
  #subscribed = 0;
  /** News of subscriptions whose answers have not left yet. */
  readonly #early = new Map<string, SubscriptionNews[]>();
  readonly #budget: MemoryBudget;
  readonly #told: () => Hash;
  /** Bytes of the message that is being received; see {@link ConnectionOptions.wire}. */
  #received = 0;
  #heldBytes = 0;
  #hasLeft = false;
  #pending = 0;
  #alive = true;
  #goodbye: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions, dependencies: ConnectionDependencies & SharedBetweenConnections) {
    this.#caller = options.caller;
    this.#told = () => dependencies.told();
    this.#socket = options.socket;
    this.#limits = options.limits;
    this.#host = options.caller.hostOf(this.#hostOf(dependencies.host));
    this.#log = dependencies.log;
    this.#budget = dependencies.budget;
    this.#budget.enter(this);
    // Before ws sees the bytes, so that they are counted to the message that they complete.
    options.wire.prependListener('data', (chunk: Buffer) => {
      this.#received += chunk.length;
      this.#hold(chunk.length);
    });
    for (const event of ['ping', 'pong'] as const) {
      this.#socket.on(event, (data) => {
        const bytes = Math.min(this.#received, data.length + CONTROL_HEAD_BYTES);
        this.#received -= bytes;
        this.#hold(-bytes);
      });
    }
    this.#socket.on('message', (data, binary) => this.#receive(data, binary));
    this.#socket.on('pong', () => {
      this.#alive = true;
    });
    // Too long a message, or one that is no WebSocket frame: ws closes with the right status by itself.
    this.#socket.on('error', (error) =>
      this.#tell('debug', 'A WebSocket failed.', { reason: error.message }),
    );
    this.#socket.on('close', () => {
      clearTimeout(this.#goodbye);
      this.#topics.clear();
      this.#leave();
    });
  }

  /** What was received and is not answered, and what waits to be sent. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Ends the connection without a word, because others need its memory. */
  drop(): void {
    this.#tell('info', 'A WebSocket was dropped: of all it held most memory.', { held: this.#heldBytes });
    this.#leave();
    this.#topics.clear();
    this.#socket.terminate();
  }

  /** Subscriptions by their id. */
  get topics(): ReadonlyMap<string, Topic> {
    return this.#topics;
  }

  /** Ends the connection when the key that it was opened with has been revoked. */
  checkKey(): void {
    const stands = this.#caller.checkKey();
    if (!stands.ok) this.close(POLICY_VIOLATION, stands.error.message);
  }

  /** Sends news of a subscription, or keeps them until the answer to it has left. */
  notify(subscription: string, news: SubscriptionNews): void {
    const early = this.#early.get(subscription);
    if (early === undefined) return this.#send(notificationText(subscription, news));
    if (early.length < EARLY_NEWS_MAX) early.push(news);
    else this.close(TRY_AGAIN_LATER, 'News waited too long for the answer to their subscription.');
  }

  /** Asks whether the other side is still there; ends the connection when it did not answer the last time. */
  ping(): void {
    // While the server itself does not read, no answer can arrive.
    if (this.#socket.isPaused) return;
    if (!this.#alive) return this.#socket.terminate();
    this.#alive = false;
    if (this.#isOpen()) this.#socket.ping();
  }

  /** Says goodbye, and ends the connection in any case after the grace period. */
  close(code: number, reason: string): void {
    if (this.#goodbye !== undefined) return;
    this.#socket.resume();
    this.#socket.close(code, reason);
    this.#topics.clear();
    this.#goodbye = setTimeout(() => this.#socket.terminate(), this.#limits.closeGraceMs);
  }

  #leave(): void {
    this.#budget.leave(this);
    this.#hasLeft = true;
  }

  #hold(bytes: number): void {
    if (this.#hasLeft) return;
    this.#heldBytes += bytes;
    this.#budget.note(bytes);
  }

  #receive(data: RawData, binary: boolean): void {
    const received = this.#received;
    this.#received = 0;
    if (!this.#isOpen()) return;
    const frame = binary ? parseBundleFrame(data as Buffer) : undefined;
    if (frame?.ok === false)
      return this.close(UNSUPPORTED_DATA, 'A binary message is a number and a bundle.');
    this.#pending += 1;
    if (this.#pending >= this.#limits.messagesPendingMax) this.#socket.pause();
    const answered = (answer: string | Uint8Array | undefined) => {
      this.#pending -= 1;
      this.#hold(-received);
      if (this.#pending < this.#limits.messagesPendingMax) this.#socket.resume();
      if (answer !== undefined) this.#send(answer);
      this.#sendEarly();
    };
    if (frame === undefined) dispatch(data.toString(), this.#host, answered);
    else this.#submit(frame.value, answered);
  }

  #submit({ number, bundle }: BundleFrame, answered: (frame: Uint8Array) => void): void {
    const paid = this.#caller.pay();
    const allowed = paid.ok ? this.#caller.checkRole('submit') : paid;
    const answer = (verdicts: Result<string | Uint8Array>): void => this.#answer(number, verdicts, answered);
    if (allowed.ok) submitBundle(bundle, 'binary', this.#host, answer);
    else answer(allowed);
  }

  #answer(number: number, answer: Result<string | Uint8Array>, answered: (frame: Uint8Array) => void): void {
    const status = answer.ok ? 200 : statusOf(answer.error);
    const text = answer.ok ? answer.value : responseText(null, answer);
    const body = typeof text === 'string' ? Buffer.from(text) : text;
    answered(encodeBundleAnswerFrame({ number, status, body }));
  }

  /** The node's host, with the methods that only a connection that lasts can do. */
  #hostOf(host: RpcHost): RpcHost {
    return {
      view: host.view,
      isOwner: host.isOwner,
      request: (request, done) => host.request(request, done),
      whenDurable: (done) => host.whenDurable(done),
      failed: (error) => host.failed?.(error),
      hostMethod: (name, params, done) => {
        if (name === 'subscribe') this.#subscribe(params, done);
        else if (name === 'unsubscribe') done(this.#unsubscribe(params));
        else host.hostMethod(name, params, done);
      },
    };
  }

  #subscribe(params: unknown, done: (result: Result<string>) => void): void {
    const expected = this.#limits.subscriptionsMax;
    if (this.#topics.size >= expected) return done(refuseRpc('rpc/too-many-subscriptions', { expected }));
    const { view } = this.#host;
    const wish = parseSubscription(params, view.spec.addressPrefix);
    if (!wish.ok) return done(wish);
    const { topic, after } = wish.value;
    const missed = after === undefined ? ok([]) : missedNews(view, topic, after, this.#told());
    if (!missed.ok) return done(missed);
    this.#subscribed += 1;
    const subscription = `${this.#subscribed}`;
    this.#topics.set(subscription, topic);
    this.#early.set(subscription, [...missed.value]);
    done(ok(subscription));
  }

  /** Sends what was kept back for answers that have left now. */
  #sendEarly(): void {
    const kept = [...this.#early];
    this.#early.clear();
    for (const [subscription, early] of kept) {
      if (this.#topics.has(subscription)) for (const news of early) this.notify(subscription, news);
    }
  }

  #unsubscribe(params: unknown): Result<boolean> {
    const { subscription } = params as { readonly subscription: string };
    if (this.#topics.delete(subscription)) return ok(true);
    return refuseRpc('rpc/subscription-unknown', { got: subscription.slice(0, 80) });
  }

  #send(message: string | Uint8Array): void {
    if (!this.#isOpen()) return;
    if (this.#socket.bufferedAmount > this.#limits.bufferedBytesMax) {
      this.#tell('info', 'A WebSocket was dropped: it reads too slowly.', {
        buffered: this.#socket.bufferedAmount,
      });
      return this.close(TRY_AGAIN_LATER, 'Too slow: more waits to be sent than the server keeps.');
    }
    const bytes = message.length;
    this.#hold(bytes);
    if (this.#isOpen()) this.#socket.send(message, () => this.#hold(-bytes));
  }

  #isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  #tell(level: 'debug' | 'info', message: string, fields: Readonly<Record<string, string | number>>): void {
    this.#log.write({ level, part: 'rpc', message, fields });
  }
}
