// The headline figures, and how they came about.
const WHOLE = 'of the whole report';

function overview(report) {
  const costs = chosenCosts(report);
  const stacks = dimensionsOf(report);
  const stack = stacks.includes(state.stack) ? state.stack : stacks.includes(SERVICE) ? SERVICE : stacks[0];
  return [
    h(
      'div',
      { class: 'cards' },
      amountCard(report, costs),
      changeCard(report, costs),
      coverageCard(report),
      agreeCard(report),
      budgetCard(report),
    ),
    stack ? monthPanel(report, costs, stack, stacks) : null,
    report.days.length ? dayPanel(report) : null,
    moverPanel(report),
  ];
}

function amountCard(report, { totals, whole }) {
  const others = METRICS.filter((metric) => metric !== state.metric);
  return card(
    `${METRIC_NAMES[state.metric]} cost`,
    money(totals[state.metric], report.currency),
    [
      others.map((metric) => [
        h(
          'span',
          { class: 'pair' },
          `${METRIC_NAMES[metric]} `,
          h('b', { 'data-total': metric }, money(totals[metric], report.currency)),
        ),
        ' ',
      ]),
      whole ? period(report) : 'of what the filters leave',
    ],
    { name: 'amount', tone: 'first' },
  );
}

function changeCard(report, { monthly, from, to }) {
  const months = comparedMonths(report, from, to);
  if (!months) return card('Month on month', '–', ['Two whole months are needed for it.'], { name: 'change' });
  const names = months.map((month) => monthLong(report.months[month]));
  const [before, after] = months.map((month) => monthly[state.metric][month]);
  const open = report.partialMonth && to === report.months.length - 1;
  return card(
    'Month on month',
    change(part(after - before, Math.abs(before))),
    [
      `${signedMoney(after - before, report.currency)} from ${names[0]} to ${names[1]}`,
      open ? `${monthLong(report.partialMonth)} so far: ${money(monthly[state.metric].at(-1), report.currency)}` : null,
    ],
    { name: 'change' },
  );
}

function coverageCard(report) {
  const known = report.coverage.filter((one) => one.share !== null);
  if (!known.length)
    return card('Tag coverage', 'Unknown', ['No mandatory key could be judged.'], { tone: 'warn', name: 'coverage' });
  const least = known.reduce((one, other) => (other.share < one.share ? other : one));
  return card(
    'Tag coverage, weakest key',
    share(least.share),
    [
      h(
        'span',
        {},
        breakable(least.key),
        ': ',
        least.taggable === null ? '' : `${share(least.taggable)} of what can be tagged`,
      ),
      h('a', { href: '#view=coverage', onclick: visit('coverage') }, `All ${report.coverage.length} mandatory keys`),
      known.length < report.coverage.length ? `${report.coverage.length - known.length} could not be judged` : null,
    ],
    { tag: isFiltered(report) ? WHOLE : '', name: 'coverage' },
  );
}

function agreeCard(report) {
  const { agrees, difference, column, file, notes } = report.reconciliation;
  return card(
    'Reconciliation',
    agrees
      ? difference === 0
        ? 'Agrees to the cent'
        : 'Agrees'
      : `Differs by ${signedMoney(difference, report.currency)}`,
    [`The files sum up to ${money(file, report.currency)} in ${column}.`, ...notes],
    { tone: agrees ? 'good' : 'bad', tag: isFiltered(report) ? WHOLE : '', name: 'reconciliation' },
  );
}

function budgetCard(report) {
  if (!report.budgets.length) return null;
  const count = (status) => report.budgets.filter((one) => one.status === status).length;
  const [over, soon, within, unknown] = [count('over'), count('forecast over'), count('within'), count('unknown')];
  const figures = [
    [over, `${over} over`, 'bad'],
    [soon, `${soon} forecast over`, 'warn'],
    [unknown, `${unknown} unknown`, ''], // is never taken for within
    [within, `${within} within`, 'good'],
  ].filter(([number]) => number);
  const [[, worst, tone], ...others] = figures;
  return card(
    'Budgets',
    worst,
    [
      others.map(([, text]) => text).join(', '),
      h('a', { href: '#view=budgets', onclick: visit('budgets') }, `All ${report.budgets.length} budgets`),
    ],
    { tone, tag: isFiltered(report) ? WHOLE : '', name: 'budgets' },
  );
}

function monthPanel(report, { from, to }, stack, stacks) {
  const { rows, text } = chosenRows(report, stack);
  const series = leading(report, stack, rows).map((one) => ({ ...one, values: one.values.slice(from, to + 1) }));
  return panel(
    'Cost by month',
    `${METRIC_NAMES[state.metric]} cost: ${METRIC_TEXTS[state.metric]}.`,
    select('Stacked by', dimensionOptions(report, stacks), stack, (next) => go({ stack: next })),
    text ? note(text) : null,
    barChart('months', `Cost by month and ${labelOf(report, stack)}`, report.months.slice(from, to + 1), series, {
      format: (cents) => money(cents, report.currency),
      short: (cents) => roundMoney(cents, report.currency),
      long: monthLong,
      partial: report.partialMonth,
    }),
  );
}

function dayPanel(report) {
  const [from, to] = monthRange(report, state);
  const wanted = state.filters.get(SERVICE);
  const days = report.days.filter(
    ({ day }) => day.slice(0, 7) >= report.months[from] && day.slice(0, 7) <= report.months[to],
  );
  const sums = new Map();
  days.forEach(({ services }, n) => {
    for (const [service, costs] of services) {
      if (wanted && !wanted.has(service)) continue;
      if (!sums.has(service)) sums.set(service, { value: service, amount: 0, months: new Array(days.length).fill(0) });
      const row = sums.get(service);
      row.amount += costs[state.metric];
      row.months[n] += costs[state.metric];
    }
  });
  const rows = [...sums.values()].sort((one, other) => other.amount - one.amount);
  const series = leading({ ...report, months: days }, SERVICE, rows, 5);
  return panel(
    'Cost by day',
    'By service.',
    unreached(report, [SERVICE], true),
    rows.length
      ? barChart(
          'days',
          'Cost by day and service',
          days.map(({ day }) => day),
          series,
          {
            format: (cents) => money(cents, report.currency),
            short: (cents) => roundMoney(cents, report.currency),
            long: dayLong,
          },
        )
      : note('No days with these filters.'),
  );
}
