// What a view is about: costs of the whole report, exact, or of what the filters leave, from the cube.

// Return totals and months of what is chosen. Without filters by value they are the bill's own, not the cube's.
function chosenCosts(report) {
  const [from, to] = monthRange(report, state);
  const whole = !isFiltered(report);
  if (!state.filters.size && report.monthTotals.length) {
    const monthly = Object.fromEntries(METRICS.map((metric, n) => [metric, report.monthTotals[n]]));
    const sums = METRICS.map((metric) => [
      metric,
      monthly[metric].slice(from, to + 1).reduce((sum, cents) => sum + cents, 0),
    ]);
    const totals = whole
      ? Object.fromEntries(METRICS.map((metric, n) => [metric, report.total[n]]))
      : Object.fromEntries(sums);
    return { totals, monthly, from, to, whole };
  }
  const rows = rowsOf(report, state);
  const monthly = Object.fromEntries(METRICS.map((metric) => [metric, monthsOf(report, rows, metric)]));
  return { totals: totalsOf(report, rows), monthly, from, to, whole };
}

// Return [{ value, amount, months }] of a dimension under the filters, and what is to be said about them.
function chosenRows(report, dimension) {
  const [from, to] = monthRange(report, state);
  const table = report.breakdowns.find((one) => one.dimension === dimension);
  if (table && !(state.filters.size && report.cube.place.has(dimension))) {
    const rows = table.rows
      .map((row) => {
        const months = row.months[state.metric];
        const whole = from === 0 && to === report.months.length - 1;
        return {
          value: row.value,
          months,
          amount: whole ? row.costs[state.metric] : months.slice(from, to + 1).reduce((sum, cents) => sum + cents, 0),
        };
      })
      .sort((one, other) => other.amount - one.amount);
    const text = state.filters.size
      ? `The filters do not reach ${table.label}: the figures are of all costs in these months.`
      : '';
    return { rows, others: table.others, text, exact: true };
  }
  const rows = report.cube.place.has(dimension) ? sumsBy(report, rowsOf(report, state), dimension, state.metric) : [];
  return { rows, others: 0, text: '', exact: false };
}

// Dimensions that costs can be shown by: tables of the report first, then what the cube has besides.
function dimensionsOf(report) {
  const named = report.breakdowns.map((one) => one.dimension);
  return [...named, ...filterable(report).filter((dimension) => !named.includes(dimension))];
}

// The last two whole months of what is chosen, for a comparison.
function comparedMonths(report, from, to) {
  let last = to;
  if (report.months[last] === report.partialMonth) last -= 1;
  return last - 1 >= from ? [last - 1, last] : null;
}

// Say which filters a table cannot follow, if there are any.
function unreached(report, reached, months = false) {
  const left = [...state.filters.keys()]
    .filter((dimension) => !reached.includes(dimension))
    .map((dimension) => labelOf(report, dimension));
  const [from, to] = monthRange(report, state);
  if (!months && (from > 0 || to < report.months.length - 1)) left.push('months');
  return left.length ? note(`Not narrowed by: ${left.join(', ')}. These figures are known without them only.`) : null;
}
