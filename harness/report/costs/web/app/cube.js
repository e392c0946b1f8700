// Add up the rows of the cube that the filters leave. All amounts are whole cents, so that nothing drifts.

// Return the numbers of the rows that the filters and the months leave, without the filter of the dimension `except`.
function rowsOf(report, state, except = '') {
  const { cube } = report;
  const tests = [];
  for (const [dimension, wanted] of state.filters) {
    const n = cube.place.get(dimension);
    if (n === undefined || dimension === except) continue;
    tests.push([cube.columns[n], Uint8Array.from(cube.values[n], (value) => (wanted.has(value) ? 1 : 0))]);
  }
  const [from, to] = monthRange(report, state);
  if (cube.monthly >= 0 && (from > 0 || to < report.months.length - 1)) {
    tests.push([
      cube.columns[cube.monthly],
      Uint8Array.from(cube.monthAt, (month) => (month >= from && month <= to ? 1 : 0)),
    ]);
  }
  const found = new Int32Array(cube.count);
  let count = 0;
  for (let row = 0; row < cube.count; row += 1) {
    let left = true;
    for (let n = 0; left && n < tests.length; n += 1) left = tests[n][1][tests[n][0][row]] === 1;
    if (left) {
      found[count] = row;
      count += 1;
    }
  }
  return found.subarray(0, count);
}

function monthRange(report, state) {
  const last = report.months.length - 1;
  const from = report.months.indexOf(state.from);
  const to = report.months.indexOf(state.to);
  return [from < 0 ? 0 : from, to < 0 ? last : to];
}

// Return the three costs of rows.
function totalsOf(report, rows) {
  return Object.fromEntries(
    METRICS.map((metric) => {
      const costs = report.cube.costs[metric];
      let sum = 0;
      for (const row of rows) sum += costs[row];
      return [metric, sum];
    }),
  );
}

// Return the cost of rows month by month.
function monthsOf(report, rows, metric) {
  const { cube } = report;
  const sums = new Array(report.months.length).fill(0);
  if (cube.monthly < 0) return sums;
  const months = cube.columns[cube.monthly];
  for (const row of rows) sums[cube.monthAt[months[row]]] += cube.costs[metric][row];
  return sums;
}

// Return the cost of rows by the values of a dimension, in total and month by month, dearest first.
function sumsBy(report, rows, dimension, metric) {
  const { cube } = report;
  const n = cube.place.get(dimension);
  const width = report.months.length;
  const values = cube.values[n];
  const sums = new Float64Array(values.length * width);
  const totals = new Float64Array(values.length);
  const met = new Uint8Array(values.length);
  const column = cube.columns[n];
  const costs = cube.costs[metric];
  const months = cube.monthly < 0 ? null : cube.columns[cube.monthly];
  for (const row of rows) {
    const value = column[row];
    met[value] = 1;
    totals[value] += costs[row];
    if (months) sums[value * width + cube.monthAt[months[row]]] += costs[row];
  }
  return values
    .map((value, place) => ({
      value,
      amount: totals[place],
      months: [...sums.subarray(place * width, (place + 1) * width)],
    }))
    .filter((_, place) => met[place])
    .sort((one, other) => other.amount - one.amount);
}
