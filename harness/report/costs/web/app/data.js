// Read what harness/report/costs/encoding.py wrote: one report for each currency, decoded when it is first shown.
const METRICS = ['billed', 'effective', 'amortized'];
const METRIC_NAMES = { billed: 'Billed', effective: 'Effective', amortized: 'Amortised' };
const METRIC_TEXTS = {
  billed: 'what the invoice says',
  effective: 'fees of commitments spread over what they cover, after all discounts',
  amortized: 'like effective, before private discounts',
};
const ACCOUNT = 'SubAccountId';
const SERVICE = 'ServiceName';
const REGION = 'RegionId';
const OTHERS = '(others)';

const encoded = JSON.parse(document.getElementById('report-data').textContent);
const decoded = new Map();

function currencies() {
  return encoded.map((report) => report.currency);
}

function reportOf(currency) {
  if (!decoded.has(currency)) {
    decoded.set(currency, decodeReport(encoded.find((report) => report.currency === currency) ?? encoded[0]));
  }
  return decoded.get(currency);
}

function decodeReport(raw) {
  const report = { ...raw, cube: decodeCube(raw.cube, raw.months) };
  report.breakdowns = raw.breakdowns.map((one) => ({ ...one, rows: one.rows.map(decodeRow) }));
  report.labels = new Map(raw.breakdowns.map((one) => [one.dimension, one.label]));
  report.kinds = new Map(raw.breakdowns.map((one) => [one.dimension, one.kind]));
  for (const key of raw.keys) report.kinds.set(key.key, 'tag');
  report.days = raw.days.days.map(([day, flat]) => ({ day, services: decodeDay(flat, raw.days.services) }));
  report.faults = raw.faults.map((table) => ({
    ...table,
    rows: table.rows.map((row) => decodeFault(row, table.texts)),
  }));
  return report;
}

// Undo the steps: effective is written as what it adds to billed, amortised as what it adds to effective.
function fromSteps(billed, effective, amortized) {
  return { billed, effective: billed + effective, amortized: billed + effective + amortized };
}

function decodeRow([value, [billed, effective, amortized], ...steps]) {
  const months = { billed: [], effective: [], amortized: [] };
  steps[0]?.forEach((_, n) => {
    const costs = fromSteps(steps[0][n], steps[1][n], steps[2][n]);
    for (const metric of METRICS) months[metric].push(costs[metric]);
  });
  return { value, costs: { billed, effective, amortized }, months };
}

function decodeDay(flat, services) {
  const found = new Map();
  for (let n = 0; n < flat.length; n += 4)
    found.set(services[flat[n]], fromSteps(flat[n + 1], flat[n + 2], flat[n + 3]));
  return found;
}

function decodeFault([name, label, effective, keys, repair, account, service, region, carried], texts) {
  return {
    name,
    label,
    effective,
    repair,
    account,
    service,
    region,
    carried,
    keys: keys.map(([key, wrong]) => ({ key: texts[key], wrong: texts[wrong] })),
  };
}

function decodeCube(raw, months) {
  const digits = digitsOf(raw.digits);
  const count = raw.costs[0].length;
  const columns = raw.columns.map((text, n) => decodeColumn(text, raw.width[n], digits, count));
  const costs = Object.fromEntries(METRICS.map((metric) => [metric, new Float64Array(count)]));
  for (let row = 0; row < count; row += 1) {
    const three = fromSteps(raw.costs[0][row], raw.costs[1][row], raw.costs[2][row]);
    for (const metric of METRICS) costs[metric][row] = three[metric];
  }
  const place = new Map(raw.dimensions.map((name, n) => [name, n]));
  const monthly = raw.values.findIndex(
    (values) => values.length && values.every((value) => months.includes(value.slice(0, 7))),
  );
  const monthAt = monthly < 0 ? [] : raw.values[monthly].map((value) => months.indexOf(value.slice(0, 7)));
  return { dimensions: raw.dimensions, values: raw.values, columns, costs, count, place, monthly, monthAt };
}

// What can be filtered by: every dimension of the cube but the month, which has a range of its own.
function filterable(report) {
  return report.cube.dimensions.filter((_, n) => n !== report.cube.monthly);
}

function labelOf(report, dimension) {
  return report.labels.get(dimension) ?? dimension;
}

function isAccount(dimension) {
  return dimension === ACCOUNT;
}

function valueLabel(report, dimension, value) {
  if (value === '') return report.kinds.get(dimension) === 'tag' ? 'Not tagged' : 'None';
  if (/^\s|\s$|\s\s/.test(value)) return `"${value}"`; // white space that nobody would see
  if (isAccount(dimension) && report.accounts[value]) return `${report.accounts[value]} (${value})`;
  return value;
}
