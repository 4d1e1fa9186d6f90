import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { utf8Bytes } from '@calin/core/base/text.ts';
import { hash } from '@calin/core/crypto/hash.ts';
import { merkleProof, merkleRoot, verifyMerkleProof } from '@calin/core/crypto/merkle.ts';
import { flipBit } from '../learn/bits.ts';
import { layoutMerkle } from './layout-merkle.ts';
import { markPath, merkleLevels, walkProof } from './merkle-walk.ts';
import { readBytes, readInput } from './read-input.ts';
import { TOOLS } from './tools.ts';

const root = new URL('../../../../../', import.meta.url);
const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => hash('tx-leaf', utf8Bytes(`leaf ${i}`)));

test('the levels of a tree end with its root', () => {
  for (let count = 1; count <= 17; count++) {
    const leaves = leavesOf(count);
    const top = merkleLevels(leaves).at(-1);
    assert.equal(top?.length, 1);
    assert.deepEqual(top[0], merkleRoot(leaves));
  }
});

test('the walk along a proof ends at the root exactly when the proof holds', () => {
  for (let count = 2; count <= 9; count++) {
    const leaves = leavesOf(count);
    const whole = merkleRoot(leaves);
    for (const [index, leaf] of leaves.entries()) {
      const proof = merkleProof(leaves, index);
      const path = markPath(count, index);
      assert.equal(path.length, merkleLevels(leaves).length);
      assert.equal(path.filter(({ sibling }) => sibling >= 0).length, proof.siblings.length);
      for (const tried of [leaf, flipBit(leaf, 5)]) {
        const end = walkProof(tried, proof).at(-1)?.above;
        assert.equal(end !== undefined && equalBytes(end, whole), verifyMerkleProof(whole, tried, proof));
      }
      assert.equal(walkProof(leaf, { ...proof, siblings: [] }).length, 0);
    }
  }
});

test('a tree is drawn with each hash above its leaves', () => {
  const boxes = layoutMerkle(merkleLevels(leavesOf(3)), 2);
  assert.deepEqual(
    boxes.map(({ name, middle, role, above }) => [name, middle, role, above]),
    [
      ['0-0', 0.5, 'other', '1-0'],
      ['0-1', 1.5, 'other', '1-0'],
      ['0-2', 2.5, 'own', '1-1'],
      ['1-0', 1, 'sibling', '2-0'],
      ['1-1', 2.5, 'own', '2-0'],
      ['2-0', 1.5, 'own', undefined],
    ],
  );
});

test('fields are read as text or as bytes', () => {
  assert.deepEqual(readInput('text', 'é'), Uint8Array.of(0xc3, 0xa9));
  assert.deepEqual(readInput('hex', '0a FF'), Uint8Array.of(10, 255));
  assert.equal(readInput('hex', '0'), undefined);
  assert.equal(readBytes('00', 2), undefined);
});

test('the files and documents that the playgrounds name are there', () => {
  for (const { source, docs } of TOOLS)
    for (const path of [source, docs]) assert(existsSync(new URL(path, root)), path);
});
