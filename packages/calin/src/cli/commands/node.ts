import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import {
  DATA_OPTION,
  KEYSTORE_OPTION,
  LOG_OPTION,
  MINING_WORKERS_OPTION,
  PASSWORD_OPTION,
  PORT_OPTION,
  RECOVER_OPTION,
  SIGNATURE_WORKERS_OPTION,
  STORAGE_OPTIONS,
  storageChoice,
} from '../common-options.ts';

const options = {
  data: DATA_OPTION,
  port: PORT_OPTION,
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
  summary: 'Run the node of a data folder.',
  arguments: [],
  options,
  examples: [
    'node --data ./mychain',
    'node --data ./mychain --produce authority',
    'node --data ./mychain --mode pruned',
  ],
  run: (values, io) => runNode(values, io),
});

async function runNode(values: ValuesOf<typeof options>, io: CommandIo) {
  const { dataFolderOf } = await import('../accounts/network.ts');
  const { openDataFolder } = await import('../../adapters/data-folder.ts');
  const { chooseProduction } = await import('../choose-production.ts');
  const { startNode } = await import('../start-node.ts');
  const path = dataFolderOf(values);
  const folder = openDataFolder(path);
  if (!folder.ok) return folder;
  const { spec } = folder.value;
  const production = await chooseProduction(values, spec);
  if (!production.ok) {
    folder.value.close();
    return production;
  }
  const { port, address, recover, log: levels } = values;
  const workers = {
    signatureWorkers: values['signature-workers'],
    miningWorkers: values['mining-workers'],
  };
  const present = (url: string) => ({
    json: { url, data: path, network: spec.name, producing: values.produce !== undefined },
    text: `Node of "${spec.name}" in ${path}\nJSON-RPC at ${url}\nCtrl-C stops it.\n`,
  });
  const storage = storageChoice(values);
  const places = { folder: folder.value, port, address, storage };
  return startNode({ ...production.value, ...places, ...workers, recover, levels }, present, io);
}
