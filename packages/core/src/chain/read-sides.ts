import type { ChainParts } from './chain-parts.ts';
import { compareHeads } from './fork-choice.ts';
import { layout } from './layout.ts';
import { readHeaderOf } from './read-block.ts';
import { parseSides } from './records.ts';

/**
 * Puts the side blocks of the store back into the tree. Those that cannot be read, do not fit, or would be a better
 * head (one that was found invalid, before the batch that deletes it) are dropped: they come again from the network if
 * they are worth it. Where votes choose between branches a better head may have had to stand back, so it stays.
 */
export function readSides(parts: ChainParts): void {
  const { store, tree } = parts;
  const bytes = store.get(layout.sides);
  const ids = bytes === undefined ? undefined : parseSides(bytes);
  if (ids?.ok !== true) return;
  const found = ids.value.map((id) => ({ id, header: readHeaderOf(store, id) }));
  const readable = found.flatMap(({ id, header }) => (header.ok ? [{ id, header: header.value }] : []));
  for (const { id, header } of readable.toSorted((a, b) => a.header.height - b.header.height)) {
    const parent = tree.find(header.parent);
    if (parent?.height !== header.height - 1 || tree.find(id) !== undefined) continue;
    const node = tree.add(id, header, parts.consensus.production.weight(header));
    const isBetter = compareHeads(node, tree.head, parts.consensus.production.ties) < 0;
    if (isBetter && parts.consensus.finality.createEngine === undefined) tree.remove([node]);
  }
  for (const id of ids.value) {
    if (tree.find(id) !== undefined) continue;
    parts.garbage.push(layout.header(id), layout.block(id));
  }
}
