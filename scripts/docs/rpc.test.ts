import assert from 'node:assert/strict';
import { test } from 'node:test';
import { array, choice, integer, nullable, object, optional } from '@calin/core/base/schema.ts';
import { defineHostMethod } from '@calin/core/rpc/method.ts';
import { formatPage } from './rpc.ts';

test('a method is shown with its fields, errors and an example', () => {
  const method = defineHostMethod({
    name: 'x_do',
    summary: 'Does a | b.',
    description: 'At once.',
    params: object('P', { how: optional(choice('How.', ['fast', 'slow'])), n: integer('N.', 0, 5000) }),
    result: object('R', { list: array('Items.', nullable(object('I', { at: integer('At.') })), 10) }),
    errors: ['rpc/topic'],
    example: { n: 3 },
    devOnly: true,
  });
  const text = formatPage([method]);
  const section = text.slice(text.indexOf('### x_do'), text.indexOf('## Shapes'));
  assert.match(text, /\| \[`x_do`\]\(#x_do\) \| Does a \\\| b\. \|/);
  assert.match(text, /### x_do\n\nDoes a \| b\. Development networks only\. At once\./);
  assert.deepEqual(section.match(/^\| `.*/gm), [
    '| `how` (optional) | `"fast"`, `"slow"` | How. |',
    '| `n` | 0 to 5,000 | N. |',
    '| `list` | list of at most 10 | Items. |',
    '| `list[].at` | 0 to 2^53 − 1 | At. |',
  ]);
  assert.match(text, /Errors: `rpc\/topic`\./);
  assert.match(text, /{"jsonrpc":"2.0","method":"x_do","params":{"n":3},"id":1}/);
});

test('fields of alternatives say which kinds have them', () => {
  const text = formatPage([]);
  const locks = text.slice(text.indexOf('### lock'), text.indexOf('### action'));
  assert.match(locks, /^\| `kind` \| `"key"`, `"multisig"`, `"timelock"`, `"htlc"`, `"recoverable"` \|/m);
  assert.match(
    locks,
    /^\| `threshold` \| 1 to 16 \| How many of the keys must sign\. Only for multisig, recoverable\. \|/m,
  );
  assert.match(locks, /^\| `publicKey` \|.* Only for key\. \|/m);
});
