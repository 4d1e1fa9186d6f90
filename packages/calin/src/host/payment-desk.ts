import { buildTransfer } from '@calin/client/transaction-builder/build-transaction.ts';
import {
  signTransaction,
  type TransactionSigner,
} from '@calin/client/transaction-builder/sign-transaction.ts';
import { type Amount, amount } from '@calin/core/base/amount.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { Hash } from '@calin/core/crypto/hash.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import type { Node } from '@calin/core/node/node.ts';
import { type Address, keyAddress } from '@calin/core/primitives/address.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { attempt } from '@calin/core/rpc/guard.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { spendableCoins } from './spendable-coins.ts';

/** What is to be paid, from the address of the signer's key. */
export interface Payment {
  readonly signer: TransactionSigner;
  readonly receiver: Address;
  readonly amount: Amount;
  /** Told as soon as the signer is not needed any more. */
  signed?(): void;
}

/** Coins of the payer that are looked at. */
const COINS_MAX = 4096;

/** What a desk needs of the node's face. */
type DeskHost = Pick<RpcHost, 'request' | 'failed' | 'view'>;

/** Takes the id of what was paid, or its refusal; must not throw. */
type Done = (paid: Result<Hash>) => void;

/**
 * Pays from addresses whose keys it is given, one payment after the other: two that are built at the same time would
 * spend the same coin. Whoever calls bounds how many wait.
 */
export class PaymentDesk {
  readonly #node: Node;
  readonly #host: DeskHost;
  readonly #waiting: { readonly payment: Payment; readonly done: Done }[] = [];
  #isPaying = false;

  constructor(dependencies: { readonly node: Node; readonly host: DeskHost }) {
    this.#node = dependencies.node;
    this.#host = dependencies.host;
  }

  /** Payments that wait for the one before. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /**
   * Pays, with the fee that the next block is likely to ask for; `done` is told once the node has the payment in its
   * pool. Refuses by `node/no-index`, `wallet/…`, by whatever the pool refuses it, and by `rpc/internal`.
   */
  pay(payment: Payment, done: Done): void {
    this.#waiting.push({ payment, done });
    if (!this.#isPaying) this.#next();
  }

  #next(): void {
    const first = this.#waiting.shift();
    this.#isPaying = first !== undefined;
    if (first === undefined) return;
    const { payment, done } = first;
    const end: Done = (paid) => {
      // Before the answer: who takes it may pay again at once.
      this.#next();
      done(paid);
    };
    // The index of coins may be some blocks behind; once it has followed it is read in the very same turn.
    this.#host.request({ kind: 'follow' }, (followed) => {
      // Nothing may be thrown past here: a mistake in one payment would hold up those behind it for ever.
      const built = followed.ok ? attempt(this.#host, () => this.#build(payment)) : followed;
      payment.signed?.();
      if (!built.ok) return end(built);
      if (!built.value.ok) return end(built.value);
      this.#submit(built.value.value, end);
    });
  }

  #build({ signer, receiver, amount: value }: Payment): Result<Uint8Array> {
    const { view } = this.#host;
    const { publicKey } = signer;
    const sender = keyAddress(publicKey);
    const coins = spendableCoins(this.#node, { address: sender, publicKey }, COINS_MAX);
    if (!coins.ok) return coins;
    const built = buildTransfer({
      spec: view.spec,
      coins: coins.value,
      to: receiver,
      amount: value,
      feePerGas: amount(view.estimateFee(1).feePerGas),
      changeAddress: sender,
    });
    if (!built.ok) return built;
    const signed = signTransaction(built.value, view.chainId, [signer]);
    return signed.ok ? ok(signed.value.bytes) : signed;
  }

  #submit(bytes: Uint8Array, done: Done): void {
    this.#host.request({ kind: 'submit', transactions: [bytes] }, (answer) => {
      if (!answer.ok) return done(answer);
      const [verdict] = answer.value as readonly SubmitVerdict[];
      if (verdict?.accepted === true) return done(ok(verdict.txid));
      done(verdict === undefined ? refuseRpc('rpc/internal') : { ok: false, error: verdict.refusal });
    });
  }
}
