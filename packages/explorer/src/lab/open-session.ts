import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import { amount } from '@calin/core/base/amount.ts';
import { concatBytes, equalBytes, fromHex, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { Writer } from '@calin/core/codec/writer.ts';
import { parseAddress } from '@calin/core/primitives/address.ts';
import { encodeHeader, type Header } from '@calin/core/primitives/header.ts';
import { chainGetBlock } from '@calin/core/rpc/methods/chain-get-block.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import type { FullBlock, HeaderJson } from '../node/shapes.ts';
import { LabChain, REPLAY_BLOCKS_MAX } from './lab-chain.ts';
import { LabSession } from './lab-session.ts';
import { refuseLab } from './rules.ts';

/** The node that the blocks come from. */
export type LabServer = Pick<RpcClient, 'call' | 'batch'>;

/** How far the replay is, in blocks. */
export type ReplayProgress = (done: number, total: number) => void;

/** Blocks in one call, and bytes of all blocks that are replayed. */
const BLOCKS_A_CALL = 20;
const REPLAY_BYTES_MAX = 16_777_216;
/** The largest block that is shown: about 1,300 payments. */
const BLOCK_BYTES_MAX = 262_144;

/** So far back the newest block with a payment is looked for; calls in one batch. */
const LOOK_BACK_BLOCKS = 100;

/** A block with what its receipts say, as it came. */
interface ReadBlock {
  readonly header: Header;
  readonly bytes: Uint8Array;
  readonly fees: readonly number[];
}

/**
 * Puts a block of the node into the lab: reads it, and all blocks before it, and goes through these in a chain of the
 * page's own. A block above {@link REPLAY_BLOCKS_MAX}, or behind 16 MiB of others, is judged by what needs no state.
 *
 * @param name - a height, an id, or `latest`: the newest block with a payment, else the head
 */
export async function openSession(
  server: LabServer,
  name: string,
  onProgress: ReplayProgress,
): Promise<Result<LabSession>> {
  const genesis = await server.call('chain_getGenesis', {});
  if (!genesis.ok) return genesis;
  const spec = parseGenesisFile(genesis.value);
  if (!spec.ok) return spec;
  const said = await askBlock(server, name);
  if (!said.ok) return said;
  const read = readFullBlock(said.value, spec.value);
  if (!read.ok) return read;
  const { header, bytes, fees } = read.value;
  if (header.height === 0) return refuseLab('lab/genesis');
  if (bytes.length > BLOCK_BYTES_MAX)
    return refuseLab('lab/too-large', { got: bytes.length, expected: BLOCK_BYTES_MAX });
  const nowMs = await clockOf(server, spec.value, header.timeMs);
  const replayed = await replay(server, spec.value, header, nowMs, onProgress);
  if (!replayed.ok) return replayed;
  const chain = replayed.value;
  const block = chain.parse(bytes);
  if (!block.ok) return block;
  const parent = equalBytes(chain.parentId, header.parent)
    ? ok(chain.parent)
    : await askHeader(server, header.parent, spec.value);
  if (!parent.ok) return parent;
  const parts = { chain, fees, nowMs, parent: { header: parent.value, id: header.parent } };
  return ok(new LabSession({ ...parts, block: block.value }));
}

async function askBlock(server: LabServer, name: string): Promise<Result<FullBlock>> {
  const isHeight = /^\d{1,10}$/.test(name);
  if (name !== 'latest') {
    const selector = isHeight ? { height: Number(name) } : { id: name };
    return server.call('chain_getBlock', { ...selector, transactions: 'full' });
  }
  const head = await server.call('chain_getBlock', { transactions: 'full' });
  if (!head.ok || head.value.txids.length > 1) return head;
  const { height } = head.value.header;
  const heights = Array.from({ length: Math.min(LOOK_BACK_BLOCKS, height) }, (_, i) => height - i);
  const others = await server.batch(
    heights.map((one) => ({ method: 'chain_getBlock', params: { height: one } }) as const),
  );
  if (!others.ok) return others;
  // There is more to try on a payment than on a reward.
  const paid = others.value.find((answer) => answer.ok && answer.value.txids.length > 1);
  if (paid?.ok !== true) return head;
  return server.call('chain_getBlock', { id: paid.value.header.id, transactions: 'full' });
}

/** The chain at the parent of a header; at genesis when there is too much before it. Refuses by `lab/other-chain`. */
async function replay(
  server: LabServer,
  spec: ChainSpec,
  { height, parent }: Header,
  nowMs: () => number,
  onProgress: ReplayProgress,
): Promise<Result<LabChain>> {
  const chain = new LabChain(spec);
  if (height > REPLAY_BLOCKS_MAX) return ok(atGenesis(spec));
  let bytesLeft = REPLAY_BYTES_MAX;
  for (let from = 1; from < height; from += BLOCKS_A_CALL) {
    onProgress(from - 1, height - 1);
    const blocks = await readBlocks(server, spec, from, Math.min(BLOCKS_A_CALL, height - from));
    if (!blocks.ok) {
      return blocks.error.rule === 'rpc/response-too-large' || blocks.error.rule === 'rpc/block-pruned'
        ? ok(atGenesis(spec))
        : blocks;
    }
    for (const { bytes } of blocks.value) {
      bytesLeft -= bytes.length;
      if (bytesLeft < 0) return ok(atGenesis(spec));
      const taken = chain.replay(bytes, nowMs());
      if (!taken.ok) return refuseLab('lab/other-chain', { rule: taken.error.rule });
    }
  }
  if (!equalBytes(chain.parentId, parent)) return refuseLab('lab/other-chain', { height });
  chain.ready();
  return ok(chain);
}

function atGenesis(spec: ChainSpec): LabChain {
  const chain = new LabChain(spec);
  chain.ready();
  return chain;
}

async function readBlocks(
  server: LabServer,
  spec: ChainSpec,
  from: number,
  count: number,
): Promise<Result<readonly ReadBlock[]>> {
  const heights = Array.from({ length: count }, (_, i) => from + i);
  const answers = await server.batch(
    heights.map(
      (height) => ({ method: 'chain_getBlock', params: { height, transactions: 'full' } }) as const,
    ),
  );
  if (!answers.ok) return answers;
  const blocks: ReadBlock[] = [];
  for (const answer of answers.value) {
    if (!answer.ok) return answer;
    const block = readFullBlock(answer.value, spec);
    if (!block.ok) return block;
    blocks.push(block.value);
  }
  return ok(blocks);
}

/** The bytes of a block that came as JSON. What is in them is checked by whoever takes the block. */
function readFullBlock(said: FullBlock, spec: ChainSpec): Result<ReadBlock> {
  const parsed = chainGetBlock.result.parse(said, 'result');
  if (!parsed.ok) return parsed;
  const { header: headerJson, transactions = [], receipts = [] } = parsed.value;
  const header = readHeaderJson(headerJson, spec);
  if (!header.ok) return header;
  const count = new Writer(4).u32(transactions.length).finish();
  const bodies = transactions.map(({ bytes }) => fromHex(bytes));
  const bytes = concatBytes(encodeHeader(header.value), count, ...bodies);
  return ok({ header: header.value, bytes, fees: receipts.map(({ fee }) => fee) });
}

function readHeaderJson(said: HeaderJson, { addressPrefix }: ChainSpec): Result<Header> {
  const { version, height, timeMs, gasUsed, baseFee } = said;
  const producer = parseAddress(said.producer, addressPrefix);
  if (!producer.ok) return producer;
  return ok({
    version,
    height,
    timeMs,
    gasUsed,
    baseFee: amount(baseFee),
    producer: producer.value,
    parent: fromHex(said.parent),
    txRoot: fromHex(said.txRoot),
    receiptRoot: fromHex(said.receiptRoot),
    stateRoot: fromHex(said.stateRoot),
    seal: fromHex(said.seal),
  });
}

async function askHeader(server: LabServer, id: Uint8Array, spec: ChainSpec): Promise<Result<Header>> {
  const said = await server.call('chain_getHeader', { id: toHex(id) });
  return said.ok ? readHeaderJson(said.value, spec) : said;
}

/** The time of the node, which development chains can set; at least that of the block, whose node had it then. */
async function clockOf(server: LabServer, spec: ChainSpec, blockMs: number): Promise<() => number> {
  const status = spec.dev ? await server.call('node_status', {}) : undefined;
  const offsetMs = status?.ok === true ? status.value.timeOffsetMs : 0;
  return () => Math.max(blockMs, Date.now() + offsetMs);
}
