import type { ReactNode } from 'react';
import { Icon, type IconName } from './icon.tsx';

const TONES = {
  plain: ['border-line bg-surface text-ink', 'info'],
  warn: ['border-transparent bg-warn-soft text-warn', 'warning'],
  bad: ['border-transparent bg-bad-soft text-bad', 'warning'],
} as const satisfies Record<string, readonly [string, IconName]>;

/** Says that something is not there, or went wrong, and what to do about it. */
export function Notice({
  title,
  tone = 'plain',
  children,
}: {
  readonly title: string;
  readonly tone?: keyof typeof TONES;
  readonly children?: ReactNode;
}) {
  const [style, icon] = TONES[tone];
  return (
    <div
      role={tone === 'bad' ? 'alert' : 'status'}
      className={`flex gap-3 rounded-xl border px-4 py-3 text-sm ${style}`}
    >
      <Icon name={icon} className="mt-0.5 size-4" />
      <div className="min-w-0">
        <p className="font-medium">{title}</p>
        {children !== undefined && <div className="mt-0.5 break-words opacity-90">{children}</div>}
      </div>
    </div>
  );
}
