// Write amounts, which are whole cents, shares and months for people.
const formats = new Map();

function formatOf(currency, options) {
  const name = currency + JSON.stringify(options);
  if (!formats.has(name)) {
    let made;
    try {
      made = new Intl.NumberFormat(undefined, { style: 'currency', currency, ...options });
    } catch {
      made = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 2, ...options });
    }
    formats.set(name, made);
  }
  return formats.get(name);
}

function money(cents, currency) {
  return cents === null || cents === undefined ? '–' : formatOf(currency, {}).format(cents / 100);
}

function signedMoney(cents, currency) {
  return formatOf(currency, { signDisplay: 'exceptZero' }).format(cents / 100);
}

function roundMoney(cents, currency) {
  return formatOf(currency, { notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }).format(
    cents / 100,
  );
}

// Costs of a unit may be far below a cent.
function fineMoney(amount, currency) {
  return formatOf(
    currency,
    Math.abs(amount) < 1 ? { minimumSignificantDigits: 2, maximumSignificantDigits: 4 } : {},
  ).format(amount);
}

const shareFormat = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const changeFormat = new Intl.NumberFormat(undefined, {
  style: 'percent',
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const countFormat = new Intl.NumberFormat();

function share(part) {
  return part === null || part === undefined || !Number.isFinite(part) ? '–' : shareFormat.format(part);
}

function change(part) {
  return part === null || part === undefined || !Number.isFinite(part) ? '–' : changeFormat.format(part);
}

function part(amount, whole) {
  return whole ? amount / whole : null;
}

const monthFormats = {
  short: new Intl.DateTimeFormat(undefined, { month: 'short', year: '2-digit', timeZone: 'UTC' }),
  long: new Intl.DateTimeFormat(undefined, { month: 'long', year: 'numeric', timeZone: 'UTC' }),
  day: new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
};

function written(text, form) {
  const date = new Date(`${text.length === 7 ? `${text}-01` : text.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime()) ? text : monthFormats[form].format(date);
}

const monthShort = (month) => written(month, 'short');
const monthLong = (month) => written(month, 'long');
const period = ({ months }) => (months.length ? `${monthLong(months[0])} to ${monthLong(months.at(-1))}` : 'No months');
const dayLong = (day) => written(day, 'day');
