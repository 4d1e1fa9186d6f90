import type { NetworkEvent } from '@calin/core/ports/network.ts';
import type { SimEvent } from './clock.ts';
import type { LinkEnd, SimHost } from './link.ts';

/** A message that arrives from a machine of the same part. */
export class Delivery implements SimEvent {
  readonly #to: LinkEnd | undefined;
  readonly #event: NetworkEvent;

  /** @param from - the side that has sent it; it knows the other one from before it is told of the connection */
  constructor({ twin }: LinkEnd, event: NetworkEvent) {
    this.#to = twin;
    this.#event = event;
  }

  fire(): void {
    const to = this.#to;
    if (to?.isOpen === true) to.owner.receive(this.#event);
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
