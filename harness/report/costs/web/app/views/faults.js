// The dearest spend that lacks keys or has wrong ones, with what repairs it.
const FAULT_NAMES = { account: 'Account', service: 'Service', owner: 'Owner', resource: 'Resource' };

function faults(report) {
  if (!report.faults.length)
    return [panel('Untagged and mistagged spend', '', note('Nothing is untagged or mistagged.'))];
  const found = report.faults.find((one) => one.by === state.faults) ?? report.faults[0];
  const { rows, left } = reachedFaults(report, found);
  return [
    panel(
      'Untagged and mistagged spend',
      `${money(found.total, report.currency)} of effective cost lacks a mandatory key or has a wrong value.`,
      choices(
        'faults',
        'By',
        report.faults.map(({ by }) => [by, FAULT_NAMES[by]]),
        found.by,
        (by) => go({ faults: by }),
      ),
      unreached(
        report,
        filterable(report).filter((dimension) => !left.includes(dimension)),
      ),
      faultTable(`faults-${found.by}`, report, found, rows),
    ),
  ];
}

// Return the faults that the filters leave, and the dimensions by which some could not be told.
function reachedFaults(report, found) {
  const left = new Set();
  const rows = found.rows.filter((row) =>
    [...state.filters].every(([dimension, wanted]) => {
      const value = valueOfFault(report, found, row, dimension);
      if (value === null) left.add(dimension);
      return value === null || wanted.has(value);
    }),
  );
  return { rows, left: [...left] };
}

function valueOfFault(report, found, row, dimension) {
  const place = report.cube.place.get(dimension);
  if (row.carried.length && row.carried[place] >= 0) return report.cube.values[place][row.carried[place]];
  const own = {
    [ACCOUNT]: found.by === 'account' ? row.name : row.account,
    [SERVICE]: found.by === 'service' ? row.name : row.service,
    [REGION]: row.region,
  };
  return own[dimension] || null;
}

function faultTable(id, report, found, rows) {
  const columns = [
    {
      title: FAULT_NAMES[found.by],
      value: (row) => row.label || row.name,
      show: (row) => [
        h('span', { class: 'name' }, row.label || row.name || 'Not tagged'),
        row.name && row.name !== row.label ? h('small', {}, row.name) : null,
      ],
      plain: (row) => row.name,
    },
    moneyColumn('Effective cost', report.currency, (row) => row.effective),
    {
      title: 'What is wrong',
      value: (row) => row.keys.length,
      plain: (row) => row.keys.map(({ key, wrong }) => `${key}: ${wrong}`).join('; '),
      show: (row) =>
        h(
          'ul',
          { class: 'wrongs' },
          row.keys.map(({ key, wrong }) => h('li', {}, h('b', {}, breakable(key)), ` ${wrong}`)),
        ),
    },
    {
      title: 'Repair',
      fixed: true,
      kind: 'repair',
      value: (row) => row.repair,
      show: (row) => (row.repair ? [h('code', {}, row.repair), copyButton(row.repair)] : '–'),
    },
    ...(found.by === 'resource'
      ? [
          {
            title: 'Account',
            value: (row) => valueLabel(report, ACCOUNT, row.account),
            show: (row) => (row.account ? narrowing(report, ACCOUNT, row.account) : '–'),
            plain: (row) => row.account,
          },
          {
            title: 'Service',
            value: (row) => row.service,
            show: (row) => (row.service ? narrowing(report, SERVICE, row.service) : '–'),
          },
          { title: 'Region', value: (row) => row.region },
        ]
      : []),
  ];
  return table(id, `Faults by ${FAULT_NAMES[found.by].toLowerCase()}`, columns, rows, { sorted: '1.down' });
}
