import type { Header } from '@calin/core/primitives/header.ts';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { HeaderJson } from '../../../node/shapes.ts';
import { Loading } from '../../../ui/loading.tsx';
import { RefusalNotice } from '../../../ui/refusal-notice.tsx';
import { Verdict } from '../verdict.tsx';
import { readHeaderJson } from './header-fields.ts';
import { lessonHeaderQuery } from './lesson-block.ts';

/** Draws something of the header of the lesson as soon as it is there. */
export function WithHeader({
  children,
}: {
  readonly children: (header: Header, json: HeaderJson) => ReactNode;
}) {
  const { data: json, error } = useQuery(lessonHeaderQuery);
  if (error !== null) return <RefusalNotice error={error} />;
  if (json === undefined) return <Loading lines={6} />;
  const header = readHeaderJson(json);
  return header.ok ? children(header.value, json) : <Verdict result={header} good="" />;
}
