import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { PeerAddress } from '../../ports/network.ts';
import { AddressBook, type AddressSource, BOOK_SHAPE } from './address-book.ts';
import {
  ADDRESS_AGE_MS_MAX,
  ADDRESS_SHARE_MAX,
  ATTEMPTS_MAX,
  BACKOFF_MS_MAX,
  BACKOFF_OFFLINE_MS,
  BOOK_PAGES_PER_SAVE,
  BUCKET_SLOTS,
  CONTESTED_MAX,
  DIAL_TIMEOUT_MS,
  NEW_BUCKETS_PER_SOURCE,
  TRIED_BUCKETS_PER_GROUP,
} from './limits.ts';
import { networkPlace } from './network-place.ts';
import { addressIn, PeersHost, publicGroup, START_MS, testRandom } from './peers.testing.ts';

const OWNER: AddressSource = { kind: 'owner', group: 'owner' };
const SEARCH: AddressSource = { kind: 'search', group: 'search' };
const SMALL = { newBuckets: 8, triedBuckets: 4, slots: 4 };

function bookOf(options: { shape?: typeof BOOK_SHAPE; host?: PeersHost; seed?: number } = {}): AddressBook {
  const { shape = BOOK_SHAPE, host = new PeersHost(), seed = 7 } = options;
  return new AddressBook(shape, { random: testRandom(seed), host });
}

function sourceIn(group: string): AddressSource {
  return networkPlace(addressIn(group, 1));
}

/** Adds an address and has it answer. */
function reach(book: AddressBook, address: PeerAddress, nowMs = START_MS): void {
  book.add(address, SEARCH, nowMs);
  book.dialled(address, nowMs, true);
  book.reached(address, nowMs);
}

const anything = () => true;

describe('what the book takes in', () => {
  test('an address once, and only what names a peer at a place that the source may speak of', () => {
    const book = bookOf();
    const far = sourceIn('5.6');
    assert.equal(book.add('/ip4/9.9.9.9/tcp/1/p2p/A', far, START_MS), true);
    assert.equal(book.add('/ip4/9.9.9.9/tcp/1/p2p/A', far, START_MS), false);
    for (const address of [
      '/ip4/9.9.9.9/tcp/1',
      '/ip4/10.0.0.1/tcp/1/p2p/A',
      'n17',
      'no address',
      '',
      '/x/y/p2p/A',
    ]) {
      assert.equal(book.add(address, far, START_MS), false, address);
    }
    assert.equal(book.add('/ip4/10.0.0.1/tcp/1/p2p/A', SEARCH, START_MS), true);
    assert.equal(book.add('n17', networkPlace('n18'), START_MS), true);
    assert.equal(book.size, 3);
  });

  test('sources of one network group fill a bounded part of it, whatever they tell', () => {
    const book = bookOf();
    for (let n = 0; n < 100_000; n++) book.add(addressIn(publicGroup(n), n), sourceIn('5.6'), START_MS);
    const most = NEW_BUCKETS_PER_SOURCE * BUCKET_SLOTS;
    assert.ok(book.size <= most, `${book.size} of ${most}`);
    assert.ok(book.size > most / 2, 'and the part is used');
  });

  test('reached addresses of one network group fill a bounded part of the other table', () => {
    const book = bookOf();
    for (let n = 0; n < 20_000; n++) {
      const address = addressIn('5.6', n);
      book.add(address, sourceIn(publicGroup(n)), START_MS);
      book.reached(address, START_MS);
    }
    const most = TRIED_BUCKETS_PER_GROUP * BUCKET_SLOTS;
    assert.ok(book.triedSize <= most && book.triedSize > most / 2, `${book.triedSize} of ${most}`);
  });

  test('a thousand peers that are said to live behind one port take one slot of a bucket', () => {
    const book = bookOf();
    for (let n = 0; n < 1000; n++) book.add(`/ip4/9.9.9.9/tcp/1/p2p/Node${n}`, sourceIn('5.6'), START_MS);
    assert.equal(book.size, 1);
  });

  test('it does not grow beyond its slots, in memory or on disk', () => {
    const host = new PeersHost();
    const book = bookOf({ shape: SMALL, host });
    for (let n = 0; n < 20_000; n++) {
      const address = addressIn(publicGroup(n), n);
      book.add(address, sourceIn(publicGroup(3 * n)), START_MS + n);
      if (n % 3 === 0) book.reached(address, START_MS + n);
      if (n % 100 === 0) book.save(BOOK_PAGES_PER_SAVE);
    }
    assert.ok(book.size <= 12 * 4, `${book.size}`);
    book.save(1000);
    assert.ok(host.records.size <= 12 + 1 && host.recordBytes < 12 * 4 * 150);
  });

  test('one save writes a bounded number of buckets, and nothing when nothing has changed', () => {
    const host = new PeersHost();
    const book = bookOf({ host });
    for (let n = 0; n < 5000; n++) book.add(addressIn(publicGroup(n), n), sourceIn(publicGroup(n)), START_MS);
    const left = book.save(BOOK_PAGES_PER_SAVE);
    assert.equal(host.saves, BOOK_PAGES_PER_SAVE + 1);
    assert.ok(left > 0);
    assert.equal(book.save(10_000), 0);
    const { saves } = host;
    assert.equal(book.save(10_000), 0);
    assert.equal(host.saves, saves);
  });

  test('a hopeless address gives up its slot, a good one does not', () => {
    const book = bookOf({ shape: { newBuckets: 1, triedBuckets: 1, slots: 1 } });
    const [first, second, third] = [addressIn('5.6', 1), addressIn('7.8', 1), addressIn('9.9', 1)];
    assert.equal(book.add(first, SEARCH, START_MS), true);
    assert.equal(book.add(second, SEARCH, START_MS), false);
    for (let n = 0; n < ATTEMPTS_MAX; n++) book.dialled(first, START_MS, true);
    assert.equal(book.add(second, SEARCH, START_MS + 30_000), false, 'it may answer yet');
    assert.equal(book.add(second, SEARCH, START_MS + 60_000), true);
    assert.equal(book.add(third, SEARCH, START_MS + ADDRESS_AGE_MS_MAX), false);
    assert.equal(book.add(third, SEARCH, START_MS + 60_001 + ADDRESS_AGE_MS_MAX), true, 'old news');
    const late = START_MS + 60_002 + ADDRESS_AGE_MS_MAX;
    assert.equal(book.add(first, SEARCH, late), false);
    assert.equal(book.add(first, OWNER, late), true, 'what the owner names comes in');
  });
});

describe('what the book gives', () => {
  test('nothing when it is empty or nothing is allowed', () => {
    const book = bookOf();
    assert.equal(book.pick(START_MS, anything), undefined);
    book.add(addressIn('5.6', 1), SEARCH, START_MS);
    assert.equal(
      book.pick(START_MS, () => false),
      undefined,
    );
    assert.equal(book.pick(START_MS, anything), addressIn('5.6', 1));
  });

  test('reached addresses half of the time, however many others there are', () => {
    const book = bookOf();
    for (let n = 0; n < 3000; n++) book.add(addressIn(publicGroup(n), n), sourceIn(publicGroup(n)), START_MS);
    for (let n = 0; n < 10; n++) reach(book, addressIn(publicGroup(n), 7000 + n));
    let tried = 0;
    for (let n = 0; n < 2000; n++) {
      const address = book.pick(START_MS, anything) as PeerAddress;
      if (book.entry(address)?.isTried === true) tried += 1;
    }
    assert.ok(tried > 850 && tried < 1150, `${tried} of 2000`);
    for (let n = 0; n < 100; n++) {
      const address = book.pick(START_MS, anything, 'heard') as PeerAddress;
      assert.equal(book.entry(address)?.isTried, false);
    }
  });

  test('an address that failed rests, longer each time, an hour at most', () => {
    const book = bookOf();
    const address = addressIn('5.6', 1);
    book.add(address, SEARCH, START_MS);
    let nowMs = START_MS;
    const rests: number[] = [];
    for (let n = 0; n < 12; n++) {
      book.dialled(address, nowMs, true);
      const dialledMs = nowMs;
      while (book.pick(nowMs, anything) === undefined) nowMs += 1000;
      rests.push(nowMs - dialledMs);
    }
    assert.deepEqual(rests.slice(0, 4), [15_000, 30_000, 60_000, 120_000]);
    assert.equal(rests.at(-1), BACKOFF_MS_MAX);
    book.reached(address, nowMs);
    assert.equal(book.pick(nowMs, anything), address, 'a success ends it');
  });

  test('a dial without any connection tells nothing of the address: it rests for a moment only', () => {
    const book = bookOf();
    const address = addressIn('5.6', 1);
    book.add(address, SEARCH, START_MS);
    for (let n = 0; n < 50; n++) book.dialled(address, START_MS, false);
    assert.equal(book.pick(START_MS, anything), undefined);
    assert.equal(book.pick(START_MS + BACKOFF_OFFLINE_MS, anything), address);
  });

  test('to others a share, none of what is near by to those far away, and none that is hopeless', () => {
    const book = bookOf();
    for (let n = 0; n < 1000; n++) book.add(addressIn(publicGroup(n), n), sourceIn(publicGroup(n)), START_MS);
    book.add('/ip4/10.0.0.1/tcp/1/p2p/Near', SEARCH, START_MS);
    const sample = book.sample(1000, 'public', START_MS);
    assert.ok(sample.length <= book.size * ADDRESS_SHARE_MAX && sample.length > 200);
    assert.equal(new Set(sample).size, sample.length);
    assert.equal(book.sample(10, 'public', START_MS).length, 10);
    assert.deepEqual(book.sample(10, 'public', START_MS + ADDRESS_AGE_MS_MAX + 1), []);
    const small = bookOf();
    small.add('/ip4/10.0.0.1/tcp/1/p2p/Near', SEARCH, START_MS);
    assert.deepEqual(small.sample(10, 'public', START_MS), []);
    assert.deepEqual(small.sample(10, 'private', START_MS), ['/ip4/10.0.0.1/tcp/1/p2p/Near']);
  });
});

describe('a reached address whose slot is taken', () => {
  const shape = { newBuckets: 64, triedBuckets: 1, slots: 1 };
  const [older, newer] = [addressIn('5.6', 1), addressIn('7.8', 1)];
  const contestedBook = () => {
    const book = bookOf({ shape });
    reach(book, older);
    reach(book, newer, START_MS + 1000);
    return book;
  };

  test('waits until the older one was dialled, and takes the slot when that one is gone', () => {
    const book = contestedBook();
    assert.equal(book.entry(newer)?.isTried, false);
    assert.equal(book.contested(START_MS + 2000), older);
    book.dialled(older, START_MS + 2000, true);
    assert.equal(book.contested(START_MS + 3000), undefined, 'it may answer yet');
    assert.equal(book.entry(older)?.isTried, true);
    assert.equal(book.contested(START_MS + 2000 + DIAL_TIMEOUT_MS), undefined);
    assert.equal(book.entry(newer)?.isTried, true);
    assert.equal(book.entry(older)?.isTried, false, 'and the older one is remembered among the others');
  });

  test('waits in vain when the older one answers', () => {
    const book = contestedBook();
    book.dialled(older, START_MS + 2000, true);
    book.reached(older, START_MS + 3000);
    assert.equal(book.contested(START_MS + 2000 + DIAL_TIMEOUT_MS), undefined);
    assert.equal(book.entry(older)?.isTried, true);
    assert.equal(book.entry(newer)?.isTried, false);
  });

  test('is one of a bounded number that wait', () => {
    const book = bookOf({ shape });
    reach(book, older);
    for (let n = 0; n < 1000; n++) reach(book, addressIn(publicGroup(n), n), START_MS + n);
    // Each test decides one case, so that there are as many tests as cases.
    let cases = 0;
    for (let nowMs = START_MS + 1000; cases < 1000; cases++) {
      const holder = book.contested(nowMs);
      if (holder === undefined) break;
      book.dialled(holder, nowMs, true);
      nowMs += DIAL_TIMEOUT_MS;
    }
    assert.ok(cases >= 1 && cases <= CONTESTED_MAX, `${cases}`);
  });
});

describe('after a restart', () => {
  test('every address is where it was', () => {
    const host = new PeersHost();
    const book = bookOf({ host });
    for (let n = 0; n < 500; n++) {
      const address = addressIn(publicGroup(n), n);
      book.add(address, sourceIn(publicGroup(2 * n)), START_MS + n);
      if (n % 3 === 0) book.dialled(address, START_MS + n, true);
      if (n % 6 === 0) book.reached(address, START_MS + n);
    }
    book.save(10_000);
    const again = bookOf({ host: new PeersHost({ records: host.records }), seed: 99 });
    assert.equal(again.size, book.size);
    assert.equal(again.triedSize, book.triedSize);
    for (let n = 0; n < 500; n++) {
      const address = addressIn(publicGroup(n), n);
      assert.deepEqual(again.entry(address), book.entry(address));
    }
  });

  test('damaged records cost their bucket and nothing else', () => {
    const host = new PeersHost();
    const book = bookOf({ host });
    for (let n = 0; n < 200; n++) book.add(addressIn(publicGroup(n), n), sourceIn(publicGroup(n)), START_MS);
    book.save(10_000);
    const [first] = [...host.records.keys()].filter((key) => key !== 'book');
    host.records.get(first as string)?.fill(0xff, 0, 3);
    const again = new PeersHost({ records: host.records });
    const size = bookOf({ host: again }).size;
    assert.ok(size < book.size && size > book.size - BUCKET_SLOTS);
    assert.deepEqual(again.warnings, ['saved addresses cannot be read']);
    host.records.get('book')?.fill(0xff);
    assert.equal(bookOf({ host: new PeersHost({ records: host.records }) }).size, 0);
  });
});

/**
 * The attack of Heilman et al.: a source with few network groups floods the book in order to be dialled everywhere.
 */
test('a flood from a few network groups hardly changes who is dialled', () => {
  const book = bookOf();
  const isHonest = new Set<PeerAddress>();
  for (let n = 0; n < 800; n++) {
    const address = addressIn(publicGroup(n), n);
    if (n < 400) reach(book, address);
    else book.add(address, sourceIn(publicGroup(n + 1)), START_MS);
    if (book.entry(address) !== undefined) isHonest.add(address);
  }
  assert.ok(isHonest.size > 750);
  for (let n = 0; n < 200_000; n++) {
    const group = `20${n % 4}.77`;
    const address = addressIn(group, n);
    book.add(address, sourceIn(group), START_MS);
    // All of the attacker's addresses answer when they are dialled.
    if (n % 10 === 0) book.reached(address, START_MS);
  }
  let honest = 0;
  for (let n = 0; n < 1000; n++) if (isHonest.has(book.pick(START_MS, anything) as PeerAddress)) honest += 1;
  assert.ok(honest > 600, `${honest} of 1000`);
  for (const address of isHonest)
    assert.ok(book.entry(address) !== undefined, 'no honest address was displaced');
});

test('any sequence of events keeps the book within its bounds and its tables in step', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'dialled', 'reached', 'forget', 'contested', 'restart'),
    n: fc.integer({ min: 0, max: 60 }),
    passedMs: fc.integer({ min: 0, max: 90_000 }),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 150, size: 'max' }), (steps) => {
      const { records } = new PeersHost();
      let book = bookOf({ shape: SMALL, host: new PeersHost({ records }) });
      let nowMs = START_MS;
      for (const { kind, n, passedMs } of steps) {
        nowMs += passedMs;
        const address = addressIn(publicGroup(n % 7), n);
        if (kind === 'add') book.add(address, sourceIn(publicGroup(n % 5)), nowMs);
        else if (kind === 'dialled') book.dialled(address, nowMs, true);
        else if (kind === 'reached') book.reached(address, nowMs);
        else if (kind === 'forget') book.forget(address);
        else if (kind === 'contested') book.contested(nowMs);
        else {
          book.save(1000);
          const { size, triedSize } = book;
          book = bookOf({ shape: SMALL, host: new PeersHost({ records }) });
          assert.deepEqual([book.size, book.triedSize], [size, triedSize]);
        }
        assert.ok(book.size - book.triedSize <= 32 && book.triedSize <= 16);
        const picked = book.pick(nowMs, anything);
        assert.ok(picked === undefined || book.entry(picked) !== undefined);
        assert.ok(book.sample(100, 'public', nowMs).every((one) => book.entry(one) !== undefined));
      }
    }),
    { numRuns: 60 },
  );
});
