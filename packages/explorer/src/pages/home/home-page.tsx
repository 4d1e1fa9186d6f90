import { Page } from '../../ui/page.tsx';
import { ChainFigures } from './chain-figures.tsx';
import { ChainStrip } from './chain-strip.tsx';
import { LatestBlocks } from './latest-blocks.tsx';
import { LatestTransactions } from './latest-transactions.tsx';

/** The chain as it moves: the next block forming, the last ones, and what matters about all. */
export function HomePage() {
  return (
    <Page title="The chain now" isHeadingHidden>
      <ChainStrip />
      <ChainFigures />
      <div className="grid gap-4 sm:gap-5 lg:grid-cols-[3fr_2fr]">
        <LatestBlocks />
        <LatestTransactions />
      </div>
    </Page>
  );
}
