import type { Result } from '@calin/core/base/result.ts';
import type { DataFolder } from '../../adapters/data-folder.ts';
import type { RunningNode } from '../../host/serve-node.ts';
import { type Answer, type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import {
  DATA_OPTION,
  KEYSTORE_OPTION,
  LINE_PORT_OPTION,
  LOG_OPTION,
  MINING_WORKERS_OPTION,
  PASSWORD_OPTION,
  PORT_OPTION,
  RECOVER_OPTION,
  SIGNATURE_WORKERS_OPTION,
  STORAGE_OPTIONS,
  storageChoice,
} from '../common-options.ts';
import { NETWORK_OPTIONS, networkChoice } from '../network-options.ts';
import { SERVER_OPTIONS, serverChoice } from '../server-options.ts';

const options = {
  data: {
    ...DATA_OPTION,
    otherwise: '~/.calin/dev, or the folder of the chain’s name beside it with --genesis',
  },
  genesis: {
    kind: 'text',
    short: 'c',
    value: 'FILE',
    summary: 'Genesis file of the chain: makes the data folder when there is none yet',
  },
  port: PORT_OPTION,
  'line-port': LINE_PORT_OPTION,
  address: {
    kind: 'text',
    value: 'IP',
    summary: 'Address to listen on; anybody who reaches it can use the node',
    fallback: '127.0.0.1',
    ambient: true,
  },
  produce: { kind: 'text', value: 'ACCOUNT', summary: 'Make blocks with the key of this account' },
  'block-time': {
    kind: 'integer',
    value: 'MS',
    min: 1,
    max: 86_400_000,
    summary: 'With --produce: make a block every so many milliseconds, also empty ones',
    otherwise: 'a block whenever there are transactions',
    ambient: true,
  },
  ...SERVER_OPTIONS,
  ...NETWORK_OPTIONS,
  ...STORAGE_OPTIONS,
  recover: RECOVER_OPTION,
  keystore: KEYSTORE_OPTION,
  password: PASSWORD_OPTION,
  'signature-workers': SIGNATURE_WORKERS_OPTION,
  'mining-workers': MINING_WORKERS_OPTION,
  log: LOG_OPTION,
} as const;

/** `calin node`. */
export const command = defineCommand({
  name: 'node',
  summary: 'Run the node of a data folder, in the network of its chain.',
  arguments: [],
  options,
  examples: [
    'node --data ./mychain',
    'node --data ./mychain --produce authority',
    'node --genesis genesis.json --listen /ip4/0.0.0.0/tcp/8646',
    'node --data ./mychain --mode pruned --bootstrap /dns4/seed.example.org/tcp/8646/p2p/12D3KooW…',
  ],
  run: (values, io) => runNode(values, io),
});

async function runNode(given: ValuesOf<typeof options>, io: CommandIo) {
  const { chooseProduction } = await import('../choose-production.ts');
  const { startNode } = await import('../start-node.ts');
  const server = serverChoice(given);
  if (!server.ok) return server;
  const opened = await openFolder(given);
  if (!opened.ok) return opened;
  const folder = opened.value;
  const { spec, path } = folder;
  const values = { ...given, data: path };
  const production = await chooseProduction(values, spec);
  if (!production.ok) {
    folder.close();
    return production;
  }
  const { port, 'line-port': linePort, address, recover, log: levels } = values;
  const workers = {
    signatureWorkers: values['signature-workers'],
    miningWorkers: values['mining-workers'],
  };
  const present = ({ url, linePort, network }: RunningNode): Answer => {
    const line = linePort === undefined ? '' : `\nLine protocol at 127.0.0.1:${linePort}`;
    const listening = network?.listening ?? [];
    const explorer = server.value.pages ? `Explorer at ${url}\n` : '';
    const peers = listening.length === 0 ? '' : `\nPeers at ${listening.join('\n         ')}`;
    return {
      json: {
        url,
        ...(linePort === undefined ? {} : { linePort }),
        data: path,
        network: spec.name,
        producing: values.produce !== undefined,
        listening,
      },
      text: `Node of "${spec.name}" in ${path}\n${explorer}JSON-RPC at ${url}${line}${peers}\nCtrl-C stops it.\n`,
    };
  };
  const places = {
    folder,
    port,
    linePort,
    address,
    storage: storageChoice(values),
    network: networkChoice(values),
  };
  return startNode(
    { ...production.value, ...server.value, ...places, ...workers, recover, levels },
    present,
    io,
  );
}

/** The data folder that was asked for, made from the genesis file if that was given and there is none. */
async function openFolder({ data, genesis }: ValuesOf<typeof options>): Promise<Result<DataFolder>> {
  const { dataFolderOf } = await import('../accounts/network.ts');
  const { openDataFolder } = await import('../../adapters/data-folder.ts');
  if (genesis === undefined) return openDataFolder(dataFolderOf({ data }));
  const { createGenesisFolder, readGenesisFile } = await import('../genesis-input.ts');
  const { defaultDataFolder } = await import('../parse-options.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  const { specHash } = await import('@calin/core/spec/chain-spec.ts');
  const { dirname, join } = await import('node:path');
  const read = readGenesisFile(genesis);
  if (!read.ok) return read;
  const { spec } = read.value;
  const path = dataFolderOf({ data: data ?? join(dirname(defaultDataFolder()), spec.name) });
  const made = createGenesisFolder(path, read.value);
  // A folder that is there may be of another chain: then it is refused when it is opened.
  if (!made.ok && made.error.rule !== 'folder/exists') return made;
  return openDataFolder(path, toHex(specHash(spec)));
}
