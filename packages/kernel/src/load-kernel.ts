import { KERNEL_WASM } from './kernel-wasm.ts';

/** What one instance of the kernel offers. Addresses are offsets in its memory, as signed 32-bit integers. */
export interface KernelExports {
  /** Grows; a view of its buffer is dead once the kernel has allocated. */
  readonly memory: { readonly buffer: ArrayBuffer };
  /** Memory for good, zeroed; `align` is a power of two. 0 when there is no more. */
  allocate(bytes: number, align: number): number;
  /** Hashes messages of the loaded bytes; 0 when a span ends behind them. See assembly/hasher.ts. */
  hashSpans(
    key: number,
    base: number,
    loadedBytes: number,
    spans: number,
    count: number,
    outs: number,
    values: number,
  ): number;
  /** Writes the chaining values of neighbouring chunks of one message. */
  hashChunkValues(key: number, address: number, bytes: number, firstChunk: number, values: number): void;
  /** Puts the hash of a message of at least two chunks in place of the first of their chaining values. */
  foldChunkValues(key: number, values: number, count: number): void;
  /** Puts the Merkle root in place of the first leaf. */
  foldMerkleTree(key: number, leaves: number, count: number): void;
  /** The number of the first attempt whose hash is not above the target; 0 for none. See assembly/work.ts. */
  searchNonce(key: number, message: number, target: number, first: bigint, attemptsMax: number): number;
}

/** The part of the WebAssembly API that is used: it is the same in Node and browsers, and core's types know none. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

let compiled: object | undefined;

/**
 * A new instance of the kernel with a memory of its own. The module is compiled once; what follows is cheap.
 *
 * @throws whatever the engine throws when it has no WebAssembly with SIMD (in browsers since 2023)
 */
export function loadKernel(): KernelExports {
  const { Module, Instance } = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
    .WebAssembly;
  compiled ??= new Module(wasmBytes());
  return new Instance(compiled).exports as KernelExports;
}

function wasmBytes(): Uint8Array {
  // Spaces and line ends are no part of base64, and atob leaves them out.
  return Uint8Array.from(atob(KERNEL_WASM), (character) => character.charCodeAt(0));
}
