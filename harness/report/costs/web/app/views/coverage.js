// How much cost carries each mandatory key with an allowed value, and what can carry none.
function coverage(report) {
  const series = report.coverage
    .filter((one) => one.months.some((held) => held !== null))
    .map((one, place) => ({ name: one.key, values: one.months, place: `${place % 8}${place < 8 ? '' : ' dashed'}` }));
  return [
    panel(
      'Coverage by mandatory key',
      'Effective cost that carries the key with a value that the dictionary allows.',
      unreached(report, []),
      report.coverage.length
        ? [
            verdictLegend(),
            h(
              'div',
              { class: 'stripes' },
              report.coverage.map((one) =>
                stripe(one.key, share(one.share), one.amounts, (cents) => money(cents, report.currency), one.note),
              ),
            ),
            coverageTable(report),
          ]
        : note('The dictionary has no mandatory key that is used for costs.'),
    ),
    series.length
      ? panel(
          'Coverage by month',
          '',
          barChart('coverage', 'Coverage by month and key', report.months, series, {
            format: share,
            short: (part) => share(part),
            long: monthLong,
            partial: report.partialMonth,
            kind: 'lines',
            range: [0, 1],
          }),
        )
      : null,
    panel(
      'Cost that cannot be tagged',
      'It is no fault of any team: AWS bills it without a resource.',
      report.untaggable.length
        ? table(
            'untaggable',
            'Effective cost that cannot carry tags',
            [
              { title: 'Reason', value: ([reason]) => reason },
              moneyColumn('Effective cost', report.currency, ([, cents]) => cents),
              shareColumn('Of all costs', ([, cents]) => part(cents, report.total[1])),
            ],
            report.untaggable,
          )
        : note('All costs can be tagged.'),
    ),
  ];
}

function coverageTable(report) {
  return table(
    'coverage',
    'Effective cost by mandatory key',
    [
      { title: 'Key', value: (one) => one.key, show: (one) => breakable(one.key) },
      shareColumn('Covered', (one) => one.share),
      shareColumn('Of what can be tagged', (one) => one.taggable),
      ...VERDICTS.map((verdict) =>
        moneyColumn(VERDICT_NAMES[verdict], report.currency, (one) => one.amounts[verdict] ?? 0),
      ),
    ],
    report.coverage,
  );
}
