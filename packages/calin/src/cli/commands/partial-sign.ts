import { defineCommand } from '../command.ts';
import { SIGNING_OPTIONS, YES_OPTION } from '../common-options.ts';
import { PARTIAL_FILE_OPTION } from '../lock-options.ts';

/** `calin partial sign`. */
export const command = defineCommand({
  name: 'partial sign',
  summary: 'Add the signature of an account to a partially signed transaction.',
  description: 'On a terminal it says in words what is signed, and asks. The file is written anew.',
  arguments: [],
  options: {
    file: PARTIAL_FILE_OPTION,
    as: {
      kind: 'text',
      value: 'ACCOUNT',
      required: true,
      summary: 'Who signs: an account of the keystore, or dev0 to dev9',
    },
    yes: YES_OPTION,
    ...SIGNING_OPTIONS,
  },
  examples: ['partial sign --file pay.cpst --as alice'],
  run: async (values, io) => {
    const { keySigner, signPartial } = await import('@calin/client/transaction-builder/sign-transaction.ts');
    const { findSigner } = await import('../accounts/find-account.ts');
    const { keystoreOf } = await import('../accounts/network.ts');
    const { connectToSign } = await import('../wallet/connect.ts');
    const { answerPartial, checkChain, readPartialFile, writePartialFile } = await import(
      '../wallet/partial-file.ts'
    );
    const { reviewPartial } = await import('../wallet/review.ts');
    const partial = readPartialFile(values.file);
    if (!partial.ok) return partial;
    const connection = await connectToSign(values);
    if (!connection.ok) return connection;
    const chain = checkChain(partial.value, connection.value);
    if (!chain.ok) return chain;
    const place = { network: connection.value.network, keystore: keystoreOf(values) };
    const account = await findSigner(values.as, place, values.password);
    if (!account.ok) return account;
    const reviewed = await reviewPartial(partial.value, {
      connection: connection.value,
      place,
      io,
      ownKeys: [account.value.publicKey],
      isAsked: !values.yes,
    });
    if (!reviewed.ok) return reviewed;
    const signed = signPartial(partial.value, keySigner(account.value.secretKey));
    if (!signed.ok) return signed;
    const written = writePartialFile(values.file, signed.value);
    return written.ok ? answerPartial(io, signed.value, values.file, connection.value) : written;
  },
});
