// What is shown of a cost report.
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
const PLAIN = ['view', 'currency', 'metric', 'from', 'to', 'by', 'stack', 'faults', 'spelling'];
const LISTS = { level: 'levels' };

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

function isFiltered(report) {
  const [from, to] = monthRange(report, state);
  return state.filters.size > 0 || from > 0 || to < report.months.length - 1;
}
