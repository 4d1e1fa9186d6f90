import type { BlockSummary } from '../node/block-summaries.ts';
import { formatCount, formatShare } from '../words/format-units.ts';
import { Age } from './age.tsx';
import { HeightLink } from './height-link.tsx';
import { Icon } from './icon.tsx';
import { NameLink } from './name-link.tsx';
import { Table } from './table.tsx';

const COLUMNS = ['Height', 'Age', '>Transactions', '>Full', '>Producer'];

/** Blocks, one in a row. */
export function BlockTable({
  blocks,
  finalHeight,
  blockGasMax,
}: {
  readonly blocks: readonly BlockSummary[];
  readonly finalHeight: number;
  readonly blockGasMax: number;
}) {
  return (
    <Table label="Blocks" columns={COLUMNS}>
      {blocks.map(({ header, transactions }) => (
        <tr key={header.id}>
          <td>
            <span className="inline-flex items-center gap-1.5">
              <HeightLink height={header.height} />
              {header.height <= finalHeight && (
                <Icon name="lock" label="Final" className="size-3.5 text-good" />
              )}
            </span>
          </td>
          <td className="text-soft">{header.height === 0 ? 'genesis' : <Age timeMs={header.timeMs} />}</td>
          <td className="text-right">{formatCount(transactions)}</td>
          <td className="text-right text-soft">{formatShare(header.gasUsed, blockGasMax)}</td>
          <td className="text-right">
            {header.height === 0 ? (
              <span className="text-soft">nobody</span>
            ) : (
              <NameLink kind="address" name={header.producer} />
            )}
          </td>
        </tr>
      ))}
    </Table>
  );
}
