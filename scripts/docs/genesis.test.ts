import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatPage } from './genesis.ts';

test('alternatives share one row for a field, which says which kinds have it', () => {
  const kind = (name: string) => ({ type: 'string', enum: [name], description: 'Says which.' });
  const shape = (name: string, fields: object) => ({
    description: `About ${name}.`,
    properties: { kind: kind(name), ...fields },
    required: ['kind', ...Object.keys(fields)],
  });
  const blocks = { type: 'integer', minimum: 1, maximum: 1000000, description: 'Blocks | a few.' };
  const text = formatPage({
    properties: { how: { oneOf: [shape('a', { blocks }), shape('b', { blocks }), shape('c', {})] } },
    required: [],
  });
  assert.deepEqual(text.match(/^\| `how.*/gm), [
    '| `how` | object | see below | `a`: About a. `b`: About b. `c`: About c. |',
    '| `how.kind` | `"a"`, `"b"`, `"c"` | none | Says which. |',
    '| `how.blocks` | 1 to 1,000,000 | none | Blocks \\| a few. Only for a and b. |',
  ]);
});
