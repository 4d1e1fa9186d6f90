import { LightClient } from '@calin/client/light/light-client.ts';
import { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { verifySignature } from '@calin/core/crypto/signature.ts';
import { createGenesis } from '@calin/core/ledger/genesis.ts';
import type { Address } from '@calin/core/primitives/address.ts';
import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { findAddress } from '../accounts/find-account.ts';
import { keystoreOf } from '../accounts/network.ts';
import { readGenesisFile } from '../genesis-input.ts';
import { connect, connectToSign, type NodeOptions } from '../wallet/connect.ts';
import { readCheckpointFile } from './checkpoint-file.ts';
import { countedFetch } from './counted-fetch.ts';

/** What a person said about following. */
export interface LightChoice extends NodeOptions {
  readonly keystore: string | undefined;
  readonly genesis: string | undefined;
  readonly checkpoint: string | undefined;
  readonly 'trust-hours': number | undefined;
}

/** A light client with its server. */
export interface OpenedLight {
  readonly client: LightClient;
  readonly server: RpcClient;
  readonly spec: ChainSpec;
  /** The account whose coins to prove. */
  readonly address: Address | undefined;
  /** Where trust began, in words. */
  readonly root: string;
  /** Bytes that the server has sent. */
  readonly received: () => number;
}

const HOUR_MS = 3_600_000;

/** Makes a light client of the chain that was chosen, for the node that was chosen. */
export async function openLight(
  choice: LightChoice,
  account: string | undefined,
): Promise<Result<OpenedLight>> {
  const place = await findChain(choice);
  if (!place.ok) return place;
  const { spec, url } = place.value;
  const network = { spec, addressPrefix: spec.addressPrefix, dev: spec.dev };
  const address =
    account === undefined ? ok(undefined) : findAddress(account, { network, keystore: keystoreOf(choice) });
  if (!address.ok) return address;
  const chainId = createGenesis(spec).block.id;
  const checkpoint =
    choice.checkpoint === undefined ? ok(undefined) : readCheckpointFile(choice.checkpoint, chainId);
  if (!checkpoint.ok) return checkpoint;
  const hours = choice['trust-hours'];
  // The coins of a development chain have no value, and its epochs are over in no time.
  const shortest = spec.dev ? Number.POSITIVE_INFINITY : undefined;
  const trustMs = hours === undefined ? shortest : hours * HOUR_MS;
  const begun = LightClient.begin(
    { spec, checkpoint: checkpoint.value, trustMs },
    { verify: verifySignature },
  );
  if (!begun.ok) return begun;
  const counted = countedFetch();
  return ok({
    client: begun.value,
    server: new RpcClient({ url, key: choice['api-key'], fetch: counted.fetch }),
    spec,
    address: address.value,
    root: checkpoint.value === undefined ? 'the genesis block' : `block ${checkpoint.value.height}`,
    received: counted.received,
  });
}

/** The chain to follow: of the file that was named, else of the data folder, else what the node says. */
async function findChain(
  choice: LightChoice,
): Promise<Result<{ readonly spec: ChainSpec; readonly url: string }>> {
  if (choice.genesis === undefined) {
    const connection = await connectToSign(choice);
    return connection.ok ? ok({ spec: connection.value.spec, url: connection.value.client.url }) : connection;
  }
  const genesis = readGenesisFile(choice.genesis);
  if (!genesis.ok) return genesis;
  const connection = await connect(choice);
  return connection.ok ? ok({ spec: genesis.value.spec, url: connection.value.client.url }) : connection;
}
