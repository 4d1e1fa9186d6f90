import type { Result } from '../../base/result.ts';
import { ok } from '../../base/result.ts';
import type { PeerId } from '../../ports/network.ts';
import { refuseP2p } from '../rules.ts';
import { type Ban, encodeBans, encodePages, ORDERED, parseBans, parsePages } from './ban-records.ts';
import type { Ip } from './ip.ts';
import { BAN_PAGES, BANS_PER_PAGE, ORDERED_BANS_MAX } from './limits.ts';
import { formatNetwork, type NetworkPlace, namesOf, parseNetwork } from './network-place.ts';
import type { RecordHost } from './record-host.ts';

/** A ban and the page of the store that holds it. */
interface Placed {
  readonly ban: Ban;
  readonly page: number;
}

/** The record that names the pages there are; each has a record of its own. */
const PAGES_KEY = 'bans';

/** What a peer is banned for. */
export interface Offence {
  readonly peer: PeerId;
  /** Where it was connected from, if it is known. */
  readonly place: Pick<NetworkPlace, 'host'> | undefined;
  readonly untilMs: number;
  /** The rule that was broken last. */
  readonly reason: string;
}

/** A peer id as all adapters write it: letters and digits, with a few marks for names in simulated networks. */
const PEER_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Who may not connect and is not dialled, by peer id or network, until when. Bans survive restarts: each change is
 * saved at once in the one page that it touches.
 */
export class Bans {
  readonly #host: RecordHost;
  readonly #bans = new Map<string, Placed>();
  /** How many networks are banned for each length of their prefix. */
  readonly #lengths = new Map<number, number>();
  /** The bans of each page that holds some, by their targets. */
  readonly #pages = new Map<number, Map<string, Ban>>();

  constructor(host: RecordHost) {
    this.#host = host;
    const saved = host.load(PAGES_KEY);
    const pages = saved === undefined ? ok([]) : parsePages(saved);
    if (pages.ok) for (const page of pages.value) this.#load(page);
    else this.#warn(pages.error.rule);
  }

  /** How many are kept, those that have ended and were not swept yet included. */
  get size(): number {
    return this.#bans.size;
  }

  /** What holds for a peer at a place now, or for the place when the peer is not known: the ban that ends last. */
  find(peer: PeerId | undefined, { ip }: Pick<NetworkPlace, 'ip'>, nowMs: number): Ban | undefined {
    if (this.#bans.size === 0) return undefined;
    const names = ip === undefined ? [] : [...this.#networksOf(ip)];
    if (peer !== undefined) names.push(peer);
    let found: Ban | undefined;
    for (const name of names) {
      const ban = this.#bans.get(name)?.ban;
      if (ban !== undefined && ban.untilMs > nowMs && ban.untilMs > (found?.untilMs ?? 0)) found = ban;
    }
    return found;
  }

  /** All that hold now, in the order of their targets. */
  list(nowMs: number): readonly Ban[] {
    const current = [...this.#bans.values()].map(({ ban }) => ban).filter(({ untilMs }) => untilMs > nowMs);
    return current.toSorted((a, b) => (a.target < b.target ? -1 : a.target > b.target ? 1 : 0));
  }

  /**
   * Bans a peer for what it did, and the machine it came from when that has a public address: a new peer id costs
   * nothing, a new machine does. The wider network group is not banned: others live there.
   */
  punish(offence: Offence, nowMs: number): void {
    const { peer, place, untilMs, reason } = offence;
    for (const target of namesOf(peer, place)) {
      // An order of the owner stands, be it shorter or longer.
      if (this.#bans.get(target)?.ban.reason !== ORDERED) this.#put({ target, untilMs, reason }, nowMs);
    }
  }

  /**
   * Bans by hand.
   *
   * @param target - as {@link parseBanTarget} gives it
   * @returns refuses by `p2p/too-many-bans` at {@link ORDERED_BANS_MAX}
   */
  order(target: string, untilMs: number, nowMs: number): Result<Ban> {
    this.#sweep(nowMs);
    const orders = [...this.#bans.values()].filter(({ ban }) => ban.reason === ORDERED);
    const isNew = this.#bans.get(target)?.ban.reason !== ORDERED;
    if (isNew && orders.length >= ORDERED_BANS_MAX) {
      return refuseP2p('p2p/too-many-bans', { expected: ORDERED_BANS_MAX });
    }
    const ban = { target, untilMs, reason: ORDERED };
    this.#put(ban, nowMs);
    return ok(ban);
  }

  /** Lifts a ban; false when there was none. */
  lift(target: string): boolean {
    const placed = this.#bans.get(target);
    if (placed === undefined) return false;
    this.#remove([placed]);
    return true;
  }

  /** Every network with a known length of prefix that an address is in, as text. */
  #networksOf(ip: Ip): readonly string[] {
    const lengths = [...this.#lengths.keys()];
    return lengths.filter((bits) => bits <= 8 * ip.length).map((bits) => formatNetwork(ip, bits));
  }

  #put(ban: Ban, nowMs: number): void {
    const before = this.#bans.get(ban.target);
    if (before === undefined && this.#bans.size >= BAN_PAGES * BANS_PER_PAGE) this.#makeRoom(nowMs);
    const place = before?.page ?? this.#freePage();
    this.#place(ban, place);
    this.#save(place);
  }

  #freePage(): number {
    let page = 0;
    while ((this.#pages.get(page)?.size ?? 0) >= BANS_PER_PAGE) page += 1;
    return page;
  }

  /** Removes what has ended, or else the ban that would end first of those that nobody ordered. */
  #makeRoom(nowMs: number): void {
    this.#sweep(nowMs);
    if (this.#bans.size < BAN_PAGES * BANS_PER_PAGE) return;
    let first: Placed | undefined;
    for (const placed of this.#bans.values()) {
      if (placed.ban.reason === ORDERED) continue;
      if (first === undefined || placed.ban.untilMs < first.ban.untilMs) first = placed;
    }
    if (first !== undefined) this.#remove([first]);
  }

  /** Forgets what has ended. */
  #sweep(nowMs: number): void {
    this.#remove([...this.#bans.values()].filter(({ ban }) => ban.untilMs <= nowMs));
  }

  #remove(placed: readonly Placed[]): void {
    for (const { ban, page } of placed) {
      this.#bans.delete(ban.target);
      this.#pages.get(page)?.delete(ban.target);
      this.#countLength(ban.target, -1);
    }
    for (const page of new Set(placed.map((one) => one.page))) this.#save(page);
  }

  #countLength(target: string, by: number): void {
    const slash = target.indexOf('/');
    if (slash < 0) return;
    const bits = Number(target.slice(slash + 1));
    const count = (this.#lengths.get(bits) ?? 0) + by;
    if (count === 0) this.#lengths.delete(bits);
    else this.#lengths.set(bits, count);
  }

  #load(page: number): void {
    const bytes = this.#host.load(keyOf(page));
    if (bytes === undefined) return;
    const parsed = parseBans(bytes);
    if (!parsed.ok) return this.#warn(parsed.error.rule);
    for (const ban of parsed.value) {
      if (!this.#bans.has(ban.target)) this.#place(ban, page);
    }
  }

  #place(ban: Ban, page: number): void {
    if (!this.#bans.has(ban.target)) this.#countLength(ban.target, 1);
    this.#bans.set(ban.target, { ban, page });
    const bans = this.#pages.get(page) ?? new Map<string, Ban>();
    this.#pages.set(page, bans.set(ban.target, ban));
  }

  #warn(rule: string): void {
    this.#host.log('warn', 'saved bans cannot be read', { rule });
  }

  #save(page: number): void {
    const bans = [...(this.#pages.get(page)?.values() ?? [])];
    this.#host.save(keyOf(page), bans.length === 0 ? undefined : encodeBans(bans));
    if (bans.length === 0) this.#pages.delete(page);
    const pages = [...this.#pages.keys()].toSorted((a, b) => a - b);
    this.#host.save(PAGES_KEY, pages.length === 0 ? undefined : encodePages(pages));
  }
}

function keyOf(page: number): string {
  return `bans/${page}`;
}

/**
 * The canonical target of a text: a peer id, an IP address (of version 6: its /64), or a network such as `5.6.0.0/16`.
 * Refuses all else by `p2p/ban-target`.
 */
export function parseBanTarget(text: string): Result<string> {
  const network = parseNetwork(text);
  if (network !== undefined) return ok(formatNetwork(network.ip, network.bits));
  if (PEER_ID.test(text) && !/^[0-9.]+$/.test(text)) return ok(text);
  return refuseP2p('p2p/ban-target', { got: text.slice(0, 80) });
}
