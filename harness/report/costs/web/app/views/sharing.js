// Shared costs: who gets which part, by the rules of cost categories.
const METHODS = { even: 'in equal parts', proportional: 'in proportion to their own cost', fixed: 'by fixed shares' };

function sharing(report) {
  if (!report.splits.length) return [panel('Shared costs', '', note('No cost category splits shared costs.'))];
  return report.splits.map((split, n) =>
    panel(
      `${split.category}: ${split.source}`,
      `${money(split.amount, report.currency)} of effective cost is split ${METHODS[split.method] ?? split.method}.`,
      n ? null : unreached(report, []),
      table(
        `split-${n}`,
        `Who gets which part of ${split.source}`,
        [
          { title: split.category, value: ([value]) => value, show: ([value]) => value || 'Not categorised' },
          moneyColumn('Own cost', report.currency, (row) => row[1]),
          moneyColumn('Received', report.currency, (row) => row[2]),
          barColumn('Part of the shared cost', (row) => part(row[2], split.amount)),
          moneyColumn('Own and received', report.currency, (row) => row[3]),
        ],
        split.shares,
        {
          sorted: '3.down',
          foot: [
            'Total',
            ...[1, 2].map((place) => money(sumAt(split.shares, place), report.currency)),
            '',
            money(sumAt(split.shares, 3), report.currency),
          ],
        },
      ),
    ),
  );
}

function sumAt(rows, place) {
  return rows.reduce((sum, row) => sum + row[place], 0);
}
