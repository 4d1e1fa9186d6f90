import { Notice } from '../ui/notice.tsx';
import { Page } from '../ui/page.tsx';

/** What a path without a page shows. */
export function NotFoundPage() {
  return (
    <Page title="No such page">
      <Notice title="There is nothing under this address.">
        Search for a height, a hash or an address above, or begin at the newest blocks.
      </Notice>
    </Page>
  );
}
