import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { NATIVE_ASSET } from '@calin/core/primitives/output.ts';
import {
  createTransaction,
  encodeBody,
  type Transaction,
  type TransactionBody,
  transactionId,
} from '@calin/core/primitives/transaction.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { specHash } from '@calin/core/spec/chain-spec.ts';
import { type SimKey, simKey } from './keys.ts';
import type { Signatures } from './signatures.ts';
import { FIRST_OWNER, OWNERS } from './spec.ts';

/** A coin with the key that opens it. */
export interface OwnedCoin {
  readonly outpoint: Outpoint;
  readonly amount: number;
  readonly owner: SimKey;
}

/** Hugs left over for the producer: twice what two outputs and a signature cost at the lowest base fee. */
const FEE = 2_500;

/** The coins of the genesis block, handed out one after the other, and transfers of them. */
export class Wallet {
  readonly #spec: ChainSpec;
  readonly #origin: Hash;
  readonly #chainId: Hash;
  readonly #sign: Signatures['sign'];
  #next = 0;

  constructor(spec: ChainSpec, chainId: Hash, { sign }: Pick<Signatures, 'sign'>) {
    this.#spec = spec;
    this.#origin = specHash(spec);
    this.#chainId = chainId;
    this.#sign = sign;
  }

  /** A coin that nobody was given yet; undefined when there is none left. */
  take(): OwnedCoin | undefined {
    const i = this.#next;
    const allocation = this.#spec.allocations[i];
    if (allocation === undefined) return undefined;
    this.#next += 1;
    return {
      outpoint: { txid: this.#origin, index: i },
      amount: allocation.amount,
      owner: simKey(FIRST_OWNER + (i % OWNERS)),
    };
  }

  /** A signed transfer of some of a coin to somebody; the rest goes back to its owner, as output 1. */
  pay(coin: OwnedCoin, to: SimKey, paid: number): Transaction {
    const change = coin.amount - paid - FEE;
    assert(paid > 0 && change > 0, `a coin of ${coin.amount} does not pay ${paid}`);
    const output = (hugs: number, { address }: SimKey) => {
      return { asset: NATIVE_ASSET, amount: amount(hugs), address };
    };
    const body: TransactionBody = {
      expiryHeight: 0,
      inputs: [coin.outpoint],
      outputs: [output(paid, to), output(change, coin.owner)],
      actions: [],
      witnessCount: 1,
    };
    const { publicKey, secretKey } = coin.owner;
    const signature = this.#sign(transactionId(encodeBody(body), this.#chainId), secretKey);
    const lock = { kind: 'key', publicKey } as const;
    const witness = { lock, path: 0, signers: [0], signatures: [signature], preimage: undefined };
    return createTransaction(body, [witness], this.#chainId);
  }

  /** What a transfer gave back to its owner. */
  changeOf(transaction: Transaction, owner: SimKey): OwnedCoin {
    const change = transaction.outputs[1];
    assert(change !== undefined, 'a transfer gives back its rest');
    return { outpoint: { txid: transaction.txid, index: 1 }, amount: change.amount, owner };
  }
}
