import type { TokenJson } from '../../node/shapes.ts';
import { Amount } from '../../ui/amount.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Fact } from '../../ui/fact.tsx';
import { HeightLink } from '../../ui/height-link.tsx';
import { NameLink } from '../../ui/name-link.tsx';
import { Panel } from '../../ui/panel.tsx';

/** The terms of a token. */
export function TokenFacts({ token }: { readonly token: TokenJson }) {
  const { asset, supply, supplyMax, minter, decimals, height, txid } = token;
  return (
    <Panel title="Terms">
      <dl>
        <Fact name="Id" help="Symbols and names are not unique; the id is">
          <span className="font-mono">{asset}</span> <CopyButton text={String(asset)} what="the id" />
        </Fact>
        <Fact name="Supply">
          <Amount units={supply} unit={token} /> <span className="text-soft">of at most</span>{' '}
          <Amount units={supplyMax} unit={token} />
        </Fact>
        <Fact name="Who may mint">
          {minter === null ? (
            'Nobody: there will never be more.'
          ) : (
            <NameLink kind="address" name={minter} isWhole />
          )}
        </Fact>
        <Fact name="Decimals">{decimals}</Fact>
        <Fact name="Created">
          in block <HeightLink height={height} /> <span className="text-soft">by</span>{' '}
          <NameLink kind="transaction" name={txid} />
        </Fact>
      </dl>
    </Panel>
  );
}
