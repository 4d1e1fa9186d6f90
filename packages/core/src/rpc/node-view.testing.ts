import { amount } from '../base/amount.ts';
import { assert } from '../base/assert.ts';
import { toHex } from '../base/bytes.ts';
import type { Result } from '../base/result.ts';
import { ok } from '../base/result.ts';
import type { LedgerAction } from '../ledger/actions/registry.ts';
import { keyOpening, signBlank, testKey } from '../ledger/testing/owners.testing.ts';
import { spend } from '../ledger/testing/spend.testing.ts';
import { AUTHORITY, TestNode, type TestNodeOptions } from '../node/test-node.testing.ts';
import { formatAddress } from '../primitives/address.ts';
import type { Output } from '../primitives/output.ts';
import type { Transaction } from '../primitives/transaction.ts';
import { specHash } from '../spec/chain-spec.ts';
import { devSpec } from '../spec/presets.ts';
import { dispatch, type RpcHost } from './dispatch.ts';

/** Who has the allocations of {@link rpcSpec}. */
export const ALICE = testKey(1);
/** Somebody without coins. */
export const BOB = testKey(2);

/** A development chain with twenty coins of ten CALIN for {@link ALICE}. */
export const rpcSpec = devSpec({
  authority: AUTHORITY.publicKey,
  genesisTimeMs: 1_700_000_000_000,
  allocations: Array.from({ length: 20 }, () => ({ address: ALICE.address, amount: amount(1_000_000_000) })),
});

/** The text of an address of {@link rpcSpec}. */
export function textOf({ address }: { readonly address: Uint8Array }): string {
  return formatAddress(address, rpcSpec.addressPrefix);
}

/** A JSON-RPC face on a real node with a memory store and a clock that is moved by hand. */
export class TestFace {
  readonly node: TestNode;
  readonly host: RpcHost;
  /** What handlers threw. */
  readonly failures: unknown[] = [];
  /** What the host was asked to do: name and parameters. */
  readonly hosted: (readonly [string, unknown])[] = [];

  constructor(options: Partial<TestNodeOptions> = {}) {
    this.node = new TestNode({ spec: rpcSpec, ...options });
    this.host = {
      view: this.node.queries,
      isOwner: true,
      request: (request, done) => this.node.runner.request(request, done),
      whenDurable: (done) => this.node.runner.whenDurable(done),
      hostMethod: (name, params, done) => {
        this.hosted.push([name, params]);
        done(ok({ txid: '0'.repeat(64) }));
      },
      failed: (error) => this.failures.push(error),
    };
  }

  /** What the face answers to a text, with the clock moved until it does. */
  answer(text: string): string | undefined {
    let answers = 0;
    let answer: string | undefined;
    dispatch(text, this.host, (response) => {
      answers += 1;
      answer = response;
    });
    for (let passed = 0; answers === 0 && passed < 10_000; passed += 10) this.node.advance(10);
    assert(answers === 1, `${answers} answers to one text`);
    return answer;
  }

  /** Calls one method: its result, or its error. */
  call(method: string, params: unknown = {}): { readonly result?: unknown; readonly error?: unknown } {
    const response = this.answer(JSON.stringify({ jsonrpc: '2.0', method, params, id: 1 }));
    assert(response !== undefined, 'a request with an id is answered');
    return JSON.parse(response) as { result?: unknown; error?: unknown };
  }

  /** A transaction that spends allocation `index` of {@link ALICE}; the node's compute port believes all signatures. */
  payment(
    index: number,
    options: { readonly outputs?: readonly Output[]; readonly actions?: readonly LedgerAction[] } = {},
  ): Transaction {
    const { spec } = this.node.queries;
    const place = { spec, env: this.node.node.nextEnvironment(), view: this.node.node.view() };
    return spend(place, {
      from: [{ outpoint: { txid: specHash(spec), index }, opening: keyOpening(ALICE) }],
      outputs: options.outputs ?? [{ asset: 0, amount: amount(1000), address: BOB.address }],
      actions: options.actions ?? [],
      signer: signBlank,
    });
  }

  /** Submits a transaction, which must be accepted, and gives its id in hexadecimal. */
  submit(transaction: Transaction): string {
    const { result } = this.call('tx_submit', { transactions: [toHex(transaction.bytes)] });
    const [verdict] = result as readonly { readonly accepted: boolean; readonly refusal?: unknown }[];
    assert(verdict?.accepted === true, `refused: ${JSON.stringify(verdict)}`);
    return toHex(transaction.txid);
  }
}

/** An answer that never came true: for hosts whose disk failed. */
export function failing(rule: string): Result<never> {
  const refusal = { message: 'It failed.', help: 'Mend it.', evidence: {}, banPoints: 0, retry: true };
  return { ok: false, error: { rule, ...refusal } };
}
