import { ok, type Result } from '@calin/core/base/result.ts';
import { type CommandIo, defineCommand, type ValuesOf } from '../command.ts';
import { HEIGHT_OPTION, LOCK_OPTIONS } from '../lock-options.ts';
import { refuseCli } from '../rules.ts';

const key = { kind: 'text', value: 'KEY', required: true } as const;
const options = {
  ...LOCK_OPTIONS,
  receiver: { ...key, summary: 'Who claims with the secret: an account or a public key' },
  sender: { ...key, summary: 'Who takes the coins back when nobody has: an account or a public key' },
  'refund-height': { ...HEIGHT_OPTION, required: true, summary: 'First height at which the sender can' },
  sha256: { kind: 'text', value: 'HEX', summary: 'SHA-256 of the secret, when somebody else has made it' },
  'new-secret': { kind: 'flag', summary: 'Make a secret and show it, once' },
} as const;

/** `calin lock htlc`. */
export const command = defineCommand({
  name: 'lock htlc',
  summary: 'Make an address whose coins are claimed with a secret, or go back from a height on.',
  description:
    'For exchanges between two chains: whoever claims on one shows the secret by that, and the other can claim with it. The receiver can also claim after the height, as long as the sender has not taken the coins back, so leave enough time between the heights of the two chains.',
  arguments: [],
  options,
  examples: [
    'lock htlc --name swap --receiver bob --sender alice --refund-height 5000 --new-secret',
    'lock htlc --name swap --receiver alice --sender bob --refund-height 4000 --sha256 9f86d0…',
  ],
  run: (values, io) => makeHtlc(values, io),
});

async function makeHtlc(values: ValuesOf<typeof options>, io: CommandIo): Promise<Result<undefined>> {
  const { keepLock } = await import('../wallet/keep-lock.ts');
  const { parseKey } = await import('../accounts/parse-keys.ts');
  const { parseHash } = await import('../parse-hash.ts');
  const { systemRandom } = await import('../../adapters/random.ts');
  const { createHashSecret } = await import('@calin/client/wallet/hash-secret.ts');
  const { toHex } = await import('@calin/core/base/bytes.ts');
  if (values['new-secret'] === (values.sha256 !== undefined))
    return refuseCli('cli/missing', { expected: 'either --sha256 or --new-secret' });
  const made = createHashSecret(systemRandom);
  const sha256 = values.sha256 === undefined ? ok(toHex(made.sha256)) : parseHash(values.sha256);
  if (!sha256.ok) return sha256;
  const more = { sha256: sha256.value, ...(values['new-secret'] ? { secret: toHex(made.secret) } : {}) };
  const describe = (place: Parameters<typeof parseKey>[1]) => {
    const receiver = parseKey(values.receiver, place);
    if (!receiver.ok) return receiver;
    const sender = parseKey(values.sender, place);
    if (!sender.ok) return sender;
    return ok({
      kind: 'htlc',
      sha256: sha256.value,
      receiver: toHex(receiver.value),
      sender: toHex(sender.value),
      refundHeight: values['refund-height'],
    } as const);
  };
  return keepLock(values, io, describe, more);
}
