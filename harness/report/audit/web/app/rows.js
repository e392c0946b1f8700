// A table of any length, of which only the rows that can be seen are there. The whole is one stop of the tab key: arrows,
// page, home and end keys move in it, enter opens a row.
const SPARE = 8;
const ON_PAPER = 300;
const NARROW = matchMedia('(max-width: 760px)');

// A column: { name, title, kind, show(row) }. `open` gets the row that was chosen.
function grid(id, caption, columns, rows, { order, open }) {
  let [cursor, drawn] = [-1, ''];
  const sorted = ordered(rows, order);
  const height = () => (NARROW.matches ? 76 : 46);
  const body = h('div', { class: 'grid-body', role: 'rowgroup' });
  const holder = h(
    'div',
    {
      class: 'grid',
      role: 'grid',
      tabindex: '0',
      'aria-label': `${caption}. Arrow keys move, enter opens.`,
      'aria-rowcount': sorted.length + 1,
      'aria-colcount': columns.length,
      'data-focus': `grid:${id}`,
      'data-grid': id,
      onscroll: () => requestAnimationFrame(() => fillRows()),
      onkeydown: move,
      // A click has the focus too, before it is one: nothing must move under it.
      onfocus: () => cursor < 0 && sorted.length && holder.matches(':focus-visible') && goTo(0),
    },
    h('div', { class: 'grid-head', role: 'rowgroup' }, h('div', { class: 'grid-row', role: 'row' }, columns.map(head))),
    body,
  );
  new ResizeObserver(() => fillRows()).observe(holder);

  function head(column) {
    const [name, direction] = order.split('.');
    const own = name === column.name;
    return h(
      'div',
      {
        role: 'columnheader',
        class: column.kind,
        'aria-sort': own ? (direction === 'up' ? 'ascending' : 'descending') : null,
      },
      h(
        'button',
        {
          type: 'button',
          'data-focus': `sort:${id}:${column.name}`,
          onclick: () => {
            const next = own ? (direction === 'up' ? 'down' : 'up') : column.kind === 'number' ? 'down' : 'up';
            keepSort(id, `${column.name}.${next}`);
            drawMain(report);
            speak(`Sorted by ${column.title}, ${next === 'up' ? 'ascending' : 'descending'}`);
          },
        },
        column.title,
        h('i', { 'aria-hidden': 'true' }),
      ),
    );
  }

  function fillRows() {
    const size = height();
    const seen = holder.clientHeight || 640;
    const from = Math.max(0, Math.floor(holder.scrollTop / size) - SPARE);
    const to = Math.min(sorted.length, Math.ceil((holder.scrollTop + seen) / size) + SPARE);
    const name = `${from} ${to} ${size}`;
    if (name === drawn) return;
    drawn = name;
    body.style.height = `${Math.max(1, sorted.length) * size}px`;
    body.replaceChildren(...Array.from({ length: to - from }, (_, n) => line(from + n, size)));
    if (!sorted.length) body.append(h('p', { class: 'empty' }, 'Nothing here with these filters.'));
  }

  function line(n, size) {
    const row = sorted[n];
    const element = h(
      'div',
      {
        class: n === cursor ? 'grid-row at' : 'grid-row',
        role: 'row',
        id: `${id}-${n}`,
        'aria-rowindex': n + 2,
        'data-row': row,
        onclick: () => {
          goTo(n);
          open(row);
        },
      },
      columns.map((column) => h('div', { role: 'gridcell', class: `${column.kind ?? ''} c-${column.name}` }, column.show(row))),
    );
    element.style.top = `${n * size}px`;
    element.style.height = `${size}px`;
    return element;
  }

  function goTo(n) {
    cursor = Math.max(0, Math.min(sorted.length - 1, n));
    const [size, top] = [height(), holder.firstChild.offsetHeight];
    const [start, seen] = [cursor * size, holder.clientHeight - top];
    if (start < holder.scrollTop) holder.scrollTop = start;
    else if (start + size > holder.scrollTop + seen) holder.scrollTop = start + size - seen;
    fillRows();
    body.querySelector('.at')?.classList.remove('at');
    const row = document.getElementById(`${id}-${cursor}`);
    row?.classList.add('at');
    holder.setAttribute('aria-activedescendant', `${id}-${cursor}`);
  }

  function move(event) {
    if (event.target !== holder || !sorted.length) return;
    const page = Math.max(1, Math.floor(holder.clientHeight / height()) - 2);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key === 'Enter' || event.key === ' ') open(sorted[Math.max(0, cursor)]);
    else if (event.key in steps) goTo(cursor + steps[event.key]);
    else return;
    event.preventDefault();
  }

  fillRows();
  return holder;
}
