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
  /** What is kept; when the wallet is open, what the document of the state was sealed into. */
  #kept: string | undefined;
  /** How often it was locked: what was begun before must not open it again. */
  #locks = 0;
  /** One thing after the other, so that a change is made on what the one before it has left. */
  #last: Promise<unknown> = Promise.resolve();

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
  read(): Promise<void> {
    return this.#inTurn(() => this.#read());
  }

  async #read(): Promise<void> {
    const { store, keeper } = this.#dependencies;
    const kept = await store.read();
    if (!kept.ok) return this.#seal({ kind: 'unavailable', why: kept.error });
    const isSame = kept.value === this.#kept;
    if (kept.value === undefined || this.#state.kind !== 'open') {
      this.#kept = kept.value;
      return this.#seal({ kind: kept.value === undefined ? 'none' : 'sealed' });
    }
    if (isSame) return;
    const locks = this.#locks;
    const followed = await settled(keeper.call('follow', kept.value));
    if (locks !== this.#locks) return;
    this.#kept = kept.value;
    // The other tab has changed the password, or forgotten one wallet and made another.
    if (followed.ok) this.#change({ kind: 'open', ...followed.value });
    else this.#seal({ kind: 'sealed' });
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

  #begin(made: Promise<Result<SealedWallet>>): Promise<Result<undefined>> {
    return this.#inTurn(async () => {
      const locks = this.#locks;
      const wallet = await settled(made);
      if (!wallet.ok) return wallet;
      const kept = await this.#dependencies.store.replace(wallet.value.sealed, undefined);
      if (!kept.ok) {
        this.#dependencies.keeper.end();
        return kept.error.rule === 'page/changed' ? refusePage('page/exists') : kept;
      }
      return this.#hold(wallet.value, locks);
    });
  }

  /** Opens what is kept. Refuses by `keystore/wrong-password` or `wallet/…`. */
  open(password: string): Promise<Result<undefined>> {
    return this.#inTurn(async () => {
      await this.#read();
      const [kept, locks] = [this.#kept, this.#locks];
      if (kept === undefined) return refusePage('page/locked');
      const opened = await settled(this.#dependencies.keeper.call('open', kept, password));
      if (!opened.ok) return opened;
      if (locks !== this.#locks) return refusePage('page/locked');
      const { document, hasPhrase } = opened.value;
      this.#change({ kind: 'open', document, hasPhrase });
      return OK;
    });
  }

  /** Changes the wallet and keeps it. Refuses as the change does, or as the store does. */
  edit(change: WalletChange): Promise<Result<undefined>> {
    return this.#inTurn(async () => {
      let last: Result<undefined> = refusePage('page/locked');
      for (let tries = 0; tries < TRIES_MAX; tries++) {
        last = await this.#tryEdit(change);
        if (last.ok || last.error.rule !== 'page/changed') return last;
        await this.#read();
      }
      return last;
    });
  }

  async #tryEdit(change: WalletChange): Promise<Result<undefined>> {
    const { keeper, store } = this.#dependencies;
    const [state, kept, locks] = [this.#state, this.#kept, this.#locks];
    if (state.kind !== 'open') return refusePage('page/locked');
    const changed = change(state.document);
    if (!changed.ok) return changed;
    const sealed = await settled(keeper.call('seal', changed.value));
    if (!sealed.ok) return sealed;
    const replaced = await store.replace(sealed.value, kept);
    if (!replaced.ok) return replaced;
    return this.#hold({ document: changed.value, hasPhrase: state.hasPhrase, sealed: sealed.value }, locks);
  }

  /** Seals the wallet with another password. Refuses by `keystore/wrong-password`. */
  changePassword(old: string, password: string): Promise<Result<undefined>> {
    return this.#inTurn(async () => {
      const { keeper, store } = this.#dependencies;
      const [state, kept, locks] = [this.#state, this.#kept, this.#locks];
      if (state.kind !== 'open' || kept === undefined) return refusePage('page/locked');
      const changed = await settled(keeper.call('changePassword', kept, old, password));
      if (!changed.ok) return changed;
      const replaced = await store.replace(changed.value.sealed, kept);
      if (replaced.ok) return this.#hold(changed.value, locks);
      // The keeper has the new password already, and what is kept has the old one.
      this.lock();
      return replaced;
    });
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
    this.#seal({ kind: 'sealed' });
    this.#dependencies.tell('locked');
  }

  /** Takes the wallet out of this browser. */
  forget(): Promise<Result<undefined>> {
    return this.#inTurn(async () => {
      const cleared = await this.#dependencies.store.clear();
      if (!cleared.ok) return cleared;
      await this.#read();
      this.#dependencies.tell('saved');
      return OK;
    });
  }

  /** Hears what another tab says. */
  hear(news: SessionNews): void {
    if (news === 'saved') void this.read();
    else if (this.#state.kind === 'open') this.#seal({ kind: 'sealed' });
  }

  #seal(state: Exclude<WalletState, { kind: 'open' }>): void {
    if (this.#state.kind === 'open') {
      this.#locks += 1;
      this.#dependencies.keeper.end();
    }
    this.#change(state);
  }

  /** Shows what was kept just now, unless it was locked while it was made. */
  #hold({ document, hasPhrase, sealed }: SealedWallet, locks: number): Result<undefined> {
    this.#kept = sealed;
    this.#dependencies.tell('saved');
    if (locks !== this.#locks) return refusePage('page/locked');
    this.#change({ kind: 'open', document, hasPhrase });
    return OK;
  }

  #change(state: WalletState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }
}
