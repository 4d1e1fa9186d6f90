import type { AnyMethod } from './method.ts';

/** What a caller may do, each with all before it: read, hand in transactions, be the owner of the node. */
const ROLES = ['none', 'read', 'submit', 'admin'] as const;

/** What a caller may do, each with all before it. */
export type Role = (typeof ROLES)[number];

/** The least role that a method takes. */
export function roleOf({
  ownerOnly,
  devOnly,
  kind,
}: Pick<AnyMethod, 'ownerOnly' | 'devOnly' | 'kind'>): Role {
  if (ownerOnly) return 'admin';
  return kind === 'command' || devOnly ? 'submit' : 'read';
}

/** Whether a role is enough where another is needed. */
export function isRoleEnough(has: Role, needed: Role): boolean {
  return ROLES.indexOf(has) >= ROLES.indexOf(needed);
}
