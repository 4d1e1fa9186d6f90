import { assert } from './assert.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = { readonly [name: string]: Json };

/** Keywords that say nothing about what is valid, or (`format`) need not be looked at. */
const ANNOTATIONS = new Set([
  '$id',
  '$schema',
  '$comment',
  'title',
  'description',
  'default',
  'examples',
  'definitions',
  'components',
  'format',
]);

/**
 * Checks JSON values against JSON Schema (draft 7) documents, which refer to each other and into themselves by `$ref`.
 * Knows the keywords that the schemas of the tests use and throws at any other, so that none is passed over.
 *
 * @see https://json-schema.org/draft-07/json-schema-validation
 */
export class JsonSchemaChecker {
  readonly #documents: ReadonlyMap<string, Json>;

  /** @param documents - by their address without a `#` or a slash at the end */
  constructor(documents: Readonly<Record<string, unknown>>) {
    this.#documents = new Map(Object.entries(documents as Record<string, Json>));
  }

  /** Where and why a value is not valid; empty when it is. */
  check(address: string, value: unknown): readonly string[] {
    return this.#check(this.#resolve(address, ''), value as Json, '$', address.split('#', 1)[0] as string);
  }

  #check(schema: Json, value: Json, at: string, base: string): readonly string[] {
    if (typeof schema === 'boolean') return schema ? [] : [`${at}: nothing is valid here`];
    assert(isObject(schema), `no schema at ${at}`);
    const { $ref } = schema;
    // Beside a reference draft 7 looks at nothing else.
    if ($ref !== undefined && typeof $ref === 'string') {
      const [document = ''] = $ref.split('#', 1);
      const target = document === '' ? base : trimSlash(document);
      return this.#check(this.#resolve($ref, base), value, at, target);
    }
    return Object.entries(schema).flatMap(([keyword, rule]) =>
      ANNOTATIONS.has(keyword) ? [] : this.#apply(keyword, rule, schema, value, at, base),
    );
  }

  #apply(
    keyword: string,
    rule: Json,
    schema: JsonObject,
    value: Json,
    at: string,
    base: string,
  ): readonly string[] {
    const simple = SIMPLE[keyword];
    if (simple !== undefined) return simple(rule, value) ? [] : [`${at}: ${keyword} ${JSON.stringify(rule)}`];
    const all = (schemas: Json) =>
      (schemas as readonly Json[]).map((one) => this.#check(one, value, at, base));
    switch (keyword) {
      case 'oneOf':
      case 'anyOf': {
        const found = all(rule);
        const valid = found.filter((problems) => problems.length === 0).length;
        if (keyword === 'oneOf' ? valid === 1 : valid > 0) return [];
        return [`${at}: ${valid} of ${keyword} are valid`, ...found.flat()];
      }
      case 'items':
        if (!Array.isArray(value)) return [];
        assert(!Array.isArray(rule), 'lists of item schemas are not known here');
        return (value as readonly Json[]).flatMap((item, i) => this.#check(rule, item, `${at}[${i}]`, base));
      case 'properties':
      case 'patternProperties':
      case 'additionalProperties':
        return isObject(value) ? this.#checkFields(keyword, schema, value, at, base) : [];
      case 'propertyNames':
        if (!isObject(value)) return [];
        return Object.keys(value).flatMap((name) => this.#check(rule, name, `${at}.${name}`, base));
      default:
        throw new Error(`the keyword ${keyword} is not known here`);
    }
  }

  #checkFields(
    keyword: string,
    schema: JsonObject,
    value: JsonObject,
    at: string,
    base: string,
  ): readonly string[] {
    const properties = (schema['properties'] ?? {}) as JsonObject;
    const patterns = (schema['patternProperties'] ?? {}) as JsonObject;
    return Object.entries(value).flatMap(([name, field]) => {
      const matching = Object.keys(patterns).filter((pattern) => new RegExp(pattern, 'u').test(name));
      const own = Object.hasOwn(properties, name) ? [properties[name] as Json] : [];
      const matched = matching.map((pattern) => patterns[pattern] as Json);
      const rest = own.length + matched.length === 0 ? [schema['additionalProperties'] as Json] : [];
      const schemas = { properties: own, patternProperties: matched }[keyword] ?? rest;
      return schemas.flatMap((one) => this.#check(one, field, `${at}.${name}`, base));
    });
  }

  #resolve(reference: string, base: string): Json {
    const [document = '', pointer = ''] = reference.split('#', 2);
    let found: Json | undefined = this.#documents.get(document === '' ? base : trimSlash(document));
    for (const part of pointer.split('/').slice(1)) {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      found = typeof found === 'object' ? (found as JsonObject | null)?.[name] : undefined;
    }
    assert(found !== undefined, `${reference} leads nowhere`);
    return found;
  }
}

const TYPES: Readonly<Record<string, (value: Json) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  array: Array.isArray,
  object: isObject,
};

const isNumber = (value: Json): value is number => typeof value === 'number';
const lengthOf = (value: Json): number => [...(value as string)].length;

/** Keywords that look at a value alone. What they are not about is valid. */
const SIMPLE: Readonly<Record<string, (rule: Json, value: Json) => boolean>> = {
  type: (rule, value) => [rule].flat().some((type) => TYPES[type as string]?.(value) === true),
  enum: (rule, value) =>
    (rule as readonly Json[]).some((one) => JSON.stringify(one) === JSON.stringify(value)),
  required: (rule, value) =>
    !isObject(value) || (rule as readonly string[]).every((name) => Object.hasOwn(value, name)),
  minimum: (rule, value) => !isNumber(value) || value >= (rule as number),
  maximum: (rule, value) => !isNumber(value) || value <= (rule as number),
  exclusiveMinimum: (rule, value) => !isNumber(value) || value > (rule as number),
  minLength: (rule, value) => typeof value !== 'string' || lengthOf(value) >= (rule as number),
  maxLength: (rule, value) => typeof value !== 'string' || lengthOf(value) <= (rule as number),
  pattern: (rule, value) => typeof value !== 'string' || new RegExp(rule as string, 'u').test(value),
  minItems: (rule, value) => !Array.isArray(value) || value.length >= (rule as number),
  maxItems: (rule, value) => !Array.isArray(value) || value.length <= (rule as number),
  uniqueItems: (rule, value) =>
    rule !== true ||
    !Array.isArray(value) ||
    new Set(value.map((one) => JSON.stringify(one))).size === value.length,
  // Of a list whose items share one schema it says nothing.
  additionalItems: () => true,
};

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function trimSlash(address: string): string {
  return address.replace(/\/$/, '');
}
