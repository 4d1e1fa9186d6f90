import type { ReactNode } from 'react';

/** A table that reaches the border of its panel and scrolls where the screen is narrow. */
export function Table({
  label,
  columns,
  children,
}: {
  readonly label: string;
  /** Headings; those of numbers begin with `>`, for they stand on the right. */
  readonly columns: readonly string[];
  /** Rows, whose cells are `<td>`. */
  readonly children: ReactNode;
}) {
  return (
    <div className="overflow-x-auto pb-1.5">
      <table
        aria-label={label}
        className="w-full text-left text-sm [&_td:first-child]:pl-4 [&_td:last-child]:pr-4 [&_td]:px-2 [&_td]:whitespace-nowrap [&_td]:py-2 [&_tr]:border-line [&_tr]:border-t sm:[&_td:first-child]:pl-5 sm:[&_td:last-child]:pr-5"
      >
        <thead>
          <tr className="border-0!">
            {columns.map((column) => (
              <th
                key={column}
                scope="col"
                className={`whitespace-nowrap px-2 pb-2 font-normal text-soft text-xs first:pl-4 last:pr-4 sm:first:pl-5 sm:last:pr-5 ${column.startsWith('>') ? 'text-right' : ''}`}
              >
                {column.replace('>', '')}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
