import { readFileSync } from 'node:fs';
import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import { ANONYMOUS_CALLS, type CallerRules } from '../server/callers.ts';
import type { FlagOption, IntegerOption, TextOption, ValuesOf } from './command.ts';
import { refuseCli } from './rules.ts';

/** For whom a node answers. */
export const SERVER_OPTIONS = {
  'allow-origin': {
    kind: 'text',
    value: 'ORIGIN,…',
    summary: 'Web pages that may use the node, as in https://wallet.example; * for all',
    otherwise: 'those of the node itself',
    ambient: true,
  },
  anonymous: {
    kind: 'text',
    value: 'ROLE',
    choices: ['none', 'read', 'submit'],
    fallback: 'submit',
    summary: 'What those on other machines may do who send no key; see "calin key"',
    ambient: true,
  },
  'rate-limit': {
    kind: 'integer',
    value: 'N',
    min: 0,
    max: 1_000_000,
    fallback: ANONYMOUS_CALLS,
    summary: 'Calls in a second of one address without a key, ten seconds of them at once; 0 for any number',
    ambient: true,
  },
  'tls-cert': {
    kind: 'text',
    value: 'FILE',
    summary: 'Certificate and its chain in PEM: JSON-RPC then speaks TLS only; with --tls-key',
    ambient: true,
  },
  'tls-key': { kind: 'text', value: 'FILE', summary: 'Key of the certificate in PEM', ambient: true },
  'no-pages': {
    kind: 'flag',
    summary: 'Answer the API only, without the pages of the explorer',
    ambient: true,
  },
} as const satisfies Record<string, FlagOption | IntegerOption | TextOption>;

/** What {@link SERVER_OPTIONS} say of whom the server lets in. */
export interface ServerChoice {
  readonly allowedOrigins: readonly string[];
  readonly anonymous: Omit<CallerRules, 'keys'>;
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly pages: boolean;
}

/** Reads {@link SERVER_OPTIONS}; refuses an origin that no browser would send, since it would let nobody in. */
export function serverChoice(values: ValuesOf<typeof SERVER_OPTIONS>): Result<ServerChoice> {
  const allowedOrigins = (values['allow-origin'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = allowedOrigins.find((origin) => origin !== '*' && URL.parse(origin)?.origin !== origin);
  if (wrong !== undefined) {
    return refuseCli('cli/option-value', {
      option: '--allow-origin',
      got: wrong,
      expected: 'scheme and host as in https://wallet.example, without a path',
    });
  }
  const tls = readTls(values['tls-cert'], values['tls-key']);
  if (!tls.ok) return tls;
  const anonymous = {
    anonymous: values.anonymous as 'none' | 'read' | 'submit',
    anonymousCallsPerSecond: values['rate-limit'],
  };
  return ok({ allowedOrigins, anonymous, tls: tls.value, pages: !values['no-pages'] });
}

function readTls(cert: string | undefined, key: string | undefined): Result<ServerChoice['tls']> {
  if (cert === undefined && key === undefined) return ok(undefined);
  if (cert === undefined || key === undefined)
    return refuseCli('cli/missing', { expected: cert === undefined ? '--tls-cert' : '--tls-key' });
  try {
    return ok({ cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') });
  } catch (error) {
    return refuseCli('cli/file', { reason: error instanceof Error ? error.message : String(error) });
  }
}
