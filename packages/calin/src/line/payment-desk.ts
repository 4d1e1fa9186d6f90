import { buildTransfer } from '@calin/client/transaction-builder/build-transaction.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { OK, ok, type Result } from '@calin/core/base/result.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import type { Node } from '@calin/core/node/node.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import type { RpcHost } from '@calin/core/rpc/dispatch.ts';
import { attempt } from '@calin/core/rpc/guard.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { spendableCoins } from '../host/spendable-coins.ts';
import type { LineCommand } from './parse-line.ts';
import { refuseLine } from './rules.ts';

/** What is to be paid; the key is overwritten as soon as it has signed or was found to be a wrong one. */
export type Payment = Extract<LineCommand, { kind: 'add-transaction' }>;

/** Coins of the sender that are looked at. */
const COINS_MAX = 4096;

type Done = (paid: Result<undefined>) => void;

/**
 * Pays from addresses whose keys it is given, one payment after the other: two that are built at the same time would
 * spend the same coin. Each connection waits for its answer, so there are never more than connections.
 */
export class PaymentDesk {
  readonly #node: Node;
  readonly #host: Pick<RpcHost, 'request' | 'failed' | 'view'>;
  readonly #waiting: { readonly payment: Payment; readonly done: Done }[] = [];
  #isPaying = false;

  constructor(dependencies: {
    readonly node: Node;
    readonly host: Pick<RpcHost, 'request' | 'failed' | 'view'>;
  }) {
    this.#node = dependencies.node;
    this.#host = dependencies.host;
  }

  /**
   * Pays, with the fee that the next block is likely to ask for; `done` is told once the node has the payment in its
   * pool. Refuses by `line/wrong-key`, `node/no-index`, `wallet/…`, and by whatever the pool refuses it.
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
      const built = followed.ok ? attempt(this.#host, () => this.#build(payment)) : followed;
      payment.secretKey.fill(0);
      if (!built.ok) return end(built);
      if (!built.value.ok) return end(built.value);
      this.#submit(built.value.value, end);
    });
  }

  #build({ sender, receiver, amount: value, secretKey }: Payment): Result<Uint8Array> {
    const signer = keySigner(secretKey);
    const { publicKey } = signer;
    if (!equalBytes(keyAddress(publicKey), sender)) return refuseLine('line/wrong-key');
    const { view } = this.#host;
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
      if (verdict?.accepted === true) return done(OK);
      done(verdict === undefined ? refuseRpc('rpc/internal') : { ok: false, error: verdict.refusal });
    });
  }
}
