import { devAccounts, devAuthority } from '@calin/client/keys/dev-accounts.ts';
import { amount } from '@calin/core/base/amount.ts';
import { assert } from '@calin/core/base/assert.ts';
import { createConsensus } from '@calin/core/consensus/create-consensus.ts';
import { sign } from '@calin/core/crypto/signature.ts';
import { draftBlock } from '@calin/core/ledger/build-block.ts';
import { environmentAfter } from '@calin/core/ledger/environment.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import { keyAddress } from '@calin/core/primitives/address.ts';
import { type Block, createBlock } from '@calin/core/primitives/block.ts';
import { type Header, headerId } from '@calin/core/primitives/header.ts';
import type { Outpoint } from '@calin/core/primitives/outpoint.ts';
import { createTransaction, type Transaction } from '@calin/core/primitives/transaction.ts';
import { type ChainSpec, specHash } from '@calin/core/spec/chain-spec.ts';
import type { PresetName } from '@calin/core/spec/consensus-presets.ts';
import { devSpec } from '@calin/core/spec/presets.ts';
import { plainKernel } from '@calin/core/state/kernel.ts';
import { LabChain } from './lab-chain.ts';
import { LabSession } from './lab-session.ts';
import { runToValue } from './run-to-value.ts';
import { sealBlock } from './seal-block.ts';

const GENESIS_MS = 1_760_000_000_000;
const BALANCE = 1_000_000_000_000;
const PAYMENT_FEE = 10_000;

/** A development chain of three blocks, with a payment from dev0 to dev1 in the last two. */
function labBlocks(consensus: PresetName): {
  readonly spec: ChainSpec;
  readonly blocks: readonly Block[];
  readonly fees: readonly number[];
} {
  const spec = devSpec({
    authority: devAuthority().publicKey,
    genesisTimeMs: GENESIS_MS,
    allocations: devAccounts().map(({ address }) => ({ address, amount: amount(BALANCE) })),
    consensus,
    work: { initialDifficulty: 16, halfLifeMs: 600_000 },
  });
  const { block: genesis, state: first } = createGenesis(spec, plainKernel.emptyState());
  const blocks: Block[] = [];
  let [parent, state, coin, left]: [Header, typeof first, Outpoint, number] = [
    genesis.header,
    first,
    { txid: specHash(spec), index: 0 },
    BALANCE,
  ];
  let fees: number[] = [];
  for (let i = 0; i < 3; i++) {
    const payments: Transaction[] = [];
    if (i > 0) {
      left -= 100_000_000 + PAYMENT_FEE;
      const payment = pay(coin, left, genesis.id);
      payments.push(payment);
      coin = { txid: payment.txid, index: 1 };
    }
    const origin = { timeMs: parent.timeMs + 1_000, producer: keyAddress(devAuthority().publicKey) };
    const env = environmentAfter(spec, genesis.id, parent, origin);
    const draft = draftBlock(spec, state, parent, env, payments, origin.producer);
    assert(draft.refused.length === 0, 'every payment holds');
    const blank = createBlock(draft.header, draft.transactions).bytes;
    const { production } = createConsensus(spec);
    const place = { production, parent, chainId: genesis.id, seal: new Uint8Array(64) };
    const sealed = runToValue(sealBlock(blank, place));
    assert(sealed.ok, 'the page has the key');
    const chain = new LabChain(spec);
    const block = chain.parse(sealed.value);
    assert(block.ok, 'a block');
    blocks.push(block.value);
    fees = [0, ...payments.map(() => PAYMENT_FEE)];
    [parent, state] = [block.value.header, draft.result.state];
  }
  return { spec, blocks, fees };
}

/** The last block of {@link labBlocks} in the lab. */
export function labSession(consensus: PresetName, isWhole = true): LabSession {
  const { spec, blocks, fees } = labBlocks(consensus);
  const chain = new LabChain(spec);
  const [last, ...before] = blocks.toReversed() as [Block, ...Block[]];
  const nowMs = () => last.header.timeMs;
  for (const { bytes } of isWhole ? before.toReversed() : []) {
    const taken = chain.replay(bytes, nowMs());
    assert(taken.ok, taken.ok ? '' : taken.error.rule);
  }
  chain.ready();
  const parent = (before[0] as Block).header;
  return new LabSession({
    chain,
    block: last,
    parent: { header: parent, id: headerId(parent) },
    fees,
    nowMs,
  });
}

function pay(coin: Outpoint, left: number, chainId: Uint8Array): Transaction {
  const [from, to] = devAccounts() as [
    ReturnType<typeof devAccounts>[number],
    ReturnType<typeof devAccounts>[number],
  ];
  const output = (value: number, address: Uint8Array) => ({ asset: 0, amount: amount(value), address });
  const body = {
    expiryHeight: 0,
    inputs: [coin],
    outputs: [output(100_000_000, to.address), output(left, from.address)],
    actions: [],
    witnessCount: 1,
  };
  const lock = { kind: 'key', publicKey: from.publicKey } as const;
  const witness = (signature: Uint8Array) => ({
    lock,
    path: 0,
    signers: [0],
    signatures: [signature],
    preimage: undefined,
  });
  const { txid } = createTransaction(body, [witness(new Uint8Array(64))], chainId);
  return createTransaction(body, [witness(sign(txid, from.secretKey))], chainId);
}
