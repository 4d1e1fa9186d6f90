import { assert } from '@calin/core/base/assert.ts';
import { concatBytes } from '@calin/core/base/bytes.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { parseCompact } from '@calin/core/consensus/pow/compact-target.ts';
import { searchNonce } from '@calin/core/consensus/pow/search-nonce.ts';
import { encodeWorkSeal } from '@calin/core/consensus/pow/work.ts';
import { mockSign } from '@calin/core/consensus/voting/mock-signatures.testing.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { testSpec } from '@calin/core/ledger/testing/spec.testing.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { encodeHeader, type Header } from '@calin/core/primitives/header.ts';
import { NO_VALIDATORS } from '@calin/core/primitives/validator-set.ts';
import type { ChainSpec, ProductionSpec } from '@calin/core/spec/chain-spec.ts';
import { type Followed, followed } from './followed.ts';
import type { LightRequest, LightUpdate, ServerTip } from './light-update.ts';

/** A spec whose blocks are final by depth. */
export function depthSpec(production: ProductionSpec, blocks: number): ChainSpec {
  return { ...testSpec(), consensus: { production, finality: { kind: 'depth', blocks } } };
}

/** Work of a few hashes a block. */
export const WORK = { kind: 'pow', initialDifficulty: 4, blockMs: 1_000, halfLifeMs: 60_000 } as const;

/** What a block may have otherwise. */
export interface HeaderChoice {
  /** Who makes it; the owner of the next slot, or the first key where work decides, when left out. */
  readonly maker?: PublicKey;
  /** How long after its parent, at least. */
  readonly delayMs?: number;
  /** Tells blocks of two branches apart. */
  readonly mark?: number;
}

/** Headers with true seals (by signatures that cost nothing, or by work), and a server of them. */
export class HeaderChain {
  readonly spec: ChainSpec;
  readonly makers: readonly PublicKey[];
  readonly #headers: Followed[];

  constructor(spec: ChainSpec, makers: readonly PublicKey[], headers?: readonly Followed[]) {
    this.spec = spec;
    this.makers = makers;
    this.#headers = headers === undefined ? [followed(createGenesis(spec).block.header)] : [...headers];
  }

  get height(): number {
    return this.#headers.length - 1;
  }

  get nowMs(): number {
    return this.at(this.height).header.timeMs;
  }

  at(height: number): Followed {
    const found = this.#headers[height];
    assert(found !== undefined, `no header ${height}`);
    return found;
  }

  fork(height: number): HeaderChain {
    return new HeaderChain(this.spec, this.makers, this.#headers.slice(0, height + 1));
  }

  grow(count: number, choice: HeaderChoice = {}): this {
    for (let i = 0; i < count; i++) this.#headers.push(followed(this.#next(choice)));
    return this;
  }

  headers(from: number, to = this.height): Uint8Array {
    return concatBytes(...this.#headers.slice(from, to + 1).map(({ header }) => encodeHeader(header)));
  }

  tip(): ServerTip {
    const { id, header } = this.at(this.height);
    return { head: { height: header.height, id }, finalHeight: 0 };
  }

  /** What an honest server answers, 50 headers at a time. */
  answer(request: LightRequest): LightUpdate {
    if (request.kind === 'anchor') {
      return { kind: 'anchor', header: encodeHeader(this.at(request.height).header), sets: [] };
    }
    assert(request.kind !== 'final' && request.kind !== 'sets', 'there are no validators');
    return { kind: request.kind, headers: this.headers(request.from, request.from + 49) };
  }

  #next({ maker, delayMs = 1_000, mark = 0 }: HeaderChoice): Header {
    const parent = this.at(this.height);
    const { production } = createConsensus(this.spec);
    const context = { validators: NO_VALIDATORS, draw: () => undefined };
    const candidates = maker === undefined ? this.makers : [maker];
    // The turn that comes first.
    for (let nowMs = parent.header.timeMs + delayMs; ; nowMs += 1_000) {
      for (const publicKey of candidates) {
        const identity = { publicKey, address: keyAddress(publicKey) };
        const turn = production.turn(parent.header, identity, nowMs, context);
        if (turn.kind !== 'now') continue;
        const bare: Header = {
          ...parent.header,
          height: parent.header.height + 1,
          parent: parent.id,
          timeMs: turn.timeMs,
          producer: identity.address,
          gasUsed: mark,
          seal: new Uint8Array(0),
        };
        const request = production.sealRequest(bare, identity, parent.header, turn.claim);
        if (request.kind === 'sign') return { ...bare, seal: mockSign(publicKey, request.message) };
        const target = parseCompact(request.bits);
        assert(target !== undefined, 'a target');
        const { nonce } = searchNonce(request.message, target, 0, 1_000_000);
        assert(nonce !== undefined, 'work that can be done');
        return { ...bare, seal: encodeWorkSeal({ bits: request.bits, nonce }) };
      }
    }
  }
}
