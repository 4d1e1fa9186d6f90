import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderMarkdown } from './render-markdown.ts';

const AROUND = {
  link: (href: string) => (href.startsWith('gone') ? undefined : `/to/${href}`),
  size: () => ({ width: 30, height: 20 }),
};

test('the first heading is the title, and the others are places', () => {
  const text = '# The `pow` *way*\n\nText.\n\n## Work & "hash"\n\n### Deep\n\n## Deep\n';
  const { title, head, body, places } = renderMarkdown(text, AROUND);
  assert.equal(title, 'The pow way');
  assert.equal(head, '<h1 id="the-pow-way">The <code class="short">pow</code> <em>way</em></h1>');
  assert.deepEqual(places, [
    { text: 'Work & "hash"', anchor: 'work--hash', depth: 2 },
    { text: 'Deep', anchor: 'deep', depth: 3 },
    { text: 'Deep', anchor: 'deep-1', depth: 2 },
  ]);
  assert.match(body, /<h2 id="deep-1">Deep<a class="anchor" href="#deep-1" aria-label="Link to Deep">#<\/a>/);
});

test('links lead where the site says, and are text where there is nothing', () => {
  const { body } = renderMarkdown('See [one](a.md#b) and [two](gone.md).', AROUND);
  assert.equal(body, '<p>See <a href="/to/a.md#b">one</a> and two.</p>\n');
});

test('HTML is text, wherever it stands', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const text = `# A\n\n${hostile}\n\nIn line ${hostile}\n\n\`${hostile}\`\n\n\`\`\`${hostile}\n${hostile}\n\`\`\`\n\n| ${hostile} |\n| --- |\n| ${hostile} |\n\n## ${hostile}\n\n[a](x"onclick="alert(1\\))\n\n![${hostile}](p.png)\n`;
  const { body, places } = renderMarkdown(text, AROUND);
  const tags = new Set([...body.matchAll(/<(\w+)((?:[^>"]|"[^"]*")*)>/g)].map(([, tag]) => tag));
  assert.deepEqual(
    [...tags].filter((tag) => tag === 'script'),
    [],
  );
  assert.equal(body.match(/<img\b/g)?.length, 1, 'the one picture that the document has');
  assert.doesNotMatch(body.replace(/"[^"]*"/g, '""'), /<[^>]*\bon\w+=/);
  assert.equal(places[0]?.text, hostile);
});

test('tables scroll by themselves, and rows of rules can be linked', () => {
  const text =
    '| Rule | Points |\n| --- | ---: |\n| `tx/coin-missing` | 10 |\n| `other` | 0 |\n| `tx/coin-missing` | 1 |\n';
  const { body, places } = renderMarkdown(text, AROUND);
  assert.match(
    body,
    /^<div class="wide"><table><thead><tr><th scope="col">Rule<\/th><th scope="col" class="right">/,
  );
  assert.equal(body.match(/<tr id="tx\/coin-missing">/g)?.length, 1);
  assert.deepEqual(places, [{ text: 'tx/coin-missing', anchor: 'tx/coin-missing', depth: 0 }]);
});

test('pictures say how large they are, and code which language it is in', () => {
  const { body } = renderMarkdown('![A "drawing"](a.svg)\n\n```sh\n./calin dev && a < b\n```\n', AROUND);
  assert.match(
    body,
    /<img src="\/to\/a.svg" alt="A &quot;drawing&quot;" width="30" height="20" loading="lazy" decoding="async">/,
  );
  assert.match(body, /<pre data-language="sh"><code>.\/calin dev &amp;&amp; a &lt; b\n<\/code><\/pre>/);
});
