// The row of filters, and the dialog in which the values of a dimension are chosen.
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
    state.filters.size
      ? h(
          'ul',
          { class: 'chips', 'aria-label': 'Filters that are set' },
          [...state.filters].flatMap(([dimension, values]) =>
            [...values].map((value) => chip(report, dimension, value)),
          ),
        )
      : '',
  );
}

function filterButton(report, dimension) {
  const count = state.filters.get(dimension)?.size ?? 0;
  return h(
    'button',
    {
      type: 'button',
      class: count ? 'button on' : 'button',
      'aria-haspopup': 'dialog',
      'data-focus': `filter:${dimension}`,
      onclick: () => openFilter(report, dimension),
    },
    labelOf(report, dimension),
    count ? ` (${count})` : ' …',
  );
}

function chip(report, dimension, value) {
  const label = valueLabel(report, dimension, value);
  const name = labelOf(report, dimension);
  return h(
    'li',
    {},
    h(
      'button',
      {
        type: 'button',
        class: 'chip',
        'aria-label': `Take away filter ${name}: ${label}`,
        'data-focus': `chip:${dimension}:${value}`,
        onclick: () => {
          const values = new Set(state.filters.get(dimension));
          values.delete(value);
          go({ filters: filtersWith(dimension, values) });
        },
      },
      h('span', {}, name),
      h('b', {}, label),
      h('i', { 'aria-hidden': 'true' }, '×'),
    ),
  );
}

function openFilter(report, dimension) {
  const opener = document.activeElement?.dataset.focus;
  const dialog = h('dialog', { class: 'dialog', 'aria-labelledby': 'filter-title' });
  const list = h('div', { class: 'options', role: 'group', 'aria-label': 'Values' });
  const search = h('input', {
    type: 'search',
    placeholder: 'Find a value',
    'aria-label': 'Find a value',
    oninput: () => fillList(),
  });
  let shown = dimension;
  let values = [];
  let chosen = new Set(state.filters.get(dimension));

  function load(next) {
    shown = next;
    chosen = new Set(state.filters.get(next));
    values = sumsBy(report, rowsOf(report, state, next), next, state.metric);
    search.value = '';
    fillList();
  }

  function fillList() {
    const wanted = search.value.toLowerCase();
    const found = values.filter(({ value }) => valueLabel(report, shown, value).toLowerCase().includes(wanted));
    found.sort((one, other) => chosen.has(other.value) - chosen.has(one.value));
    list.replaceChildren(
      ...found.slice(0, 200).map(option),
      found.length > 200 ? note(`${countFormat.format(found.length - 200)} more: find them by name.`) : '',
      found.length ? '' : note('No such value.'),
    );
  }

  function option({ value, amount }) {
    return h(
      'label',
      { class: 'option' },
      h('input', {
        type: 'checkbox',
        checked: chosen.has(value),
        onchange: (event) => {
          if (event.target.checked) chosen.add(value);
          else chosen.delete(value);
          go({ filters: filtersWith(shown, new Set(chosen)) });
        },
      }),
      h('span', {}, valueLabel(report, shown, value)),
      h('span', { class: 'amount' }, money(amount, report.currency)),
    );
  }

  dialog.append(
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id: 'filter-title' }, 'Filter'),
      h('button', { type: 'button', class: 'button on', onclick: () => dialog.close() }, 'Done'),
    ),
    select('Filter by', dimensionOptions(report, filterable(report)), dimension, load),
    search,
    list,
    h(
      'button',
      {
        type: 'button',
        class: 'quiet',
        onclick: () => {
          go({ filters: filtersWith(shown, new Set()) });
          load(shown);
        },
      },
      'Take away this filter',
    ),
  );
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    refocus(opener);
  });
  document.body.append(dialog);
  load(dimension);
  dialog.showModal();
  search.focus();
}
