import { formatPlan, type RunPlan } from '@calin/sim/live/run-plan.ts';
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { Loading } from '../../ui/loading.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Page } from '../../ui/page.tsx';
import { Panel } from '../../ui/panel.tsx';
import { LINK_HASH_DIGITS } from './read-search.ts';
import { RefusedPlan } from './refused-plan.tsx';
import { RunForm } from './run-form.tsx';
import { FIRST_PLAN, momentOf, planOf } from './run-search.ts';
import { RunView } from './run-view.tsx';
import { useRun } from './use-run.ts';

/** A network of real nodes in this page, on a clock of its own: to be watched, broken, and shared as a link. */
export function SimulatorPage() {
  const search = useSearch({ from: '/simulator' });
  const planned = planOf(search);
  const navigate = useNavigate();
  const router = useRouter();
  const { news, story, tookMs, failure, order } = useRun();
  const opened = useRef<string | undefined>(undefined);
  const [verdict, setVerdict] = useState<boolean>();
  const run = planned.ok ? formatPlan(planned.value) : undefined;
  /** The run without its faults: with another one everything that was chosen here is forgotten. */
  const base = planned.ok ? formatPlan({ ...planned.value, faults: [] }) : undefined;
  const { at, hash } = search;

  // A link was followed, or the address was changed: what the page itself writes there it knows already.
  useEffect(() => {
    if (!planned.ok || opened.current === run) return;
    opened.current = run;
    setVerdict(undefined);
    order({
      kind: 'open',
      plan: planned.value,
      atUs: momentOf({ ...(at === undefined ? {} : { at }) }, planned.value),
    });
  }, [planned, run, at, order]);

  // The hash of the link is compared once, as soon as the run stands where the link says.
  useEffect(() => {
    if (hash === undefined || verdict !== undefined || news?.hash === undefined) return;
    if (news.frame.nowUs === at) setVerdict(news.hash.slice(0, LINK_HASH_DIGITS) === hash);
  }, [hash, at, verdict, news]);

  // Faults that were drawn here are part of the address from then on.
  const changed =
    news === undefined || !planned.ok ? undefined : formatPlan({ ...planned.value, faults: news.faults });
  useEffect(() => {
    if (changed === undefined || changed === run) return;
    opened.current = changed;
    setVerdict(undefined);
    void navigate({ to: '/simulator', search: { run: changed }, replace: true, resetScroll: false });
  }, [changed, run, navigate]);

  const open = (next: string) => {
    opened.current = undefined;
    void navigate({ to: '/simulator', search: { run: next } });
  };
  const linkTo = (plan: RunPlan) => (atUs: number, digits: string) => {
    const { href } = router.buildLocation({
      to: '/simulator',
      search: { run: formatPlan(plan), at: atUs, hash: digits },
    });
    return `${location.origin}${href}`;
  };
  return (
    <Page title="Simulator">
      {!planned.ok && <RefusedPlan refusal={planned.error} />}
      {failure !== undefined && (
        <Notice title="The run broke off." tone="bad">
          {failure} Set up another run below. If this one breaks off again, its link shows the fault to
          others.
        </Notice>
      )}
      {planned.ok &&
        failure === undefined &&
        (news === undefined || story === undefined ? (
          <Panel title="Setting the network up">
            <Loading lines={8} />
          </Panel>
        ) : (
          <RunView
            key={`view ${base}`}
            news={news}
            story={story}
            plan={{ ...planned.value, faults: news.faults }}
            tookMs={tookMs}
            expected={verdict}
            order={order}
            linkTo={linkTo({ ...planned.value, faults: news.faults })}
          />
        ))}
      <RunForm key={`form ${base}`} plan={planned.ok ? planned.value : FIRST_PLAN} open={open} />
    </Page>
  );
}
