import { askAncestors, type LightServer } from '@calin/client/light/ask-server.ts';
import {
  type CheckpointJson,
  type LightCheckpoint,
  parseCheckpoint,
} from '@calin/client/light/checkpoint.ts';
import { catchUpLight } from '@calin/client/light/follow-light.ts';
import type { Followed } from '@calin/client/light/followed.ts';
import { LightClient } from '@calin/client/light/light-client.ts';
import { fromHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { HEADERS_MAX } from '@calin/core/rpc/limits.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import type { Trust } from './claims.ts';

/** Calls that walk down to an old header, of which each brings {@link HEADERS_MAX}. */
const WALK_CALLS_MAX = 8;

/** What following a chain stands on. */
export interface FollowedChainDependencies {
  readonly server: LightServer;
  /** The time, in milliseconds since 1970. */
  readonly nowMs: () => number;
  /** How far the chain was followed before, as {@link FollowedChainDependencies.keep} was told. */
  readonly kept: unknown;
  /** Is told how far the chain is followed, to begin there another time. */
  readonly keep: (checkpoint: CheckpointJson) => void;
}

/** The headers of a chain, each checked in the page. */
export class FollowedChain {
  readonly spec: ChainSpec;
  readonly #dependencies: FollowedChainDependencies;
  #client: LightClient;
  #trust: Trust;
  #keptHeight = -1;

  private constructor(spec: ChainSpec, client: LightClient, dependencies: FollowedChainDependencies) {
    this.spec = spec;
    this.#client = client;
    this.#trust = { from: 'genesis', height: 0 };
    this.#dependencies = dependencies;
  }

  /**
   * Begins where the chain was followed to before, else with the genesis file that the node gives: the chain id follows
   * from it and is shown on every page.
   */
  static async begin(dependencies: FollowedChainDependencies): Promise<Result<FollowedChain>> {
    const genesis = await dependencies.server.call('chain_getGenesis', {});
    if (!genesis.ok) return genesis;
    const spec = parseGenesisFile(genesis.value);
    if (!spec.ok) return spec;
    const first = beginAt(spec.value);
    if (!first.ok) return first;
    const chain = new FollowedChain(spec.value, first.value, dependencies);
    // A development chain may be taken back to before what was final.
    const kept = spec.value.dev ? undefined : parseCheckpoint(dependencies.kept, first.value.chainId);
    if (kept?.ok) chain.#goOnFrom(kept.value, 'kept');
    return ok(chain);
  }

  /** The id of the genesis block. */
  get chainId(): Uint8Array {
    return this.#client.chainId;
  }

  /** Height of the last block that can no longer be undone. */
  get finalHeight(): number {
    return this.#client.final?.header.height ?? 0;
  }

  /** Where what is believed begins. */
  get trust(): Trust {
    return this.#trust;
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
      const update = await askAncestors(this.#dependencies.server, above - count, count);
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
    const { server, keep } = this.#dependencies;
    const nowMs = await this.#clock();
    let reached = await catchUpLight(this.#client, server, { nowMs });
    if (!reached.ok && reached.error.rule === 'light/trust-expired') {
      const named = await this.#believeNode();
      if (!named.ok) return named;
      reached = await catchUpLight(this.#client, server, { nowMs });
    }
    if (!reached.ok || this.finalHeight === this.#keptHeight) return reached;
    const checkpoint = this.#client.save();
    this.#keptHeight = this.finalHeight;
    if (checkpoint !== undefined) keep(checkpoint);
    return reached;
  }

  /**
   * Goes on from the block that the node calls final. Too long after what was followed last nothing proves which branch
   * is the right one: that takes somebody's word, and the page says whose it took.
   */
  async #believeNode(): Promise<Result<undefined>> {
    const status = await this.#dependencies.server.call('node_status', {});
    if (!status.ok) return status;
    const { height, id } = status.value.final;
    this.#goOnFrom({ height, id: fromHex(id), sets: [] }, 'node');
    return ok(undefined);
  }

  #goOnFrom(checkpoint: LightCheckpoint, from: Trust['from']): void {
    const client = beginAt(this.spec, checkpoint);
    if (!client.ok) return;
    this.#client = client.value;
    this.#trust = { from, height: checkpoint.height };
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
    const { server, nowMs } = this.#dependencies;
    if (!this.spec.dev) return nowMs;
    const status = await server.call('node_status', {});
    const offsetMs = status.ok ? status.value.timeOffsetMs : 0;
    return () => nowMs() + offsetMs;
  }
}

function beginAt(spec: ChainSpec, checkpoint?: LightCheckpoint): Result<LightClient> {
  return LightClient.begin({ spec, checkpoint }, { verify: verifySignature });
}
