import type { IncomingMessage } from 'node:http';
import { ok, type Result } from '@calin/core/base/result.ts';
import { formatIp, ipPrefix, parseIp } from '@calin/core/p2p/peers/ip.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { isRoleEnough, type Role, roleOf } from '@calin/core/rpc/roles.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { readSocketKey } from '@calin/core/rpc/socket-protocol.ts';
import type { ApiKey, ApiKeys } from '../adapters/api-keys.ts';
import { isLocalCall, isLoopbackName } from './access.ts';
import { RateLimiter, type RateState } from './rate-limiter.ts';
import { refuseServer } from './rules.ts';

/** What callers may do. */
export interface CallerRules {
  /** The keys of the node; no key is known when left out. */
  readonly keys?: ApiKeys | undefined;
  /** What those may do who are on another machine and send no key; hand in transactions when left out. */
  readonly anonymous?: Exclude<Role, 'admin'> | undefined;
  /** How many calls each of them may make in a second; 0 for any number. {@link ANONYMOUS_CALLS} when left out. */
  readonly anonymousCallsPerSecond?: number | undefined;
}

/** Calls in a second of one address without a key: enough for a page that people look at. */
export const ANONYMOUS_CALLS = 100;

/** Calls of so many seconds may be made at once. */
const BURST_SECONDS = 10;

/** Wrong keys from one address: ten at once, then one in ten seconds. */
const GUESSES_PER_SECOND = 0.1;
const GUESSES_BURST_SECONDS = 100;

/** Somebody who makes calls: may ask for a role, and pays for each call. */
export class Caller {
  readonly role: Role;
  readonly #id: string;
  readonly #perSecond: number;
  readonly #limiter: RateLimiter;
  readonly #isKnown: () => boolean;
  #state: RateState | undefined;
  #prepaid = 0;

  /** @param isKnown - whether the key, of one that has been sent, still opens the node */
  constructor(id: string, role: Role, perSecond: number, limiter: RateLimiter, isKnown = () => true) {
    this.role = role;
    this.#isKnown = isKnown;
    this.#id = id;
    this.#perSecond = perSecond;
    this.#limiter = limiter;
  }

  /** What the caller has left, as far as it is counted: after the last call. */
  get state(): RateState | undefined {
    return this.#state;
  }

  /** Pays for a request, whose first call is paid with it. Refuses by `rpc/rate-limited`. */
  pay(cost = 1): Result<undefined> {
    const paid = this.#take(cost);
    if (paid.ok) this.#prepaid = 1;
    return paid;
  }

  /** Whether the key has not been revoked since; refuses by `server/key-unknown`. */
  checkKey(): Result<undefined> {
    return this.#isKnown() ? ok(undefined) : refuseServer('server/key-unknown');
  }

  /** Whether the role is enough; refuses by `rpc/role`. */
  checkRole(needed: Role): Result<undefined> {
    if (isRoleEnough(this.role, needed)) return ok(undefined);
    return refuseRpc('rpc/role', { got: this.role, expected: needed });
  }

  /** The host of a node as this caller has it. */
  hostOf(host: RpcHost): RpcHost {
    return {
      ...host,
      isOwner: host.isOwner === true && this.role === 'admin',
      admit: (method) => {
        const known = this.checkKey();
        if (!known.ok) return known;
        const paid = this.#prepaid > 0 ? ok(undefined) : this.#take(1);
        this.#prepaid = 0;
        if (!paid.ok || method === undefined) return paid;
        // Whoever may do everything else is told that it takes the owner, as ever.
        return method.ownerOnly && this.role !== 'none' ? paid : this.checkRole(roleOf(method));
      },
    };
  }

  #take(cost: number): Result<undefined> {
    if (this.#perSecond === 0) return ok(undefined);
    const state = this.#limiter.take(this.#id, this.#perSecond, cost);
    this.#state = state;
    if (state.allowed) return ok(undefined);
    return refuseRpc('rpc/rate-limited', { expected: this.#perSecond, retrySeconds: state.retrySeconds });
  }
}

/** Finds out who calls, by the key that a request brings or by where it comes from. */
export class Callers {
  readonly #rules: CallerRules;
  readonly #calls: RateLimiter;
  readonly #guesses: RateLimiter;

  /** @param nowMs - a clock that only goes on */
  constructor(rules: CallerRules, nowMs: () => number) {
    this.#rules = rules;
    this.#calls = new RateLimiter(nowMs, BURST_SECONDS);
    this.#guesses = new RateLimiter(nowMs, GUESSES_BURST_SECONDS);
  }

  /**
   * The caller of a request. Refuses by `server/key-unknown`, and by `server/too-many-guesses` without looking at the
   * key when the address has sent too many wrong ones.
   */
  identify(request: Pick<IncomingMessage, 'headers' | 'socket'>): Result<Caller> {
    const sent = keyOf(request);
    const address = addressOf(request);
    if (sent !== undefined) {
      const key = this.#findKey(sent, address);
      return key.ok ? ok(this.#withKey(key.value)) : key;
    }
    const { anonymous = 'submit', anonymousCallsPerSecond = ANONYMOUS_CALLS } = this.#rules;
    return isLocalCall(request)
      ? ok(new Caller('local', 'admin', 0, this.#calls))
      : ok(new Caller(address, anonymous, anonymousCallsPerSecond, this.#calls));
  }

  #withKey({ id, role, callsPerSecond }: ApiKey): Caller {
    const isKnown = () => this.#rules.keys?.has(id) === true;
    return new Caller(`key ${id}`, role, callsPerSecond, this.#calls, isKnown);
  }

  #findKey(sent: string, address: string): Result<ApiKey> {
    // Not even the right key is looked at then, or guessing would go on unhindered.
    const { remaining } = this.#guesses.take(address, GUESSES_PER_SECOND, 0);
    if (remaining < 1) return refuseServer('server/too-many-guesses');
    const key = this.#rules.keys?.find(sent);
    if (key !== undefined) return ok(key);
    this.#guesses.take(address, GUESSES_PER_SECOND, 1);
    return refuseServer('server/key-unknown');
  }
}

/**
 * The key that a request brings: as `authorization: Bearer KEY`, or as one of the protocols that it offers, because a
 * browser cannot add a header when it opens a WebSocket. Empty when what it brings is no key.
 */
function keyOf({ headers }: Pick<IncomingMessage, 'headers'>): string | undefined {
  const { authorization } = headers;
  if (authorization !== undefined) return /^Bearer +(\S+)$/i.exec(authorization)?.[1] ?? '';
  return readSocketKey(headers['sec-websocket-protocol'] ?? '');
}

/**
 * Who is counted as one: an IPv4 address, or the /64 of an IPv6 one, of which everybody has 2^64. Behind a proxy on
 * this machine it is what the proxy saw, the last address that it added; other proxies could write what they like.
 */
function addressOf({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): string {
  const near = plainAddress(socket.remoteAddress);
  const seen = isLoopbackName(near) ? plainAddress([headers['x-forwarded-for']].flat().at(-1)) : '';
  const ip = parseIp(seen) ?? parseIp(near);
  if (ip === undefined) return 'unknown';
  return formatIp(ip.length === 16 ? ipPrefix(ip, 64) : ip);
}

function plainAddress(text = ''): string {
  const last = text.slice(text.lastIndexOf(',') + 1).trim();
  return last.replace(/^::ffff:(?=\d+\.)/i, '');
}
