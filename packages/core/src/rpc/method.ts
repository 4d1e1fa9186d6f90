import type { Result } from '../base/result.ts';
import type { Infer, Schema } from '../base/schema.ts';
import type { NodeRequest } from '../node/events.ts';
import type { NodeView } from './node-view.ts';

/** What a method says of itself, apart from doing it. The docs, the client's types and validation come from this. */
interface MethodBase<Name extends string, P, R> {
  readonly name: Name;
  /** One sentence. */
  readonly summary: string;
  /** Units, limits and what to know before use. */
  readonly description: string;
  readonly params: Schema<P>;
  readonly result: Schema<R>;
  /** Rule ids that it refuses by, beside `json/…`. */
  readonly errors: readonly string[];
  /** A call that works on a development chain. */
  readonly example: P;
  readonly devOnly: boolean;
  /** For the owner of the node alone: calls from other machines are refused by `rpc/owner-only`. */
  readonly ownerOnly: boolean;
}

/** Who a method is for; anybody on any chain when left out. */
type Audience = Pick<MethodBase<string, unknown, unknown>, 'devOnly' | 'ownerOnly'>;

/** A method that only reads. */
export interface QueryMethod<Name extends string, P, R> extends MethodBase<Name, P, R> {
  readonly kind: 'query';
  /** True when it reads what follows the head a little later: the history, or the coins of an address. */
  readonly readsIndex: boolean;
  run(view: NodeView, params: P): Result<R>;
}

/** A method that asks the node to do something and waits for its answer. */
export interface CommandMethod<Name extends string, P, R> extends MethodBase<Name, P, R> {
  readonly kind: 'command';
  /** What to ask the node. */
  request(view: NodeView, params: P): Result<NodeRequest>;
  /** The answer of the node as JSON. */
  present(view: NodeView, answer: unknown): R;
}

/** A method that the host of the node does, outside the core (such as the faucet, which signs). */
export interface HostMethod<Name extends string, P, R> extends MethodBase<Name, P, R> {
  readonly kind: 'host';
}

/** Any method, with its types forgotten: what `params` has parsed is what `run` and `request` take. */
export type AnyMethod =
  | QueryMethod<string, unknown, unknown>
  | CommandMethod<string, unknown, unknown>
  | HostMethod<string, unknown, unknown>;

/** The parameters a method takes. */
export type ParamsOf<M> = M extends { readonly params: infer S } ? Infer<S> : never;
/** The result a method gives. */
export type ResultOf<M> = M extends { readonly result: infer S } ? Infer<S> : never;

/** Declares a method that reads. */
export function defineQuery<const Name extends string, P, R>(
  method: Omit<QueryMethod<Name, P, R>, 'kind' | 'readsIndex' | keyof Audience> &
    Partial<Audience> & { readsIndex?: boolean },
): QueryMethod<Name, P, R> {
  return { devOnly: false, ownerOnly: false, readsIndex: false, ...method, kind: 'query' };
}

/** Declares a method that changes something. */
export function defineCommand<const Name extends string, P, R>(
  method: Omit<CommandMethod<Name, P, R>, 'kind' | keyof Audience> & Partial<Audience>,
): CommandMethod<Name, P, R> {
  return { devOnly: false, ownerOnly: false, ...method, kind: 'command' };
}

/** Declares a method that the host does. */
export function defineHostMethod<const Name extends string, P, R>(
  method: Omit<HostMethod<Name, P, R>, 'kind' | keyof Audience> & Partial<Audience>,
): HostMethod<Name, P, R> {
  return { devOnly: false, ownerOnly: false, ...method, kind: 'host' };
}
