import type { Result } from '@calin/core/base/result.ts';
import { ok } from '@calin/core/base/result.ts';
import type { TextOption, ValuesOf } from './command.ts';
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
} as const satisfies Record<string, TextOption>;

/** What {@link SERVER_OPTIONS} say of whom the server lets in. */
export interface ServerChoice {
  readonly allowedOrigins: readonly string[];
}

/** Reads {@link SERVER_OPTIONS}; refuses an origin that no browser would send, since it would let nobody in. */
export function serverChoice(values: ValuesOf<typeof SERVER_OPTIONS>): Result<ServerChoice> {
  const allowedOrigins = (values['allow-origin'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  const wrong = allowedOrigins.find((origin) => origin !== '*' && URL.parse(origin)?.origin !== origin);
  if (wrong === undefined) return ok({ allowedOrigins });
  return refuseCli('cli/option-value', {
    option: '--allow-origin',
    got: wrong,
    expected: 'scheme and host as in https://wallet.example, without a path',
  });
}
