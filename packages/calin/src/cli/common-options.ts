import { assert } from '@calin/core/base/assert.ts';
import { PRESET_NAMES, type PresetName } from '@calin/core/spec/consensus-presets.ts';
import type { StorageChoice } from '../host/choose-storage.ts';
import type { ArgumentSpec, FlagOption, IntegerOption, TextOption, ValuesOf } from './command.ts';

/** Every command has these. */
export const EVERYWHERE = {
  json: { kind: 'flag', summary: 'Print one JSON value instead of text; refusals too, on standard error' },
  config: {
    kind: 'text',
    value: 'FILE',
    summary: 'Configuration file with values for options',
    otherwise: 'calin.json in the data folder, if it is there',
  },
  help: { kind: 'flag', short: 'h', summary: 'Show this help' },
} as const satisfies Record<string, FlagOption | TextOption>;

/** The folder of the chain. */
export const DATA_OPTION = {
  kind: 'text',
  value: 'DIR',
  summary: 'Data folder of the chain',
  otherwise: '~/.calin/dev, the development chain',
  ambient: true,
} as const satisfies TextOption;

/** How a chain agrees, by the name of a preset. */
export const CONSENSUS_OPTION = {
  kind: 'text',
  value: 'NAME',
  choices: PRESET_NAMES,
  fallback: 'poa',
  summary: `How the chain agrees: ${PRESET_NAMES.slice(0, -1).join(', ')} or ${PRESET_NAMES.at(-1)}`,
} as const satisfies TextOption;

/** How a simulated chain agrees. */
export const SIM_CONSENSUS_OPTION = {
  kind: 'text',
  value: 'NAME',
  choices: PRESET_NAMES,
  summary: CONSENSUS_OPTION.summary,
  otherwise: 'as the scenario has it',
} as const satisfies TextOption;

/** The preset that {@link CONSENSUS_OPTION} has taken. */
export function presetOf(name: string): PresetName {
  const found = PRESET_NAMES.find((one) => one === name);
  assert(found !== undefined, `no preset ${name}`);
  return found;
}

/** Where the node answers. */
const RPC_OPTION = {
  kind: 'text',
  value: 'URL',
  summary: 'Address of the node',
  otherwise: 'that of the node which runs in the data folder, else http://127.0.0.1:8645',
  ambient: true,
} as const satisfies TextOption;

/** Where keys are kept. */
export const KEYSTORE_OPTION = {
  kind: 'text',
  value: 'DIR',
  summary: 'Folder of encrypted keys',
  otherwise: 'keystore in the data folder',
  ambient: true,
} as const satisfies TextOption;

/** What opens a key. */
export const PASSWORD_OPTION = {
  kind: 'text',
  value: 'TEXT',
  summary: 'Password of the key; other users of the machine can see it here, so prefer CALIN_PASSWORD',
  otherwise: 'asked for on a terminal; on development networks the public password "calin-dev"',
  ambient: true,
} as const satisfies TextOption;

/** The port that a node opens. */
export const PORT_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 0,
  max: 65_535,
  fallback: 8645,
  summary: 'Port for JSON-RPC; 0 takes any free one',
  ambient: true,
} as const satisfies IntegerOption;

/** The port of the line protocol that a node opens. */
export const LINE_PORT_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 0,
  max: 65_535,
  summary:
    'Port for the line protocol, on the loopback whatever --address says, as private keys travel in it; 0 takes any free one',
  otherwise: 'the line protocol is off',
  ambient: true,
} as const satisfies IntegerOption;

/** The threads of a node. */
export const SIGNATURE_WORKERS_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 0,
  max: 64,
  summary: 'Threads that check signatures beside the main one; they start when there is much to check',
  otherwise: 'one for each core but the first',
  ambient: true,
} as const satisfies IntegerOption;

/** The threads of a node whose blocks take work. */
export const MINING_WORKERS_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 1,
  max: 64,
  summary: 'Threads that search for blocks, on a chain whose blocks take work',
  otherwise: 'one for each core but the first',
  ambient: true,
} as const satisfies IntegerOption;

/** What a node logs. */
export const LOG_OPTION = {
  kind: 'text',
  value: 'LEVELS',
  fallback: 'info',
  summary:
    'What to log: debug, info, warn, error or off, then part=level, as in info,p2p=debug; parts in docs/reference/logs.md',
  ambient: true,
} as const satisfies TextOption;

/** How much of the past a node keeps. */
export const STORAGE_OPTIONS = {
  mode: {
    kind: 'text',
    value: 'MODE',
    choices: ['full', 'pruned', 'archive'],
    summary: 'What to keep of final blocks: all of them, the last ones, or all with every old state',
    otherwise: 'as the folder was used last; full for a new one, archive for a development chain',
    ambient: true,
  },
  'prune-blocks': {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 4_294_967_295,
    summary: 'With --mode pruned: how many of the last blocks to keep',
    otherwise: 'as before, at first 10000',
    ambient: true,
  },
  'coin-shards': {
    kind: 'integer',
    value: 'N',
    min: 1,
    max: 256,
    summary: 'Memories for coins, of up to 4 GiB and some 30 million coins each: a power of two',
    otherwise: 'as before, at first 1',
    ambient: true,
  },
  index: {
    kind: 'text',
    value: 'WHICH',
    choices: ['none', 'history', 'full', 'on', 'off'],
    beginnings: ['postgres://', 'postgresql://'],
    summary:
      'Index to keep: none (or off), history of transactions and addresses (or on), full for explorers in this folder, or full in the PostgreSQL database of an address; what is missing is caught up',
    otherwise: 'as before, at first history; full for calin dev',
    ambient: true,
  },
  'no-index': { kind: 'flag', summary: 'The same as --index off' },
} as const satisfies Record<string, TextOption | IntegerOption | FlagOption>;

/** What {@link STORAGE_OPTIONS} say. */
export function storageChoice(values: ValuesOf<typeof STORAGE_OPTIONS>): StorageChoice {
  const { mode, 'prune-blocks': pruneBlocks, 'coin-shards': coinShards } = values;
  // The flag is only ever typed, so it wins over what the environment or a file says.
  const index = values['no-index'] ? 'off' : values.index;
  return { mode, pruneBlocks, coinShards, ...indexChoice(index) };
}

/** What an index is called, as two choices: whether there is one, and where the one of explorers is. */
function indexChoice(index: string | undefined): Pick<StorageChoice, 'index' | 'explorer'> {
  if (index === undefined) return { index };
  if (index === 'none' || index === 'off') return { index: false };
  if (index === 'on') return { index: true };
  return { index: true, explorer: index === 'history' ? 'none' : index };
}

/** What to do when the disk has lost what was on it. */
export const RECOVER_OPTION = {
  kind: 'flag',
  summary: 'Go on from the last whole commit when the newest ones are gone or damaged',
} as const satisfies FlagOption;

const API_KEY_OPTION = {
  kind: 'text',
  value: 'KEY',
  summary:
    'Key of the API of a node elsewhere; other users of the machine can see it here, so prefer CALIN_API_KEY',
  otherwise: 'none',
  ambient: true,
} as const satisfies TextOption;

/** What commands that read from a node need. */
export const NODE_OPTIONS = { data: DATA_OPTION, rpc: RPC_OPTION, 'api-key': API_KEY_OPTION } as const;

/** What commands that look accounts up by name need beside. */
export const ACCOUNT_OPTIONS = { ...NODE_OPTIONS, keystore: KEYSTORE_OPTION } as const;

/** The account that a command is about; see {@link connectAccount}. */
export const ACCOUNT_ARGUMENT: ArgumentSpec = {
  name: 'ACCOUNT',
  summary: 'An account of the keystore, dev0 to dev9, or an address',
  required: true,
};

/** What commands that sign need beside. */
export const SIGNING_OPTIONS = { ...ACCOUNT_OPTIONS, password: PASSWORD_OPTION } as const;

/** Whether a person is asked before something is signed. */
export const YES_OPTION = {
  kind: 'flag',
  summary: 'Sign without asking; elsewhere than on a terminal, and with --json, nobody is asked anyway',
} as const satisfies FlagOption;

/** The validator that a command is about; see findValidator. */
export const VALIDATOR_ARGUMENT: ArgumentSpec = {
  name: 'VALIDATOR',
  summary: 'Public key of a validator, or an account or address that is its key',
  required: true,
};

/** Who stakes. */
export const STAKER_OPTION = {
  kind: 'text',
  value: 'ACCOUNT',
  required: true,
  summary: 'Whose stake it is, who pays the fee',
} as const satisfies TextOption;

/** How much stake is moved out of a pool. */
export const STAKE_PART_OPTION = {
  kind: 'text',
  value: 'AMOUNT',
  required: true,
  summary: 'How much of what it is worth now, or all',
} as const satisfies TextOption;

/** What a simulation follows from. */
export const SIM_SEED_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 0,
  max: Number.MAX_SAFE_INTEGER,
  fallback: 1,
  summary: 'Everything that happens follows from this number',
} as const;

/** How many nodes a simulation has. */
export const SIM_NODES_OPTION = {
  kind: 'integer',
  value: 'N',
  min: 1,
  max: 20_000,
  summary: 'Nodes',
  otherwise: 'as many as the scenario says',
} as const;

/** How long a simulation lasts. */
export const SIM_DURATION_OPTION = {
  kind: 'integer',
  value: 'S',
  min: 1,
  max: 31_536_000,
  summary: 'Virtual seconds',
  otherwise: 'as long as the scenario says',
} as const;
