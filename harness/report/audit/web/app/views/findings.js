// All findings that the filters leave, as a table of any length.
const FINDING_COLUMNS = [
  { name: 'rule', title: 'Finding', show: (row) => [dot(row), titleOf(row)], csv: (row) => ruleAt(row).name },
  { name: 'key', title: 'Key', show: (row) => report.shortKey(named('key', row)) || '–', csv: (row) => named('key', row) },
  {
    name: 'place',
    title: 'Resource',
    show: (row) => report.names()[report.place[row]] || report.arns()[report.place[row]] || '–',
    csv: (row) => report.arns()[report.place[row]],
  },
  ...['type', 'account', 'owner'].map((name) => ({
    name,
    title: DIMENSIONS[name],
    show: (row) => report.called.get(named(name, row)) ?? valueLabel(report, name, named(name, row)),
    csv: (row) => named(name, row),
  })),
  { name: 'age', title: 'New', show: (row) => (named('age', row) === 'old' ? '' : SAID[named('age', row)]), csv: (row) => named('age', row) },
  {
    name: 'cost',
    title: 'Cost',
    kind: 'number',
    show: (row) => (report.cost[row] === UNPRICED ? '–' : money(report.cost[row], report.currency)),
    csv: (row) => (report.cost[row] === UNPRICED ? '' : report.cost[row] / 100),
  },
];
const CSV_COLUMNS = [
  ...FINDING_COLUMNS.map((one) => ({ title: one.title, value: one.csv })),
  { title: 'Verdict', value: (row) => named('verdict', row) },
  { title: 'Region', value: (row) => named('region', row) },
  { title: 'What is wrong', value: (row) => report.details[report.detail[row]].what },
  { title: 'What must hold', value: (row) => report.details[report.detail[row]].must },
  { title: 'Repair', value: (row) => ruleAt(row).command },
];

function findings() {
  const rows = rowsOf();
  const held = state.sorts.get('findings') ?? '';
  const order = FINDING_COLUMNS.some(({ name }) => held.split('.')[0] === name) ? held : 'cost.down';
  const spend = spendOf(rows);
  return [
    panel(
      'Findings',
      h(
        'span',
        { 'data-count': rows.length },
        shownOf(rows),
        spend ? `, ${money(spend, report.currency)} a month` : '',
      ),
      printing ? onPaper(rows, order) : grid('findings', 'Findings', FINDING_COLUMNS, rows, { order, open: openFinding }),
      h(
        'div',
        { class: 'table-foot' },
        h(
          'button',
          {
            type: 'button',
            class: 'quiet',
            'data-focus': 'csv:findings',
            onclick: () => download('findings', csvOf(CSV_COLUMNS, ordered(rows, order))),
          },
          'Download CSV',
        ),
      ),
    ),
  ];
}

// Return how many of all are shown: what is fixed is no finding any more, and counted apart.
function shownOf(rows) {
  const fixed = rows.filter(report.isFixed).length;
  const open = rows.length - fixed;
  const parts = [`${countFormat.format(open)} of ${counted(report.held, 'finding')}`];
  if (fixed) parts.push(`${countFormat.format(fixed)} of ${countFormat.format(report.fixed)} that are fixed`);
  return parts.slice(fixed && !open ? 1 : 0).join(', ');
}

// Paper has the first only, in words.
function onPaper(rows, order) {
  const shown = [...ordered(rows, order).subarray(0, ON_PAPER)];
  const columns = FINDING_COLUMNS.filter(({ name }) => name !== 'age').map((one) => ({
    title: one.title,
    kind: one.kind,
    value: one.csv,
    show: one.show,
  }));
  return [
    rows.length > shown.length ? note(`The first ${ON_PAPER} of ${countFormat.format(rows.length)}.`) : null,
    h(
      'table',
      {},
      h('caption', {}, 'Findings'),
      h('thead', {}, h('tr', {}, columns.map((one) => h('th', { scope: 'col', class: one.kind }, one.title)))),
      h('tbody', {}, shown.map((row) => h('tr', {}, columns.map((one) => h('td', { class: one.kind }, one.show(row)))))),
    ),
  ];
}
