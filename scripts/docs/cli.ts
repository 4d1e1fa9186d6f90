import type { Command } from '../../packages/calin/src/cli/command.ts';
import { loadCommands, namesBelow } from '../../packages/calin/src/cli/command-table.ts';
import { CONFIG_KEYS } from '../../packages/calin/src/cli/config-file.ts';
import { optionDefault, optionUsage } from '../../packages/calin/src/cli/help.ts';
import { environmentName } from '../../packages/calin/src/cli/parse-options.ts';
import type { GeneratedPage } from '../lib/generated.ts';

const INTRODUCTION = `# The command line

\`npm run docs\` writes this page from the commands themselves, \`packages/calin/src/cli/commands/\`; \`./calin --help\`
and every command with \`--help\` say the same.

## A first payment

\`\`\`sh
npm start
\`\`\`

runs \`./calin dev\`: a development chain with ten funded accounts. In another terminal:

\`\`\`sh
./calin account create --name alice
./calin send --from dev0 --to alice --amount 5
./calin balance alice
./calin verify
\`\`\`

## Where things are

The data folder is \`~/.calin/dev\` unless \`--data\` or CALIN_DATA names another one: the home folder, so that every
terminal finds the same chain, whatever folder it is in. A node notes its address there in \`rpc.json\`, so the other
commands find it on any port. Keys are in the folder \`keystore\` of the data folder; \`./calin dev --fresh\` removes the
chain and keeps them.

## Where values come from

An option wins over its environment variable, that over the configuration file, that over the default. The configuration
file is \`calin.json\` in the data folder, or the one that \`--config\` names: a JSON object that may hold
${CONFIG_KEYS.map((key) => `\`${key}\``).join(', ')}. A key that it does not know is refused. An environment variable
without a value counts as not set.

## Passwords

Keys are sealed by a password: from \`--password\`, from CALIN_PASSWORD, or asked for on the terminal without showing it.
On development networks there is one that everybody knows, \`calin-dev\`, which is used when none is given: those coins have
no value, and a first payment should need no ceremony. No other network has one.

## Output

Results go to the standard output, everything else to the standard error output. With \`--json\` a command prints exactly
one JSON value; a refusal is then an object \`{"error": {"rule", "message", "help", "evidence"}}\` on the standard error
output, and the standard output stays empty. Colours are used on terminals only, and never when NO_COLOR is set. What
takes long shows how far it is on the standard error output: as a bar on a terminal, elsewhere as a line every fifteen
seconds.

| Exit code | Meaning |
| ---: | --- |
| 0 | done |
| 1 | refused; the rule says why (docs/reference/rules.md) |
| 2 | not understood: a command, an option or a value that does not exist |

## Verifying while a node runs

The store of a running node belongs to it alone. \`./calin verify\` therefore works on a copy: tables never change and are
linked, logs are copied, and when files came or went meanwhile the copy is made again. What is verified is what was on disk at
the moment of the copy, without the help of the node.
`;

/** docs/reference/cli.md: every command and every option. */
export const pages: readonly GeneratedPage[] = [
  { path: 'docs/reference/cli.md', generate: async () => formatPage(await loadCommands()) },
];

/** The page of a list of commands. */
export function formatPage(commands: readonly Command[]): string {
  return [INTRODUCTION, '## Commands', '', ...commands.map(formatCommand)].join('\n');
}

function formatCommand(command: Command): string {
  const { name, summary, description, examples } = command;
  const below = namesBelow(name);
  const args = command.arguments.map((one) => (one.required ? one.name : `[${one.name}]`));
  // Most commands with others below them do nothing themselves.
  const isGroup = below.length > 0 && command.arguments.length === 0;
  const usage = ['./calin', name, ...(isGroup ? ['COMMAND'] : args), '[OPTIONS]'].join(' ');
  const parts = [`### calin ${name}`, '', summary, '', '```sh', usage, '```', ''];
  if (description !== undefined) parts.push(description, '');
  if (below.length > 0) {
    parts.push(
      `Commands: ${below.map((one) => `[${one}](#calin-${one.replace(' ', '-')})`).join(', ')}.`,
      '',
    );
  }
  if (isGroup) return parts.join('\n');
  for (const one of command.arguments) parts.push(`- \`${one.name}\`: ${one.summary}.`);
  if (command.arguments.length > 0) parts.push('');
  parts.push(formatOptions(command), '```sh', ...examples.map((example) => `./calin ${example}`), '```', '');
  return parts.join('\n');
}

function formatOptions({ options }: Command): string {
  const rows = Object.entries(options).map(([name, spec]) => {
    const variable = spec.ambient === true ? environmentName(name) : '';
    const cells = [`\`${optionUsage(name, spec)}\``, spec.summary, optionDefault(spec), variable];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  if (rows.length === 0) return '';
  return ['| Option | Meaning | Default | Environment |', '| --- | --- | --- | --- |', ...rows, ''].join(
    '\n',
  );
}
