/** Messages of one kind, and their bytes on the wire. */
export interface KindTraffic {
  readonly kind: string;
  readonly messages: number;
  readonly bytes: number;
}

/** Counts what was sent, by kind of message. */
export class Traffic {
  readonly #kinds = new Map<string, { messages: number; bytes: number }>();
  #bytes = 0;
  #messages = 0;

  /** Notes a message. */
  sent(kind: string, bytes: number): void {
    this.#count(kind, 1, bytes);
  }

  #count(kind: string, messages: number, bytes: number): void {
    let counts = this.#kinds.get(kind);
    if (counts === undefined) {
      counts = { messages: 0, bytes: 0 };
      this.#kinds.set(kind, counts);
    }
    counts.messages += messages;
    counts.bytes += bytes;
    this.#messages += messages;
    this.#bytes += bytes;
  }

  /** Adds what was counted elsewhere. */
  add(kinds: readonly KindTraffic[]): void {
    for (const { kind, messages, bytes } of kinds) this.#count(kind, messages, bytes);
  }

  /** Messages of all kinds. */
  get messages(): number {
    return this.#messages;
  }

  /** Bytes of all kinds. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The kinds, those with most bytes first. */
  kinds(): readonly KindTraffic[] {
    return [...this.#kinds]
      .map(([kind, counts]) => ({ kind, ...counts }))
      .toSorted((a, b) => b.bytes - a.bytes || (a.kind < b.kind ? -1 : 1));
  }
}
