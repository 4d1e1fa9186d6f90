import {
  missingParts,
  type PartialTransaction,
} from '@calin/client/transaction-builder/partial-transaction.ts';
import { insertAccount } from '@calin/client/wallet/edit-wallet.ts';
import type { SignedMessage } from '@calin/client/wallet/signed-message.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { equalBytes } from '@calin/core/base/bytes.ts';
import { OK, ok, type Refusal, type Result } from '@calin/core/base/result.ts';
import type { PublicWallet, SealedWallet } from './keeper.ts';
import { type KeeperCaller, settled } from './keeper-jobs.ts';
import { refusePage } from './rules.ts';
import type { SealedStore } from './sealed-store.ts';

/** What there is of a wallet in this browser, and whether it is open. */
export type WalletState =
  | { readonly kind: 'reading' }
  /** The browser keeps nothing. */
  | { readonly kind: 'unavailable'; readonly why: Refusal }
  | { readonly kind: 'none' }
  | { readonly kind: 'sealed' }
  | ({ readonly kind: 'open' } & PublicWallet);

/** A change of a wallet; it is made again on the newest one when another tab was quicker. */
export type WalletChange = (document: WalletDocument) => Result<WalletDocument>;

/** What a session says to the other tabs of the browser. */
export type SessionNews = 'saved' | 'locked';

/** What a session works with. */
export interface SessionDependencies {
  readonly store: SealedStore;
  readonly keeper: KeeperCaller;
  /** Tells the other tabs. */
  readonly tell: (news: SessionNews) => void;
}

/** Times that a change is made again because other tabs were quicker. */
const TRIES_MAX = 5;

/**
 * The wallet of one browser: sealed in its store, and open from the password on until it is locked. The page has the
 * document without its phrase; the keeper signs. A value of the state is never changed, so it can be compared.
 */
export class WalletSession {
  readonly #dependencies: SessionDependencies;
  readonly #listeners = new Set<() => void>();
  #state: WalletState = { kind: 'reading' };
  #kept: string | undefined;

  constructor(dependencies: SessionDependencies) {
    this.#dependencies = dependencies;
  }

  /** What there is now. */
  get state(): WalletState {
    return this.#state;
  }

  /** Tells whenever the state is another one; the answer ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Looks at what is kept: at first, and when another tab has changed it. */
  async read(): Promise<void> {
    const kept = await this.#dependencies.store.read();
    if (!kept.ok) return this.#change({ kind: 'unavailable', why: kept.error });
    const before = this.#kept;
    this.#kept = kept.value;
    if (kept.value === undefined) {
      this.#dependencies.keeper.end();
      return this.#change({ kind: 'none' });
    }
    if (this.#state.kind !== 'open') return this.#change({ kind: 'sealed' });
    if (kept.value === before) return;
    const followed = await settled(this.#dependencies.keeper.call('follow', kept.value));
    // The other tab has changed the password, or forgotten one wallet and made another.
    if (!followed.ok) return this.#seal();
    this.#change({ kind: 'open', ...followed.value });
  }

  /** A new phrase, to be shown and asked back; nothing is kept of it. */
  createPhrase(words: 12 | 24): Promise<string> {
    return this.#dependencies.keeper.call('createPhrase', words);
  }

  /** Makes a wallet of a phrase with its first account. Refuses by `keys/…`, `page/exists` or as the store does. */
  create(phrase: string, addressPrefix: string, password: string): Promise<Result<undefined>> {
    return this.#begin(this.#dependencies.keeper.call('create', phrase, addressPrefix, password));
  }

  /** Makes a wallet of a phrase with the accounts that the chain knows; refuses as the node does, too. */
  restore(phrase: string, addressPrefix: string, password: string): Promise<Result<undefined>> {
    return this.#begin(this.#dependencies.keeper.call('restore', phrase, addressPrefix, password));
  }

  /** Takes a backup over, with its password. Refuses by `page/network`, `wallet/backup` or `keystore/…`. */
  async restoreBackup(sealed: string, addressPrefix: string, password: string): Promise<Result<undefined>> {
    const opened = await settled(this.#dependencies.keeper.call('open', sealed, password));
    if (!opened.ok) return opened;
    const got = opened.value.document.addressPrefix;
    if (got === addressPrefix) return this.#begin(Promise.resolve(opened));
    this.#dependencies.keeper.end();
    return refusePage('page/network', { got, expected: addressPrefix });
  }

  async #begin(made: Promise<Result<SealedWallet>>): Promise<Result<undefined>> {
    const wallet = await settled(made);
    if (!wallet.ok) return wallet;
    const kept = await this.#dependencies.store.replace(wallet.value.sealed, undefined);
    if (!kept.ok) {
      this.#dependencies.keeper.end();
      return kept.error.rule === 'page/changed' ? refusePage('page/exists') : kept;
    }
    this.#hold(wallet.value, wallet.value.sealed);
    return OK;
  }

  /** Opens what is kept. Refuses by `keystore/wrong-password` or `wallet/…`. */
  async open(password: string): Promise<Result<undefined>> {
    await this.read();
    const kept = this.#kept;
    if (kept === undefined) return refusePage('page/locked');
    const opened = await settled(this.#dependencies.keeper.call('open', kept, password));
    if (!opened.ok) return opened;
    this.#change({ kind: 'open', document: opened.value.document, hasPhrase: opened.value.hasPhrase });
    return OK;
  }

  /** Changes the wallet and keeps it. Refuses as the change does, or as the store does. */
  async edit(change: WalletChange): Promise<Result<undefined>> {
    const { keeper, store } = this.#dependencies;
    let last: Result<undefined> = refusePage('page/locked');
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      if (this.#state.kind !== 'open') return refusePage('page/locked');
      const { document, hasPhrase } = this.#state;
      const changed = change(document);
      if (!changed.ok) return changed;
      const sealed = await settled(keeper.call('seal', changed.value));
      if (!sealed.ok) return sealed;
      const kept = await store.replace(sealed.value, this.#kept);
      if (kept.ok) {
        this.#hold({ document: changed.value, hasPhrase }, sealed.value);
        return OK;
      }
      last = kept;
      if (kept.error.rule !== 'page/changed') return kept;
      await this.read();
    }
    return last;
  }

  /** Seals the wallet with another password. Refuses by `keystore/wrong-password`. */
  async changePassword(old: string, password: string): Promise<Result<undefined>> {
    const { keeper, store } = this.#dependencies;
    const before = this.#kept;
    if (this.#state.kind !== 'open' || before === undefined) return refusePage('page/locked');
    const changed = await settled(keeper.call('changePassword', before, old, password));
    if (!changed.ok) return changed;
    const kept = await store.replace(changed.value.sealed, before);
    if (!kept.ok) {
      // The keeper has the new password already, and what is kept has the old one.
      this.lock();
      return kept;
    }
    this.#hold(changed.value, changed.value.sealed);
    return OK;
  }

  /** The phrase, after the password was given again. */
  async reveal(password: string): Promise<Result<string>> {
    const kept = this.#kept;
    if (kept === undefined) return refusePage('page/locked');
    return settled(this.#dependencies.keeper.call('reveal', kept, password));
  }

  /** Adds the next account of the phrase. Refuses by `wallet/document`, such as when the name is taken. */
  async addAccount(name: string): Promise<Result<undefined>> {
    if (this.#state.kind !== 'open') return refusePage('page/locked');
    const index = (this.#state.document.accounts.at(-1)?.index ?? -1) + 1;
    const publicKey = await settled(this.#dependencies.keeper.call('publicKeyOf', index));
    if (!publicKey.ok) return publicKey;
    const account = { name, index, publicKey: publicKey.value };
    return this.edit((document) => insertAccount(document, account));
  }

  /** Signs with all keys of the wallet that are still needed. For the dialog that has explained it before. */
  sign(partial: PartialTransaction): Promise<Result<PartialTransaction>> {
    if (this.#state.kind !== 'open') return Promise.resolve(refusePage('page/locked'));
    const wanted = missingParts(partial).flatMap(({ publicKeys }) => publicKeys);
    const accounts = this.#state.document.accounts
      .filter(({ publicKey }) => wanted.some((key) => equalBytes(key, publicKey)))
      .map(({ index }) => index);
    return settled(this.#dependencies.keeper.call('sign', partial, accounts));
  }

  /** Signs a message with the key of an account. */
  signMessage(message: string, account: number): Promise<Result<SignedMessage>> {
    if (this.#state.kind !== 'open') return Promise.resolve(refusePage('page/locked'));
    const { addressPrefix } = this.#state.document;
    return settled(this.#dependencies.keeper.call('signMessage', message, account, addressPrefix));
  }

  /** The sealed text, which is a backup as it is: the same format, opened by the same password. */
  backup(): Result<string> {
    return this.#kept === undefined ? refusePage('page/locked') : ok(this.#kept);
  }

  /** Ends the keeper and with it everything secret that is in memory; in all tabs. */
  lock(): void {
    if (this.#state.kind !== 'open') return;
    this.#seal();
    this.#dependencies.tell('locked');
  }

  /** Takes the wallet out of this browser. */
  async forget(): Promise<Result<undefined>> {
    const cleared = await this.#dependencies.store.clear();
    if (!cleared.ok) return cleared;
    await this.read();
    this.#dependencies.tell('saved');
    return OK;
  }

  /** Hears what another tab says. */
  hear(news: SessionNews): void {
    if (news === 'saved') void this.read();
    else if (this.#state.kind === 'open') this.#seal();
  }

  #seal(): void {
    this.#dependencies.keeper.end();
    this.#change({ kind: 'sealed' });
  }

  #hold({ document, hasPhrase }: PublicWallet, kept: string): void {
    this.#kept = kept;
    this.#change({ kind: 'open', document, hasPhrase });
    this.#dependencies.tell('saved');
  }

  #change(state: WalletState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
