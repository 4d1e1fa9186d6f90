import { ok } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { CONSENSUS_OPTION, DATA_OPTION, presetOf } from '../common-options.ts';

const options = {
  genesis: { kind: 'text', short: 'c', value: 'FILE', summary: 'Genesis file of the chain' },
  example: { kind: 'flag', summary: 'Print a complete genesis file to start from, and do nothing else' },
  consensus: { ...CONSENSUS_OPTION, summary: `With --example; ${CONSENSUS_OPTION.summary.toLowerCase()}` },
  data: { ...DATA_OPTION, otherwise: 'none: say where the new chain shall live' },
} as const;

/** `calin init`. */
export const command = defineCommand({
  name: 'init',
  summary: 'Make the data folder of a chain from its genesis file.',
  description:
    'The genesis file says everything that the nodes of a chain must share; docs/reference/genesis.md describes each field. Two nodes are on one chain when their files say the same.',
  arguments: [],
  options,
  examples: [
    'init --example > genesis.json',
    'init --example --consensus pow > genesis.json',
    'init --genesis genesis.json --data ./mychain',
  ],
  run: (values, io) => init(values, io),
});

async function init(values: ValuesOf<typeof options>, io: CommandIo) {
  const { refuseCli } = await import('../rules.ts');
  const { createGenesisFolder, readGenesisFile, exampleGenesis } = await import('../genesis-input.ts');
  if (values.example) {
    const example = exampleGenesis(Date.now(), presetOf(values.consensus));
    if (!example.ok) return example;
    io.answer({ json: example.value, text: JSON.stringify(example.value, undefined, 2) });
    return ok(undefined);
  }
  if (values.genesis === undefined) return refuseCli('cli/missing', { expected: '--genesis FILE' });
  if (values.data === undefined) return refuseCli('cli/missing', { expected: '--data DIR' });
  const { resolve } = await import('node:path');
  const { createGenesis } = await import('@calin/core/ledger/genesis.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  const path = resolve(values.data);
  const genesis = readGenesisFile(values.genesis);
  if (!genesis.ok) return genesis;
  const made = createGenesisFolder(path, genesis.value);
  if (!made.ok) return made;
  const { spec } = genesis.value;
  const chainId = toHex(createGenesis(spec).block.id);
  const { name } = spec;
  io.answer({
    json: { data: path, network: name, chainId },
    text: `Made the chain "${name}" in ${path}\nChain id ${chainId}\nStart it with: calin node --data ${values.data}`,
  });
  return ok(undefined);
}
