import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Requests } from './requests.ts';

function requests(): Requests<string> {
  const made = new Requests<string>(100);
  made.add({ request: 1, peer: 'a', askedMs: 0, what: 'x' });
  made.add({ request: 2, peer: 'b', askedMs: 50, what: 'y' });
  return made;
}

describe('requests', () => {
  it('are answered by who was asked, once', () => {
    const asked = requests();
    assert.equal(asked.find('b', 1), undefined);
    assert.equal(asked.find('a', 3), undefined);
    const found = asked.find('a', 1);
    assert.ok(found?.what === 'x');
    asked.done(found);
    assert.equal(asked.find('a', 1), undefined);
    assert.deepEqual([asked.count, asked.countOf('a'), asked.countOf('b')], [1, 0, 1]);
  });

  it('are late after their time, and count as failures until one is answered', () => {
    const asked = requests();
    assert.equal(asked.lateMs, 100);
    assert.deepEqual(asked.takeLate(99), []);
    assert.deepEqual(
      asked.takeLate(100).map(({ what }) => what),
      ['x'],
    );
    assert.equal(asked.lateMs, 150);
    assert.equal(asked.failuresOf('a'), 1);
    asked.add({ request: 3, peer: 'a', askedMs: 200, what: 'z' });
    assert.deepEqual(asked.takeLate(300).length, 2);
    assert.deepEqual([asked.failuresOf('a'), asked.failuresOf('b')], [2, 1]);
    assert.equal(asked.lateMs, Number.POSITIVE_INFINITY);
    const last = { request: 4, peer: 'a', askedMs: 400, what: 'z' };
    asked.add(last);
    asked.done(last);
    assert.equal(asked.failuresOf('a'), 0);
  });

  it('of a peer that is gone are given back, and nothing of it is kept', () => {
    const asked = requests();
    asked.takeLate(120);
    asked.add({ request: 3, peer: 'a', askedMs: 120, what: 'z' });
    assert.deepEqual(
      asked.peerGone('a').map(({ what }) => what),
      ['z'],
    );
    assert.deepEqual([asked.failuresOf('a'), asked.count], [0, 1]);
    asked.clear();
    assert.equal(asked.count, 0);
  });
});
