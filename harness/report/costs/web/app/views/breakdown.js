// Costs by any dimension: a key, a cost category, account, service, region, component or charge category.
function breakdown(report) {
  const dimensions = dimensionsOf(report);
  if (!dimensions.length) return [panel('Breakdown', '', note('This report has no breakdowns.'))];
  const by = dimensions.includes(state.by) ? state.by : dimensions.includes(SERVICE) ? SERVICE : dimensions[0];
  const groups = { column: 'Columns of the bill', tag: 'Tags', category: 'Cost categories' };
  const buttons = Object.entries(groups).map(([kind, title]) => {
    const members = dimensions.filter((dimension) => (report.kinds.get(dimension) ?? 'column') === kind);
    return members.length
      ? choices(`by-${kind}`, title, dimensionOptions(report, members), by, (next) => go({ by: next }))
      : null;
  });
  const { rows, others, text, exact } = chosenRows(report, by);
  const [from, to] = monthRange(report, state);
  const series = leading(report, by, rows).map((one) => ({ ...one, values: one.values.slice(from, to + 1) }));
  return [
    onScreen(panel('Costs by', '', h('div', { class: 'by' }, buttons))),
    panel(
      labelOf(report, by),
      by === labelOf(report, by) ? '' : by,
      text ? note(text) : null,
      others ? note(`${OTHERS} sums up ${countFormat.format(others)} values that cost little.`) : null,
      barChart('breakdown', `Cost by month and ${labelOf(report, by)}`, report.months.slice(from, to + 1), series, {
        format: (cents) => money(cents, report.currency),
        short: (cents) => roundMoney(cents, report.currency),
        long: monthLong,
        partial: report.partialMonth,
      }),
      costTable(`by-${by}`, report, by, rows),
      exact ? null : note('Added up from the cube of the report, in which values that cost little share a row.'),
    ),
    groupingPanel(report),
  ];
}

// What the report was asked for by several dimensions at once.
function groupingPanel(report) {
  if (!report.grouping) return null;
  const { dimensions, period, groups } = report.grouping;
  const cost = (three) => three[METRICS.indexOf(state.metric)];
  const times = [...new Set(groups.flatMap(([, , periods]) => Object.keys(periods)))].sort();
  const amounts = (periods) => times.map((time) => (periods[time] ? cost(periods[time]) : 0));
  const names = dimensions.map((dimension) => labelOf(report, dimension));
  return panel(
    `By ${names.join(', ')}`,
    `As the report was asked for, by ${period}.`,
    unreached(report, []),
    table(
      'grouping',
      `Cost by ${names.join(', ')}`,
      [
        ...dimensions.map((dimension, n) => ({
          title: names[n],
          value: ([values]) => valueLabel(report, dimension, values[n]),
          plain: ([values]) => values[n],
        })),
        moneyColumn(`${METRIC_NAMES[state.metric]} cost`, report.currency, ([, costs]) => cost(costs)),
        {
          title: 'Trend',
          kind: 'chart',
          fixed: true,
          value: () => null,
          show: ([, , periods]) => {
            const shown = amounts(periods);
            const ends = [shown[0], shown.at(-1)].map((cents) => money(cents, report.currency));
            return sparkline(shown, `From ${ends[0]} to ${ends[1]}`);
          },
          plain: ([, , periods]) =>
            amounts(periods)
              .map((cents) => cents / 100)
              .join(' '),
        },
      ],
      groups,
    ),
  );
}

// Values of a dimension with what they cost, how much of all that is, and how it changed; sorted by a click.
function costTable(id, report, dimension, rows, more = {}) {
  const [from, to] = monthRange(report, state);
  const whole = rows.reduce((sum, row) => sum + row.amount, 0);
  const months = comparedMonths(report, from, to);
  const [before, after] = months ?? [0, 0];
  // A month that has only begun would look like a fall.
  const until = report.months[to] === report.partialMonth && to > from ? to : to + 1;
  const grown = (row) => part(row.months[after] - row.months[before], Math.abs(row.months[before]));
  const columns = [
    {
      title: labelOf(report, dimension),
      value: (row) => valueLabel(report, dimension, row.value),
      show: (row) => narrowing(report, dimension, row.value, more),
      plain: (row) => row.value,
    },
    moneyColumn(`${METRIC_NAMES[state.metric]} cost`, report.currency, (row) => row.amount),
    barColumn('Share', (row) => part(row.amount, whole)),
    ...(months
      ? [
          moneyColumn(monthShort(report.months[before]), report.currency, (row) => row.months[before]),
          moneyColumn(monthShort(report.months[after]), report.currency, (row) => row.months[after]),
          { ...shareColumn('Change', grown, true) },
          {
            title: 'Trend',
            kind: 'chart',
            fixed: true,
            value: () => null,
            show: (row) =>
              sparkline(
                row.months.slice(from, until),
                `From ${money(row.months[from], report.currency)} to ${money(row.months[until - 1], report.currency)}`,
              ),
            plain: (row) =>
              row.months
                .slice(from, to + 1)
                .map((cents) => cents / 100)
                .join(' '),
          },
        ]
      : []),
  ];
  const foot = [
    'Total',
    money(whole, report.currency),
    '',
    ...(months
      ? [
          ...[before, after].map((n) =>
            money(
              rows.reduce((sum, row) => sum + row.months[n], 0),
              report.currency,
            ),
          ),
          '',
          '',
        ]
      : []),
  ];
  return table(id, `${METRIC_NAMES[state.metric]} cost by ${labelOf(report, dimension)}`, columns, rows, {
    foot,
    sorted: '1.down',
  });
}
