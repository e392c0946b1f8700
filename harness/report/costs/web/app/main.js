// Put the page of the cost report together.
const VIEWS = [
  { name: 'overview', title: 'Overview', draw: overview },
  { name: 'breakdown', title: 'Breakdown', draw: breakdown },
  { name: 'drill', title: 'Drill down', draw: drill },
  { name: 'coverage', title: 'Coverage', draw: coverage },
  { name: 'faults', title: 'Untagged', draw: faults },
  { name: 'sharing', title: 'Shared costs', draw: sharing },
  { name: 'budgets', title: 'Budgets', draw: budgets },
  { name: 'movers', title: 'Movers and units', draw: movers },
  { name: 'values', title: 'Spellings', draw: values },
  { name: 'sources', title: 'Sources', draw: sources },
];

function drawTop(report) {
  const several = currencies().length > 1;
  document.getElementById('top').replaceChildren(
    h(
      'div',
      { class: 'title' },
      h('h1', {}, report.title),
      h('p', {}, `${period(report)}, in ${report.currency}. Made ${dayLong(report.made)}.`),
    ),
    h(
      'div',
      { class: 'controls' },
      several
        ? select(
            'Currency',
            currencies().map((one) => [one, one]),
            state.currency,
            (currency) => go({ currency, filters: new Map(), from: '', to: '' }),
          )
        : null,
      choices(
        'metric',
        'Cost',
        METRICS.map((metric) => [metric, METRIC_NAMES[metric], METRIC_TEXTS[metric]]),
        state.metric,
        (metric) => go({ metric }),
      ),
      themeButton(),
    ),
  );
  document.getElementById('footer').textContent =
    'Costs are named as FOCUS names them. This page loads nothing and sends nothing.';
}

function shownReport() {
  return reportOf(state.currency);
}

start();
