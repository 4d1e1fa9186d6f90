import type { Result } from '@calin/core/base/result.ts';

/** What every option says of itself; help, docs, the environment and configuration files come from this. */
interface OptionBase {
  /** One sentence without a full stop. */
  readonly summary: string;
  /** Name of the value in the help, such as `DIR`. */
  readonly value?: string;
  readonly short?: string;
  /** The default in words, where it is not a fixed value. */
  readonly otherwise?: string;
  /** Also read from the environment (`CALIN_…`) and from a configuration file. */
  readonly ambient?: boolean;
  readonly required?: boolean;
}

/** A text, or one of a few. */
export interface TextOption extends OptionBase {
  readonly kind: 'text';
  readonly fallback?: string;
  readonly choices?: readonly string[];
  /** What it may be beside one of them, by how it begins. */
  readonly beginnings?: readonly string[];
}

/** A whole number. */
export interface IntegerOption extends OptionBase {
  readonly kind: 'integer';
  readonly fallback?: number;
  readonly min: number;
  readonly max: number;
}

/** On or off. */
export interface FlagOption extends OptionBase {
  readonly kind: 'flag';
}

/** One option of a command. */
export type OptionSpec = TextOption | IntegerOption | FlagOption;

/** The options of a command by name. */
export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

type Given<S, T> = S extends { readonly fallback: unknown } | { readonly required: true } ? T : T | undefined;
type ValueOf<S> = S extends FlagOption
  ? boolean
  : S extends IntegerOption
    ? Given<S, number>
    : Given<S, string>;

/** The values of a command's options. */
export type ValuesOf<O> = { readonly [K in keyof O]: ValueOf<O[K]> };

/** A value of any option. */
export type OptionValue = string | number | boolean | undefined;

/** An argument that stands by itself. */
export interface ArgumentSpec {
  /** In capitals, such as `ACCOUNT`. */
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
}

/** What a command answers: one JSON value for programs, text for people. */
export interface Answer {
  readonly json: unknown;
  readonly text: string;
}

/** The world of a command. */
export interface CommandIo {
  /** Prints the one answer on the standard output. */
  answer(answer: Answer): void;
  /** Tells a person something on the standard error output. */
  note(text: string): void;
  readonly isJson: boolean;
  /** True when the standard error output is a terminal that may show colours. */
  readonly isColour: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A command without its types. */
export interface Command {
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  /** What to know before use; paragraphs. */
  readonly description?: string;
  readonly arguments: readonly ArgumentSpec[];
  readonly options: OptionSpecs;
  /** Command lines to start from, without `calin`. */
  readonly examples: readonly string[];
  /** Names of the commands below this one, such as `create` below `account`. */
  readonly subcommands?: readonly string[];
  run(given: GivenValues, io: CommandIo): Promise<Result<undefined>>;
}

/** What was typed, checked against the command. */
export interface GivenValues {
  readonly options: Readonly<Record<string, OptionValue>>;
  readonly arguments: readonly string[];
}

/** A command with the types of its options. */
export interface TypedCommand<O extends OptionSpecs> extends Omit<Command, 'run' | 'options'> {
  readonly options: O;
  run(options: ValuesOf<O>, io: CommandIo, args: readonly string[]): Promise<Result<undefined>>;
}

/** Declares a command. Its module imports heavy things inside `run` only, so that help and starting stay quick. */
export function defineCommand<const O extends OptionSpecs>(command: TypedCommand<O>): Command {
  return {
    ...command,
    // The parser has checked every value against the spec that the type is read from.
    run: ({ options, arguments: args }, io) => command.run(options as ValuesOf<O>, io, args),
  };
}
