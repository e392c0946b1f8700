// Tables that can be sorted by any column and downloaded as CSV.
// A column: { title, value(row) what it is sorted by, show(row) what is seen, plain(row) what CSV gets, kind, order }.
const MOST = 50;

function moneyColumn(title, currency, value, signed = false) {
  return {
    title,
    kind: 'number',
    value,
    show: (row) => (signed ? signedMoney(value(row), currency) : money(value(row), currency)),
    plain: (row) => (value(row) === null ? '' : value(row) / 100),
  };
}

function shareColumn(title, value, signed = false) {
  return {
    title,
    kind: 'number',
    value,
    show: (row) => (signed ? change(value(row)) : share(value(row))),
    plain: (row) => value(row) ?? '',
  };
}

function barColumn(title, value) {
  return { title, kind: 'bar', value, show: (row) => shareBar(value(row)), plain: (row) => value(row) ?? '' };
}

function table(id, caption, columns, rows, { foot = null, sorted = '' } = {}) {
  let order = state.sorts.get(id) ?? sorted;
  let most = MOST;
  const body = h('tbody');
  const heads = columns.map((column, n) => head(column, n));
  const more = h('button', {
    type: 'button',
    class: 'quiet',
    onclick: () => {
      most = Infinity;
      fillBody();
    },
  });
  const element = h(
    'div',
    { class: 'table', 'data-table': id },
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption, 'data-focus': `scroll:${id}` },
      h(
        'table',
        {},
        h('caption', {}, caption),
        h('thead', {}, h('tr', {}, heads)),
        body,
        foot
          ? h(
              'tfoot',
              {},
              h(
                'tr',
                {},
                foot.map((held, n) => h(n ? 'td' : 'th', { class: columns[n].kind, scope: n ? null : 'row' }, held)),
              ),
            )
          : null,
      ),
    ),
    h(
      'div',
      { class: 'table-foot' },
      more,
      h(
        'button',
        {
          type: 'button',
          class: 'quiet',
          'data-focus': `csv:${id}`,
          'aria-label': `Download as CSV: ${caption}`,
          onclick: () => download(id, csvOf(columns, ordered())),
        },
        'Download CSV',
      ),
    ),
  );

  function head(column, n) {
    if (column.fixed) return h('th', { scope: 'col', class: column.kind }, column.title);
    return h(
      'th',
      { scope: 'col', class: column.kind },
      h(
        'button',
        { type: 'button', 'data-focus': `sort:${id}:${n}`, onclick: () => sortBy(n) },
        column.title,
        h('i', { 'aria-hidden': 'true' }),
      ),
    );
  }

  function sortBy(n) {
    const [place, direction] = order.split('.');
    const first = columns[n].kind === 'number' || columns[n].kind === 'bar' ? 'down' : 'up';
    const other = { up: 'down', down: 'up' };
    order = `${n}.${Number(place) === n && order ? other[direction] : first}`;
    keepSort(id, order);
    fillBody();
    speak(`Sorted by ${columns[n].title}, ${order.endsWith('up') ? 'ascending' : 'descending'}`);
  }

  function ordered() {
    const [place, direction] = order.split('.');
    const column = columns[Number(place)];
    if (!order || !column) return rows;
    const sign = direction === 'up' ? 1 : -1;
    return [...rows].sort((one, other) => sign * compare(column.value(one), column.value(other)));
  }

  function fillBody() {
    heads.forEach((cell, n) => {
      const held = order.split('.');
      if (order && Number(held[0]) === n) cell.setAttribute('aria-sort', held[1] === 'up' ? 'ascending' : 'descending');
      else cell.removeAttribute('aria-sort');
    });
    const shown = ordered().slice(0, most);
    body.replaceChildren(
      ...shown.map((row) =>
        h(
          'tr',
          {},
          columns.map((column, n) =>
            h(
              n ? 'td' : 'th',
              { class: column.kind, scope: n ? null : 'row' },
              column.show ? column.show(row) : column.value(row),
            ),
          ),
        ),
      ),
    );
    if (!rows.length)
      body.append(
        h('tr', {}, h('td', { class: 'empty', colspan: columns.length }, 'Nothing here with these filters.')),
      );
    more.hidden = rows.length <= most;
    more.textContent = `Show all ${countFormat.format(rows.length)}`;
  }

  fillBody();
  return element;
}

function compare(one, other) {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (one === null || one === undefined) return -1;
  if (other === null || other === undefined) return 1;
  return String(one).localeCompare(String(other), undefined, { numeric: true });
}

function shareBar(held) {
  const bar = h('span', { class: 'bar-fill' });
  bar.style.width = `${Math.max(0, Math.min(1, held ?? 0)) * 100}%`;
  return h(
    'span',
    { class: 'bar-cell' },
    h('span', { class: 'bar-track', 'aria-hidden': 'true' }, bar),
    h('span', { class: 'bar-text' }, share(held)),
  );
}
