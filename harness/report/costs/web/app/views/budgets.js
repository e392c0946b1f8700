// Budgets beside what was spent and will be; what moved most; what a unit of work costs.
const STATUS = {
  within: ['Within', 'good'],
  'forecast over': ['Will be over', 'warn'],
  over: ['Over', 'bad'],
  unknown: ['Unknown', 'unknown'],
};

function budgets(report) {
  const columns = [
    {
      title: 'Budget',
      value: (one) => one.name,
      show: (one) => [h('span', { class: 'name' }, one.name), one.note ? h('small', {}, one.note) : null],
    },
    {
      title: 'Status',
      value: (one) => Object.keys(STATUS).indexOf(one.status),
      plain: (one) => one.status,
      show: (one) => statusMark(one.status),
    },
    { title: 'Period', value: (one) => one.period, show: (one) => monthLong(one.period) },
    moneyColumn('Limit', report.currency, (one) => one.limit),
    moneyColumn('Actual', report.currency, (one) => one.actual),
    barColumn('Used', (one) => (one.limit ? one.actual / one.limit : null)),
    moneyColumn('Forecast', report.currency, (one) => one.forecast),
    shareColumn('Forecast of limit', (one) => (one.limit && one.forecast !== null ? one.forecast / one.limit : null)),
    { title: 'Forecast by', value: (one) => one.by },
  ];
  return [
    panel(
      'Budgets',
      'What was spent in each current period, and what it will come to.',
      unreached(report, []),
      report.budgets.length
        ? table('budgets', 'Budgets against actual and forecast', columns, report.budgets)
        : note('The environment has no budgets.'),
    ),
    forecastPanel(report),
  ];
}

function forecastPanel(report) {
  if (!report.forecast.length) return null;
  const most = Math.max(...report.forecast.map(([, , , upper]) => upper));
  return panel(
    'Forecast',
    'What each month will be billed in the end, as AWS expects it: within these bounds in four cases of five.',
    unreached(report, []),
    table(
      'forecast',
      'Forecast of billed cost by month',
      [
        { title: 'Month', value: (row) => row[0], show: (row) => monthLong(row[0]) },
        moneyColumn('Forecast', report.currency, (row) => row[1]),
        barColumn('Of the highest', (row) => part(row[1], most)),
        moneyColumn('At least', report.currency, (row) => row[2]),
        moneyColumn('At most', report.currency, (row) => row[3]),
      ],
      report.forecast,
    ),
  );
}

function statusMark(status) {
  const [text, tone] = STATUS[status] ?? [status, 'unknown'];
  return h('span', { class: `status ${tone}` }, text);
}

function movers(report) {
  return [moverPanel(report, Infinity), unitPanel(report)];
}

function moverPanel(report, most = 6) {
  const held = report.movers.filter(
    ([dimension, value]) => !state.filters.has(dimension) || state.filters.get(dimension).has(value),
  );
  if (!report.movers.length) return panel('What moved most', '', note('Two whole months are needed for it.'));
  return panel(
    'What moved most',
    'Effective cost of the last whole month beside the month before.',
    unreached(
      report,
      [...new Set(report.movers.map(([dimension]) => dimension))].filter(
        (dimension) => state.filters.size === 1 && state.filters.has(dimension),
      ),
    ),
    table(
      most === Infinity ? 'movers' : 'movers-first',
      'Changes of effective cost',
      [
        {
          title: 'Value',
          value: (row) => valueLabel(report, row[0], row[1]),
          show: (row) => narrowing(report, row[0], row[1]),
          plain: (row) => row[1],
        },
        { title: 'Of', value: (row) => labelOf(report, row[0]) },
        moneyColumn('Before', report.currency, (row) => row[2]),
        moneyColumn('After', report.currency, (row) => row[3]),
        moneyColumn('Change', report.currency, (row) => row[4], true),
        shareColumn('Change in percent', (row) => row[5], true),
      ],
      held.slice(0, most),
    ),
  );
}

function unitPanel(report) {
  if (!report.units.length) return panel('Unit costs', '', note('No metric of units is given to this report.'));
  const months = report.months
    .filter((month) => report.units.some((row) => row[3][month] !== undefined && row[3][month] !== null))
    .slice(-6);
  return panel(
    'Unit costs',
    'Effective cost for each unit of a metric.',
    unreached(report, []),
    table(
      'units',
      'Effective cost per unit',
      [
        { title: 'Unit', value: (row) => row[0] },
        {
          title: 'Of',
          value: (row) => (row[1] ? `${labelOf(report, row[1])}: ${valueLabel(report, row[1], row[2])}` : 'All costs'),
        },
        ...months.map((month) => ({
          title: monthShort(month),
          kind: 'number',
          value: (row) => row[3][month] ?? null,
          show: (row) => ((row[3][month] ?? null) === null ? '–' : fineMoney(row[3][month], report.currency)),
        })),
      ],
      report.units,
    ),
  );
}
