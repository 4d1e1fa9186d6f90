import { familyOf, MESSAGE_KINDS } from '@calin/core/p2p/messages/message.ts';
import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { LinkEnd } from '../link.ts';
import type { World } from '../world.ts';

/** What a message is about, for a picture. */
export type MessageFamily = 'block' | 'transaction' | 'vote' | 'other';

/** A message on its way. */
export interface MessageSight {
  /** Counts the messages of the run. */
  readonly number: number;
  /** Indexes of the nodes. */
  readonly from: number;
  readonly to: number;
  readonly kind: string;
  readonly family: MessageFamily;
  readonly bytes: number;
  readonly sentUs: number;
  /** When it arrives, or would have. */
  readonly arrivesUs: number;
  /** It is lost on the way, or gets stuck at a partition. */
  readonly isLost: boolean;
}

/** Messages that are remembered: a network of some dozen nodes has a few hundred on their way. */
const REMEMBERED_MAX = 4_000;

const FAMILIES: ReadonlyMap<string, MessageFamily> = new Map(
  MESSAGE_KINDS.map((kind) => {
    if (familyOf(kind) === 'consensus') return [kind, 'vote'];
    if (/^(?:header-announce|compact|body|bodies|block)/.test(kind)) return [kind, 'block'];
    return [kind, /^(?:transactions|tx-)/.test(kind) ? 'transaction' : 'other'];
  }),
);

/** The messages that are on their way in a run, seen from outside. */
export class MessagesOnTheWay {
  readonly #world: World;
  #messages: MessageSight[] = [];
  #sentBefore = 0;

  constructor(world: World) {
    this.#world = world;
    world.network.watcher = (end, event, arrivesUs) => this.#sent(end, event, arrivesUs);
  }

  /** Those that are on their way now, at most so many: the first that were sent. */
  sights(max: number): readonly MessageSight[] {
    this.#forget();
    return this.#messages.slice(0, max);
  }

  /** When the first of them arrives; undefined when none is on its way. */
  get nextArrivalUs(): number | undefined {
    this.#forget();
    const times = this.#messages.flatMap(({ isLost, arrivesUs }) => (isLost ? [] : [arrivesUs]));
    return times.length === 0 ? undefined : Math.min(...times);
  }

  #sent({ owner, peer, latencyUs }: LinkEnd, event: NetworkEvent, arrivesUs: number | undefined): void {
    const { nowUs } = this.#world.clock;
    const kind = event.kind === 'message' ? event.message.kind : event.kind;
    const bytes = event.kind === 'message' || event.kind === 'frame' ? event.bytes : 0;
    this.#sentBefore += 1;
    this.#messages.push({
      number: this.#sentBefore,
      from: owner.number - 1,
      to: peer.number - 1,
      kind,
      family: FAMILIES.get(kind) ?? 'other',
      bytes: typeof bytes === 'number' ? bytes : (bytes?.length ?? 0),
      sentUs: nowUs,
      arrivesUs: arrivesUs ?? nowUs + latencyUs,
      isLost: arrivesUs === undefined,
    });
    if (this.#messages.length > REMEMBERED_MAX) this.#forget();
    // Messages that take a minute, as links that were made slow give: the oldest are not shown.
    if (this.#messages.length > REMEMBERED_MAX) this.#messages = this.#messages.slice(-REMEMBERED_MAX / 2);
  }

  #forget(): void {
    const { nowUs } = this.#world.clock;
    this.#messages = this.#messages.filter(({ arrivesUs }) => arrivesUs > nowUs);
  }
}
