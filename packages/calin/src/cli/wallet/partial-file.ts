import { readFileSync, statSync } from 'node:fs';
import { encodePartial, parsePartial } from '@calin/client/transaction-builder/partial-encoding.ts';
import {
  missingParts,
  type PartialTransaction,
  partialId,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import { type AssetUnits, assetUnits, formatAssetAmount } from '@calin/client/wallet/asset-units.ts';
import type { ToldTransaction } from '@calin/client/wallet/explain-on-chain.ts';
import { equalBytes, toHex } from '@calin/core/base/bytes.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { writeDurably } from '../../adapters/durable-file.ts';
import { ioFailure } from '../accounts/key-files.ts';
import type { CommandIo } from '../command.ts';
import { formatFields, printable } from '../output.ts';
import { refuseCli } from '../rules.ts';
import type { Connection, SigningConnection } from './connect.ts';
import { formatTold } from './review.ts';

/** Bytes of a container. */
const FILE_BYTES_MAX = 2 * 2 ** 20;

/** Reads a partially signed transaction. */
export function readPartialFile(path: string): Result<PartialTransaction> {
  let bytes: Uint8Array;
  try {
    if (statSync(path).size > FILE_BYTES_MAX)
      return refuseCli('cli/file', { file: path, why: 'it is too long' });
    bytes = new Uint8Array(readFileSync(path));
  } catch (error) {
    return ioFailure(path, error);
  }
  const partial = parsePartial(bytes);
  if (partial.ok) return partial;
  return { ok: false, error: { ...partial.error, evidence: { file: path, ...partial.error.evidence } } };
}

/** Writes a partially signed transaction in the place of what the file held. */
export function writePartialFile(path: string, partial: PartialTransaction): Result<undefined> {
  try {
    writeDurably(path, encodePartial(partial), 0o644);
    return ok(undefined);
  } catch (error) {
    return ioFailure(path, error);
  }
}

/** Refuses a transaction of another chain, which its signatures would be for. */
export function checkChain(
  partial: PartialTransaction,
  { chainId, client }: SigningConnection,
): Result<undefined> {
  if (equalBytes(partial.chainId, chainId)) return ok(undefined);
  const [got, expected] = [toHex(partial.chainId), toHex(chainId)];
  return refuseCli('cli/wrong-chain', { url: client.url, got, expected });
}

/** What a partially signed transaction does and lacks, as JSON. */
function presentPartial(partial: PartialTransaction, prefix: string) {
  const missing = missingParts(partial);
  return {
    txid: toHex(partialId(partial)),
    outputs: partial.body.outputs.map(({ asset, amount, address }) => ({
      asset,
      amount,
      address: formatAddress(address, prefix),
    })),
    /** As the maker says: nothing signs what coins hold. */
    claimedInputs: partial.coins,
    signatures: partial.signatures.length,
    complete: missing.length === 0,
    missing: missing.map(({ signatures, publicKeys, preimage }) => ({
      signatures,
      publicKeys: publicKeys.map(toHex),
      preimage,
    })),
  };
}

/** The same for people, in base units where the asset is not known here. */
function formatPartial(
  partial: PartialTransaction,
  prefix: string,
  units: (asset: number, amount: number) => string,
): string {
  const { txid, outputs, missing } = presentPartial(partial, prefix);
  const fields: [string, string][] = [['Transaction', txid]];
  for (const { asset, amount } of partial.coins) fields.push(['Spends', units(asset, amount)]);
  for (const { asset, amount, address } of outputs)
    fields.push(['Pays', `${units(asset, amount)} to ${address}`]);
  if (partial.body.actions.length > 0) fields.push(['Actions', `${partial.body.actions.length}`]);
  if (missing.length === 0) fields.push(['Signatures', 'complete: hand it in with "calin partial send"']);
  for (const { signatures, publicKeys, preimage } of missing) {
    if (signatures > 0) fields.push(['Missing', `${signatures} of the keys ${publicKeys.join(' ')}`]);
    if (preimage) fields.push(['Missing', 'the secret of a hash lock']);
  }
  return formatFields(fields);
}

/** Answers with a partially signed transaction, in the units of its assets as the node knows them. */
export async function answerPartial(
  io: CommandIo,
  partial: PartialTransaction,
  file: string,
  connection: Connection,
  told?: ToldTransaction,
): Promise<Result<undefined>> {
  const assets = new Set([...partial.coins, ...partial.body.outputs].map(({ asset }) => asset));
  const known = new Map<number, AssetUnits>();
  for (const asset of assets) {
    const units = await assetUnits(asset, connection);
    if (units.ok) known.set(asset, units.value);
  }
  const shown = (asset: number, amount: number): string => {
    const units = known.get(asset);
    return units === undefined ? `${amount} of asset ${asset}` : formatAssetAmount(amount, units);
  };
  const prefix = connection.network.addressPrefix;
  io.answer({
    json: { file, ...presentPartial(partial, prefix), ...told },
    text: printable(
      [formatPartial(partial, prefix, shown), ...(told === undefined ? [] : [formatTold(told)])].join('\n\n'),
    ),
  });
  return ok(undefined);
}
