import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fromHex, toHex } from '../base/bytes.ts';
import { createPlainHasher } from '../crypto/plain-hasher.ts';
import { parseChanges } from './changes.ts';
import { naiveCoin, naiveHash, naiveRoot } from './naive.testing.ts';
import { parseTreeProof, verifyTreeProof } from './proof.ts';
import { parseManifest } from './snapshot.ts';
import { chunkHash } from './snapshot-chunk.ts';
import { SnapshotImport } from './snapshot-import.ts';
import { chunkPlaces, parseOutline, verifyOutline, verifyPiece } from './snapshot-outline.ts';
import { parseStateProof, verifyStateProof } from './state-proof.ts';
import { stateVectors } from './vectors.ts';
import { stateRoot } from './world-state.ts';

const vectors = stateVectors();

test('the committed vectors are what the code gives', () => {
  const committed = readFileSync(join(import.meta.dirname, '../../../..', 'vectors/state.json'), 'utf8');
  assert.deepEqual(JSON.parse(committed), JSON.parse(JSON.stringify({ state: vectors })));
});

describe('the vectors, computed again by naive code', () => {
  test('coins and storage', () => {
    for (const coin of vectors.coins) {
      const record = naiveCoin({ ...coin, address: fromHex(coin.address) });
      assert.equal(coin.record, toHex(record));
      assert.equal(coin.hash, toHex(naiveHash('coin', record)));
    }
    for (const { namespace, key, value, ...hashes } of vectors.storage) {
      const prefix = Uint8Array.of(namespace);
      assert.equal(hashes.storageKey, toHex(naiveHash('storage-key', prefix, fromHex(key))));
      assert.equal(hashes.valueHash, toHex(naiveHash('storage-value', prefix, fromHex(value))));
    }
  });

  test('coin keys', () => {
    for (const { txid, index, key } of vectors.coinKeys) {
      const { mixed } = vectors.fmix32.find(({ word }) => word === index) ?? { mixed: naiveMix(index) };
      const first = BigInt(`0x${txid.slice(0, 8).match(/../g)?.toReversed().join('')}`) ^ BigInt(mixed);
      const bytes = first.toString(16).padStart(8, '0').match(/../g)?.toReversed().join('');
      assert.equal(key, `${bytes}${txid.slice(8)}`);
    }
    for (const { word, mixed } of vectors.fmix32) assert.equal(mixed, naiveMix(word));
  });

  test('roots of trees, and of one map through its history', () => {
    for (const { name, entries, root } of vectors.trees) {
      const naive = entries.map(({ key, valueHash }) => ({
        key: fromHex(key),
        valueHash: fromHex(valueHash),
      }));
      assert.equal(root, toHex(naiveRoot(naive)), name);
    }
    const entries = new Map<string, string>();
    for (const { changes, root } of vectors.history) {
      for (const { key, valueHash } of changes) {
        if (valueHash === null) entries.delete(key);
        else entries.set(key, valueHash);
      }
      const naive = [...entries].map(([key, value]) => ({ key: fromHex(key), valueHash: fromHex(value) }));
      assert.equal(root, toHex(naiveRoot(naive)));
    }
  });

  test('the state root', () => {
    const { example } = vectors;
    assert.equal(
      example.stateRoot,
      toHex(naiveHash('state-root', fromHex(example.coinsRoot), fromHex(example.storageRoot))),
    );
    const storage = vectors.storage.map((entry) => ({
      key: fromHex(entry.storageKey),
      valueHash: fromHex(entry.valueHash),
    }));
    assert.equal(example.storageRoot, toHex(naiveRoot(storage)));
  });
});

describe('the vectors, read back', () => {
  test('proofs hold and say what their entries say', () => {
    for (const { name, entries, root, proofs } of vectors.trees) {
      for (const { key, present, bytes } of proofs) {
        const proof = parseTreeProof(fromHex(bytes));
        assert.ok(proof.ok);
        const entry = entries.find((candidate) => candidate.key === key);
        const expected = entry ? { present: true, valueHash: fromHex(entry.valueHash) } : { present: false };
        assert.equal(present, entry !== undefined);
        const result = verifyTreeProof(fromHex(root), fromHex(key), proof.value);
        assert.deepEqual(result, { ok: true, value: expected }, name);
      }
    }
  });

  test('proofs against the state root hold', () => {
    const { coinProof, absenceProof, stateRoot: root } = vectors.example;
    for (const [map, { key, bytes }, present] of [
      ['coins', coinProof, true],
      ['storage', absenceProof, false],
    ] as const) {
      const proof = parseStateProof(fromHex(bytes));
      assert.ok(proof.ok);
      const result = verifyStateProof(fromHex(root), map, fromHex(key), proof.value);
      assert.equal(result.ok && result.value.present, present);
    }
  });

  test('every false proof names another lie, and several rules are met', () => {
    const rules = new Set(vectors.refusals.map(({ rule }) => rule));
    const expected = ['state/proof-root', 'state/proof-path', 'codec/not-canonical', 'codec/trailing-bytes'];
    for (const rule of expected) assert.ok(rules.has(rule), rule);
    assert.equal(new Set(vectors.refusals.map(({ bytes }) => bytes)).size, vectors.refusals.length);
  });

  test('changes and snapshot lead to the state root', () => {
    const { example } = vectors;
    assert.ok(parseChanges(fromHex(example.changes)).ok);
    const manifest = parseManifest(fromHex(example.snapshot.manifest));
    assert.ok(manifest.ok);
    const session = new SnapshotImport(manifest.value);
    for (const [i, chunk] of example.snapshot.chunks.entries()) {
      assert.deepEqual(chunkHash(fromHex(chunk)), manifest.value.chunkHashes[i]);
      assert.ok(session.add(fromHex(chunk)).ok);
    }
    const imported = session.finish();
    assert.ok(imported.ok);
    assert.equal(toHex(stateRoot(imported.value)), example.stateRoot);
  });

  test('the outline proves itself and each chunk', () => {
    const { example } = vectors;
    const outline = parseOutline(fromHex(example.snapshot.outline));
    assert.ok(outline.ok && verifyOutline(outline.value, fromHex(example.stateRoot)).ok);
    const places = chunkPlaces(outline.value);
    assert.equal(places.length, example.snapshot.chunks.length);
    for (const [i, place] of places.entries()) {
      const chunk = fromHex(example.snapshot.chunks[i] ?? '');
      assert.ok(verifyPiece(chunk, place, createPlainHasher()).ok);
    }
  });
});

/** MurmurHash3's fmix32 in BigInt. */
function naiveMix(word: number): number {
  const low = (value: bigint) => value & 0xffff_ffffn;
  let mixed = BigInt(word);
  mixed = low((mixed ^ (mixed >> 16n)) * 0x85eb_ca6bn);
  mixed = low((mixed ^ (mixed >> 13n)) * 0xc2b2_ae35n);
  return Number(mixed ^ (mixed >> 16n));
}
