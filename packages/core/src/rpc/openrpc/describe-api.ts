import { assert } from '../../base/assert.ts';
import type { Rule } from '../../base/rules.ts';
import type { JsonSchema } from '../../base/schema.ts';
import type { AnyMethod } from '../method.ts';
import { ERROR_CODE, errorCode } from '../response.ts';
import { type Role, roleOf } from '../roles.ts';
import { nameOfShape, SHAPES } from './shapes.ts';

/** The version of the OpenRPC specification that documents keep to. */
const OPENRPC_VERSION = '1.3.2';

/** A schema of the document: JSON Schema in which known shapes are referred to by `$ref`. */
export interface ApiSchema
  extends Omit<JsonSchema, 'properties' | 'items' | 'oneOf' | 'additionalProperties'> {
  /** Where the shape stands among the components. */
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, ApiSchema>>;
  readonly items?: ApiSchema;
  readonly oneOf?: readonly ApiSchema[];
  readonly additionalProperties?: boolean | ApiSchema;
}

/** A parameter or a result. */
export interface ContentDescriptor {
  readonly name: string;
  readonly description?: string;
  readonly required: boolean;
  readonly schema: ApiSchema;
}

/** All refusals of one method that share a code; OpenRPC lets each code stand once. */
export interface ErrorDescription {
  readonly code: number;
  readonly message: string;
  /** What `data.rule` of the error may be. */
  readonly data: { readonly rules: readonly (Pick<Rule, 'message' | 'help'> & { readonly rule: string })[] };
}

/** A method as OpenRPC describes it. */
export interface MethodDescription {
  readonly name: string;
  readonly summary: string;
  readonly description: string;
  readonly tags: readonly { readonly name: string }[];
  readonly paramStructure: 'by-name';
  readonly params: readonly ContentDescriptor[];
  readonly result: ContentDescriptor;
  readonly errors: readonly ErrorDescription[];
  readonly examples: readonly {
    readonly name: string;
    readonly params: readonly { readonly name: string; readonly value: unknown }[];
  }[];
  /** True for development networks only. */
  readonly 'x-dev-only': boolean;
  /** True for the owner of the node only. */
  readonly 'x-owner-only': boolean;
  /** The least role that a key needs for it. */
  readonly 'x-role': Role;
}

/** An OpenRPC document. */
export interface ApiDescription {
  readonly openrpc: typeof OPENRPC_VERSION;
  readonly info: {
    readonly title: string;
    readonly version: string;
    readonly description: string;
    readonly license: { readonly name: string };
  };
  readonly methods: readonly MethodDescription[];
  readonly components: { readonly schemas: Readonly<Record<string, ApiSchema>> };
}

/**
 * Describes methods as an OpenRPC document, from the same declarations that check what comes in.
 *
 * @param rules - every rule that a method may refuse by, under its id
 * @param version - of the software
 * @throws AssertionError when a method names a rule that is not among them
 * @see https://spec.open-rpc.org/
 */
export function describeApi(
  methods: readonly AnyMethod[],
  rules: Readonly<Record<string, Rule>>,
  version: string,
): ApiDescription {
  const schemas = Object.entries(SHAPES).map(([name, schema]) => [name, referInside(schema)] as const);
  return {
    openrpc: OPENRPC_VERSION,
    info: {
      title: 'Calin',
      version,
      description:
        'JSON-RPC 2.0 over HTTP (POST) and WebSocket. Parameters are given by name. Hashes, keys and encodings are hexadecimal text, amounts integers in base units of at most 2^53 - 1. Beside the rules listed with a method, any call may meet those about requests (rpc/…) and about the shape of its parameters (json/…).',
      license: { name: 'MIT' },
    },
    methods: methods.map((method) => describeMethod(method, rules)),
    components: { schemas: Object.fromEntries(schemas) },
  };
}

function describeMethod(method: AnyMethod, rules: Readonly<Record<string, Rule>>): MethodDescription {
  const { name, summary, description, params, result, errors, example, devOnly, ownerOnly } = method;
  const { properties = {}, required = [] } = params.json;
  return {
    name,
    summary,
    description,
    tags: [{ name: /^[a-z]+(?=[_.])/.exec(name)?.[0] ?? 'subscriptions' }],
    paramStructure: 'by-name',
    params: Object.entries(properties).map(([field, schema]) =>
      describeContent(field, schema, required.includes(field)),
    ),
    result: describeContent('result', result.json, true),
    errors: describeErrors(errors, rules),
    examples: [
      {
        name: 'A call on a development chain',
        params: Object.entries(example as Record<string, unknown>).map(([field, value]) => ({
          name: field,
          value,
        })),
      },
    ],
    'x-dev-only': devOnly,
    'x-owner-only': ownerOnly,
    'x-role': roleOf(method),
  };
}

function describeContent(name: string, schema: JsonSchema, required: boolean): ContentDescriptor {
  const { description } = schema;
  return { name, ...(description === undefined ? {} : { description }), required, schema: refer(schema) };
}

const MEANINGS: Readonly<Record<number, string>> = {
  [ERROR_CODE.invalidParams]: 'The parameters have the wrong shape, or hold a malformed address or encoding.',
  [ERROR_CODE.refused]: 'A rule refuses the call.',
  [ERROR_CODE.refusedForNow]: 'A rule refuses the call for now; the same call may succeed later.',
};

function describeErrors(
  ids: readonly string[],
  rules: Readonly<Record<string, Rule>>,
): readonly ErrorDescription[] {
  const byCode = new Map<number, ErrorDescription['data']['rules'][number][]>();
  for (const rule of ids) {
    const declared = Object.hasOwn(rules, rule) ? rules[rule] : undefined;
    assert(declared !== undefined, `no rule ${rule}`);
    const { message, help, retry = false } = declared;
    const code = errorCode({ rule, retry });
    byCode.set(code, [...(byCode.get(code) ?? []), { rule, message, help }]);
  }
  return [...byCode].map(([code, group]) => ({
    code,
    message: MEANINGS[code] ?? 'The call fails.',
    data: { rules: group },
  }));
}

/** A schema in which known shapes are named instead of written out. */
function refer(schema: JsonSchema): ApiSchema {
  const name = nameOfShape(schema);
  return name === undefined ? referInside(schema) : { $ref: `#/components/schemas/${name}` };
}

/** The same below the schema itself. */
function referInside(schema: JsonSchema): ApiSchema {
  const { properties, items, oneOf, additionalProperties, ...plain } = schema;
  const fields = Object.entries(properties ?? {}).map(([name, field]) => [name, refer(field)] as const);
  return {
    ...plain,
    ...(properties === undefined ? {} : { properties: Object.fromEntries(fields) }),
    ...(items === undefined ? {} : { items: refer(items) }),
    ...(oneOf === undefined ? {} : { oneOf: oneOf.map(refer) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === 'boolean' ? additionalProperties : refer(additionalProperties),
        }),
  };
}
