import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hashInPlaceOfArgon2id, testOptions } from '@calin/client/keystore/keystore.testing.ts';
import { buildTransaction } from '@calin/client/transaction-builder/build-transaction.ts';
import { createPartial, finalisePartial } from '@calin/client/transaction-builder/partial-transaction.ts';
import { CHAIN_ID, coin, must, payment, request } from '@calin/client/transaction-builder/wallet.testing.ts';
import { keyOpening } from '@calin/client/wallet/build-payment.ts';
import { addAddress, rename } from '@calin/client/wallet/edit-wallet.ts';
import { verifyMessage } from '@calin/client/wallet/signed-message.ts';
import { openWallet } from '@calin/client/wallet/wallet-backup.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import type { Result } from '@calin/core/base/result.ts';
import { formatAddress } from '@calin/core/primitives/address.ts';
import { Keeper } from './keeper.ts';
import type { KeeperCaller } from './keeper-jobs.ts';
import { MemoryStore } from './memory-store.testing.ts';
import { type SessionNews, WalletSession } from './wallet-session.ts';

const PHRASE = 'legal winner thank year wave sausage worth useful legal winner thank yellow';
const PASSWORD = 'marble canoe lantern fig';
const OPTIONS = testOptions(hashInPlaceOfArgon2id);
const ADDRESS = formatAddress(payment(1).address, 'dcal');

/** Runs keepers as workers do: each ends with all that it knows, and what passes is copied. */
function testKeeper(): KeeperCaller & { readonly ended: () => number } {
  const start = () =>
    new Keeper({
      ...OPTIONS,
      client: { batch: async () => Promise.reject(new Error('no node')) },
      progress: () => {},
    });
  let keeper = start();
  let ends = 0;
  return {
    call: async (method, ...parameters) => {
      const run = keeper[method].bind(keeper) as (...given: readonly unknown[]) => unknown;
      return structuredClone(await run(...structuredClone(parameters))) as never;
    },
    end: () => {
      keeper = start();
      ends += 1;
    },
    ended: () => ends,
  };
}

/** The tabs of one browser. */
class Browser {
  readonly store = new MemoryStore();
  readonly tabs: WalletSession[] = [];

  open() {
    const keeper = testKeeper();
    const tell = (news: SessionNews) => {
      for (const other of this.tabs) if (other !== session) other.hear(news);
    };
    const session: WalletSession = new WalletSession({ store: this.store, keeper, tell });
    this.tabs.push(session);
    return { session, keeper };
  }
}

function documentOf({ state }: WalletSession): WalletDocument {
  assert(state.kind === 'open', state.kind);
  return state.document;
}

function refused(result: Result<unknown>, rule: string): void {
  assert.equal(result.ok ? 'nothing was refused' : result.error.rule, rule);
}

const watch = (name: string) => (wallet: WalletDocument) =>
  addAddress(wallet, 'watched', { name, address: ADDRESS });

/** What other tabs were told has been read by then. */
const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

describe('a session', () => {
  test('is made, locked and opened, and the page never has the phrase', async () => {
    const { session, keeper } = new Browser().open();
    await session.read();
    assert.equal(session.state.kind, 'none');
    refused(await session.create('legal winner', 'dcal', PASSWORD), 'keys/mnemonic-length');
    must(await session.create(PHRASE, 'dcal', PASSWORD));
    assert.deepEqual(
      documentOf(session).accounts.map(({ name }) => name),
      ['main'],
    );
    assert(!JSON.stringify(session.state).includes('winner'));
    session.lock();
    assert.deepEqual(session.state, { kind: 'sealed' });
    assert.equal(keeper.ended(), 1);
    refused(
      await session.sign(
        createPartial(
          must(buildTransaction(request({ coins: [coin(9e9)], outputs: [payment(1)] }))),
          CHAIN_ID,
        ),
      ),
      'page/locked',
    );
    refused(await session.edit(watch('cold')), 'page/locked');
    refused(await session.open('another one'), 'keystore/wrong-password');
    must(await session.open(PASSWORD));
    assert.equal(must(await session.reveal(PASSWORD)), PHRASE);
    refused(await session.reveal('another one'), 'keystore/wrong-password');
  });

  test('keeps every change, sealed', async () => {
    const browser = new Browser();
    const { session } = browser.open();
    must(await session.create(PHRASE, 'dcal', PASSWORD));
    must(await session.addAccount('savings'));
    refused(await session.addAccount('savings'), 'wallet/document');
    must(await session.edit(watch('cold')));
    const kept = must(await browser.store.read()) ?? '';
    assert(!kept.includes('savings') && !kept.includes('winner'));
    const whole = must(await openWallet(kept, PASSWORD, hashInPlaceOfArgon2id));
    assert.equal(whole.phrase, PHRASE);
    assert.deepEqual({ ...whole, phrase: undefined }, documentOf(session));
  });

  test('what two tabs change at once is all there, and one locks both', async () => {
    const browser = new Browser();
    const [{ session: a }, { session: b }] = [browser.open(), browser.open()];
    must(await a.create(PHRASE, 'dcal', PASSWORD));
    await settle();
    assert.equal(b.state.kind, 'sealed');
    must(await b.open(PASSWORD));
    const done = await Promise.all([a.edit(watch('cold')), b.edit(watch('warm')), a.edit(watch('hot'))]);
    for (const one of done) must(one);
    await settle();
    const names = (session: WalletSession) => documentOf(session).watched.map(({ name }) => name);
    assert.deepEqual(names(a), ['cold', 'hot', 'warm']);
    assert.deepEqual(names(b), names(a));
    refused(await b.edit(watch('hot')), 'wallet/document');
    a.lock();
    assert.equal(b.state.kind, 'sealed');
  });

  test('a tab with an old password or another wallet locks, and overwrites nothing', async () => {
    const browser = new Browser();
    const [{ session: a }, { session: b }] = [browser.open(), browser.open()];
    must(await a.create(PHRASE, 'dcal', PASSWORD));
    must(await b.open(PASSWORD));
    refused(await a.changePassword('another one', 'new'), 'keystore/wrong-password');
    must(await a.changePassword(PASSWORD, 'a new one altogether'));
    await settle();
    assert.equal(b.state.kind, 'sealed');
    refused(await b.open(PASSWORD), 'keystore/wrong-password');
    must(await b.open('a new one altogether'));
    must(await a.forget());
    await settle();
    assert.equal(b.state.kind, 'none');
    must(await b.create(PHRASE, 'dcal', PASSWORD));
    refused(await a.create(PHRASE, 'dcal', PASSWORD), 'page/exists');
  });

  test('a backup opens with its password, and only on its own network', async () => {
    const { session } = new Browser().open();
    must(await session.create(PHRASE, 'dcal', PASSWORD));
    must(await session.edit((wallet) => rename(wallet, 'main', 'purse')));
    const file = must(session.backup());
    const { session: fresh } = new Browser().open();
    refused(await fresh.restoreBackup('{}', 'dcal', PASSWORD), 'wallet/backup');
    refused(await fresh.restoreBackup(file, 'dcal', 'another one'), 'keystore/wrong-password');
    refused(await fresh.restoreBackup(file, 'tcal', PASSWORD), 'page/network');
    must(await fresh.restoreBackup(file, 'dcal', PASSWORD));
    assert.deepEqual(documentOf(fresh), documentOf(session));
  });

  test('signs with those of its keys that are asked for', async () => {
    const { session } = new Browser().open();
    must(await session.create(PHRASE, 'dcal', PASSWORD));
    must(await session.addAccount('savings'));
    const [, savings] = documentOf(session).accounts;
    assert(savings !== undefined);
    const own = coin(5e9, keyOpening(savings));
    const unsigned = must(buildTransaction(request({ coins: [own], outputs: [payment(1e9)] })));
    const signed = must(await session.sign(createPartial(unsigned, CHAIN_ID)));
    assert.equal(signed.signatures.length, 1);
    must(finalisePartial(signed));
    const foreign = must(buildTransaction(request({ coins: [coin(5e9)], outputs: [payment(1e9)] })));
    assert.equal(must(await session.sign(createPartial(foreign, CHAIN_ID))).signatures.length, 0);
    const message = must(await session.signMessage('hello', savings.index));
    must(verifyMessage(message, 'dcal'));
  });

  test('a browser that keeps nothing says so, and nothing stays open', async () => {
    const browser = new Browser();
    const { session, keeper } = browser.open();
    await session.read();
    browser.store.failing = 'page/storage-full';
    refused(await session.create(PHRASE, 'dcal', PASSWORD), 'page/storage-full');
    assert.equal(session.state.kind, 'none');
    assert.equal(keeper.ended(), 1);
    browser.store.failing = 'page/storage';
    await session.read();
    assert.equal(session.state.kind, 'unavailable');
  });

  test('a phrase is restored as far as the node tells, and its failure is a refusal', async () => {
    const { session } = new Browser().open();
    refused(await session.restore(PHRASE, 'dcal', PASSWORD), 'page/failed');
    const words = await session.createPhrase(24);
    assert.equal(words.split(' ').length, 24);
  });
});
