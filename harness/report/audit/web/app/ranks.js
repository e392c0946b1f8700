// A chart of bars that can be clicked: each narrows the findings to its value, and a second click takes that away.
const MOST_BARS = 8;

function rankChart(dimension, title) {
  const spent = state.measure === 'spend';
  const sums = sumsBy(rowsOf(dimension), dimension).filter(({ spend }) => !spent || spend > 0);
  const chosen = state.filters.get(dimension) ?? new Set();
  const first = sums.slice(0, MOST_BARS);
  const shown = [...first, ...sums.slice(MOST_BARS).filter(({ value }) => chosen.has(value))];
  const amount = ({ count, spend }) => (spent ? spend : count);
  const most = Math.max(1, ...shown.map(amount));
  const text = (one) => (spent ? money(one.spend, report.currency) : countFormat.format(one.count));
  return panel(
    title,
    '',
    shown.length
      ? h(
          'ul',
          { class: 'ranks', 'data-ranks': dimension },
          shown.map((one) => h('li', {}, bar(one))),
        )
      : note(spent ? 'No cost is known of these findings.' : 'Nothing here with these filters.'),
    sums.length > shown.length
      ? onScreen(
          h(
            'button',
            {
              type: 'button',
              class: 'quiet',
              'data-focus': `all:${dimension}`,
              onclick: () => openFilter(report, dimension),
            },
            `All ${countFormat.format(sums.length)} …`,
          ),
        )
      : null,
  );

  function bar(one) {
    const label = valueLabel(report, dimension, one.value);
    const on = chosen.has(one.value);
    const length = h('span', { class: 'bar-fill' });
    length.style.width = `${(Math.max(0, amount(one)) / most) * 100}%`;
    return h(
      'button',
      {
        type: 'button',
        class: chosen.size && !on ? 'rank off' : 'rank',
        'aria-pressed': String(on),
        'data-focus': `rank:${dimension}:${one.value}`,
        onclick: () => go({ filters: toggle(dimension, one.value) }),
      },
      h('span', { class: 'rank-name' }, dimension === 'key' ? breakable(label) : label),
      h('b', {}, text(one)),
      h('span', { class: 'bar-track', 'aria-hidden': 'true' }, length),
    );
  }
}
