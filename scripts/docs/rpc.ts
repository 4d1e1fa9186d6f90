import type { JsonSchema } from '@calin/core/base/schema.ts';
import { ALIASES } from '@calin/core/rpc/aliases.ts';
import {
  BATCH_MAX,
  BUNDLE_TRANSACTIONS_MAX,
  REQUEST_BYTES_MAX,
  REQUEST_DEPTH_MAX,
  SUBSCRIPTIONS_MAX,
} from '@calin/core/rpc/limits.ts';
import type { AnyMethod } from '@calin/core/rpc/method.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { nameOfShape, SHAPES } from '@calin/core/rpc/openrpc/shapes.ts';
import { ERROR_CODE } from '@calin/core/rpc/response.ts';
import type { GeneratedPage } from '../lib/generated.ts';

const INTRODUCTION = `# JSON-RPC

A node answers [JSON-RPC 2.0](https://www.jsonrpc.org/specification) over HTTP (\`POST /\`) and over WebSocket, by
default at 127.0.0.1. \`GET /openrpc.json\` describes all methods for programs, as an
[OpenRPC](https://spec.open-rpc.org/) document, and \`GET /docs/api\` for people. \`npm run docs\` writes this page from the methods in \`packages/core/src/rpc/methods/\`; the same
declarations check what comes in and give the client its types.

- **Parameters** are given by name, as an object. A field that does not exist is refused.
- **Hashes, keys and encodings** are hexadecimal text. **Addresses** are bech32m text with the network's prefix.
  **Amounts** are integers in base units (100,000,000 hugs are 1 CALIN) of at most 2^53 − 1, exact in every JSON reader.
- **Answers tell only what is on disk.** What a node has answered survives a power cut.
- **A batch** of up to ${BATCH_MAX} requests is worked through in order. A request text has at most
  ${digits(REQUEST_BYTES_MAX)} bytes and is nested at most ${REQUEST_DEPTH_MAX} deep.

\`\`\`sh
curl -s http://127.0.0.1:8645 -H 'content-type: application/json' \\
  -d '{"jsonrpc":"2.0","method":"node_status","id":1}'
\`\`\`
`;

const ERRORS = `## Errors

The code says of which sort an error is; \`data.rule\` says which rule was broken, \`data.help\` what to do about it,
\`data.evidence\` the facts, and \`data.retry\` whether the same call may succeed later. Programs should look at the rule:
rules are stable, and docs/reference/rules.md lists all of them.

| Code | Meaning |
| ---: | --- |
| ${ERROR_CODE.parse} | The text is not JSON. |
| ${ERROR_CODE.invalidRequest} | Not a request, or beyond a limit on requests. |
| ${ERROR_CODE.methodNotFound} | No such method. |
| ${ERROR_CODE.invalidParams} | The parameters have the wrong shape, or hold a malformed address or encoding. |
| ${ERROR_CODE.internal} | The node failed to answer: a bug, or a damaged disk. |
| ${ERROR_CODE.refused} | A rule refuses the call. |
| ${ERROR_CODE.refusedForNow} | A rule refuses the call for now. |

Errors that any call may meet, beside those listed with its method: \`rpc/parse-error\`, \`rpc/too-large\`, \`rpc/too-deep\`, \`rpc/batch-empty\`,
\`rpc/batch-too-long\`, \`rpc/invalid-request\`, \`rpc/method-unknown\`, \`rpc/role\`, \`rpc/rate-limited\`, \`rpc/internal\`, \`rpc/response-too-large\`, the
rules \`json/…\` about the shape of parameters, and \`node/store-failed\` when the disk fails before the answer.
`;

const BUNDLES = `## Bundles

Whoever hands in many transactions can leave out JSON and hexadecimal text: a bundle holds their bytes and is answered
as \`tx_submit\` would be, at a fraction of the cost for both sides. All integers are little-endian; parents stand before
their children.

| Bytes of a bundle | Meaning |
| --- | --- |
| 4 | How many transactions follow: 1 to ${digits(BUNDLE_TRANSACTIONS_MAX)}. |
| 4 + n, for each | Its length n, and the transaction (docs/reference/encodings.md). |

A bundle has at most ${digits(REQUEST_BYTES_MAX)} bytes. Over HTTP it is the body of \`POST /transactions\` with
\`content-type: application/octet-stream\`. The answer has status 200 and is bytes as well, or with
\`accept: application/json\` the result of \`tx_submit\` with all that refusals tell.

| Bytes of the answer | Meaning |
| --- | --- |
| 4 | How many verdicts there are: one for each transaction, in order. |
| 4 | How many rules refused something. |
| 4 + n, for each rule | The length n of its id, and the id in ASCII, followed by zeros up to a multiple of 4 bytes. |
| 4 + 32, for each transaction | 0 when it is accepted, otherwise the number of the rule, from 1; then its txid, or zeros when the bytes are no transaction. |

A bundle that is refused as a whole is answered by a JSON-RPC error without an id and another status: 400 when it is
malformed (\`codec/…\`, \`rpc/bundle-empty\`), 413 and 415 for the length and the type of the body, 429 with the rule
\`node/busy\` and the header \`retry-after\` when the node has as much waiting as it takes, 503 when it is stopping or its
disk failed. None of its transactions was looked at then; the same bundle may be sent again. JSON-RPC over HTTP answers
429 too when the node was too busy for every call of a body; all other answers to calls have status 200.

Over WebSocket a bundle is a binary message: a number of 4 bytes that the sender chooses, and the bundle. The answer is
a binary message too: the same number, the status in 4 bytes, and the body that HTTP would have. Answers may come in
another order than the bundles.
`;

const ACCESS = `## Who may call

| Role | What it opens |
| --- | --- |
| \`none\` | GET \`/health\`, \`/metrics\`, \`/openrpc.json\`, \`/docs/api\` and the pages of the explorer |
| \`read\` | All methods that read, and subscriptions |
| \`submit\` | Also \`tx_submit\`, bundles, and on development networks the \`dev_\` methods |
| \`admin\` | Also what is for the owner of the node |

A caller has the role of the key that it sends (\`authorization: Bearer KEY\`; [the guide](../guides/api.md) says how keys are made).
Without a key it is \`admin\` on the node’s own machine, and elsewhere what \`--anonymous\` says: \`submit\`, if nothing.

Each call of a key, or of an address without one, takes one from a bucket of ten seconds’ calls; so does opening a
WebSocket, and a bundle. The headers \`ratelimit-limit\`, \`ratelimit-remaining\` and \`ratelimit-reset\` (seconds until all
are back) tell what is left. When nothing is, the calls are refused by \`rpc/rate-limited\`; if that goes for all calls of
a body, its status is 429 with \`retry-after\`. A wrong key has status 401; after ten of them an address has to wait (429).
`;

const SUBSCRIPTIONS = `## Subscriptions

Over WebSocket a connection may have up to ${SUBSCRIPTIONS_MAX} subscriptions. News come as notifications:

\`\`\`json
{"jsonrpc":"2.0","method":"subscription","params":{"subscription":"1","result":{"kind":"head", "…": "…"}}}
\`\`\`

| Topic | \`result.kind\` | \`result\` |
| --- | --- | --- |
| \`heads\` | \`head\` | \`id\`, \`height\` and \`timeMs\` of each new head; \`reverted\`: blocks of the old branch that were taken back; \`txids\`: transactions that came into the chain, rewards left out |
| \`transactions\` | \`transaction\` | \`transaction\`: what came into the pool, as in tx_get |
| \`address\` | both | The same, as far as a transaction pays to the address or spends from it; \`txids\` holds only these. After a reorganisation (\`reverted\` above 0) every address is told of the new head |

A head is told only once it is on disk. A subscriber that reads too slowly is disconnected.

Who was cut off names the last head it heard of as \`after\` of \`subscribe\`. The blocks since then are told first, one by
one; the first of them has in \`reverted\` how many blocks that the subscriber knew were taken back. The node goes back
256 blocks with 16,384 transactions; beyond that, and when it does not know the head, it refuses by \`rpc/resume\`, and the
subscriber has to read the state anew. What waited in the pool meanwhile is not told again.
`;

/** docs/reference/rpc.md: every method with its fields, errors and an example. */
export const pages: readonly GeneratedPage[] = [
  { path: 'docs/reference/rpc.md', generate: () => formatPage(Object.values(METHODS)) },
];

/** The text of the page. */
export function formatPage(methods: readonly AnyMethod[]): string {
  const rows = methods.map(
    ({ name, summary }) => `| [\`${name}\`](#${name.toLowerCase().replace('.', '')}) | ${cell(summary)} |`,
  );
  const overview = `## Methods\n\n| Method | What it does |\n| --- | --- |\n${rows.join('\n')}\n`;
  return [
    INTRODUCTION,
    overview,
    ...methods.map(formatMethod),
    formatShapes(),
    formatAliases(),
    ACCESS,
    BUNDLES,
    SUBSCRIPTIONS,
    ERRORS,
  ].join('\n');
}

function formatAliases(): string {
  const rows = Object.entries(ALIASES).map(
    ([name, { method, summary }]) => `| \`${name}\` | \`${method}\` | ${cell(summary)} |`,
  );
  return [
    '## Names of other tools\n',
    'Development chains know these methods of anvil and Hardhat as well, with their lists of parameters. Quantities are',
    'numbers, or text such as `"0x10"`.\n',
    `| Method | Is | What it does |\n| --- | --- | --- |\n${rows.join('\n')}\n`,
  ].join('\n');
}

function formatMethod(method: AnyMethod): string {
  const { name, summary, description, params, result, errors, example, devOnly, ownerOnly } = method;
  const request = JSON.stringify({ jsonrpc: '2.0', method: name, params: example, id: 1 });
  const refusals =
    errors.length === 0 ? '' : `Errors: ${errors.map((rule) => `\`${rule}\``).join(', ')}.\n\n`;
  const only = devOnly ? ' Development networks only.' : ownerOnly ? ' Only on the node’s own machine.' : '';
  return [
    `### ${name}\n\n${summary}${only} ${description}\n`,
    `${formatFields('Parameters', params.json)}\n`,
    `${formatFields('Result', result.json)}\n`,
    `${refusals}\`\`\`json\n${request}\n\`\`\`\n`,
  ].join('\n');
}

function formatShapes(): string {
  const shapes = Object.entries(SHAPES)
    .filter(([name]) => name !== 'genesis')
    .map(([name, schema]) => `### ${name}\n\n${meaningOf(schema)}\n\n${fieldTable(fieldRows(schema, ''))}\n`);
  return ['## Shapes\n\nObjects that several methods take or give.\n', ...shapes].join('\n');
}

function formatFields(title: string, schema: JsonSchema): string {
  if (linkOf(schema) !== undefined) return `${title}: ${typeOf(schema)}. ${meaningOf(schema)}`;
  const rows = fieldRows(schema, '');
  if (rows.length === 0 && schema.type === 'object') return `${title}: none.`;
  const head = schema.type === 'object' ? `${title}:` : `${title}: ${typeOf(schema)}. ${meaningOf(schema)}`;
  return rows.length === 0 ? head : `${head}\n\n${fieldTable(rows)}`;
}

interface Row {
  readonly field: string;
  readonly values: readonly string[];
  readonly meaning: string;
  /** The kinds of an alternative that have the field; empty when it always exists. */
  readonly kinds: readonly string[];
}

function fieldTable(rows: readonly Row[]): string {
  const lines = rows.map(({ field, values, meaning, kinds }) => {
    // The field that tells the kinds apart is in all of them.
    const only = kinds.length > 0 && !field.includes('kind') ? ` Only for ${kinds.join(', ')}.` : '';
    return `| ${field} | ${values.join(', ')} | ${meaning}${only} |`;
  });
  return `| Field | Value | Meaning |\n| --- | --- | --- |\n${lines.join('\n')}`;
}

/** A row for every field; alternatives that say the same of a field, such as their kind, share one. */
function fieldRows(schema: JsonSchema, path: string): readonly Row[] {
  const rows = new Map<string, Row>();
  for (const row of allRows(schema, path, [])) {
    const key = `${row.field} ${row.meaning}`;
    const before = rows.get(key);
    const values = new Set([...(before?.values ?? []), ...row.values]);
    const kinds = new Set([...(before?.kinds ?? []), ...row.kinds]);
    rows.set(key, { ...row, values: [...values], kinds: [...kinds] });
  }
  return [...rows.values()];
}

function* allRows(schema: JsonSchema, path: string, kinds: readonly string[]): Generator<Row> {
  for (const shape of schema.oneOf ?? []) {
    if (linkOf(shape) === undefined) yield* allRows(shape, path, kindsOf(shape));
  }
  if (schema.items !== undefined && linkOf(schema.items) === undefined) {
    yield* allRows(schema.items, `${path}[]`, []);
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    const isOptional = schema.required?.includes(name) !== true;
    yield {
      field: `\`${at}\`${isOptional ? ' (optional)' : ''}`,
      values: [typeOf(field)],
      meaning: meaningOf(field),
      kinds,
    };
    if (linkOf(field) === undefined) yield* allRows(field, at, []);
  }
}

function meaningOf(schema: JsonSchema): string {
  const text = schema.description ?? (schema.oneOf ?? []).map(describeShape).join(' ');
  const fallback = schema.default === undefined ? '' : ` Default: \`${JSON.stringify(schema.default)}\`.`;
  return cell(`${text.trim()}${fallback}`);
}

function describeShape(shape: JsonSchema): string {
  const names = kindsOf(shape).map((kind) => `\`${kind}\`: `);
  return `${names.join('')}${shape.description ?? ''}`;
}

/** What the field `kind` of an alternative says. */
function kindsOf(shape: JsonSchema): readonly string[] {
  return shape.properties?.['kind']?.enum ?? [];
}

/** A link to where the shape is described, when it is not described in place. */
function linkOf(schema: JsonSchema): string | undefined {
  const name = nameOfShape(schema);
  if (name === 'genesis') return '[genesis file](genesis.md)';
  return name === undefined ? undefined : `[${name}](#${name})`;
}

function typeOf(schema: JsonSchema): string {
  const link = linkOf(schema);
  if (link !== undefined) return link;
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(', ');
  if (schema.oneOf !== undefined) return [...new Set(schema.oneOf.map(typeOf))].join(' or ');
  if (schema.type === 'integer') return rangeOf(schema);
  if (schema.type === 'array') {
    const items = schema.items === undefined ? undefined : linkOf(schema.items);
    return `list of at most ${digits(schema.maxItems)}${items === undefined ? '' : ` ${items}`}`;
  }
  if (schema.pattern?.includes('{2}') === true) {
    const bound = schema.minLength === schema.maxLength ? '' : 'at most ';
    return `${bound}${digits(schema.maxLength)} hexadecimal digits`;
  }
  return schema.type ?? 'any';
}

function rangeOf({ minimum, maximum }: JsonSchema): string {
  const [from, to] = [minimum, maximum].map((bound) =>
    bound === Number.MAX_SAFE_INTEGER
      ? '2^53 − 1'
      : bound === Number.MIN_SAFE_INTEGER
        ? '−2^53 + 1'
        : digits(bound),
  );
  return `${from} to ${to}`;
}

/** A number with commas between its thousands. */
function digits(value: number | undefined): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
