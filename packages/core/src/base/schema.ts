import { isAmount } from './amount.ts';
import { assert } from './assert.ts';
import { isHex } from './bytes.ts';
import type { Failure, Result } from './result.ts';
import { ok } from './result.ts';
import { defineRules } from './rules.ts';

/** Refusals of a JSON value that does not have the declared shape. */
export const refuseSchema = defineRules({
  'json/type': { message: 'A value has the wrong type.', help: 'See the expected type in the evidence.' },
  'json/missing': { message: 'A required field is missing.', help: 'Add the field named in the evidence.' },
  'json/unknown-field': { message: 'A field is not known.', help: 'Check its spelling, or remove it.' },
  'json/range': { message: 'A value is outside its range.', help: 'See the range in the evidence.' },
  'json/choice': {
    message: 'A value is none of the allowed ones.',
    help: 'Use one of the values in the evidence.',
  },
});

/** The part of JSON Schema (2020-12) that schemas are described in. */
export interface JsonSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly items?: JsonSchema;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
  readonly default?: unknown;
}

/**
 * The declared shape of a JSON value: checks a stranger's value, describes itself as JSON Schema, and carries the
 * TypeScript type {@link Infer} reads. One declaration serves validation, docs and types.
 */
export interface Schema<T> {
  readonly json: JsonSchema;
  /** True for a field that may be left out. */
  readonly optional: boolean;
  /** The value of a field that is left out; see {@link withDefault}. */
  readonly fallback?: T;
  /** Checks `value`; `path` names it in refusals, such as `params.address`. */
  parse(value: unknown, path: string): Result<T>;
}

/** The TypeScript type of a schema's values. */
export type Infer<S> = S extends Schema<infer T> ? T : never;

type Fields = Readonly<Record<string, Schema<unknown>>>;
type OptionalKeys<F extends Fields> = { [K in keyof F]: undefined extends Infer<F[K]> ? K : never }[keyof F];
type ObjectOf<F extends Fields> = { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
  readonly [K in OptionalKeys<F>]?: Infer<F[K]>;
};

/** An integer from `min` to `max`, at most 2^53 − 1. */
export function integer(description: string, min = 0, max = Number.MAX_SAFE_INTEGER): Schema<number> {
  return schema({ type: 'integer', description, minimum: min, maximum: max }, (value, path) => {
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return wrongType(path, 'integer', value);
    if (value < min || value > max) return refuseSchema('json/range', { path, got: value, min, max });
    return ok(withoutSign(value));
  });
}

/** An amount in base units. */
export function amountField(description: string): Schema<number> {
  return schema({ ...integer(description).json, description }, (value, path) =>
    typeof value === 'number' && isAmount(value)
      ? ok(withoutSign(value))
      : wrongType(path, 'integer from 0 to 2^53 − 1', value),
  );
}

/** A text of at most `lengthMax` UTF-16 units that matches the pattern. */
export function string(
  description: string,
  options: { lengthMax?: number; pattern?: string } = {},
): Schema<string> {
  const { lengthMax = 256, pattern } = options;
  const expression = pattern === undefined ? undefined : new RegExp(pattern, 'u');
  const json = {
    type: 'string',
    description,
    maxLength: lengthMax,
    ...(pattern === undefined ? {} : { pattern }),
  };
  return schema(json, (value, path) => {
    if (typeof value !== 'string') return wrongType(path, 'string', value);
    if (value.length > lengthMax)
      return refuseSchema('json/range', { path, got: value.length, max: lengthMax });
    if (expression?.test(value) === false) {
      return refuseSchema('json/range', { path, got: value.slice(0, 80), expected: pattern ?? '' });
    }
    return ok(value);
  });
}

/** Hexadecimal text: exactly `bytes` bytes, or at most `bytesMax`. The value stays text. */
export function hex(description: string, size: { bytes: number } | { bytesMax: number }): Schema<string> {
  const bytesMax = 'bytes' in size ? size.bytes : size.bytesMax;
  const exact = 'bytes' in size ? { minLength: 2 * bytesMax } : {};
  const bounds = { ...exact, maxLength: 2 * bytesMax };
  const json = { type: 'string', description, pattern: '^([0-9a-fA-F]{2})*$', ...bounds };
  return schema(json, (value, path) => {
    if (typeof value !== 'string') return wrongType(path, 'hex string', value);
    if (value.length > 2 * bytesMax || ('bytes' in size && value.length !== 2 * bytesMax)) {
      return refuseSchema('json/range', { path, got: value.length, expected: 2 * bytesMax });
    }
    return isHex(value) ? ok(value) : wrongType(path, 'hex string', value);
  });
}

/** True or false. */
export function boolean(description: string): Schema<boolean> {
  return schema({ type: 'boolean', description }, (value, path) =>
    typeof value === 'boolean' ? ok(value) : wrongType(path, 'boolean', value),
  );
}

/** One of a few texts. */
export function choice<const T extends string>(description: string, values: readonly T[]): Schema<T> {
  return schema({ type: 'string', description, enum: values }, (value, path) => {
    const found = values.find((candidate) => candidate === value);
    if (found !== undefined) return ok(found);
    return refuseSchema('json/choice', { path, got: show(value), expected: values.join(', ') });
  });
}

/** A list of at most `itemsMax` values of one shape. */
export function array<T>(description: string, items: Schema<T>, itemsMax: number): Schema<readonly T[]> {
  const json = { type: 'array', description, items: items.json, maxItems: itemsMax };
  return schema(json, (value, path) => {
    if (!Array.isArray(value)) return wrongType(path, 'array', value);
    if (value.length > itemsMax)
      return refuseSchema('json/range', { path, got: value.length, max: itemsMax });
    const parsed: T[] = [];
    for (const [i, item] of value.entries()) {
      const result = items.parse(item, `${path}[${i}]`);
      if (!result.ok) return result;
      parsed.push(result.value);
    }
    return ok(parsed);
  });
}

/** An object with exactly these fields; those made {@link optional} may be missing. */
export function object<const F extends Fields>(description: string, fields: F): Schema<ObjectOf<F>> {
  const names = Object.keys(fields);
  const json = {
    type: 'object',
    description,
    properties: Object.fromEntries(names.map((name) => [name, (fields[name] as Schema<unknown>).json])),
    required: names.filter((name) => !(fields[name] as Schema<unknown>).optional),
    additionalProperties: false,
  };
  return schema(json, (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrongType(path, 'object', value);
    const unknown = Object.keys(value).find((name) => !Object.hasOwn(fields, name));
    if (unknown !== undefined) return refuseSchema('json/unknown-field', { path, got: unknown.slice(0, 80) });
    const parsed: Record<string, unknown> = {};
    for (const name of names) {
      const field = fields[name] as Schema<unknown>;
      const given = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      if (given === undefined && !field.optional)
        return refuseSchema('json/missing', { path, expected: name });
      if (given === undefined) {
        if (field.fallback !== undefined) parsed[name] = field.fallback;
        continue;
      }
      const result = field.parse(given, `${path}.${name}`);
      if (!result.ok) return result;
      parsed[name] = result.value;
    }
    return ok(parsed as ObjectOf<F>);
  });
}

/** A value that may be left out. */
export function optional<T>(inner: Schema<T>): Schema<T | undefined> {
  return { ...inner, optional: true };
}

/** A value that may be left out and is `fallback` then. */
export function withDefault<T>(inner: Schema<T>, fallback: NoInfer<T>): Schema<T> {
  return { ...inner, json: { ...inner.json, default: fallback }, optional: true, fallback };
}

/**
 * An object that may be left out and has the defaults of all its fields then.
 *
 * @throws AssertionError when one of its fields has none
 */
export function withDefaults<T>(inner: Schema<T>): Schema<T> {
  const empty = inner.parse({}, '');
  assert(empty.ok, 'every field of the object has a default');
  return { ...inner, optional: true, fallback: empty.value };
}

/** A value that may be null. */
export function nullable<T>(inner: Schema<T>): Schema<T | null> {
  const json = { oneOf: [inner.json, { type: 'null' }] };
  return schema<T | null>(json, (value, path) => (value === null ? ok(null) : inner.parse(value, path)));
}

/** One of several object shapes, told apart by the text in one of their fields. */
export function variant<T>(field: string, shapes: Readonly<Record<string, Schema<T>>>): Schema<T> {
  const names = Object.keys(shapes);
  return schema({ oneOf: names.map((name) => (shapes[name] as Schema<T>).json) }, (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return wrongType(path, 'object', value);
    const tag: unknown = Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
    if (tag === undefined) return refuseSchema('json/missing', { path, expected: field });
    const shape = typeof tag === 'string' && Object.hasOwn(shapes, tag) ? shapes[tag] : undefined;
    if (shape !== undefined) return shape.parse(value, path);
    return refuseSchema('json/choice', {
      path: `${path}.${field}`,
      got: show(tag),
      expected: names.join(', '),
    });
  });
}

/** Any JSON value; for results whose shape another document gives. */
export function anyValue(description: string): Schema<unknown> {
  return schema({ description }, (value) => ok(value));
}

function schema<T>(json: JsonSchema, parse: (value: unknown, path: string) => Result<T>): Schema<T> {
  return { json, optional: false, parse };
}

function wrongType(path: string, expected: string, value: unknown): Failure {
  return refuseSchema('json/type', { path, got: typeName(value), expected });
}

function typeName(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** A short text of a value for evidence. Never String() of an object: a stranger's `toString` field would throw. */
function show(value: unknown): string {
  if (typeof value === 'string') return value.slice(0, 80);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : typeName(value);
}

/** JSON can write −0, which would compare and print unlike 0. */
function withoutSign(integer: number): number {
  return integer === 0 ? 0 : integer;
}
