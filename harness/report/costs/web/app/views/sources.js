// What was read, what the report knows of it, and how its sums agree with the files'.
function sources(report) {
  const { column, file, report: told, difference, agrees, notes } = report.reconciliation;
  const cube = totalsOf(
    report,
    Int32Array.from({ length: report.cube.count }, (_, n) => n),
  );
  const drift = METRICS.map((metric, n) => [metric, cube[metric] - report.total[n]]).filter(([, cents]) => cents);
  return [
    panel(
      'Reconciliation',
      agrees ? 'The report says what the files say.' : 'The report and the files differ.',
      table(
        'reconciliation',
        `Sums of ${column}`,
        [{ title: 'Sum of', value: ([name]) => name }, moneyColumn(column, report.currency, ([, cents]) => cents)],
        [
          ['the files, line by line', file],
          ['this report', told],
          ['Difference', difference],
        ],
      ),
      notes.map((text) => note(text)),
      drift.map(([metric, cents]) =>
        note(
          'Amounts under filters are rounded to cents row by row; all of them together differ by ',
          `${signedMoney(cents, report.currency)} from the exact ${METRIC_NAMES[metric].toLowerCase()} cost.`,
        ),
      ),
    ),
    panel(
      'Sources',
      `${countFormat.format(report.lines)} lines, read with ${report.engine}. Made ${report.made}.`,
      table(
        'sources',
        'Files that were read',
        [
          { title: 'Source', value: (one) => one.name },
          { title: 'Layout', value: (one) => one.layout },
          { title: 'Files', kind: 'number', value: (one) => one.files, show: (one) => countFormat.format(one.files) },
          { title: 'Lines', kind: 'number', value: (one) => one.lines, show: (one) => countFormat.format(one.lines) },
          { title: 'First day', value: (one) => one.first_day },
          { title: 'Last day', value: (one) => one.last_day },
          {
            title: 'Not told by it',
            value: (one) => one.missing.join(', '),
            show: (one) => one.missing.join(', ') || '–',
          },
          { title: 'Further columns', kind: 'number', value: (one) => one.further },
        ],
        report.sources,
      ),
    ),
    panel(
      'Keys of the dictionary',
      'And where the bill holds them.',
      table(
        'keys',
        'Keys',
        [
          {
            title: 'Key',
            value: (one) => one.key,
            show: (one) => [
              h('span', { class: 'name' }, breakable(one.key)),
              one.purpose ? h('small', {}, one.purpose) : null,
            ],
          },
          { title: 'Mandatory', value: (one) => (one.mandatory ? 'yes' : 'no') },
          { title: 'Cost allocation', value: (one) => (one.cost_allocation ? 'yes' : 'no') },
          {
            title: 'Found as',
            value: (one) => one.found_as.join(', '),
            show: (one) => one.found_as.join(', ') || 'nowhere in the bill',
          },
        ],
        report.keys,
      ),
    ),
    panel(
      'Notes',
      '',
      report.notes.length
        ? h(
            'ul',
            { class: 'notes' },
            report.notes.map((text) => h('li', {}, text)),
          )
        : note('None.'),
    ),
  ];
}
