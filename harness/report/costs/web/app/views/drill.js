// From the business unit to the application to the resource: each click narrows the report by one more dimension.
const LEVELS = [/business.?unit/i, /application/i];
const DEEPEST = 4;

function levelsOf(report) {
  const known = filterable(report);
  if (state.levels.length) return state.levels;
  const found = LEVELS.map((pattern) => known.find((dimension) => pattern.test(dimension))).filter(Boolean);
  for (const dimension of [ACCOUNT, SERVICE, ...known])
    if (found.length < 3 && known.includes(dimension) && !found.includes(dimension)) found.push(dimension);
  return found;
}

function drill(report) {
  const levels = levelsOf(report);
  if (!levels.length) return [panel('Drill down', '', note('This report has no cube to drill into.'))];
  const isFixed = (dimension) => state.filters.get(dimension)?.size === 1;
  const depth = levels.findIndex((dimension) => !isFixed(dimension));
  const level = depth < 0 ? null : levels[depth];
  const rows = level ? chosenRows(report, level).rows : [];
  const totals = chosenCosts(report).totals;
  return [
    panel(
      'Drill down',
      'Choose a value to go one level deeper; the filters above hold where you are.',
      trail(report, levels, depth < 0 ? levels.length : depth),
      h('p', { class: 'figure-big', 'data-drill': 'amount' }, money(totals[state.metric], report.currency)),
      level
        ? costTable(`drill-${level}`, report, level, rows)
        : note('This is the last level; resources that are known follow.'),
      h(
        'details',
        { class: 'figures' },
        h('summary', { 'data-focus': 'levels' }, 'Order of the levels'),
        levelSelects(report, levels),
      ),
    ),
    resourcePanel(report),
  ];
}

function trail(report, levels, depth) {
  const back = (n) => {
    const filters = new Map(state.filters);
    for (const dimension of levels.slice(n)) filters.delete(dimension);
    go({ filters });
  };
  const step = (text, n, last) =>
    h(
      'li',
      {},
      last
        ? h('span', { 'aria-current': 'step' }, text)
        : h('button', { type: 'button', class: 'value', 'data-focus': `trail:${n}`, onclick: () => back(n) }, text),
    );
  const names = levels
    .slice(0, depth)
    .map(
      (dimension) =>
        `${labelOf(report, dimension)}: ${valueLabel(report, dimension, [...state.filters.get(dimension)][0])}`,
    );
  return h(
    'nav',
    { 'aria-label': 'Where you are' },
    h(
      'ol',
      { class: 'trail' },
      step('All costs', 0, depth === 0),
      names.map((name, n) => step(name, n + 1, n + 1 === depth)),
    ),
  );
}

function levelSelects(report, levels) {
  const options = [['', '–'], ...dimensionOptions(report, filterable(report))];
  const places = Array.from({ length: Math.min(DEEPEST, levels.length + 1) }, (_, n) => n);
  return h(
    'div',
    { class: 'filter-row' },
    places.map((n) =>
      select(`Level ${n + 1}`, options, levels[n] ?? '', (next) => {
        const changed = levels.filter((dimension, place) => place !== n && dimension !== next);
        if (next) changed.splice(n, 0, next);
        go({ levels: changed });
      }),
    ),
  );
}

function resourcePanel(report) {
  const found = report.faults.find((one) => one.by === 'resource');
  if (!found) return null;
  const { rows, left } = reachedFaults(report, found);
  return onScreen(
    panel(
      'Resources in here',
      'A report names the dearest resources that lack mandatory tags or have wrong ones.',
      left.length
        ? note(
            'Resources are shown all the same where this is not known of them: ',
            left.map((dimension) => labelOf(report, dimension)).join(', '),
          )
        : null,
      faultTable('drill-resources', report, found, rows),
    ),
  );
}
