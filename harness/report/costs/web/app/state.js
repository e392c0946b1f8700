// What is shown: kept in the part of the address behind the #, so that it can be passed on and the back button works.
const state = {
  view: 'overview',
  currency: '',
  metric: 'effective',
  from: '',
  to: '',
  filters: new Map(),
  by: '',
  stack: '',
  faults: 'account',
  spelling: 'joined',
  levels: [],
  sorts: new Map(),
};
const PLAIN = {
  view: 'view',
  currency: 'currency',
  metric: 'metric',
  from: 'from',
  to: 'to',
  by: 'by',
  stack: 'stack',
  faults: 'faults',
  spelling: 'spelling',
};
const FIRST = { ...state };

function hashOf(shown) {
  const found = new URLSearchParams();
  for (const [name, field] of Object.entries(PLAIN))
    if (shown[field] && shown[field] !== FIRST[field]) found.set(name, shown[field]);
  for (const dimension of shown.levels) found.append('level', dimension);
  for (const [dimension, values] of shown.filters) for (const value of values) found.append(`f.${dimension}`, value);
  for (const [table, order] of shown.sorts) found.set(`s.${table}`, order);
  return found.toString();
}

function readHash() {
  const found = new URLSearchParams(location.hash.slice(1));
  for (const [name, field] of Object.entries(PLAIN)) state[field] = found.get(name) ?? FIRST[field];
  state.levels = found.getAll('level');
  state.filters = new Map();
  state.sorts = new Map();
  for (const [name, value] of found) {
    if (name.startsWith('f.')) {
      const dimension = name.slice(2);
      if (!state.filters.has(dimension)) state.filters.set(dimension, new Set());
      state.filters.get(dimension).add(value);
    } else if (name.startsWith('s.')) state.sorts.set(name.slice(2), value);
  }
  settle();
}

// An address may be old, or of another report: what is not there any more falls back.
function settle() {
  if (!currencies().includes(state.currency)) state.currency = currencies()[0];
  if (!METRICS.includes(state.metric)) state.metric = FIRST.metric;
  if (!VIEWS.some((view) => view.name === state.view)) state.view = FIRST.view;
  const report = reportOf(state.currency);
  for (const dimension of [...state.filters.keys()])
    if (!filterable(report).includes(dimension)) state.filters.delete(dimension);
  state.levels = state.levels.filter((dimension) => filterable(report).includes(dimension));
  if (!report.months.includes(state.from)) state.from = '';
  if (!report.months.includes(state.to)) state.to = '';
  if (state.from && state.to && state.from > state.to) [state.from, state.to] = [state.to, state.from];
}

// Change what is shown, as a step that the back button undoes, and draw it.
function go(changes) {
  Object.assign(state, changes);
  settle();
  const hash = hashOf(state);
  if (hash !== location.hash.slice(1)) history.pushState(null, '', `#${hash}`);
  draw();
}

// Remember the order of a table without a step of its own.
function keepSort(table, order) {
  state.sorts.set(table, order);
  history.replaceState(null, '', `#${hashOf(state)}`);
}

function filtersWith(dimension, values) {
  const filters = new Map(state.filters);
  if (values.size) filters.set(dimension, values);
  else filters.delete(dimension);
  return filters;
}

function isFiltered(report) {
  const [from, to] = monthRange(report, state);
  return state.filters.size > 0 || from > 0 || to < report.months.length - 1;
}
