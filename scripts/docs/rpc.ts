import type { JsonSchema } from '@calin/core/base/schema.ts';
import {
  BATCH_MAX,
  REQUEST_BYTES_MAX,
  REQUEST_DEPTH_MAX,
  SUBSCRIPTIONS_MAX,
} from '@calin/core/rpc/limits.ts';
import type { AnyMethod } from '@calin/core/rpc/method.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { ERROR_CODE } from '@calin/core/rpc/response.ts';
import type { GeneratedPage } from '../lib/generated.ts';

const INTRODUCTION = `# JSON-RPC

A node answers [JSON-RPC 2.0](https://www.jsonrpc.org/specification) over HTTP (\`POST /\`) and over WebSocket, by
default at 127.0.0.1. \`npm run docs\` writes this page from the methods in \`packages/core/src/rpc/methods/\`; the same
declarations check what comes in and give the client its types.

- **Parameters** are given by name, as an object. A field that does not exist is refused.
- **Hashes, keys and encodings** are hexadecimal text. **Addresses** are bech32m text with the network's prefix.
  **Amounts** are integers in base units (100,000,000 hugs are 1 CALIN) of at most 2^53 − 1, exact in every JSON reader.
- **Answers tell only what is on disk.** What a node has answered survives a power cut.
- **A batch** of up to ${BATCH_MAX} requests is worked through in order. A request text has at most
  ${digits(REQUEST_BYTES_MAX)} bytes and is nested at most ${REQUEST_DEPTH_MAX} deep.

\`\`\`sh
curl -s http://127.0.0.1:8545 -H 'content-type: application/json' \\
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

Errors that are not repeated below: \`rpc/parse-error\`, \`rpc/too-large\`, \`rpc/too-deep\`, \`rpc/batch-empty\`,
\`rpc/batch-too-long\`, \`rpc/invalid-request\`, \`rpc/method-unknown\`, \`rpc/internal\`, \`rpc/response-too-large\`, the
rules \`json/…\` about the shape of parameters, and \`node/store-failed\` when the disk fails before the answer.
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
`;

/** docs/reference/rpc.md: every method with its fields, errors and an example. */
export const pages: readonly GeneratedPage[] = [
  { path: 'docs/reference/rpc.md', generate: () => formatPage(Object.values(METHODS)) },
];

/** The text of the page. */
export function formatPage(methods: readonly AnyMethod[]): string {
  const rows = methods.map(
    ({ name, summary }) => `| [\`${name}\`](#${name.toLowerCase()}) | ${cell(summary)} |`,
  );
  const overview = `## Methods\n\n| Method | What it does |\n| --- | --- |\n${rows.join('\n')}\n`;
  return [INTRODUCTION, overview, ...methods.map(formatMethod), SUBSCRIPTIONS, ERRORS].join('\n');
}

function formatMethod(method: AnyMethod): string {
  const { name, summary, description, params, result, errors, example, devOnly } = method;
  const request = JSON.stringify({ jsonrpc: '2.0', method: name, params: example, id: 1 });
  const refusals =
    errors.length === 0 ? '' : `Errors: ${errors.map((rule) => `\`${rule}\``).join(', ')}.\n\n`;
  const only = devOnly ? ' Development networks only.' : '';
  return [
    `### ${name}\n\n${summary}${only} ${description}\n`,
    `${formatFields('Parameters', params.json)}\n`,
    `${formatFields('Result', result.json)}\n`,
    `${refusals}\`\`\`json\n${request}\n\`\`\`\n`,
  ].join('\n');
}

function formatFields(title: string, schema: JsonSchema): string {
  const rows = [...fieldRows(schema, '')];
  const own = `${title}: ${typeOf(schema)}. ${schema.description ?? ''}`.trim();
  if (rows.length === 0) return schema.type === 'object' ? `${title}: none.` : own;
  const head = schema.type === 'object' ? `${title}:` : own;
  return `${head}\n\n| Field | Value | Meaning |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

function* fieldRows(schema: JsonSchema, path: string): Generator<string> {
  const seen = new Set<string>();
  for (const row of allRows(schema, path)) {
    // Alternatives share fields, such as their kind; one row for each is enough where they say the same.
    if (!seen.has(row)) yield row;
    seen.add(row);
  }
}

function* allRows(schema: JsonSchema, path: string): Generator<string> {
  for (const shape of schema.oneOf ?? []) yield* allRows(shape, path);
  if (schema.items !== undefined) yield* allRows(schema.items, `${path}[]`);
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const at = path === '' ? name : `${path}.${name}`;
    const isOptional = schema.required?.includes(name) !== true;
    yield `| \`${at}\`${isOptional ? ' (optional)' : ''} | ${typeOf(field)} | ${meaningOf(field)} |`;
    yield* allRows(field, at);
  }
}

function meaningOf(schema: JsonSchema): string {
  const text = schema.description ?? (schema.oneOf ?? []).map((shape) => shape.description ?? '').join(' ');
  const fallback = schema.default === undefined ? '' : ` Default: \`${JSON.stringify(schema.default)}\`.`;
  return cell(`${text.trim()}${fallback}`);
}

function typeOf(schema: JsonSchema): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`"${value}"\``).join(', ');
  if (schema.oneOf !== undefined) {
    return [...new Set(schema.oneOf.map(typeOf))].join(' or ');
  }
  if (schema.type === 'integer') return rangeOf(schema);
  if (schema.type === 'array') return `list of at most ${digits(schema.maxItems)}`;
  if (schema.pattern?.includes('{2}') === true)
    return `at most ${digits(schema.maxLength)} hexadecimal digits`;
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
