import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { sidesQuery, summariesQuery } from '../../node/queries.ts';
import type { SidesJson } from '../../node/shapes.ts';
import { Age } from '../../ui/age.tsx';
import { Loading } from '../../ui/loading.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { formatCount } from '../../words/format-units.ts';
import { layoutTree } from './layout-tree.ts';
import { TreePicture } from './tree-picture.tsx';

/** Blocks of the best branch that are drawn, at least and at most. */
const [DRAWN_MIN, DRAWN_MAX] = [16, 50];
const COLUMNS = ['Block', '>Height', 'Age', 'Producer', '>Weight of its branch'];

/** The tree of blocks as far as it is not final: what competes, and what a reorganisation has left behind. */
export function ForksPage() {
  const { data: sides, error } = useQuery(sidesQuery);
  const lowest = Math.min(...(sides?.blocks ?? []).map(({ height }) => height));
  const head = sides?.head.height ?? 0;
  const drawn = Math.min(DRAWN_MAX, Math.max(DRAWN_MIN, Number.isFinite(lowest) ? head - lowest + 4 : 0));
  const { data: best } = useQuery({
    ...summariesQuery(head, drawn),
    enabled: sides !== undefined,
    placeholderData: keepPreviousData,
  });
  if (error !== null) {
    return (
      <Page title="Forks">
        <RefusalNotice error={error} />
      </Page>
    );
  }
  return (
    <Page title="Forks">
      <Panel title="Tree of blocks" aside="newest on the left; filled ones are final">
        {sides === undefined || best === undefined ? (
          <Loading lines={4} />
        ) : (
          <TreePicture
            places={layoutTree(
              best.map(({ header: { id, parent, height } }) => ({ id, parent, height })),
              sides.blocks.filter(({ height }) => height > head - drawn),
            )}
            finalHeight={sides.finalHeight}
          />
        )}
      </Panel>
      {sides?.blocks.length === 0 && (
        <Notice title="Every block that this node knows after the last final one is on the best branch.">
          When two blocks of one height compete, or a reorganisation leaves some behind, they are drawn here
          until one is final.
        </Notice>
      )}
      {sides !== undefined && sides.blocks.length > 0 && <SideTable sides={sides} />}
    </Page>
  );
}

function SideTable({ sides: { blocks, weight } }: { readonly sides: SidesJson }) {
  return (
    <Panel
      title={`Left behind (${formatCount(blocks.length)})`}
      aside={`the best branch weighs ${formatCount(Number(weight))}`}
      isFlush
    >
      <Table label="Side blocks" columns={COLUMNS}>
        {blocks.map((block) => (
          <tr key={block.id}>
            <td>
              <NameLink kind="block" name={block.id} />
            </td>
            <td className="text-right">{formatCount(block.height)}</td>
            <td className="text-soft">
              <Age timeMs={block.timeMs} />
            </td>
            <td>
              <NameLink kind="address" name={block.producer} />
            </td>
            <td className="text-right text-soft">{formatCount(Number(block.weight))}</td>
          </tr>
        ))}
      </Table>
    </Panel>
  );
}
