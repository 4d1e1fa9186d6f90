import type { Command, OptionSpec } from './command.ts';
import { formatTable } from './output.ts';
import { allOptions, environmentName } from './parse-options.ts';

/** The help of the whole program. */
export function formatOverview(commands: readonly Command[]): string {
  const rows = commands.map(({ name, summary }) => [`  ${name}`, summary]);
  return [
    'Calin: a complete blockchain in TypeScript.',
    '',
    'Usage: calin COMMAND [OPTIONS]',
    '',
    'Commands:',
    formatTable(rows),
    '',
    'calin COMMAND --help shows the options of a command and examples.',
    'Options win over environment variables (CALIN_…), these over calin.json, that over the defaults.',
  ].join('\n');
}

/** The help of one command; `below` are its subcommands. */
export function formatHelp(command: Command, below: readonly Command[] = []): string {
  const args = command.arguments.map(({ name, required }) => (required ? name : `[${name}]`));
  const words = below.length > 0 ? ['COMMAND'] : args;
  const parts = [command.summary, '', `Usage: ${['calin', command.name, ...words, '[OPTIONS]'].join(' ')}`];
  if (command.description !== undefined) parts.push('', command.description);
  if (below.length > 0) {
    parts.push('', 'Commands:', formatTable(below.map(({ name, summary }) => [`  ${name}`, summary])));
  }
  if (command.arguments.length > 0) {
    const rows = command.arguments.map(({ name, summary }) => [`  ${name}`, summary]);
    parts.push('', 'Arguments:', formatTable(rows));
  }
  const options = Object.entries(allOptions(command)).map(([name, spec]) => optionRow(name, spec));
  parts.push('', 'Options:', formatTable(options));
  if (command.examples.length > 0) {
    parts.push('', 'Examples:', ...command.examples.map((example) => `  calin ${example}`));
  }
  return parts.join('\n');
}

/** How an option is written, such as `--port N`. */
export function optionUsage(name: string, spec: OptionSpec): string {
  const short = spec.short === undefined ? '' : `-${spec.short}, `;
  const value = spec.kind === 'flag' ? '' : ` ${spec.value ?? 'TEXT'}`;
  return `${short}--${name}${value}`;
}

/** What holds when an option is not given; empty when that goes without saying. */
export function optionDefault(spec: OptionSpec): string {
  if (spec.required === true) return 'required';
  if (spec.otherwise !== undefined) return spec.otherwise;
  return spec.kind === 'flag' || spec.fallback === undefined ? '' : `${spec.fallback}`;
}

function optionRow(name: string, spec: OptionSpec): string[] {
  const fallback = optionDefault(spec);
  const notes = [
    ...(fallback === '' ? [] : [fallback === 'required' ? fallback : `default: ${fallback}`]),
    ...(spec.ambient === true ? [environmentName(name)] : []),
  ];
  return [
    `  ${optionUsage(name, spec)}`,
    notes.length > 0 ? `${spec.summary} (${notes.join('; ')})` : spec.summary,
  ];
}
