import { equalBytes, toHex } from '../base/bytes.ts';
import type { Chain } from '../chain/chain.ts';
import type { Production } from '../consensus/engine.ts';
import { headerEvidence } from '../consensus/seals/header-evidence.ts';
import type { PublicKey } from '../crypto/signature.ts';
import { keyAddress } from '../primitives/address.ts';
import type { Block } from '../primitives/block.ts';
import type { Header } from '../primitives/header.ts';
import { epochOfHeight } from '../primitives/validator-set.ts';
import type { ChainSpec } from '../spec/chain-spec.ts';
import type { EvidencePool } from './evidence-pool.ts';
import type { Outbox } from './outbox.ts';

/** Headers that are remembered: two in one turn are seen soon after one another, or on branches that compete. */
const HEADERS_MAX = 256;

/** What watching turns needs. */
export interface TurnWatchDependencies {
  readonly spec: ChainSpec;
  readonly chain: Pick<Chain, 'setOfEpoch'>;
  readonly production: Production;
  readonly evidence: EvidencePool;
  readonly outbox: Outbox;
}

/** Notices validators that seal two headers in one turn. Only headers that the chain has taken are shown to it. */
export class TurnWatch {
  readonly #deps: TurnWatchDependencies;
  /** By producer and turn, oldest first. */
  readonly #headers = new Map<string, Header>();

  constructor(dependencies: TurnWatchDependencies) {
    this.#deps = dependencies;
  }

  get size(): number {
    return this.#headers.size;
  }

  /** Looks at a block that is new in the chain. */
  see({ header }: Pick<Block, 'header'>): void {
    const { production } = this.#deps;
    const { signedTurns } = production;
    if (signedTurns === undefined) return;
    const claim = production.claimOf(header.seal);
    const turn = signedTurns.numberOf({ ...header, claim });
    const key = `${toHex(header.producer)} ${turn}`;
    const other = this.#headers.get(key);
    if (other === undefined) return this.#remember(key, header);
    const otherClaim = production.claimOf(other.seal);
    const isSame = equalBytes(signedTurns.message(header, claim), signedTurns.message(other, otherClaim));
    if (!isSame) this.#accuse(header, other);
  }

  #remember(key: string, header: Header): void {
    this.#headers.set(key, header);
    const [oldest] = this.#headers.keys();
    if (this.#headers.size > HEADERS_MAX && oldest !== undefined) this.#headers.delete(oldest);
  }

  #accuse(header: Header, other: Header): void {
    const { evidence, outbox } = this.#deps;
    const publicKey = this.#keyOf(header);
    if (publicKey === undefined || !evidence.add(headerEvidence(header, other, publicKey))) return;
    const fields = { height: header.height, validator: toHex(publicKey) };
    outbox.log('warn', 'chain', 'a validator sealed two blocks in one turn', fields);
  }

  #keyOf({ height, producer }: Header): PublicKey | undefined {
    const { chain, spec } = this.#deps;
    const { validators } = spec.consensus;
    const set = validators && chain.setOfEpoch(epochOfHeight(height, validators.epochBlocks));
    return set?.members.find(({ publicKey }) => equalBytes(keyAddress(publicKey), producer))?.publicKey;
  }
}
