import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ALIASES } from './aliases.ts';
import { dispatch } from './dispatch.ts';
import { METHODS } from './methods.ts';
import { TestFace } from './node-view.testing.ts';

function ask(face: TestFace, method: string, params?: unknown): unknown {
  const { result, error } = face.call(method, params);
  assert.deepEqual(face.failures, []);
  return error === undefined ? result : (error as { data: { rule: string } }).data.rule;
}

const heightOf = (face: TestFace): number => face.node.queries.status().head.header.height;

describe('methods under the names of anvil and Hardhat', () => {
  test('blocks are made, one or as many as are asked for', () => {
    const face = new TestFace();
    assert.equal(ask(face, 'evm_mine', []), '0x0');
    assert.equal(ask(face, 'evm_mine'), '0x0');
    assert.equal(ask(face, 'anvil_mine'), null);
    assert.equal(ask(face, 'anvil_mine', ['0x2']), null);
    assert.equal(ask(face, 'hardhat_mine', [3]), null);
    assert.equal(heightOf(face), 8);
  });

  test('a snapshot brings the head back, once', () => {
    const face = new TestFace();
    ask(face, 'anvil_mine', [2]);
    const snapshot = ask(face, 'evm_snapshot', []);
    assert.match(String(snapshot), /^0x[0-9a-f]+$/);
    ask(face, 'evm_mine');
    assert.equal(ask(face, 'evm_revert', [snapshot]), true);
    assert.equal(heightOf(face), 2);
    assert.equal(ask(face, 'evm_revert', [snapshot]), 'node/unknown-snapshot');
  });

  test('the time is set in seconds', () => {
    const face = new TestFace();
    assert.equal(ask(face, 'evm_setNextBlockTimestamp', [1_900_000_000]), null);
    ask(face, 'evm_mine');
    const { timeMs } = face.node.queries.status().head.header;
    assert.ok(timeMs >= 1_900_000_000_000 && timeMs < 1_900_000_060_000, `${timeMs}`);
    assert.equal(ask(face, 'anvil_setNextBlockTimestamp', ['1']), 'node/time-goes-back');
  });

  test('other parameters are refused by the rules for their shape', () => {
    const face = new TestFace();
    assert.equal(ask(face, 'evm_mine', [1]), 'json/range');
    assert.equal(ask(face, 'evm_snapshot', [1]), 'json/range');
    assert.equal(ask(face, 'evm_revert', []), 'json/range');
    assert.equal(ask(face, 'anvil_mine', ['0x0']), 'json/range', 'the range of dev_mine holds');
    for (const wrong of [[-1], ['x'], ['0x'], [1.5], [null], [{}], ['0xfffffffffffffff']])
      assert.equal(ask(face, 'anvil_mine', wrong), 'json/type', JSON.stringify(wrong));
    assert.equal(ask(face, 'anvil_mine', { blocks: 1 }), 'json/type');
    assert.equal(ask(face, 'evm_setNextBlockTimestamp', [2 ** 53 - 1]), 'json/type');
    assert.equal(heightOf(face), 0);
  });

  test('they are no names of methods, and not on chains that are no development chains', () => {
    for (const [name, { method }] of Object.entries(ALIASES)) {
      assert.ok(!Object.hasOwn(METHODS, name), name);
      assert.ok(METHODS[method].devOnly, name);
    }
    const { host } = new TestFace();
    const { spec } = host.view;
    const view = Object.create(host.view, { spec: { value: { ...spec, dev: false } } }) as typeof host.view;
    let answer = '';
    dispatch('{"jsonrpc":"2.0","id":1,"method":"evm_mine"}', { ...host, view }, (text) => {
      answer = text ?? '';
    });
    assert.match(answer, /rpc\/dev-only/);
  });
});
