// Read what harness/report/audit/encoding.py wrote. What only an open row or a search needs is read when it is asked for.
const UNPRICED = -1e18;
const DIMENSIONS = {
  account: 'Account',
  owner: 'Owner',
  key: 'Key',
  type: 'Type',
  rule: 'Finding',
  verdict: 'Verdict',
  age: 'New, old or fixed',
  region: 'Region',
};
const OF_PLACE = ['account', 'region', 'type', 'owner']; // the same for all findings of a resource
const ABSENT = { account: 'No account', owner: 'No owner', key: 'No key', type: 'No type', region: 'No region' };
const SAID = { fail: 'Fails', unknown: 'Unknown', new: 'New', old: 'Seen before', fixed: 'Fixed' };

const textOf = (name) => document.getElementById(`d-${name}`).textContent;
const valuesOf = (name) => JSON.parse(textOf(name));

function once(make) {
  let made;
  return () => {
    made ??= make();
    return made;
  };
}

function readReport() {
  const head = valuesOf('head');
  const digits = digitsOf(head.digits);
  const column = (name, of) => {
    const text = textOf(name);
    return decodeColumn(text, head.width[of], digits, text.length / head.width[of]);
  };
  const details = readDetails();
  const place = column('place', 'places');
  const ofPlace = { account: column('account', 'accounts'), region: column('region', 'regions'), type: column('type', 'types') };
  const spread = (codes) => Uint32Array.from(place, (n) => codes[n]);
  const detail = column('detail', 'details');
  const rules = Uint16Array.from(details, (one) => one.rule);
  const keys = Uint16Array.from(details, (one) => one.key);
  const unknown = Uint8Array.from(details, (one) => one.unknown);
  const newness = textOf('new');
  const isNew = head.digits[1];
  const count = head.held + head.fixed; // those that are fixed come last
  const ageOf = (_, n) => (n >= head.held ? 2 : newness[n] === isNew ? 0 : 1);
  const of = (codes) => Uint16Array.from(detail, (n) => codes[n]);
  const columns = new Map([
    ['account', [head.accounts, spread(ofPlace.account)]],
    ['owner', [head.owners, column('owner', 'owners')]],
    ['key', [head.keys, of(keys)]],
    ['type', [head.types, spread(ofPlace.type)]],
    ['rule', [head.rules.map((rule) => rule.name), of(rules)]],
    ['verdict', [['fail', 'unknown'], of(unknown)]],
    ['age', [['new', 'old', 'fixed'], Uint8Array.from({ length: count }, ageOf)]],
    ['region', [head.regions, spread(ofPlace.region)]],
  ]);
  const report = { ...head, count, columns, details, detail, place, ofPlace, cost: readCosts(count) };
  report.isFixed = (row) => row >= head.held;
  report.shortKey = shortKeys(head.keys);
  report.called = new Map(Object.entries(head.called));
  report.rulesByName = new Map(head.rules.map((rule) => [rule.name, rule]));
  report.arns = once(() => readArns(digits));
  report.names = once(() => valuesOf('names').map((held, n) => (typeof held === 'number' ? report.arns()[n].slice(-held) : held)));
  report.tags = once(readTags);
  report.sets = once(() => valuesOf('sets'));
  report.edges = once(readEdges);
  report.tagsOf = (n) => tagsOf(report, n, digits);
  report.places = ofPlace.account.length;
  report.costOfPlace = once(() => {
    const costs = new Float64Array(report.places).fill(UNPRICED);
    place.forEach((n, row) => {
      costs[n] = Math.max(costs[n], report.cost[row]);
    });
    return costs;
  });
  return report;
}

// Return what names a key in a narrow column: without what all keys begin with.
function shortKeys(keys) {
  const start = keys.find(Boolean)?.split(':')[0] ?? '';
  const common = keys.filter(Boolean).every((key) => key.startsWith(`${start}:`));
  return (key) => (common ? key.slice(start.length + 1) : key);
}

function readDetails() {
  const musts = [];
  return valuesOf('details').map(([rule, unknown, key, what, must]) => {
    if (typeof must === 'string') musts.push(must);
    return { rule, unknown, key, what, must: typeof must === 'string' ? must : musts[must] };
  });
}

// Costs are written as what each is less than the one before; those of which none is known come last. What is fixed has none.
function readCosts(count) {
  const costs = new Float64Array(count).fill(UNPRICED);
  let amount = 0;
  valuesOf('costs').forEach((less, row) => {
    amount -= less;
    costs[row] = amount;
  });
  return costs;
}

function readArns(digits) {
  let last = '';
  return valuesOf('arns').map((text) => {
    const same = digits[text.charCodeAt(0)] * digits.base + digits[text.charCodeAt(1)];
    last = last.slice(0, same) + text.slice(2);
    return last;
  });
}

function readTags() {
  const [held, tags] = [valuesOf('tags'), []];
  let key = '';
  for (let n = 0; n < held.length; n += 2) {
    key = held[n] || key;
    tags.push([key, held[n + 1]]);
  }
  return tags;
}

// Return the tags of a resource as [key, value], or null where nobody could read them.
function tagsOf(report, n, digits) {
  const text = report.sets()[n];
  if (text === null) return null;
  const width = report.width.tags;
  return [...decodeColumn(text, width, digits, text.length / width)].map((code) => report.tags()[code]);
}

function readEdges() {
  const [flat, parents, children] = [valuesOf('edges'), new Map(), new Map()];
  const add = (map, from, to, relation) => {
    if (!map.has(from)) map.set(from, []);
    map.get(from).push([to, relation]);
  };
  for (let n = 0; n < flat.length; n += 3) {
    add(parents, flat[n + 1], flat[n], flat[n + 2]);
    add(children, flat[n], flat[n + 1], flat[n + 2]);
  }
  return { parents, children };
}

function filterable(report) {
  return Object.keys(DIMENSIONS).filter((dimension) => report.columns.get(dimension)[0].length);
}

function labelOf(report, dimension) {
  return DIMENSIONS[dimension];
}

function valueLabel(report, dimension, value) {
  if (value === '') return ABSENT[dimension];
  if (dimension === 'rule') return report.rulesByName.get(value)?.title ?? value;
  if (dimension === 'account' && report.called.has(value)) return `${report.called.get(value)} (${value})`;
  if (dimension === 'type') return value.replace(/^AWS::/, '').replaceAll('::', ' ');
  return dimension === 'verdict' || dimension === 'age' ? SAID[value] : value;
}
