import type { JsonSchema } from '../../base/schema.ts';
import { genesisFileSchema } from '../../spec/genesis-schema.ts';
import { actionJson } from '../json/action.ts';
import { outpointJson } from '../json/fields.ts';
import { headerJson } from '../json/header.ts';
import { lockJson } from '../json/lock.ts';
import { receiptJson, transactionJson } from '../json/transaction.ts';

/** What several methods take or give, by name: described once, and referred to everywhere else. */
export const SHAPES = {
  outpoint: outpointJson.json,
  header: headerJson.json,
  transaction: transactionJson.json,
  lock: lockJson.json,
  action: actionJson.json,
  receipt: receiptJson.json,
  genesis: genesisFileSchema.json,
} as const satisfies Readonly<Record<string, JsonSchema>>;

/** The name of a shape; undefined for a schema that stands in one place only. */
export function nameOfShape(schema: JsonSchema): string | undefined {
  return Object.entries(SHAPES).find(([, known]) => known === schema)?.[0];
}
