import type { Refusal, Result } from '@calin/core/base/result.ts';
import type { CommandIo } from './command.ts';
import { COMMANDS, loadCommands, namesBelow } from './command-table.ts';
import { formatHelp, formatOverview } from './help.ts';
import { createIo, formatRefusal, print } from './output.ts';
import { parseCommandLine } from './parse-options.ts';
import { bugRefusal, refuseCli } from './rules.ts';
import { nearestName } from './suggest.ts';

/** The status of a process: done, refused, not understood. */
export const EXIT = { ok: 0, refused: 1, usage: 2 } as const;

/** Refusals of the command line itself, before a command ran. */
const USAGE_RULES: ReadonlySet<string> = new Set([
  'cli/unknown-command',
  'cli/unknown-option',
  'cli/option-value',
  'cli/missing',
  'cli/too-many-arguments',
  'cli/config-file',
  'cli/scenario',
]);

/**
 * Runs one command line and prints its outcome: the answer on standard output, a refusal on standard error.
 *
 * @param words - what follows the name of the program
 * @returns the exit status of the process
 */
export async function runCommandLine(words: readonly string[]): Promise<number> {
  const io = createIo(words.includes('--json'));
  const result = await dispatch(words, io).catch((thrown: unknown) => ({
    ok: false as const,
    error: bugRefusal(thrown),
  }));
  if (result.ok) return EXIT.ok;
  printRefusal(result.error, io);
  return USAGE_RULES.has(result.error.rule) ? EXIT.usage : EXIT.refused;
}

/** Prints a refusal on standard error: as a JSON object for programs, in three lines for people. */
export function printRefusal(refusal: Refusal, io: Pick<CommandIo, 'isJson' | 'isColour'>): void {
  const { rule, message, help, evidence } = refusal;
  const error = { rule, message, help, evidence };
  print(2, io.isJson ? JSON.stringify({ error }) : formatRefusal(refusal, io.isColour));
}

async function dispatch(words: readonly string[], io: CommandIo): Promise<Result<undefined>> {
  const found = findCommand(words);
  if (found === undefined) return noCommand(words, io);
  const { name, rest } = found;
  const [command] = await loadCommands([name]);
  if (command === undefined) return refuseCli('cli/unknown-command', { got: name });
  // A group that takes an argument does something itself.
  if (command.subcommands !== undefined && command.arguments.length === 0) return showGroup(name, rest, io);
  const given = parseCommandLine(command, rest, io.env);
  if (!given.ok) return given;
  if (given.value.options['help'] === true) return showHelp(name, io);
  return command.run(given.value, io);
}

/** The command that the first words name; the longer name wins. */
function findCommand(words: readonly string[]): { name: string; rest: readonly string[] } | undefined {
  const plain = words.filter((word) => word !== '--json');
  for (const length of [2, 1]) {
    const name = plain.slice(0, length).join(' ');
    if (plain.length < length || !Object.hasOwn(COMMANDS, name)) continue;
    // A flag that stands before the command counts all the same.
    const json = words.length > plain.length ? ['--json'] : [];
    return { name, rest: [...plain.slice(length), ...json] };
  }
  return undefined;
}

async function noCommand(words: readonly string[], io: CommandIo): Promise<Result<undefined>> {
  const [first] = words.filter((word) => word !== '--json');
  if (first === '--version' || first === '-v') {
    const { version } = await import('./version.ts');
    io.answer({ json: { version }, text: version });
    return { ok: true, value: undefined };
  }
  if (first === undefined || first === '--help' || first === '-h' || first === 'help') {
    const commands = await loadCommands(Object.keys(COMMANDS).filter((name) => !name.includes(' ')));
    const list = commands.map(({ name, summary }) => ({ name, summary }));
    io.answer({ json: { commands: list }, text: formatOverview(commands) });
    return { ok: true, value: undefined };
  }
  return unknownCommand(
    first,
    Object.keys(COMMANDS).filter((name) => !name.includes(' ')),
  );
}

async function showGroup(group: string, rest: readonly string[], io: CommandIo): Promise<Result<undefined>> {
  const [word] = rest.filter((text) => !text.startsWith('-'));
  if (word === undefined) return showHelp(group, io);
  return unknownCommand(`${group} ${word}`, namesBelow(group));
}

async function showHelp(name: string, io: CommandIo): Promise<Result<undefined>> {
  const [command] = await loadCommands([name]);
  if (command === undefined) return refuseCli('cli/unknown-command', { got: name });
  const below = await loadCommands(namesBelow(name));
  const text = formatHelp(command, below);
  io.answer({ json: { name, summary: command.summary, help: text }, text });
  return { ok: true, value: undefined };
}

function unknownCommand(got: string, names: readonly string[]): Result<undefined> {
  const nearest = nearestName(got, names);
  const hint = nearest === undefined ? {} : { didYouMean: nearest };
  return refuseCli('cli/unknown-command', { got: got.slice(0, 80), ...hint });
}
