import type { ChainSpec } from '@calin/core/spec/chain-spec.ts';
import { PRESETS, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { RunningNode } from '../../host/serve-node.ts';
import { type Answer, type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import {
  CONSENSUS_OPTION,
  DATA_OPTION,
  LINE_PORT_OPTION,
  LOG_OPTION,
  PORT_OPTION,
  presetOf,
  RECOVER_OPTION,
  SIGNATURE_WORKERS_OPTION,
  STORAGE_OPTIONS,
  storageChoice,
} from '../common-options.ts';
import { SERVER_OPTIONS, serverChoice } from '../server-options.ts';

const options = {
  data: DATA_OPTION,
  port: PORT_OPTION,
  'line-port': LINE_PORT_OPTION,
  'block-time': {
    kind: 'integer',
    value: 'MS',
    min: 1,
    max: 86_400_000,
    summary: 'Make a block every so many milliseconds, also empty ones',
    otherwise: 'as soon as a transaction arrives by authority, else as the chain has it',
    ambient: true,
  },
  consensus: {
    kind: 'text',
    value: 'NAME',
    choices: CONSENSUS_OPTION.choices,
    summary: CONSENSUS_OPTION.summary,
    otherwise: 'that of the chain in the folder, and poa for a new one',
  },
  fresh: { kind: 'flag', summary: 'Begin a new chain: removes the old one, keeps the keys' },
  ...SERVER_OPTIONS,
  ...STORAGE_OPTIONS,
  recover: RECOVER_OPTION,
  'signature-workers': SIGNATURE_WORKERS_OPTION,
  log: LOG_OPTION,
} as const;

/** `calin dev`: a development chain with ten funded accounts. */
export const command = defineCommand({
  name: 'dev',
  summary: 'Run a development chain: ten funded accounts, a block for every payment.',
  description:
    'Everything is kept over restarts. The ten accounts come from a public phrase: anybody has their keys, so they are for play only. Ctrl-C stops the node with everything on disk.',
  arguments: [],
  options,
  examples: ['dev', 'dev --fresh', 'dev --fresh --consensus pow', 'dev --block-time 2000 --port 0 --json'],
  run: async (values, io) => runDev(values, io),
});

async function runDev(values: ValuesOf<typeof options>, io: CommandIo) {
  const { dataFolderOf } = await import('../accounts/network.ts');
  const { ensureDevFolder, removeChain } = await import('../../host/dev-network.ts');
  const { openDataFolder } = await import('../../adapters/data-folder.ts');
  const { devAuthority } = await import('@calin/client/keys/dev-accounts.ts');
  const { createKeySigner } = await import('../../adapters/key-signer.ts');
  const { keyAddress } = await import('@calin/core/primitives/address.ts');
  const { refuseCli } = await import('../rules.ts');
  const { startNode } = await import('../start-node.ts');
  const { defaultDataFolder } = await import('../parse-options.ts');
  const { resolve } = await import('node:path');
  const server = serverChoice(values);
  if (!server.ok) return server;
  const path = dataFolderOf(values);
  if (values.fresh) {
    const removed = removeChain(path);
    if (!removed.ok) return removed;
  }
  const consensus = values.consensus === undefined ? undefined : presetOf(values.consensus);
  const made = ensureDevFolder(path, Date.now(), consensus === undefined ? {} : { consensus });
  if (!made.ok) return made;
  const folder = openDataFolder(path);
  if (!folder.ok) return folder;
  if (!folder.value.spec.dev) {
    folder.value.close();
    return refuseCli('cli/not-dev', { folder: path, got: folder.value.spec.name });
  }
  const other = consensus === undefined ? undefined : otherConsensus(folder.value.spec, consensus);
  if (other !== undefined) {
    folder.value.close();
    return refuseCli('cli/other-consensus', { folder: path, got: other, expected: consensus ?? '' });
  }
  const key = devAuthority();
  const blockTimeMs = values['block-time'];
  // Only authorities can make a block at any moment; other chains go on by themselves.
  const isAtOnce = blockTimeMs === undefined && folder.value.spec.consensus.production.kind === 'poa';
  const production = {
    kind: isAtOnce ? ('on-transaction' as const) : ('interval' as const),
    // A block may follow the one before at once: the slots of the chain keep them apart.
    intervalMs: blockTimeMs ?? 0,
    publicKey: key.publicKey,
    payTo: keyAddress(key.publicKey),
  };
  const signer = createKeySigner(key);
  const { presentDev } = await import('../present-dev.ts');
  const { faucetMethods } = await import('../../host/faucet.ts');
  // The environment and the default lead the other commands here too; an option does not.
  const isKnown = path === defaultDataFolder() || path === resolve(io.env['CALIN_DATA'] ?? '');
  const where = isKnown ? '' : ` --data ${values.data}`;
  const present = (node: RunningNode): Answer => presentDev(folder.value, node, where, server.value.pages);
  return startNode(
    {
      folder: folder.value,
      production,
      signer,
      hostMethods: faucetMethods,
      ...server.value,
      ...nodeChoices(values),
    },
    present,
    io,
  );
}

/** How a chain agrees, when that is not what a preset says. */
function otherConsensus({ consensus }: ChainSpec, preset: PresetName): string | undefined {
  const [got, expected] = [consensus, PRESETS[preset]].map(
    ({ production, finality }) => `${production.kind} + ${finality.kind}`,
  );
  return got === expected ? undefined : got;
}

function nodeChoices(values: ValuesOf<typeof options>) {
  const { port, 'line-port': linePort, log: levels, recover, 'signature-workers': signatureWorkers } = values;
  const storage = { ...storageChoice(values), explorerOtherwise: 'full' as const };
  return { port, linePort, levels, recover, storage, signatureWorkers };
}
