/** How transactions travel: bundles of bytes, or hexadecimal text in JSON. */
export type Endpoint = 'binary' | 'json';

/** What a client is told: where the transfers are, and how to send them. */
export interface IngestOrder {
  /** The folder of the chain whose transfers are sent. */
  readonly folder: string;
  /** In hex. */
  readonly chainId: string;
  readonly endpoint: Endpoint;
  /** Transfers in one request. */
  readonly bundle: number;
  /** Requests that wait for their answer at a time. */
  readonly inFlight: number;
}

/** What a client is asked to send: requests from one number up to another, not included. */
export interface IngestShare {
  readonly url: string;
  readonly from: number;
  readonly to: number;
}

/** What a client tells its parent: that it has read the transfers; after each share how it went. */
export type ClientMessage =
  | { readonly kind: 'ready'; readonly requests: number }
  | { readonly kind: 'done'; readonly report: IngestReport };

/** What became of the transfers. */
export interface IngestReport {
  readonly accepted: number;
  /** Rules of the refused ones, each with how often. */
  readonly refused: Readonly<Record<string, number>>;
  /** Requests that were sent again because the node was busy. */
  readonly busy: number;
  /** Processor time of the client from the first request of the share on. */
  readonly cpuMs: number;
}
