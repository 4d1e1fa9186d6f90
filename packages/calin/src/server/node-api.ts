import type { Rule } from '@calin/core/base/rules.ts';
import { refuseSchema } from '@calin/core/base/schema.ts';
import { refuseChain } from '@calin/core/chain/rules.ts';
import { refuseCodec } from '@calin/core/codec/rules.ts';
import { refuseHistory } from '@calin/core/history/rules.ts';
import { refuseIndex } from '@calin/core/index/rules.ts';
import { refuseNode } from '@calin/core/node/rules.ts';
import { refuseP2p } from '@calin/core/p2p/rules.ts';
import { METHODS } from '@calin/core/rpc/methods.ts';
import { type ApiDescription, describeApi } from '@calin/core/rpc/openrpc/describe-api.ts';
import { refuseRpc } from '@calin/core/rpc/rules.ts';

/** Every rule that a method may refuse by. */
const RULES: Readonly<Record<string, Rule>> = {
  ...refuseRpc.rules,
  ...refuseSchema.rules,
  ...refuseCodec.rules,
  ...refuseChain.rules,
  ...refuseNode.rules,
  ...refuseP2p.rules,
  ...refuseHistory.rules,
  ...refuseIndex.rules,
};

/** What the node answers to, as an OpenRPC document. */
export function describeNodeApi(version: string): ApiDescription {
  return describeApi(Object.values(METHODS), RULES, version);
}
