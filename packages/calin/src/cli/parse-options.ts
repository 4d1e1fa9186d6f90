import { homedir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { Command, CommandIo, GivenValues, OptionSpec, OptionSpecs, OptionValue } from './command.ts';
import { EVERYWHERE } from './common-options.ts';
import { type ConfigValues, readConfigFile } from './config-file.ts';
import { refuseCli } from './rules.ts';
import { nearestName } from './suggest.ts';

/** The data folder of commands that were told none: the same from every folder and terminal of a user. */
export function defaultDataFolder(): string {
  return join(homedir(), '.calin', 'dev');
}

/** The environment variable of an option: `block-time` is CALIN_BLOCK_TIME. */
export function environmentName(option: string): string {
  return `CALIN_${option.toUpperCase().replaceAll('-', '_')}`;
}

/** What was typed, before values are looked at. */
interface Typed {
  readonly options: Readonly<Record<string, string | boolean>>;
  readonly arguments: readonly string[];
}

/** All options of a command, those of every command included. */
export function allOptions(command: Command): OptionSpecs {
  return { ...command.options, ...EVERYWHERE };
}

/**
 * Reads the words after a command. An option that was typed wins over its environment variable, that over the
 * configuration file, that over the default.
 */
export function parseCommandLine(
  command: Command,
  words: readonly string[],
  env: CommandIo['env'],
): Result<GivenValues> {
  const typed = readWords(command, words);
  if (!typed.ok) return typed;
  if (typed.value.options['help'] === true) {
    return ok({ options: { help: true }, arguments: [] });
  }
  const config = readConfig(typed.value, env);
  if (!config.ok) return config;
  const options: Record<string, OptionValue> = {};
  for (const [name, spec] of Object.entries(allOptions(command))) {
    const value = resolveOption(name, spec, typed.value, env, config.value);
    if (!value.ok) return value;
    options[name] = value.value;
  }
  const fault = checkArguments(command, typed.value.arguments);
  return fault ?? ok({ options, arguments: typed.value.arguments });
}

function readWords(command: Command, words: readonly string[]): Result<Typed> {
  const specs = allOptions(command);
  const shorts = Object.entries(specs).map(([name, { short }]) => [short, name] as const);
  const options: Record<string, string | boolean> = {};
  const args: string[] = [];
  const { tokens } = parseArgs({
    args: [...words],
    options: parserOptions(specs),
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === 'positional') args.push(token.value);
    if (token.kind !== 'option') continue;
    const name = shorts.find(([short]) => short === token.name)?.[1] ?? token.name;
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    if (spec === undefined) return unknownOption(token.rawName, Object.keys(specs));
    if (Object.hasOwn(options, name)) return optionValue(name, { why: 'it was given twice' });
    if (spec.kind === 'flag' && token.value !== undefined) {
      return optionValue(name, { why: 'it takes no value', got: token.value.slice(0, 80) });
    }
    if (spec.kind !== 'flag' && token.value === undefined) {
      return optionValue(name, { why: 'its value is missing', expected: spec.value ?? 'TEXT' });
    }
    options[name] = token.value ?? true;
  }
  return ok({ options, arguments: args });
}

function parserOptions(specs: OptionSpecs) {
  return Object.fromEntries(
    Object.entries(specs).map(([name, { kind, short }]) => {
      const type = kind === 'flag' ? ('boolean' as const) : ('string' as const);
      return [name, short === undefined ? { type } : { type, short }];
    }),
  );
}

function readConfig({ options }: Typed, env: CommandIo['env']): Result<ConfigValues> {
  const data = options['data'] ?? env[environmentName('data')] ?? defaultDataFolder();
  const path = options['config'];
  return readConfigFile(typeof path === 'string' ? path : undefined, String(data));
}

function resolveOption(
  name: string,
  spec: OptionSpec,
  typed: Typed,
  env: CommandIo['env'],
  config: ConfigValues,
): Result<OptionValue> {
  const given = typed.options[name];
  if (given !== undefined) return checkValue(name, spec, given, `--${name}`);
  if (spec.ambient === true) {
    const variable = environmentName(name);
    const fromEnv = env[variable];
    if (fromEnv !== undefined && fromEnv !== '') return checkValue(name, spec, fromEnv, variable);
    if (config[name] !== undefined) return checkValue(name, spec, config[name], 'the configuration file');
  }
  if (spec.required === true)
    return refuseCli('cli/missing', { expected: `--${name} ${spec.value ?? ''}`.trim() });
  return ok(spec.kind === 'flag' ? false : spec.fallback);
}

/** Checks one value, wherever it came from. */
function checkValue(
  name: string,
  spec: OptionSpec,
  value: string | number | boolean,
  from: string,
): Result<OptionValue> {
  const got = String(value).slice(0, 80);
  if (spec.kind === 'flag') {
    if (typeof value === 'boolean') return ok(value);
    if (value === '1' || value === 'true') return ok(true);
    if (value === '0' || value === 'false') return ok(false);
    return optionValue(name, { from, got, expected: 'true or false' });
  }
  if (spec.kind === 'integer') {
    const number = /^\d{1,16}$/.test(String(value)) ? Number(value) : Number.NaN;
    if (number >= spec.min && number <= spec.max) return ok(number);
    return optionValue(name, { from, got, expected: `a whole number from ${spec.min} to ${spec.max}` });
  }
  const text = String(value);
  const { choices, beginnings = [] } = spec;
  if (choices === undefined || choices.includes(text)) return ok(text);
  if (beginnings.some((beginning) => text.startsWith(beginning))) return ok(text);
  const expected = [...choices, ...beginnings.map((beginning) => `${beginning}…`)].join(', ');
  return optionValue(name, { from, got, expected });
}

function checkArguments(command: Command, args: readonly string[]): Result<GivenValues> | undefined {
  const missing = command.arguments.find(({ required }, i) => required && args[i] === undefined);
  if (missing !== undefined) return refuseCli('cli/missing', { expected: missing.name });
  const extra = args[command.arguments.length];
  if (extra === undefined) return undefined;
  return refuseCli('cli/too-many-arguments', { got: extra.slice(0, 80), expected: command.arguments.length });
}

function unknownOption(got: string, names: readonly string[]): Result<never> {
  const nearest = nearestName(got.replace(/^-+/, ''), names);
  const hint = nearest === undefined ? {} : { didYouMean: `--${nearest}` };
  return refuseCli('cli/unknown-option', { got: got.slice(0, 80), ...hint });
}

function optionValue(name: string, evidence: Record<string, string | number>): Result<never> {
  return refuseCli('cli/option-value', { option: `--${name}`, ...evidence });
}
