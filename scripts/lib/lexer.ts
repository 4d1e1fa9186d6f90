/**
 * A reading of TypeScript that is just deep enough for the laws of the house: it tells code from comments, strings,
 * templates and regular expressions. TypeScript 7 has no stable programming interface yet, so there is no tree.
 *
 * Known limits: after `)` and `}` a slash is taken for a division, so a regular expression that is a statement of
 * its own, or follows `if (…)` directly, is misread. Of JSX it only knows that `</` closes a tag: the text between tags
 * is read as code, so a quote in it hides the rest of its line (write ’), and `//` in it would be a comment.
 */

/** One comment, with the offsets of its first character and of the one after its last. */
export interface Comment {
  readonly start: number;
  readonly end: number;
}

/** A source file taken apart. */
export interface Lexed {
  /**
   * The text with every comment and the inside of every string, template text and regular expression blanked.
   * Offsets and line breaks are those of the original; the code inside `${…}` stays.
   */
  readonly code: string;
  readonly comments: readonly Comment[];
}

/** Words after which a slash starts a regular expression. */
const BEFORE_EXPRESSION = new Set(
  'return typeof case in of do else void delete throw new instanceof yield await'.split(' '),
);

/** Takes a source apart in one pass. */
export function lex(text: string): Lexed {
  return new Lexer(text).run();
}

class Lexer {
  readonly #text: string;
  readonly #code: string[];
  readonly #comments: Comment[] = [];
  /** For each open `${`: how many `{` are open inside it. */
  readonly #templates: number[] = [];
  /** The last word or sign of code; decides whether a slash divides. */
  #previous = '';
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#code = text.split('');
  }

  run(): Lexed {
    while (this.#at < this.#text.length) {
      const taken = this.#comment() || this.#string() || this.#template() || this.#regExp();
      if (!taken) this.#word();
    }
    return { code: this.#code.join(''), comments: this.#comments };
  }

  #comment(): boolean {
    const start = this.#at;
    if (!this.#text.startsWith('//', start) && !this.#text.startsWith('/*', start)) return false;
    const end = commentEnd(this.#text, start);
    this.#comments.push({ start, end });
    this.#blank(start, end);
    this.#at = end;
    return true;
  }

  #string(): boolean {
    const quote = this.#text[this.#at];
    if (quote !== '"' && quote !== "'") return false;
    this.#literal(stringEnd(this.#text, this.#at + 1, quote));
    return true;
  }

  #regExp(): boolean {
    if (this.#text[this.#at] !== '/' || !startsRegExp(this.#previous)) return false;
    if (this.#text[this.#at - 1] === '<') return false;
    this.#literal(regExpEnd(this.#text, this.#at + 1));
    return true;
  }

  /** A stretch of template text: it begins with a backtick or with the `}` that closes an insertion. */
  #template(): boolean {
    const char = this.#text[this.#at];
    const continues = char === '}' && this.#templates.at(-1) === 0;
    if (char !== '`' && !continues) return false;
    if (continues) this.#templates.pop();
    const end = templateEnd(this.#text, this.#at + 1);
    this.#literal(end);
    if (this.#text.startsWith('${', end)) {
      this.#templates.push(0);
      this.#previous = '{';
      this.#at++;
    }
    return true;
  }

  #word(): void {
    const rest = this.#text.slice(this.#at, this.#at + 80);
    const char = rest[0] as string;
    const word = /^(?:[\w$]+|\+\+|--)/.exec(rest)?.[0] ?? char;
    // `a!` and `a++` end an expression just as `a` does.
    const ends = word === '++' || word === '--' || (char === '!' && !startsRegExp(this.#previous));
    if (word.trim() !== '') this.#previous = ends ? ')' : word;
    const depth = this.#templates.length - 1;
    if (depth >= 0 && char === '{') this.#templates[depth] = (this.#templates[depth] as number) + 1;
    if (depth >= 0 && char === '}') this.#templates[depth] = (this.#templates[depth] as number) - 1;
    this.#at += word.length;
  }

  /** Blanks what stands between the delimiter here and the one at `end`, and goes on behind it. */
  #literal(end: number): void {
    this.#blank(this.#at + 1, end);
    this.#previous = ')';
    this.#at = end + 1;
  }

  #blank(from: number, to: number): void {
    for (let i = from; i < to && i < this.#code.length; i++) if (this.#code[i] !== '\n') this.#code[i] = ' ';
  }
}

function startsRegExp(previous: string): boolean {
  if (BEFORE_EXPRESSION.has(previous)) return true;
  return !/^[\w$)\]}]/.test(previous);
}

function commentEnd(text: string, start: number): number {
  const end = text[start + 1] === '/' ? text.indexOf('\n', start) : text.indexOf('*/', start + 2) + 2;
  return end <= 1 ? text.length : end;
}

/** The offset of the quote that closes a string begun before `at`. */
function stringEnd(text: string, at: number, quote: string): number {
  let end = at;
  while (end < text.length && text[end] !== quote && text[end] !== '\n') end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** The offset of the backtick or the `${` that ends a stretch of template text. */
function templateEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== '`' && !text.startsWith('${', end))
    end += text[end] === '\\' ? 2 : 1;
  return end;
}

/** The offset of the slash that closes a regular expression; a slash in a class such as `[/]` does not. */
function regExpEnd(text: string, at: number): number {
  let inClass = false;
  let end = at;
  while (end < text.length && text[end] !== '\n' && (inClass || text[end] !== '/')) {
    if (text[end] === '[') inClass = true;
    if (text[end] === ']') inClass = false;
    end += text[end] === '\\' ? 2 : 1;
  }
  return end;
}
