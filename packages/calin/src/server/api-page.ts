import { createHash } from 'node:crypto';
import type {
  ApiDescription,
  ApiSchema,
  ContentDescriptor,
  ErrorDescription,
  MethodDescription,
} from '@calin/core/rpc/openrpc/describe-api.ts';

const STYLE = `:root{color-scheme:light dark;--line:#8884;--soft:#888}
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
code,pre{font:14px/1.45 ui-monospace,monospace}pre{overflow-x:auto;border:1px solid var(--line);border-radius:6px;padding:.75rem}
section{border-top:1px solid var(--line);margin-top:2rem}h2,h3{overflow-wrap:anywhere}ul{padding-left:1.25rem}
.kind{color:var(--soft)}.tag{border:1px solid var(--line);border-radius:4px;padding:0 .4rem;font-size:.85rem}
nav ul{columns:16rem;list-style:none;padding:0}`;

/**
 * What the page may load, for the header Content-Security-Policy: nothing but its own style, so that no text in it
 * could ever become a script.
 */
export const API_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/** The API as one HTML page: every method with its parameters, result, errors and an example. No script. */
export function formatApiPage(api: ApiDescription): string {
  const { info, methods, components } = api;
  const shapes = Object.entries(components.schemas);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} JSON-RPC</title><style>${STYLE}</style></head><body>
<header><h1>${text(info.title)} JSON-RPC</h1><p>${text(info.description)}</p>
<p>Version ${text(info.version)}. For programs: <a href="/openrpc.json">openrpc.json</a>, OpenRPC ${text(api.openrpc)}.</p></header>
<nav aria-label="Methods"><ul>${methods.map(({ name }) => `<li><a href="#${text(name)}"><code>${text(name)}</code></a></li>`).join('')}</ul></nav>
<main>${methods.map(formatMethod).join('\n')}
<section><h2>Shapes</h2>${shapes.map(([name, schema]) => `<h3 id="shape-${text(name)}">${text(name)}</h3>${formatInside(schema)}`).join('')}</section></main>
</body></html>
`;
}

function formatMethod(method: MethodDescription): string {
  const { name, summary, description, params, result, errors, examples } = method;
  const only = [
    method['x-dev-only'] ? '<span class="tag">development networks</span>' : '',
    method['x-owner-only'] ? '<span class="tag">owner of the node</span>' : '',
  ].join(' ');
  const call = {
    jsonrpc: '2.0',
    method: name,
    params: Object.fromEntries((examples[0]?.params ?? []).map((one) => [one.name, one.value])),
    id: 1,
  };
  return `<section id="${text(name)}"><h2><code>${text(name)}</code> ${only}</h2>
<p>${text(summary)} ${text(description)}</p>
<h3>Parameters</h3>${params.length === 0 ? '<p>None.</p>' : `<ul>${params.map(formatParameter).join('')}</ul>`}
<h3>Result</h3><p>${formatHead(result.schema)}</p>${formatInside(result.schema)}
${errors.length === 0 ? '' : `<h3>Errors</h3><ul>${errors.flatMap(formatErrors).join('')}</ul>`}
<h3>Example</h3><pre>${text(JSON.stringify(call))}</pre></section>`;
}

function formatParameter({ name, required, schema }: ContentDescriptor): string {
  return formatField(name, schema, required);
}

function formatErrors({ code, data }: ErrorDescription): readonly string[] {
  return data.rules.map(
    ({ rule, message, help }) =>
      `<li><code>${text(rule)}</code> <span class="kind">${code}</span> ${text(message)} ${text(help)}</li>`,
  );
}

function formatField(name: string, schema: ApiSchema, required: boolean): string {
  const optional = required ? '' : ' <span class="kind">optional</span>';
  return `<li><code>${text(name)}</code>${optional} ${formatHead(schema)}${formatInside(schema)}</li>`;
}

/** The kind of a value, what it means and its default. */
function formatHead(schema: ApiSchema): string {
  const fallback =
    schema.default === undefined ? '' : ` Default: <code>${text(JSON.stringify(schema.default))}</code>.`;
  return `<span class="kind">${kindOf(schema)}</span> ${text(schema.description ?? '')}${fallback}`;
}

/** What is inside an object, a list or an alternative. */
function formatInside({ properties, items, oneOf, required = [] }: ApiSchema): string {
  const fields = Object.entries(properties ?? {}).map(([name, field]) =>
    formatField(name, field, required.includes(name)),
  );
  const parts = [...(items === undefined ? [] : [items]), ...(oneOf ?? [])].filter(
    ({ $ref, type }) => $ref === undefined && type !== 'null',
  );
  const inner = parts.map((part) => `<li>${formatHead(part)}${formatInside(part)}</li>`);
  return fields.length + inner.length === 0 ? '' : `<ul>${[...fields, ...inner].join('')}</ul>`;
}

function kindOf(schema: ApiSchema): string {
  const { $ref, oneOf, items, minimum, maximum, maxItems, maxLength, minLength, pattern } = schema;
  if ($ref !== undefined) {
    const name = text($ref.slice($ref.lastIndexOf('/') + 1));
    return `<a href="#shape-${name}">${name}</a>`;
  }
  if (schema.enum !== undefined) return schema.enum.map((one) => `<code>"${text(one)}"</code>`).join(', ');
  if (oneOf !== undefined) return [...new Set(oneOf.map(kindOf))].join(' or ');
  if (schema.type === 'integer') return `integer, ${minimum} to ${maximum}`;
  if (items !== undefined) return `list of at most ${maxItems} ${kindOf(items)}`;
  if (pattern?.includes('{2}') === true)
    return `${minLength === maxLength ? '' : 'at most '}${maxLength} hexadecimal digits`;
  return text(schema.type ?? 'any');
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as HTML, also between quotation marks. */
function text(value: string): string {
  return value.replace(/[&<>"']/g, (character) => ESCAPES[character] as string);
}
