// What is shown of an audit, and the findings that the filters leave.
const state = { view: 'overview', measure: 'findings', text: '', row: '', filters: new Map(), sorts: new Map() };
const PLAIN = ['view', 'measure', 'text', 'row'];
const LISTS = {};
const MEASURES = ['findings', 'spend'];

// An address may be old, or of another run: what is not there any more falls back.
function settle() {
  if (!VIEWS.some((view) => view.name === state.view)) state.view = FIRST.view;
  if (!MEASURES.includes(state.measure)) state.measure = FIRST.measure;
  if (!/^\d+$/.test(state.row) || Number(state.row) >= report.count) state.row = '';
  for (const [dimension, values] of [...state.filters]) {
    const known = report.columns.get(dimension)?.[0] ?? [];
    const left = new Set([...values].filter((value) => known.includes(value)));
    if (left.size) state.filters.set(dimension, left);
    else state.filters.delete(dimension);
  }
}

function isFiltered() {
  return state.filters.size > 0 || state.text.trim() !== '';
}

// Return the numbers of the findings that filters and search leave, without the filter of the dimension `except`. Those
// that are fixed are there where they are asked for.
function rowsOf(except = '') {
  const end = except === 'age' || state.filters.get('age')?.has('fixed') ? report.count : report.held;
  const tests = [];
  for (const [dimension, wanted] of state.filters) {
    if (dimension === except) continue;
    const [values, codes] = report.columns.get(dimension);
    tests.push([codes, Uint8Array.from(values, (value) => (wanted.has(value) ? 1 : 0))]);
  }
  const marks = found(state.text);
  const rows = new Int32Array(end);
  let count = 0;
  for (let row = 0; row < end; row += 1) {
    let left = !marks || marks[row] === 1;
    for (let n = 0; left && n < tests.length; n += 1) left = tests[n][1][tests[n][0][row]] === 1;
    if (left) {
      rows[count] = row;
      count += 1;
    }
  }
  return rows.subarray(0, count);
}

const searched = { text: '', marks: null, places: null };

// Return a mark for each finding that has every word of a text in its words, its place or its resource; null for none.
function found(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return null;
  if (searched.text === words.join(' ')) return searched.marks;
  searched.places ??= report.arns().map((arn, n) => `${arn} ${report.names()[n]}`.toLowerCase());
  const marks = new Uint8Array(report.count).fill(1);
  for (const word of words) {
    const has = (held) => (held.toLowerCase().includes(word) ? 1 : 0);
    const tests = ['account', 'owner', 'key', 'type', 'rule', 'region'].map((dimension) => {
      const [values, codes] = report.columns.get(dimension);
      return [codes, Uint8Array.from(values, (value) => has(value) || has(valueLabel(report, dimension, value)))];
    });
    tests.push([report.detail, Uint8Array.from(report.details, (one) => has(one.what))]);
    tests.push([report.place, Uint8Array.from(searched.places, (held) => (held.includes(word) ? 1 : 0))]);
    for (let row = 0; row < report.count; row += 1)
      if (marks[row] && !tests.some(([codes, good]) => good[codes[row]])) marks[row] = 0;
  }
  Object.assign(searched, { text: words.join(' '), marks });
  return marks;
}

// Return [{ value, count, spend }] of a dimension, most first. A resource costs once, however many findings it has.
function sumsBy(rows, dimension) {
  const [values, codes] = report.columns.get(dimension);
  const counts = new Uint32Array(values.length);
  const spends = new Float64Array(values.length);
  const apart = OF_PLACE.includes(dimension) ? 0 : report.places;
  const met = new Uint8Array(apart ? apart * values.length : report.places);
  for (const row of rows) {
    const [code, place] = [codes[row], report.place[row]];
    counts[code] += 1;
    if (met[place + code * apart] || report.cost[row] === UNPRICED) continue;
    met[place + code * apart] = 1;
    spends[code] += report.cost[row];
  }
  const by = state.measure === 'spend' ? 'spend' : 'count';
  return values
    .map((value, n) => ({ value, count: counts[n], spend: spends[n] }))
    .filter(({ count }) => count)
    .sort((one, other) => other[by] - one[by] || other.count - one.count);
}

function spendOf(rows) {
  const met = new Uint8Array(report.places);
  let sum = 0;
  for (const row of rows) {
    const place = report.place[row];
    if (!met[place] && report.cost[row] !== UNPRICED) sum += report.cost[row];
    met[place] = 1;
  }
  return sum;
}

// Return rows in another order, those that are alike in the order that they had.
function ordered(rows, order) {
  const [name, direction] = order.split('.');
  if (name === 'cost') {
    if (direction === 'down') return rows;
    const known = rows.filter((row) => row < report.priced);
    const turned = Int32Array.from(rows);
    turned.set(known.reverse());
    return turned;
  }
  const { codes, size } = ranksOf(name);
  const starts = new Uint32Array(size + 1);
  const rank = direction === 'down' ? (row) => size - 1 - codes[row] : (row) => codes[row];
  for (const row of rows) starts[rank(row) + 1] += 1;
  for (let n = 1; n <= size; n += 1) starts[n] += starts[n - 1];
  const sorted = new Int32Array(rows.length);
  for (const row of rows) {
    sorted[starts[rank(row)]] = row;
    starts[rank(row)] += 1;
  }
  return sorted;
}

const ranks = new Map();

// Return a number for each finding by which a column is sorted: rules by importance, resources by ARN, others by name.
function ranksOf(name) {
  if (ranks.has(name)) return ranks.get(name);
  let made;
  if (name === 'place') made = { codes: report.place, size: report.places };
  else {
    const [values, codes] = report.columns.get(name);
    const labels = values.map((value, n) => [valueLabel(report, name, value), n]);
    if (name !== 'rule') labels.sort(([one], [other]) => compare(one, other));
    const rank = new Uint32Array(values.length);
    labels.forEach(([, n], place) => {
      rank[n] = place;
    });
    made = { codes: Uint32Array.from(codes, (code) => rank[code]), size: values.length };
  }
  ranks.set(name, made);
  return made;
}
