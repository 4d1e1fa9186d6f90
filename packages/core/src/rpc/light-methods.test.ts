import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseBase64, toBase64 } from '../base/base64.ts';
import { concatBytes, fromHex, toHex } from '../base/bytes.ts';
import { verifyMerkleProof } from '../crypto/merkle.ts';
import { encodeHeader, parseHeader } from '../primitives/header.ts';
import { parseReceipt, receiptLeaf } from '../primitives/receipt.ts';
import { decodeValidatorSet } from '../primitives/validator-set.ts';
import type { AnyMethod, ParamsOf, ResultOf } from './method.ts';
import { METHODS, type Methods } from './methods.ts';
import { ALICE, rpcSpec, TestFace } from './node-view.testing.ts';

/** Calls a method that must succeed with a result of the declared shape. */
function call<Name extends keyof Methods>(
  face: TestFace,
  name: Name,
  params: ParamsOf<Methods[Name]>,
): ResultOf<Methods[Name]> {
  const { result, error } = face.call(name, params);
  assert.equal(error, undefined, JSON.stringify(error));
  const shaped = (METHODS[name] as AnyMethod).result.parse(result, 'result');
  assert.ok(shaped.ok, shaped.ok ? '' : JSON.stringify(shaped.error));
  return result as ResultOf<Methods[Name]>;
}

function refused(face: TestFace, name: keyof Methods, params: unknown): string {
  return (face.call(name, params).error as { data: { rule: string } }).data.rule;
}

describe('chain_getHeaders', () => {
  const face = new TestFace();
  for (let i = 0; i < 5; i++) call(face, 'dev_mine', { blocks: 1 });
  const headerAt = (height: number) => {
    const { header } = face.node.queries.header({ kind: 'height', height }) ?? assert.fail(`${height}`);
    return encodeHeader(header);
  };

  test('gives headers end to end, and where the node is', () => {
    const { headers, count, head, finalHeight } = call(face, 'chain_getHeaders', { from: 1, count: 3 });
    assert.equal(headers, toBase64(concatBytes(...[1, 2, 3].map(headerAt))));
    assert.deepEqual([count, head.height, finalHeight], [3, 5, 0]);
    assert.equal(head.id, toHex(face.node.queries.status().head.id));
  });

  test('ends at the head', () => {
    const { headers, count } = call(face, 'chain_getHeaders', { from: 4, count: 512 });
    assert.equal(headers, toBase64(concatBytes(headerAt(4), headerAt(5))));
    assert.equal(count, 2);
    assert.equal(call(face, 'chain_getHeaders', { from: 6, count: 1 }).headers, '');
    assert.equal(refused(face, 'chain_getHeaders', { from: 0, count: 513 }), 'json/range');
  });

  test('of a chain without votes are all there is', () => {
    assert.equal(refused(face, 'chain_getFinality', { height: 1 }), 'rpc/no-certificates');
  });
});

describe('tx_getProof', () => {
  test('leads from the receipt to receiptRoot', () => {
    const face = new TestFace();
    const txid = face.submit(face.payment(0));
    const { header, index, size, receipt, receiptSiblings } = call(face, 'tx_getProof', { txid });
    const parsed = parseReceipt(fromHex(receipt));
    assert.ok(parsed.ok && toHex(parsed.value.txid) === txid);
    const path = { index, size, siblings: receiptSiblings.map(fromHex) };
    assert.ok(verifyMerkleProof(fromHex(header.receiptRoot), receiptLeaf(parsed.value), path));
  });
});

describe('chain_getFinality', () => {
  const finality = { kind: 'votes', intervalBlocks: 2, lagBlocks: 1, resendMs: 1_000 } as const;
  // The node does not have the key, so nothing becomes final but by this test.
  const validators = { kind: 'authorities', authorities: [ALICE.publicKey], epochBlocks: 4 } as const;
  const spec = { ...rpcSpec, consensus: { ...rpcSpec.consensus, finality, validators } };
  const face = new TestFace({ spec });
  for (let i = 0; i < 10; i++) call(face, 'dev_mine', { blocks: 1 });
  const { chain } = face.node.node;
  const finalise = (height: number) => {
    const update = chain.finalise(chain.idAt(height) ?? assert.fail(), Uint8Array.of(height));
    assert.ok(update.ok);
  };
  for (const height of [2, 6, 8]) finalise(height);

  test('gives the first certified block at or after a height', () => {
    for (const [asked, height] of [
      [0, 2],
      [2, 2],
      [3, 6],
      [7, 8],
    ] as const) {
      const found = call(face, 'chain_getFinality', { height: asked });
      const header = parseHeader(parseBase64(found.header) ?? assert.fail());
      assert.ok(header.ok && header.value.height === height);
      assert.equal(found.certificate, toBase64(Uint8Array.of(height)));
      assert.deepEqual([found.sets, found.finalHeight], [[], 8]);
    }
    assert.equal(refused(face, 'chain_getFinality', { height: 9 }), 'rpc/certificate-unknown');
  });

  test('proves sets of validators in the state after it', () => {
    const { sets } = call(face, 'chain_getFinality', { height: 6, sets: [1, 2] });
    assert.deepEqual(
      sets.map(({ epoch, set }) => [epoch, decodeValidatorSet(parseBase64(set) ?? assert.fail()).epoch]),
      [
        [1, 1],
        [2, 2],
      ],
    );
    assert.equal(refused(face, 'chain_getFinality', { height: 6, sets: [3] }), 'rpc/set-unknown');
    assert.equal(refused(face, 'chain_getFinality', { height: 6, sets: [1, 2, 3] }), 'json/range');
  });
});
