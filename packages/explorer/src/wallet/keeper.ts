import { accountKey } from '@calin/client/keys/hd.ts';
import { createMnemonic, type Mnemonic, mnemonicToSeed, parseMnemonic } from '@calin/client/keys/mnemonic.ts';
import type { RpcClient } from '@calin/client/rpc/rpc-client.ts';
import type { PartialTransaction } from '@calin/client/transaction-builder/partial-transaction.ts';
import {
  keySigner,
  signPartial,
  type TransactionSigner,
} from '@calin/client/transaction-builder/sign-transaction.ts';
import type { SearchProgress } from '@calin/client/wallet/find-accounts.ts';
import { restorePhrase, walletOfPhrase } from '@calin/client/wallet/restore-phrase.ts';
import { type SignedMessage, signMessage } from '@calin/client/wallet/signed-message.ts';
import {
  type BackupOptions,
  createWalletKey,
  openWalletByKey,
  sealWalletByKey,
  type WalletKey,
  walletKeyOf,
} from '@calin/client/wallet/wallet-backup.ts';
import type { WalletDocument } from '@calin/client/wallet/wallet-document.ts';
import { ok, type Result } from '@calin/core/base/result.ts';
import type { PublicKey } from '@calin/core/crypto/signature.ts';
import { refusePage } from './rules.ts';

/** A wallet without its phrase, and whether there is one. */
export interface PublicWallet {
  readonly document: WalletDocument;
  readonly hasPhrase: boolean;
}

/** A wallet that was made or changed: what the page may know, and what is kept. */
export interface SealedWallet extends PublicWallet {
  readonly sealed: string;
}

/** What the keeper works with. */
export interface KeeperDependencies extends BackupOptions {
  /** A node, for finding the accounts of a phrase. */
  readonly client: Pick<RpcClient, 'batch'>;
  readonly progress: (progress: SearchProgress) => void;
}

/**
 * Has the secrets of an open wallet: the phrase, the seed and the key of the password. It lives in a worker, so the
 * page that draws never has them but for the phrase when it is shown, and ending the worker takes them out of the
 * memory.
 */
export class Keeper {
  readonly #dependencies: KeeperDependencies;
  #open:
    | { readonly walletKey: WalletKey; readonly phrase: Mnemonic | undefined; readonly seed: Uint8Array }
    | undefined;

  constructor(dependencies: KeeperDependencies) {
    this.#dependencies = dependencies;
  }

  /** A new phrase, to be shown; nothing is kept of it. */
  createPhrase(words: 12 | 24): Mnemonic {
    return createMnemonic(words, this.#dependencies.random);
  }

  /** Makes a wallet of a phrase with its first account, and opens it. Refuses by `keys/…`. */
  async create(text: string, addressPrefix: string, password: string): Promise<Result<SealedWallet>> {
    const phrase = parseMnemonic(text);
    if (!phrase.ok) return phrase;
    const wallet = walletOfPhrase(phrase.value, addressPrefix, 1);
    return wallet.ok ? this.#begin(wallet.value, password) : wallet;
  }

  /** Makes a wallet of a phrase with the accounts that the chain knows, and opens it. Refuses as the node does. */
  async restore(text: string, addressPrefix: string, password: string): Promise<Result<SealedWallet>> {
    const phrase = parseMnemonic(text);
    if (!phrase.ok) return phrase;
    const { client, progress } = this.#dependencies;
    const wallet = await restorePhrase(phrase.value, addressPrefix, client, progress);
    return wallet.ok ? this.#begin(wallet.value, password) : wallet;
  }

  /** Opens what is kept, or a backup: they are the same. Refuses by `wallet/backup` or `keystore/…`. */
  async open(sealed: string, password: string): Promise<Result<SealedWallet>> {
    const walletKey = await walletKeyOf(sealed, password, this.#dependencies.argon2id);
    if (!walletKey.ok) return walletKey;
    const wallet = openWalletByKey(sealed, walletKey.value);
    if (!wallet.ok) {
      walletKey.value.key.fill(0);
      return wallet;
    }
    return ok({ sealed, ...this.#hold(wallet.value, walletKey.value) });
  }

  /** Reads what another tab has kept. Refuses by `keystore/wrong-password` when it has another password now. */
  follow(sealed: string): Result<PublicWallet> {
    const open = this.#open;
    if (open === undefined) return refusePage('page/locked');
    const wallet = openWalletByKey(sealed, open.walletKey);
    return wallet.ok ? ok(this.#hold(wallet.value, open.walletKey)) : wallet;
  }

  /** Seals a wallet as it was changed; the phrase stays what it is. */
  seal(document: WalletDocument): Result<string> {
    const open = this.#open;
    if (open === undefined) return refusePage('page/locked');
    const whole = { ...document, phrase: open.phrase };
    return ok(sealWalletByKey(whole, open.walletKey, this.#dependencies.random));
  }

  /** The public key of an account, so that it can be added. */
  publicKeyOf(index: number): Result<PublicKey> {
    const open = this.#open;
    if (open === undefined) return refusePage('page/locked');
    if (open.phrase === undefined) return refusePage('page/no-phrase');
    return ok(accountKey(open.seed, index).publicKey);
  }

  /** Signs with the keys of these accounts. Refuses by `wallet/unknown-key` when one of them is not asked for. */
  sign(partial: PartialTransaction, accounts: readonly number[]): Result<PartialTransaction> {
    const signers = this.#signers(accounts);
    if (!signers.ok) return signers;
    let signed = partial;
    for (const signer of signers.value) {
      const next = signPartial(signed, signer);
      if (!next.ok) return next;
      signed = next.value;
    }
    return ok(signed);
  }

  /** Signs a message with the key of an account. Refuses by `wallet/message`. */
  signMessage(message: string, account: number, addressPrefix: string): Result<SignedMessage> {
    const signers = this.#signers([account]);
    if (!signers.ok) return signers;
    const [signer] = signers.value;
    return signer === undefined ? refusePage('page/no-phrase') : signMessage(message, signer, addressPrefix);
  }

  /** The phrase, after the password was given again. Refuses by `keystore/wrong-password` or `page/no-phrase`. */
  async reveal(sealed: string, password: string): Promise<Result<Mnemonic>> {
    const { argon2id } = this.#dependencies;
    const walletKey = await walletKeyOf(sealed, password, argon2id);
    if (!walletKey.ok) return walletKey;
    const wallet = openWalletByKey(sealed, walletKey.value);
    walletKey.value.key.fill(0);
    if (!wallet.ok) return wallet;
    return wallet.value.phrase === undefined ? refusePage('page/no-phrase') : ok(wallet.value.phrase);
  }

  /** Seals what is kept with another password. Refuses by `keystore/wrong-password` or `keystore/empty-password`. */
  async changePassword(sealed: string, old: string, password: string): Promise<Result<SealedWallet>> {
    const opened = await this.open(sealed, old);
    if (!opened.ok) return opened;
    return this.#begin({ ...opened.value.document, phrase: this.#open?.phrase }, password);
  }

  async #begin(wallet: WalletDocument, password: string): Promise<Result<SealedWallet>> {
    const walletKey = await createWalletKey(password, this.#dependencies);
    if (!walletKey.ok) return walletKey;
    const sealed = sealWalletByKey(wallet, walletKey.value, this.#dependencies.random);
    return ok({ sealed, ...this.#hold(wallet, walletKey.value) });
  }

  #hold({ phrase, ...rest }: WalletDocument, walletKey: WalletKey): PublicWallet {
    // The seed of the phrase takes some thousand hashes; it stays the same.
    const seed =
      this.#open?.phrase === phrase && this.#open !== undefined
        ? this.#open.seed
        : phrase === undefined
          ? new Uint8Array(0)
          : mnemonicToSeed(phrase);
    this.#open = { walletKey, phrase, seed };
    return { document: { ...rest, phrase: undefined }, hasPhrase: phrase !== undefined };
  }

  #signers(accounts: readonly number[]): Result<readonly TransactionSigner[]> {
    const open = this.#open;
    if (open === undefined) return refusePage('page/locked');
    if (open.phrase === undefined) return refusePage('page/no-phrase');
    return ok(accounts.map((index) => keySigner(accountKey(open.seed, index).secretKey)));
  }
}
