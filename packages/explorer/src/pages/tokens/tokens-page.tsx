import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { tokensQuery } from '../../node/queries.ts';
import { Amount } from '../../ui/amount.tsx';
import { CursorButtons } from '../../ui/cursor-buttons.tsx';
import { EmptyRow } from '../../ui/empty-row.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { Loading } from '../../ui/loading.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { RefusalNotice } from '../../ui/refusal-notice.tsx';
import { Table } from '../../ui/table.tsx';
import { TokenLink } from '../../ui/token-link.tsx';
import { formatCount } from '../../words/format-units.ts';

const COLUMNS = ['Symbol', 'Name', 'Created in', '>Holders', '>Movements', '>Supply'];

/** The tokens of the chain, the newest first, or those whose name begins with a text. */
export function TokensPage() {
  const [text, setText] = useState('');
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const { data, error } = useQuery({
    ...tokensQuery(text, cursors.at(-1)),
    placeholderData: keepPreviousData,
  });
  const filter = (
    <input
      type="search"
      aria-label="Symbol or name"
      placeholder="Symbol or name"
      value={text}
      maxLength={64}
      onChange={({ target }) => {
        setText(target.value);
        setCursors([]);
      }}
      className="field max-w-56"
    />
  );
  return (
    <Page title="Tokens" above={filter}>
      {error !== null ? (
        <RefusalNotice error={error} />
      ) : (
        <Panel title="Newest first" isFlush={data !== undefined}>
          {data === undefined ? (
            <Loading />
          ) : data.tokens.length === 0 ? (
            <EmptyRow>
              {text === ''
                ? 'Nobody has made a token yet: “calin token create” does.'
                : 'No symbol or name begins so.'}
            </EmptyRow>
          ) : (
            <Table label="Tokens" columns={COLUMNS}>
              {data.tokens.map((token) => (
                <tr key={token.asset}>
                  <td>
                    <TokenLink asset={token.asset} symbol={token.symbol} />
                  </td>
                  <td className="max-w-56 truncate">
                    {token.name === '' ? <span className="text-soft">none</span> : token.name}
                  </td>
                  <td>
                    <HeightLink height={token.height} />
                  </td>
                  <td className="text-right">{formatCount(token.holders)}</td>
                  <td className="text-right">{formatCount(token.movements)}</td>
                  <td className="text-right">
                    <Amount units={token.supply} unit={token} />
                  </td>
                </tr>
              ))}
            </Table>
          )}
          <CursorButtons cursors={cursors} next={data?.next ?? null} go={setCursors} />
        </Panel>
      )}
    </Page>
  );
}
