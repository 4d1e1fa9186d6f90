import { askAncestors, type LightServer } from '@calin/client/light/ask-server.ts';
import { catchUpLight } from '@calin/client/light/follow-light.ts';
import type { Followed } from '@calin/client/light/followed.ts';
import { LightClient } from '@calin/client/light/light-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { HEADERS_MAX } from '@calin/core/rpc/limits.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';

/** Calls that walk down to an old header, of which each brings {@link HEADERS_MAX}. */
const WALK_CALLS_MAX = 8;

/** The headers of a chain, each checked in the page from the genesis block on. */
export class FollowedChain {
  readonly spec: ChainSpec;
  readonly #client: LightClient;
  readonly #server: LightServer;

  private constructor(spec: ChainSpec, client: LightClient, server: LightServer) {
    this.spec = spec;
    this.#client = client;
    this.#server = server;
  }

  /** Begins with the genesis file that the node gives: the chain id follows from it and is shown on every page. */
  static async begin(server: LightServer): Promise<Result<FollowedChain>> {
    const genesis = await server.call('chain_getGenesis', {});
    if (!genesis.ok) return genesis;
    const spec = parseGenesisFile(genesis.value);
    if (!spec.ok) return spec;
    const client = LightClient.begin({ spec: spec.value }, { verify: verifySignature });
    return client.ok ? ok(new FollowedChain(spec.value, client.value, server)) : client;
  }

  /** The id of the genesis block. */
  get chainId(): Uint8Array {
    return this.#client.chainId;
  }

  /** Height of the last block that can no longer be undone. */
  get finalHeight(): number {
    return this.#client.final?.header.height ?? 0;
  }

  /** The header at a height, after going to where the node is and, for an old one, walking down from there. */
  async at(height: number): Promise<Result<Followed>> {
    const known = this.#client.at(height);
    if (known.ok && height <= this.finalHeight) return known;
    const reached = await this.#catchUp();
    if (!reached.ok) return reached;
    const child = this.#knownAbove(height);
    for (let call = 0, above = child; call < WALK_CALLS_MAX && above > height; call++) {
      const count = Math.min(HEADERS_MAX, above - height);
      const update = await askAncestors(this.#server, above - count, count);
      if (!update.ok) return update;
      const taken = this.#client.take(update.value, Number.POSITIVE_INFINITY);
      if (!taken.ok) return taken;
      above -= count;
    }
    return this.#client.at(height);
  }

  /** The newest header that is followed, after going to where the node is. */
  async newest(): Promise<Result<Followed>> {
    const reached = await this.#catchUp();
    return reached.ok ? this.#client.at(this.#client.head?.header.height ?? 0) : reached;
  }

  async #catchUp(): Promise<Result<unknown>> {
    return catchUpLight(this.#client, this.#server, { nowMs: await this.#clock() });
  }

  /** The lowest height from this one upwards whose header is known; the height itself when none is near. */
  #knownAbove(height: number): number {
    for (let above = height; above <= height + WALK_CALLS_MAX * HEADERS_MAX; above++) {
      if (this.#client.at(above).ok) return above;
    }
    return height;
  }

  /** The time of the machine; on a development chain that of the node, which can be set. */
  async #clock(): Promise<() => number> {
    if (!this.spec.dev) return Date.now;
    const status = await this.#server.call('node_status', {});
    const offsetMs = status.ok ? status.value.timeOffsetMs : 0;
    return () => Date.now() + offsetMs;
  }
}
