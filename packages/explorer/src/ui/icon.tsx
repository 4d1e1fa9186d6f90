/** Lines of the icons, on a field of 24 by 24. */
export const PATHS = {
  address: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20c1-3.6 4-5.5 7.5-5.500s6.5 1.9 7.5 5.5',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  back: 'M15 6l-6 6 6 6',
  blocks: 'M12 3l8 4.500v9L12 21l-8-4.500v-9L12 3ZM4 7.500l8 4.5 8-4.500M12 12v9',
  check: 'M5 12.500l4.5 4.500L19 7.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 7v5l3.5 2',
  coins:
    'M12 10c4.4 0 8-1.3 8-3s-3.6-3-8-3-8 1.3-8 3 3.6 3 8 3ZM4 7v5c0 1.7 3.6 3 8 3s8-1.3 8-3V7M4 12v5c0 1.7 3.6 3 8 3s8-1.3 8-3v-5',
  code: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 18h2v2h-2zM18 14h2M14 18v2',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  cross: 'M6 6l12 12M18 6L6 18',
  forward: 'M9 6l6 6-6 6',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM12 11v5M12 8v.01',
  lock: 'M6 11h12v9H6zM9 11V8a3 3 0 0 1 6 0v3',
  moon: 'M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500Z',
  pause: 'M8 5v14M16 5v14',
  pending: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18ZM8 12h.01M12 12h.01M16 12h.01',
  pen: 'M4 20l1-4L16 5l3 3L8 19l-4 1ZM14 7l3 3',
  play: 'M8 5l11 7-11 7V5Z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM16 16l4.5 4.5',
  shield: 'M12 3l7.5 2.800V11c0 5-3 8.3-7.5 10-4.5-1.7-7.5-5-7.5-10V5.800L12 3ZM8.5 12l2.5 2.5 4.5-5',
  sun: 'M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2v2M12 20v2M4.9 4.900l1.4 1.400M17.7 17.700l1.4 1.400M2 12h2M20 12h2M4.9 19.100l1.4-1.400M17.7 6.300l1.4-1.4',
  transactions: 'M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4',
  tools:
    'M14.5 6.500a4 4 0 0 1 5-3.300L17 5.7 18.3 7l2.5-2.500a4 4 0 0 1-5.3 5L7 18a2.1 2.1 0 1 1-3-3l8.5-8.500Z',
  wallet: 'M19 8V5H6a2 2 0 0 0 0 4h14v10H6a2 2 0 0 1-2-2V7M16 14h.01',
  warning: 'M12 4l9 16H3L12 4ZM12 10v4M12 17v.01',
} as const;

/** One of the icons. */
export type IconName = keyof typeof PATHS;

/** An icon beside a text, or with a name of its own where it stands alone. */
export function Icon({
  name,
  label,
  className = 'size-4',
}: {
  readonly name: IconName;
  readonly label?: string;
  readonly className?: string;
}) {
  return (
    <>
      <svg
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.8"
        strokeLinecap="round"
        strokeLinejoin="round"
        className={`shrink-0 ${className}`}
        aria-hidden="true"
      >
        <path d={PATHS[name]} />
      </svg>
      {label !== undefined && <span className="sr-only">{label}</span>}
    </>
  );
}
