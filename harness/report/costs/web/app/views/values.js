// Values that are written in several ways: joined as one, or each apart.
function values(report) {
  if (!report.variants.length)
    return [panel('Values with several spellings', '', note('Every value is written in one way.'))];
  const apart = state.spelling === 'apart';
  const rows = apart
    ? report.variants.flatMap(([key, value, , spellings]) =>
        Object.entries(spellings).map(([spelling, cents]) => [key, value, spelling, cents]),
      )
    : report.variants.map(([key, value, cents, spellings]) => [key, value, Object.keys(spellings), cents]);
  return [
    panel(
      'Values with several spellings',
      'The report counts them as one value; written in one way, they would be one in every tool.',
      unreached(report, []),
      choices(
        'spelling',
        'Show them',
        [
          ['joined', 'Joined'],
          ['apart', 'Apart'],
        ],
        state.spelling,
        (spelling) => go({ spelling }),
      ),
      table(
        `spellings-${state.spelling}`,
        'Effective cost of values with several spellings',
        [
          { title: 'Key', value: (row) => row[0], show: (row) => breakable(row[0]) },
          { title: 'Value', value: (row) => row[1] },
          {
            title: apart ? 'Written as' : 'Spellings',
            value: (row) => String(row[2]),
            plain: (row) => [row[2]].flat().join(' | '),
            show: (row) => [row[2]].flat().map((spelling) => [h('code', { class: 'spelling' }, spelling), ' ']),
          },
          moneyColumn('Effective cost', report.currency, (row) => row[3]),
        ],
        rows,
      ),
    ),
  ];
}
