import { Marked, type Tokens } from 'marked';
import { Anchors } from './anchors.ts';
import { htmlText } from './html-text.ts';
import type { ImageSize } from './image-size.ts';

/** A heading below the title of a page, or another place that a link can lead to. */
export interface Place {
  readonly text: string;
  readonly anchor: string;
  /** 2 and up for headings; 0 for rows of tables that are named by their first cell. */
  readonly depth: number;
}

/** What becomes of a document. */
export interface Rendered {
  /** The text of its first heading. */
  readonly title: string;
  /** The first heading. */
  readonly head: string;
  /** All the rest. */
  readonly body: string;
  readonly places: readonly Place[];
}

/** What a document needs from around it. */
export interface Surroundings {
  /** The address of what a link names; undefined when there is none, and the link becomes plain text. */
  link(href: string): string | undefined;
  /** The size of a picture, by what the document calls it. */
  size(href: string): ImageSize | undefined;
}

/** Rules are named so, and their rows can be linked: `#tx/coin-missing`. */
const RULE = /^[a-z][a-z0-9-]*\/[a-z0-9-]+$/;

/** So many characters fit on the line of a narrow screen. */
const UNBROKEN_MAX = 28;

/** Makes HTML of a document in GitHub's Markdown. HTML in it is text. */
export function renderMarkdown(text: string, surroundings: Surroundings): Rendered {
  const anchors = new Anchors();
  const places: Place[] = [];
  let title = '';
  let head = '';
  const marked = new Marked({
    async: false,
    renderer: {
      heading({ tokens, depth }) {
        const inner = this.parser.parseInline(tokens);
        const plain = plainText(inner);
        const anchor = anchors.next(plain);
        if (title === '' && depth === 1) {
          title = plain;
          head = `<h1 id="${htmlText(anchor)}">${inner}</h1>`;
          return '';
        }
        places.push({ text: plain, anchor, depth });
        const link = `<a class="anchor" href="#${htmlText(anchor)}" aria-label="Link to ${htmlText(plain)}">#</a>`;
        return `<h${depth} id="${htmlText(anchor)}">${inner}${link}</h${depth}>\n`;
      },
      html: ({ text: html }) => htmlText(html),
      codespan: ({ text: code }) => formatCode(code),
      link({ href, tokens }) {
        const inner = this.parser.parseInline(tokens);
        const target = surroundings.link(href);
        return target === undefined ? inner : `<a href="${htmlText(target)}">${inner}</a>`;
      },
      image: (token) => formatImage(token, surroundings),
      code: ({ text: code, lang = '' }) =>
        `<pre data-language="${htmlText(lang.split(/\s/, 1)[0] ?? '')}"><code>${htmlText(code)}\n</code></pre>\n`,
      table(token) {
        const cell = (one: Tokens.TableCell) => formatCell(one, this.parser.parseInline(one.tokens));
        const rows = token.rows.map((row) => formatRow(row, row.map(cell).join(''), places));
        const header = token.header.map(cell).join('');
        return `<div class="wide"><table><thead><tr>${header}</tr></thead><tbody>${rows.join('')}</tbody></table></div>\n`;
      },
    },
  });
  const body = marked.parse(text, { async: false });
  return { title, head, body, places };
}

/** Options and short commands stay on one line: a break behind a hyphen would make two words of one. */
function formatCode(code: string): string {
  const kind = code.length <= UNBROKEN_MAX ? ' class="short"' : '';
  return `<code${kind}>${htmlText(code)}</code>`;
}

function formatCell({ header, align }: Tokens.TableCell, inner: string): string {
  const tag = header ? 'th' : 'td';
  const kind = align === null ? '' : ` class="${align}"`;
  return `<${tag}${header ? ' scope="col"' : ''}${kind}>${inner}</${tag}>`;
}

/** A row whose first cell is the id of a rule is a place of its own, the first time that the page names it. */
function formatRow(row: readonly Tokens.TableCell[], cells: string, places: Place[]): string {
  const [first] = row[0]?.tokens ?? [];
  const name =
    row[0]?.tokens.length === 1 && first?.type === 'codespan' ? (first as Tokens.Codespan).text : '';
  if (!RULE.test(name) || places.some(({ anchor }) => anchor === name)) return `<tr>${cells}</tr>`;
  places.push({ text: name, anchor: name, depth: 0 });
  return `<tr id="${name}">${cells}</tr>`;
}

function formatImage({ href, text }: Tokens.Image, surroundings: Surroundings): string {
  const target = surroundings.link(href);
  if (target === undefined) return htmlText(text);
  const size = surroundings.size(href);
  const space = size === undefined ? '' : ` width="${size.width}" height="${size.height}"`;
  return `<img src="${htmlText(target)}" alt="${htmlText(text)}"${space} loading="lazy" decoding="async">`;
}

/** The text of inline HTML that this renderer has made. */
function plainText(html: string): string {
  return html.replace(/<[^>]*>/g, '').replace(/&(?:amp|lt|gt|quot|#39);/g, (one) => CHARACTERS[one] ?? one);
}

const CHARACTERS: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
