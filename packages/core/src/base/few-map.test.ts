import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { FewMap } from './few-map.ts';

/** Puts in and takes out, among so many keys that it is now a few and now many. */
const steps = fc.array(fc.tuple(fc.constantFrom('set', 'set', 'delete'), fc.nat(20), fc.nat(99)), {
  maxLength: 200,
});

describe('a map of few entries', () => {
  it('does what a map does, whether it holds few or many', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const [few, map] = [new FewMap<string, number>(), new Map<string, number>()];
        for (const [what, number, value] of all) {
          const key = `key ${number}`;
          if (what === 'delete') assert.equal(few.delete(key), map.delete(key));
          else {
            few.set(key, value);
            map.set(key, value);
          }
          assert.equal(few.size, map.size);
          assert.equal(few.get(key), map.get(key));
          assert.equal(few.has(`key ${value}`), map.has(`key ${value}`));
          assert.deepEqual(few.first, [...map][0]);
        }
        assert.deepEqual([...few], [...map]);
        assert.deepEqual([...few.values()], [...map.values()]);
      }),
    );
  });

  it('is many and becomes few again, with the order of what is put in then', () => {
    const map = new FewMap<number, string>();
    for (let i = 0; i < 100; i++) map.set(i, `${i}`);
    for (let i = 0; i < 100; i++) assert.ok(map.delete(i));
    assert.equal(map.size, 0);
    for (const i of [3, 1, 2]) map.set(i, `${i}`);
    map.set(1, 'again');
    assert.deepEqual([...map.values()], ['3', 'again', '2']);
  });

  it('may lose what is being walked through', () => {
    for (const count of [5, 50]) {
      const map = new FewMap<number, number>();
      for (let i = 0; i < count; i++) map.set(i, i);
      const seen: number[] = [];
      for (const [key, value] of map) {
        seen.push(value);
        map.delete(key);
      }
      assert.equal(seen.length, count);
      assert.equal(map.size, 0);
    }
  });
});
