import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lex } from './lexer.ts';

/** Each code character that is left, with blanks squeezed, so that cases stay readable. */
function codeOf(text: string): string {
  const { code } = lex(text);
  assert.equal(code.length, text.length, 'offsets are kept');
  return code.replace(/ +/g, ' ').trim();
}

test('comments are blanked and listed', () => {
  const text = 'a; // one\n/* two\n lines */ b /**/ c';
  assert.equal(codeOf(text), 'a; \n \n b c');
  assert.deepEqual(
    lex(text).comments.map(({ start, end }) => text.slice(start, end)),
    ['// one', '/* two\n lines */', '/**/'],
  );
});

test('an unfinished comment ends with the file', () => {
  assert.equal(codeOf('a /* b'), 'a');
  assert.equal(codeOf('a // b'), 'a');
});

test('the inside of strings is blanked, quotes stay', () => {
  assert.equal(codeOf(`f('it\\'s // no comment', "/*")`), `f(' ', " ")`);
});

test('template text is blanked, the code inside stays, also when nested', () => {
  const source = (text: string) => text.replaceAll('€', '$');
  assert.equal(
    codeOf(source('`a €{b + `c €{ { d: 1 }.d } e`} f` + g')),
    source('` €{b + ` €{ { d: 1 }.d } `} ` + g'),
  );
});

test('a slash is a regular expression only where an expression starts', () => {
  assert.equal(codeOf('x = a / b / c; y = /[/"]\\/`/g.test(z)'), 'x = a / b / c; y = / /g.test(z)');
  assert.equal(codeOf("a! / 2 + i++ / 3 + 'x'"), "a! / 2 + i++ / 3 + ' '");
  assert.equal(codeOf("if (!/'/.test(x)) y = 'z'"), "if (!/ /.test(x)) y = ' '");
  assert.equal(codeOf("return /'/;"), 'return / /;');
  assert.equal(codeOf("(a) / 2 + 'x'"), "(a) / 2 + ' '");
  assert.equal(codeOf('list.map((x) => /\\d/.test(x))'), 'list.map((x) => / /.test(x))');
});

test('the slash of a closing tag is no regular expression', () => {
  const tags = '<p className={x}>a</p> <b />, y = { z: 1 }';
  assert.equal(codeOf(tags), tags);
});
