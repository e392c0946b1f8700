// Lines over time, and the small ones inside of tables.
function drawLines(width, labels, series, settings) {
  const known = series.flatMap(({ values }) => values.filter((value) => value !== null));
  const [low, high] = settings.range ?? [Math.min(0, ...known), Math.max(...known, 0.0001)];
  const { grid, names, marks, soFar, x, y, step } = frame(
    width,
    scale(low, high).filter((tick) => !settings.range || tick <= high + 1e-9),
    labels,
    settings,
  );
  const lines = series.map(({ values, place }) => {
    const runs = [];
    let open = false;
    values.forEach((value, n) => {
      if (value === null) open = false;
      else {
        runs.push(`${open ? 'L' : 'M'}${(x(n) + step / 2).toFixed(1)} ${y(value).toFixed(1)}`);
        open = true;
      }
    });
    const points = values.map((value, n) =>
      value === null ? null : svg('circle', { class: `point s${place}`, cx: x(n) + step / 2, cy: y(value), r: 3 }),
    );
    return [svg('path', { class: `line s${place}`, d: runs.join('') }), points];
  });
  return drawn(width, grid, marks, lines, names, soFar);
}

// A line of the months of a row; its figures are in the title for a mouse, and in the row's own columns for everybody.
function sparkline(values, title) {
  const [width, height] = [84, 22];
  const low = Math.min(0, ...values);
  const high = Math.max(...values, low + 1);
  const x = (n) => 2 + ((width - 4) * n) / Math.max(1, values.length - 1);
  const y = (value) => height - 2 - ((height - 4) * (value - low)) / (high - low);
  const path = values.map((value, n) => `${n ? 'L' : 'M'}${x(n).toFixed(1)} ${y(value).toFixed(1)}`).join('');
  return svg(
    'svg',
    { class: 'spark', width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    svg('path', { class: 'line s0', d: path }),
    svg('circle', { class: 'point s0', cx: x(values.length - 1), cy: y(values.at(-1) ?? 0), r: 2.2 }),
  );
}

// Return the dearest as series of their own and what is left as one, so that colours can be told apart.
function leading(report, dimension, rows, most = 7) {
  const own = rows.filter((row) => row.value !== OTHERS);
  const first = own.slice(0, own.length > most + 1 ? most : most + 1);
  const rest = [...own.slice(first.length), ...rows.filter((row) => row.value === OTHERS)];
  const places = colours(report, dimension, first);
  const series = first.map((row) => ({
    name: valueLabel(report, dimension, row.value),
    values: row.months,
    place: places.get(row.value),
    cents: true,
  }));
  if (rest.length) {
    const values = report.months.map((_, n) => rest.reduce((sum, row) => sum + row.months[n], 0));
    series.push({ name: `All others (${countFormat.format(rest.length)})`, values, place: 'o', cents: true });
  }
  return series;
}

// Give each value the colour that it has without filters, as long as no dearer one has it; what is absent has its own.
function colours(report, dimension, rows) {
  const table = report.breakdowns.find((one) => one.dimension === dimension);
  const ranks = new Map(
    (table?.rows ?? []).filter(({ value }) => value !== '').map(({ value }, rank) => [value, rank]),
  );
  const free = new Set([0, 1, 2, 3, 4, 5, 6, 7]);
  const places = new Map();
  const take = (value, place) => {
    places.set(value, place);
    free.delete(place);
  };
  for (const { value } of rows) {
    if (value === '') take(value, 'x');
    else if (free.has(ranks.get(value))) take(value, ranks.get(value));
  }
  for (const { value } of rows) if (!places.has(value)) take(value, [...free][0]);
  return places;
}
