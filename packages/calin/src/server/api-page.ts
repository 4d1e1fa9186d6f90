import { createHash } from 'node:crypto';
import type {
  ApiDescription,
  ApiSchema,
  ContentDescriptor,
  ErrorDescription,
  MethodDescription,
} from '@calin/core/rpc/openrpc/describe-api.ts';

// The colours are the tokens of the pages, packages/explorer/src/styles.css. A page without a script does not know what
// was chosen there; it follows the machine.
const STYLE = `:root{color-scheme:light dark;--page:light-dark(#f6f5f3,#131115);--surface:light-dark(#fff,#1c191f);
--sunken:light-dark(#efedea,#252129);--line:light-dark(#dfdcd7,#36313b);--ink:light-dark(#1d1a20,#f1eef3);
--soft:light-dark(#625c68,#a9a1b1);--accent:light-dark(#9b2c5e,#f08bb6);--on-accent:light-dark(#fff,#2a0d1b)}
*{box-sizing:border-box}html{background:var(--page);color:var(--ink);scrollbar-gutter:stable}
body{font:16px/1.6 ui-sans-serif,system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;max-width:80rem;
margin:0 auto;padding:1rem 1.5rem 3rem;overflow-wrap:anywhere;-webkit-font-smoothing:antialiased}
a{color:var(--accent);text-decoration-color:color-mix(in srgb,currentcolor 40%,transparent);text-underline-offset:3px}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px;border-radius:4px}
code,pre{font:.8125rem/1.5 ui-monospace,'SF Mono','Cascadia Mono',Menlo,'DejaVu Sans Mono',monospace}
code{background:var(--sunken);border-radius:.3rem;padding:.1em .3em}pre code{background:none}
pre{overflow-x:auto;border:1px solid var(--line);border-radius:.75rem;background:var(--surface);padding:.8rem 1rem}
.top{display:flex;flex-wrap:wrap;align-items:center;gap:.25rem 1.25rem;margin-bottom:1rem;font-size:.875rem}
.top a{color:var(--soft);text-decoration:none}.top a:hover{color:var(--ink)}
.top .home{display:flex;align-items:center;gap:.5rem;color:var(--ink);font-size:1.125rem;font-weight:600;letter-spacing:-.02em}
.top svg{width:2rem;height:2rem}.tile{fill:var(--accent)}
.loops{fill:none;stroke:var(--on-accent);stroke-width:3.4;stroke-linecap:round}
h1{font-size:1.75rem;line-height:1.2;letter-spacing:-.02em;margin:.5rem 0}
h2{font-size:1.3rem}h3{font-size:1.05rem;margin:1.2rem 0 .4rem}h2,h3{overflow-wrap:anywhere;line-height:1.3;font-weight:600}
h2 code{font-size:1.15rem;background:none;padding:0}ul{padding-left:1.25rem;margin:.4rem 0}li{margin:.25rem 0}
section{border-top:1px solid var(--line);margin-top:2rem}
.kind{color:var(--soft)}.tag{border:1px solid var(--line);border-radius:.4rem;padding:0 .4rem;font-size:.8rem;color:var(--soft)}
.methods ul{columns:16rem;list-style:none;padding:0}.methods a{text-decoration:none;color:var(--soft)}
.methods a:hover{color:var(--ink)}.methods code{background:none;padding:0}
@media(width<64rem){.methods{max-height:14rem;overflow-y:auto;border:1px solid var(--line);border-radius:.75rem;padding:.5rem 1rem}}
@media(width>=64rem){.columns{display:grid;grid-template-columns:17rem minmax(0,1fr);gap:2.5rem}
.methods{position:sticky;top:0;max-height:100vh;overflow-y:auto;align-self:start;padding-bottom:2rem}.methods ul{columns:auto}
main section:first-child{border-top:0;margin-top:0}}`;

/** The mark of the pages, and the ways to them. */
const TOP = `<nav class="top" aria-label="Pages"><a href="/" class="home" aria-label="Calin, home">
<svg viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" class="tile"/><g class="loops">
<path d="M19.5 9.6A7.2 7.2 0 1 0 13 22.1"/><path d="M12.5 22.4A7.2 7.2 0 1 0 19 9.9"/></g></svg>Calin</a>
<a href="/docs">Docs</a><a href="/docs#tutorial">Tutorial</a><a href="/docs#guides">Guides</a>
<a href="/docs#reference">Reference</a></nav>`;

/**
 * What the page may load, for the header Content-Security-Policy: nothing but its own style, so that no text in it
 * could ever become a script.
 */
export const API_PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

/**
 * The API as one HTML page: every method with its parameters, result, errors and an example. No script.
 *
 * @param hasPages - whether the server has the other pages too, so that links to them lead somewhere
 */
export function formatApiPage(api: ApiDescription, hasPages: boolean): string {
  const { info, methods, components } = api;
  const shapes = Object.entries(components.schemas);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(info.title)} JSON-RPC</title><style>${STYLE}</style></head><body>
${hasPages ? TOP : ''}<header><h1>${text(info.title)} JSON-RPC</h1><p>${text(info.description)}</p>
<p>Version ${text(info.version)}. For programs: <a href="/openrpc.json">openrpc.json</a>, OpenRPC ${text(api.openrpc)}.</p></header>
<div class="columns"><nav class="methods" aria-label="Methods"><ul>${methods.map(({ name }) => `<li><a href="#${text(name)}"><code>${text(name)}</code></a></li>`).join('')}</ul></nav>
<main>${methods.map(formatMethod).join('\n')}
<section><h2>Shapes</h2>${shapes.map(([name, schema]) => `<h3 id="shape-${text(name)}">${text(name)}</h3>${formatInside(schema)}`).join('')}</section></main></div>
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
<h3>Example</h3><pre tabindex="0">${text(JSON.stringify(call))}</pre></section>`;
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
