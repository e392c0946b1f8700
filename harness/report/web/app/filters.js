// The dialog in which the values of a dimension are chosen, its buttons, and the filters that are set.
// A page gives `filterable`, `labelOf`, `valueLabel`, and `optionsOf`: [{ value, amount }] of a dimension, most first.
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

function chips(report) {
  if (!state.filters.size) return '';
  return h(
    'ul',
    { class: 'chips', 'aria-label': 'Filters that are set' },
    [...state.filters].flatMap(([dimension, values]) => [...values].map((value) => chip(report, dimension, value))),
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
    values = optionsOf(report, next);
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
      h('span', { class: 'amount' }, amount),
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

function dimensionOptions(report, dimensions) {
  return dimensions.map((dimension) => [dimension, labelOf(report, dimension)]);
}
