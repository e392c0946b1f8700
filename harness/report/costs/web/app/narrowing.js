// The row of filters, and values that a click narrows the report to.
function drawFilters(report) {
  const months = report.months.map((month) => [
    month,
    monthLong(month) + (month === report.partialMonth ? ' (so far)' : ''),
  ]);
  const [from, to] = monthRange(report, state);
  const dimensions = filterable(report);
  const first = [ACCOUNT, SERVICE].filter((dimension) => dimensions.includes(dimension));
  document.getElementById('filters').replaceChildren(
    h(
      'div',
      { class: 'filter-row' },
      select('From', months, report.months[from], (month) => go({ from: month === report.months[0] ? '' : month })),
      select('To', months, report.months[to], (month) => go({ to: month === report.months.at(-1) ? '' : month })),
      first.map((dimension) => filterButton(report, dimension)),
      dimensions.length > first.length
        ? h(
            'button',
            {
              type: 'button',
              class: 'button',
              'data-focus': 'more-filters',
              'aria-haspopup': 'dialog',
              onclick: () => openFilter(report, dimensions.find((one) => !first.includes(one)) ?? dimensions[0]),
            },
            'More filters …',
          )
        : null,
      isFiltered(report)
        ? h(
            'button',
            {
              type: 'button',
              class: 'quiet',
              'data-focus': 'clear',
              onclick: () => go({ filters: new Map(), from: '', to: '' }),
            },
            'Clear all',
          )
        : null,
    ),
    chips(report),
  );
}

function optionsOf(report, dimension) {
  const sums = sumsBy(report, rowsOf(report, state, dimension), dimension, state.metric);
  return sums.map(({ value, amount }) => ({ value, amount: money(amount, report.currency) }));
}

// A value that a click narrows the report to.
function narrowing(report, dimension, value, more = {}) {
  const label = valueLabel(report, dimension, value);
  const known =
    report.cube.place.has(dimension) && report.cube.values[report.cube.place.get(dimension)].includes(value);
  if (!known) return h('span', { class: value === '' ? 'absent' : null }, label);
  return h(
    'button',
    {
      type: 'button',
      class: value === '' ? 'value absent' : 'value',
      'data-focus': `narrow:${dimension}:${value}`,
      title: `Show only ${labelOf(report, dimension)}: ${label}`,
      onclick: () => go({ filters: filtersWith(dimension, new Set([value])), ...more }),
    },
    label,
  );
}
