import { ok, type Refusal, type Result } from '@calin/core/base/result.ts';
import type { ParamsOf } from '@calin/core/rpc/method.ts';
import type { METHODS } from '@calin/core/rpc/methods.ts';
import type { SubscriptionNews } from '@calin/core/rpc/subscriptions.ts';
import { RpcSocket, type RpcSocketOptions } from './rpc-socket.ts';
import { refuseRpc } from './rules.ts';

/** Who hears the news of a subscription. */
export interface Subscriber {
  /** Is called once for each piece of news, in order. */
  next(news: SubscriptionNews): void;
  /**
   * The connection broke and is there again.
   *
   * @param isComplete - true when all blocks from in between follow as news, as ever; otherwise some are lost, so read
   *   the state anew. Transactions that came into the pool meanwhile are lost in either case
   */
  resumed?(isComplete: boolean): void;
  /** The node refused to go on with the subscription after the connection had broken. Nothing follows. */
  failed?(refusal: Refusal): void;
}

/** A subscription that can be ended. */
export interface Subscription {
  close(): void;
}

type Topic = ParamsOf<(typeof METHODS)['subscribe']>;

interface Entry {
  readonly topic: Topic;
  readonly subscriber: Subscriber;
  /** The node's name for it on the present connection; undefined while there is none. */
  id: string | undefined;
  /** The node has taken it once, so it comes back after a break. */
  started: boolean;
  /** Id of the head it heard of last. */
  head: string | undefined;
}

/** The pause before the first attempt to connect again, which then doubles up to the longest. */
const RETRY_MS = 250;
const RETRY_MS_MAX = 10_000;

/** All subscriptions of a client on one connection, which opens with the first one and closes with the last one. */
export class Subscriptions {
  readonly #options: RpcSocketOptions;
  readonly #entries = new Set<Entry>();
  /** Being opened, or open. */
  #socket: Promise<Result<RpcSocket>> | undefined;
  #open: RpcSocket | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #attempts = 0;
  /** Counts how often the last subscription has ended. */
  #generation = 0;

  constructor(options: RpcSocketOptions) {
    this.#options = options;
  }

  /** Starts a subscription; refuses with what the node says, or by `rpc/unreachable`. */
  async subscribe(topic: Topic, subscriber: Subscriber): Promise<Result<Subscription>> {
    const entry: Entry = { topic, subscriber, id: undefined, started: false, head: topic.after };
    this.#entries.add(entry);
    const started = await this.#start(entry, topic.after, () => undefined);
    if (!started.ok) {
      this.#end(entry);
      return started;
    }
    entry.started = true;
    // The connection may have broken again since the answer.
    if (entry.id === undefined) this.#resumeLater();
    return ok({ close: () => this.#end(entry) });
  }

  /** Ends all subscriptions. */
  close(): void {
    for (const entry of this.#entries) this.#end(entry);
  }

  /** `taken` is called before any news of the subscription. */
  async #start(entry: Entry, after: string | undefined, taken: () => void): Promise<Result<unknown>> {
    this.#socket ??= this.#connect();
    const socket = await this.#socket;
    if (!socket.ok) return socket;
    const { after: _, ...topic } = entry.topic;
    const wish = after === undefined ? topic : { ...topic, after };
    const answer = await socket.value.call('subscribe', wish, (id) => {
      if (typeof id !== 'string') return;
      entry.id = id;
      taken();
    });
    if (!answer.ok || typeof answer.value === 'string') return answer;
    return refuseRpc('rpc/bad-response', { url: this.#options.url });
  }

  async #connect(): Promise<Result<RpcSocket>> {
    const generation = this.#generation;
    const socket = await RpcSocket.open(this.#options, {
      news: (subscription, result) => this.#tell(subscription, result),
      closed: (closed) => this.#lost(closed),
    });
    if (generation !== this.#generation) {
      // All subscriptions it was made for have ended meanwhile.
      if (socket.ok) socket.value.close();
      return refuseRpc('rpc/connection-lost', { url: this.#options.url });
    }
    if (socket.ok) this.#open = socket.value;
    else this.#socket = undefined;
    return socket;
  }

  #tell(subscription: string, result: unknown): void {
    for (const entry of this.#entries) {
      if (entry.id !== subscription) continue;
      const news = result as SubscriptionNews;
      if (news.kind === 'head') entry.head = news.id;
      return entry.subscriber.next(news);
    }
  }

  #end(entry: Entry): void {
    if (!this.#entries.delete(entry)) return;
    if (this.#entries.size > 0) {
      if (entry.id === undefined) return;
      void this.#open?.call('unsubscribe', { subscription: entry.id }, () => undefined);
      return;
    }
    this.#generation += 1;
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#attempts = 0;
    this.#open?.close();
    this.#open = undefined;
    this.#socket = undefined;
  }

  /** The connection broke; one that was left behind on purpose does not count. */
  #lost(socket: RpcSocket): void {
    if (socket !== this.#open) return;
    this.#open = undefined;
    this.#socket = undefined;
    for (const entry of this.#entries) entry.id = undefined;
    this.#resumeLater();
  }

  #resumeLater(): void {
    if (this.#retry !== undefined || this.#lostEntries().length === 0) return;
    const delayMs = Math.min(RETRY_MS * 2 ** this.#attempts, RETRY_MS_MAX);
    this.#attempts += 1;
    const generation = this.#generation;
    this.#retry = setTimeout(async () => {
      for (const entry of this.#lostEntries()) await this.#resume(entry);
      if (generation !== this.#generation) return;
      this.#retry = undefined;
      this.#resumeLater();
    }, delayMs);
  }

  async #resume(entry: Entry): Promise<void> {
    if (!this.#entries.has(entry)) return;
    const { head, subscriber } = entry;
    const start = (after: string | undefined) =>
      this.#start(entry, after, () => subscriber.resumed?.(after !== undefined));
    let started = await start(head);
    if (!started.ok && started.error.rule === 'rpc/resume') started = await start(undefined);
    if (started.ok) {
      this.#attempts = 0;
    } else if (!started.error.retry) {
      this.#end(entry);
      subscriber.failed?.(started.error);
    }
  }

  #lostEntries(): Entry[] {
    return [...this.#entries].filter(({ id, started }) => started && id === undefined);
  }
}
