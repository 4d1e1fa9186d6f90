import { buildTransfer } from '@calin/client/transaction-builder/build-transaction.ts';
import { keySigner, signTransaction } from '@calin/client/transaction-builder/sign-transaction.ts';
import { amount } from '@calin/core/base/amount.ts';
import { toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { SubmitVerdict } from '@calin/core/node/events.ts';
import type { Node } from '@calin/core/node/node.ts';
import { NodeQueries } from '@calin/core/node/queries.ts';
import { refuseNode } from '@calin/core/node/rules.ts';
import type { Runner } from '@calin/core/node/runner.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';
import { devAccount } from './dev-accounts.ts';
import type { HostMethodRunner } from './rpc-host.ts';
import { spendableCoins } from './spendable-coins.ts';

/** The account that the faucet pays from: the last one, so that the first ones keep their round sums. */
const FAUCET_ACCOUNT = 9;
/** Coins that are looked at. */
const COINS_MAX = 1000;

/** What the schema of dev_faucet has checked. */
interface FaucetParams {
  readonly address: string;
  readonly amount: number;
}

/** Payments that wait for the one before; more are refused by `node/busy`. */
const WAITING_MAX = 256;

/** The host methods of a development node: the faucet, which signs with a public key. */
export function faucetMethods(node: Node, runner: Runner): HostMethodRunner {
  const waiting: (() => void)[] = [];
  let isPaying = false;
  // One after the other: two payments that are built at the same time would spend the same coin.
  const next = () => {
    const begin = waiting.shift();
    isPaying = begin !== undefined;
    begin?.();
  };
  return (name, params, done) => {
    if (name !== 'dev_faucet') return done(refuseRpc('rpc/method-unknown', { got: name }));
    if (waiting.length >= WAITING_MAX) return done(refuseNode('node/busy', { waiting: waiting.length }));
    waiting.push(() => {
      let isOver = false;
      const end = () => {
        if (!isOver) next();
        isOver = true;
      };
      try {
        pay(node, runner, params as FaucetParams, (answer) => {
          done(answer);
          end();
        });
      } catch (error) {
        // A mistake in one payment must not hold up those behind it for ever.
        end();
        throw error;
      }
    });
    if (!isPaying) next();
  };
}

function pay(
  node: Node,
  runner: Runner,
  params: FaucetParams,
  done: (answer: Result<unknown>) => void,
): void {
  const transaction = buildPayment(node, params);
  if (!transaction.ok) return done(transaction);
  runner.request({ kind: 'submit', transactions: [transaction.value] }, (answer) => {
    if (!answer.ok) return done(answer);
    const [verdict] = answer.value as readonly SubmitVerdict[];
    if (verdict?.accepted === true) return done(ok({ txid: toHex(verdict.txid) }));
    done(verdict === undefined ? refuseRpc('rpc/internal') : { ok: false, error: verdict.refusal });
  });
}

function buildPayment(node: Node, params: FaucetParams): Result<Uint8Array> {
  const view = new NodeQueries(node);
  const { spec, chainId } = view;
  const to = parseAddress(params.address, spec.addressPrefix);
  if (!to.ok) return to;
  const account = devAccount(FAUCET_ACCOUNT);
  const coins = spendableCoins(node, account, COINS_MAX);
  if (!coins.ok) return coins;
  const built = buildTransfer({
    spec,
    coins: coins.value,
    to: to.value,
    amount: amount(params.amount),
    feePerGas: amount(view.estimateFee(1).feePerGas),
    changeAddress: account.address,
  });
  if (!built.ok) return built;
  const signed = signTransaction(built.value, chainId, [keySigner(account.secretKey)]);
  return signed.ok ? ok(signed.value.bytes) : signed;
}
