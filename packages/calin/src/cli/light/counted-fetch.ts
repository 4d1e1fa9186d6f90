/** A fetch that counts what it brings. */
export interface CountedFetch {
  readonly fetch: typeof fetch;
  /** Bytes of all bodies so far, as they are read. */
  received(): number;
}

/** Counts the bytes of the bodies that come back. */
export function countedFetch(inner: typeof fetch = fetch): CountedFetch {
  let bytes = 0;
  return {
    received: () => bytes,
    fetch: async (input, init) => {
      const response = await inner(input, init);
      if (response.body === null) return response;
      const counter = new TransformStream<Uint8Array, Uint8Array>({
        transform(chunk, controller) {
          bytes += chunk.length;
          controller.enqueue(chunk);
        },
      });
      const { status, statusText, headers } = response;
      return new Response(response.body.pipeThrough(counter), { status, statusText, headers });
    },
  };
}
