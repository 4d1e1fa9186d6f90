import type { JsonSchema } from '@calin/core/base/schema.ts';
import { type ConsensusPreset, PRESET_NAMES, PRESETS } from '@calin/core/spec/consensus-presets.ts';
import { formatGenesisFile, parseGenesisFile } from '@calin/core/spec/genesis-file.ts';
import { genesisFileSchema } from '@calin/core/spec/genesis-schema.ts';
import { refuseGenesis } from '@calin/core/spec/rules.ts';
import { shortestGenesisFile } from '@calin/core/spec/vectors.ts';
import type { GeneratedPage } from '../lib/generated.ts';

const INTRODUCTION = `# The genesis file

A genesis file says everything that the nodes of a chain must share: who makes blocks, how coins come into being,
what transactions cost and how large blocks may be. It is JSON. \`npm run docs\` writes this page from the schema that
reads the file, \`packages/core/src/spec/genesis-schema.ts\`.

The file becomes a *spec*, whose hash is the parent of the genesis block (docs/reference/encodings.md, "Spec"). The id
of the genesis block is the chain id, and every signature covers it: two nodes whose files differ in one number are on
two chains and cannot mix. Order of fields, white space and defaults that are written out change nothing. A field that
does not exist is refused, so that a misspelt one cannot pass for its default.

Amounts are in hugs: 100,000,000 hugs are 1 CALIN. All numbers are integers of at most 2^53 − 1 (90,071,992.54740991
CALIN), which every JSON reader gives exactly. Times are milliseconds since 1970 in UTC.
`;

const WHY = `## Why these defaults

- **Supply.** The cap of 21 million CALIN lies well below the largest amount, so no sum of existing coins can be too
  large. A reward of 0.4 CALIN, halved every 25,200,000 blocks, comes to 2 × 0.4 × 25,200,000 = 20.16 million CALIN:
  with slots of five seconds a halving takes four years. The other 840,000 CALIN (4 %) are room for allocations;
  larger ones are possible and end the rewards earlier, because the cap counts both.
- **Maturity.** A reward rests for 100 blocks. While its block can still be replaced, payments made with it would
  vanish too; choose at least the depth of finality.
- **Gas.** A signature takes about 55 µs to check (libsodium, one core) and a byte well below 100 ns to hash and keep,
  so a signature costs as much as 400 bytes. An output costs 100 beside its 48 bytes, because the coin stays in the memory of every node until
  it is spent, when the block has long been pruned. An action costs 100 for its look-ups.
- **Size.** A transfer (one input, two outputs, one signature) has 248 bytes and 848 gas. A block of 2 MiB holds
  8,455 of them, 7.2 million gas. The gas limit of 10 million bounds what a block of signatures alone can ask for: 20,000
  checks, about a second of one core.
- **Target.** Half of the limit, so that a full block raises the base fee as fast as an empty one lowers it. 5,000
  transfers are 4.2 million gas: they fit below the target.
- **Base fee.** 10 hugs per gas make a transfer cost 0.0000848 CALIN. The fee moves by at most an eighth from block to
  block, as in EIP-1559, and by at least 1, so that a quiet chain comes down to the minimum.
- **Stake.** A set is written a whole epoch ahead, so an epoch should be longer than what can still be undone; a day is
  usual. Stake rests for 14 epochs: two weeks of days in which an offence can be shown. To sign twice costs 5 %, for it
  happens to honest owners with two machines; half is for what no mistake does. A least bond of 1,000 CALIN makes the
  2,048 seats of candidates dear to fill. A fifth of the rewards goes to those whose votes make blocks final: enough that
  staking pays also where miners make the blocks, and a small price for blocks that no hash rate can undo. See
  docs/reference/stake.md.
- **A transaction** of 128 KiB has room for 255 inputs of 255 owners (35 KiB) and for a long document; the hard limit of
  1 MiB is for chains with more to store.
`;

/** docs/reference/genesis.md: every field of the genesis file. */
export const pages: readonly GeneratedPage[] = [
  { path: 'docs/reference/genesis.md', generate: () => formatPage(genesisFileSchema.json) },
];

interface Row {
  readonly path: string;
  readonly schema: JsonSchema;
  readonly required: boolean;
  /** The kinds of an alternative that have the field; empty when it always exists. */
  readonly kinds: readonly string[];
}

/** The page of a schema: prose, an example, and a row for every field. */
export function formatPage(schema: JsonSchema): string {
  const rows = mergeKinds([...fieldRows(schema, '', [])]);
  const fields = [
    '## Fields\n\nA field without a default must be given.\n',
    '| Field | Value | Default | Meaning |\n| --- | --- | --- | --- |',
    `${rows.map(formatRow).join('\n')}\n`,
  ].join('\n');
  return [INTRODUCTION, formatExample(), formatPresets(), fields, WHY, formatRules()].join('\n');
}

const PRESETS_INTRODUCTION = `## Presets

Instead of \`production\`, \`finality\` and \`validators\` in full, \`consensus\` may name a preset, and beside it whatever shall be
otherwise: \`{ "preset": "pow", "finality": { "blocks": 100 } }\`. A part that names no \`kind\`, or the preset's, needs only the
fields that differ. A part of another kind takes the place of the preset's, but for the length of an epoch. Who the
authorities or validators are is always for the file to say. A spec has no presets: both ways of writing give the same chain.
`;

function formatPresets(): string {
  const presets = PRESET_NAMES.map((name) => formatPreset(name, PRESETS[name]));
  return [PRESETS_INTRODUCTION, ...presets].join('\n');
}

function formatPreset(name: string, preset: ConsensusPreset): string {
  const { summary, production, finality, validators, needsValidators, why } = preset;
  const parts = needsValidators ? { production, finality, validators } : { production, finality };
  const kinds = Object.entries(parts).map(([part, { kind }]) => `${part} is \`${kind}\``);
  const rows = Object.entries(why).map(([path, reason]) => {
    const [part, field] = path.split('.') as ['production' | 'finality' | 'validators', string];
    return `| \`${path}\` | ${digits(Number(preset[part][field]))} | ${reason} |`;
  });
  const table = ['| Field | Value | Why |', '| --- | --- | --- |', ...rows].join('\n');
  return `### ${name}\n\n${summary} Its ${kinds.join(', its ')}.\n\n${table}\n`;
}

function formatExample(): string {
  const parsed = parseGenesisFile(shortestGenesisFile);
  if (!parsed.ok) throw new Error(parsed.error.message);
  const json = (value: unknown) => `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
  return `## The shortest file\n\n${json(shortestGenesisFile)}\nWith every default written out it is:\n\n${json(formatGenesisFile(parsed.value))}`;
}

function* fieldRows(schema: JsonSchema, path: string, kinds: readonly string[]): Generator<Row> {
  for (const shape of schema.oneOf ?? []) {
    yield* fieldRows(shape, path, shape.properties?.['kind']?.enum ?? []);
  }
  if (schema.items !== undefined) yield* fieldRows(schema.items, `${path}[]`, []);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    yield { path: at, schema: field, required: schema.required?.includes(name) === true, kinds };
    yield* fieldRows(field, at, []);
  }
}

/** One row for a field that several alternatives share. */
function mergeKinds(rows: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const row of rows) {
    const before = merged.get(row.path);
    const choices = [...(before?.schema.enum ?? []), ...(row.schema.enum ?? [])];
    const schema = choices.length > 0 ? { ...row.schema, enum: choices } : row.schema;
    merged.set(row.path, { ...row, schema, kinds: [...(before?.kinds ?? []), ...row.kinds] });
  }
  return [...merged.values()];
}

function formatRow({ path, schema, required, kinds }: Row): string {
  const only = kinds.length > 0 && !path.endsWith('.kind') ? ` Only for ${kinds.join(' and ')}.` : '';
  const isValue = schema.default !== undefined && typeof schema.default !== 'object';
  const fallback = isValue ? `\`${schema.default}\`` : required ? 'none' : 'see below';
  const shown = schema.default !== undefined && !isValue ? `\`${JSON.stringify(schema.default)}\`` : fallback;
  const byField = schema.properties !== undefined && !required ? 'those of its fields' : shown;
  const meaning = `${schema.description ?? describeShapes(schema)}${only}`;
  return `| \`${path}\` | ${rangeOf(schema)} | ${byField} | ${meaning.replaceAll('|', '\\|')} |`;
}

function describeShapes(schema: JsonSchema): string {
  return (schema.oneOf ?? [])
    .map(({ description, properties }) => `\`${properties?.['kind']?.enum?.[0]}\`: ${description}`)
    .join(' ');
}

function rangeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(', ');
  if (schema.oneOf !== undefined) return 'object';
  if (schema.type === 'integer') return `${digits(schema.minimum)} to ${digits(schema.maximum)}`;
  if (schema.type === 'array') return `list of at most ${digits(schema.maxItems)}`;
  if (schema.pattern?.includes('{2}') === true) return `${schema.maxLength} hexadecimal digits`;
  if (schema.pattern !== undefined) return `\`${schema.pattern}\``;
  return schema.type ?? 'any';
}

/** A number with commas between its thousands. */
function digits(value: number | undefined): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function formatRules(): string {
  const rows = Object.entries(refuseGenesis.rules).map(
    ([id, { message, help }]) => `| \`${id}\` | ${message} | ${help} |`,
  );
  const head = '| Rule | What is wrong | What to do |\n| --- | --- | --- |';
  return `## Refusals\n\nA file is refused for its first fault; \`path\` in the evidence names the field.\n\n${head}\n${rows.join('\n')}\n`;
}
