import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { SimEvent } from './clock.ts';
import type { LinkEnd, SimHost } from './link.ts';

/** A message that arrives from a machine of the same part. */
export class Delivery implements SimEvent {
  readonly #end: LinkEnd;
  readonly #event: NetworkEvent;

  /** @param end - the side that has sent it */
  constructor(end: LinkEnd, event: NetworkEvent) {
    this.#end = end;
    this.#event = event;
  }

  fire(): void {
    const { twin } = this.#end;
    if (twin?.isOpen === true) twin.owner.receive(this.#event);
  }
}

/** A message that arrives from a machine of another part. */
export class FarDelivery implements SimEvent {
  readonly #to: SimHost;
  readonly #from: SimHost;
  readonly #link: number;
  readonly #event: NetworkEvent;

  /** @param link - the connection on which it was sent: it is dropped when that is not there any more */
  constructor(to: SimHost, from: SimHost, link: number, event: NetworkEvent) {
    this.#to = to;
    this.#from = from;
    this.#link = link;
    this.#event = event;
  }

  fire(): void {
    if (this.#to.ends.get(this.#from.name)?.id === this.#link) this.#to.receive(this.#event);
  }
}
