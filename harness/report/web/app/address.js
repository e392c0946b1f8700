// What is shown is kept behind the # of the address, so that it can be passed on and the back button works.
// A page gives `state`, with `filters` and `sorts`; PLAIN, the names of its texts; LISTS; and `settle`.
const FIRST = { ...state };

function hashOf(shown) {
  const found = new URLSearchParams();
  for (const name of PLAIN) if (shown[name] && shown[name] !== FIRST[name]) found.set(name, shown[name]);
  for (const [name, field] of Object.entries(LISTS)) for (const value of shown[field]) found.append(name, value);
  for (const [dimension, values] of shown.filters) for (const value of values) found.append(`f.${dimension}`, value);
  for (const [table, order] of shown.sorts) found.set(`s.${table}`, order);
  return found.toString();
}

function readHash() {
  const found = new URLSearchParams(location.hash.slice(1));
  for (const name of PLAIN) state[name] = found.get(name) ?? FIRST[name];
  for (const [name, field] of Object.entries(LISTS)) state[field] = found.getAll(name);
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

function visit(view) {
  return (event) => {
    event.preventDefault();
    go({ view });
  };
}
