// The row of filters and the search, and values that a click narrows the findings to.
const FIRST_FILTERS = ['account', 'owner', 'key', 'type', 'rule'];

function drawFilters() {
  const view = VIEWS.find((one) => one.name === state.view);
  const filters = document.getElementById('filters');
  if (!view.filtered && !printing) return filters.replaceChildren();
  const dimensions = filterable(report);
  filters.replaceChildren(
    h(
      'div',
      { class: 'filter-row' },
      h('input', {
        type: 'search',
        class: 'search',
        placeholder: 'Search name, ARN, value …',
        'aria-label': 'Search findings',
        'data-focus': 'search',
        value: state.text,
        oninput: (event) => search(event.target.value),
      }),
      FIRST_FILTERS.filter((one) => dimensions.includes(one)).map((dimension) => filterButton(report, dimension)),
      h(
        'button',
        {
          type: 'button',
          class: 'button',
          'data-focus': 'more-filters',
          'aria-haspopup': 'dialog',
          onclick: () => openFilter(report, dimensions.find((one) => !FIRST_FILTERS.includes(one)) ?? dimensions[0]),
        },
        'More filters …',
      ),
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'data-focus': 'clear',
          onclick: () => go({ filters: new Map(), text: '' }),
        },
        'Clear all',
      ),
    ),
    chips(report),
  );
  return filters;
}

// What is typed is no step of its own for the back button, and only what it narrows is drawn anew.
function search(text) {
  state.text = text;
  history.replaceState(null, '', `#${hashOf(state)}`);
  drawMain(report);
}

function optionsOf(_, dimension) {
  return sumsBy(rowsOf(dimension), dimension).map(({ value, count }) => ({ value, amount: countFormat.format(count) }));
}

// Set or take away one value of a filter.
function toggle(dimension, value) {
  const values = new Set(state.filters.get(dimension));
  if (!values.delete(value)) values.add(value);
  return filtersWith(dimension, values);
}

function narrowing(dimension, value, more = {}) {
  const label = valueLabel(report, dimension, value);
  return h(
    'button',
    {
      type: 'button',
      class: value === '' ? 'value absent' : 'value',
      'data-focus': `narrow:${dimension}:${value}`,
      title: `Show only ${labelOf(report, dimension)}: ${label}`,
      onclick: () => go({ filters: filtersWith(dimension, new Set([value])), ...more }),
    },
    dimension === 'key' ? breakable(label) : label,
  );
}
