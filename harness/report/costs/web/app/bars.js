// Charts of time: stacked bars and lines, drawn as SVG at the width that there is. Each has its figures as a table too.
const HEIGHT = 240;
const EDGE = { left: 62, right: 10, top: 12, bottom: 26 };

const widths = new Map(); // how wide each chart was: it is drawn at once as wide again
const watcher = new ResizeObserver((entries) => {
  for (const { target, contentRect } of entries) {
    if (contentRect.width && Math.abs(contentRect.width - target.drawnWidth) > 1) target.drawChart(contentRect.width);
  }
});

// `series` are [{ name, values, place }], a value for each of `labels`; `place` is the number of its colour.
function barChart(id, title, labels, series, { format, short, long, partial = '', kind = 'bars', range = null }) {
  const readout = h('p', { class: 'readout', 'aria-live': 'polite' });
  const holder = h('div', {
    class: 'chart',
    tabindex: '0',
    role: 'group',
    'data-focus': `chart:${id}`,
    'aria-label': `${title}. Left and right arrow read the figures; a table of them follows.`,
  });
  let chosen = -1;

  function choose(n, again = false) {
    if (!labels.length || (n === chosen && !again)) return;
    chosen = Math.max(0, Math.min(labels.length - 1, n));
    const mark = holder.querySelector('.mark');
    mark.setAttribute('x', EDGE.left + chosen * Number(mark.dataset.step));
    mark.setAttribute('visibility', 'visible');
    const held = series.filter((one) => one.values[chosen] !== null && (kind === 'lines' || one.values[chosen] !== 0));
    const sum = held.reduce((whole, one) => whole + one.values[chosen], 0);
    readout.replaceChildren(
      h(
        'strong',
        {},
        long(labels[chosen]),
        partial === labels[chosen] ? ' (so far)' : '',
        kind === 'bars' ? `: ${format(sum)}` : '',
      ),
      ...held.map((one) => h('span', {}, swatch(one.place), `${one.name} ${format(one.values[chosen])}`)),
    );
  }

  holder.drawChart = (width) => {
    holder.drawnWidth = width;
    widths.set(id, width);
    const draw = kind === 'bars' ? drawBars : drawLines;
    holder.replaceChildren(draw(width, labels, series, { format: short, long, partial, range, choose }));
    if (chosen >= 0) choose(chosen, true);
  };
  holder.addEventListener('keydown', (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    choose(chosen < 0 ? labels.length - 1 : chosen + step);
  });
  holder.drawChart(widths.get(id) ?? Math.max(280, Math.min(1160, document.documentElement.clientWidth - 48)));
  watcher.observe(holder);
  readout.textContent = 'Point at a bar, or use the arrow keys, to read its figures.';
  if (kind === 'lines') readout.textContent = 'Point at the chart, or use the arrow keys, to read its figures.';
  return h(
    'figure',
    { class: 'figure', 'data-chart': id, 'data-periods': labels.length },
    h(
      'ul',
      { class: 'legend' },
      series.map((one) => h('li', {}, swatch(one.place), one.name)),
    ),
    holder,
    readout,
    figures(id, title, labels, series, { format, long }),
  );
}

function figures(id, title, labels, series, { format, long }) {
  const details = h(
    'details',
    { class: 'figures' },
    h('summary', { 'data-focus': `figures:${id}` }, 'The figures as a table'),
  );
  details.addEventListener('toggle', () => {
    if (details.children.length > 1) return;
    const columns = [
      { title: 'Period', value: (n) => labels[n], show: (n) => long(labels[n]) },
      ...series.map((one) => ({
        title: one.name,
        kind: 'number',
        value: (n) => one.values[n],
        show: (n) => (one.values[n] === null ? '–' : format(one.values[n])),
        plain: (n) => (one.values[n] === null ? '' : one.cents ? one.values[n] / 100 : one.values[n]),
      })),
    ];
    details.append(
      table(
        `figures-${id}`,
        title,
        columns,
        labels.map((_, n) => n),
      ),
    );
  });
  return details;
}

function swatch(place) {
  return h('i', { class: `swatch s${place}`, 'aria-hidden': 'true' });
}

function scale(low, high, count = 4) {
  if (low === high) high = low + 1;
  const rough = (high - low) / count;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((one) => one * size).find((one) => one >= rough);
  const ticks = [];
  for (let tick = Math.floor(low / step) * step; tick < high + step * 0.999; tick += step) ticks.push(tick);
  return ticks;
}

function frame(width, ticks, labels, { format, long, partial, choose }) {
  const inner = { width: width - EDGE.left - EDGE.right, height: HEIGHT - EDGE.top - EDGE.bottom };
  const [low, high] = [ticks[0], ticks.at(-1)];
  const y = (value) => EDGE.top + inner.height * (1 - (value - low) / (high - low));
  const step = inner.width / Math.max(1, labels.length);
  const x = (n) => EDGE.left + step * n;
  const every = Math.max(1, Math.ceil(labels.length / Math.max(2, Math.floor(inner.width / 64))));
  const grid = ticks.map((value) => [
    svg('line', {
      class: value === 0 ? 'axis' : 'grid',
      x1: EDGE.left,
      x2: width - EDGE.right,
      y1: y(value),
      y2: y(value),
    }),
    svg('text', { class: 'tick', x: EDGE.left - 8, y: y(value) + 4, 'text-anchor': 'end' }, format(value)),
  ]);
  const names = labels.map((label, n) => ((labels.length - 1 - n) % every ? null : tick(label, x(n) + step / 2)));

  function tick(label, middle) {
    const atEdge = middle + 26 > width;
    return svg(
      'text',
      { class: 'tick', x: atEdge ? width - 2 : middle, y: HEIGHT - 8, 'text-anchor': atEdge ? 'end' : 'middle' },
      label.length === 7 ? monthShort(label) : label.slice(5),
    );
  }

  const whole = { y: EDGE.top, height: inner.height };
  const at = (event) => choose(Math.floor((event.offsetX - EDGE.left) / step));
  const marks = [
    svg('rect', { class: 'mark', ...whole, x: EDGE.left, width: step, 'data-step': step, visibility: 'hidden' }),
    svg('rect', { class: 'touched', ...whole, x: EDGE.left, width: inner.width, onpointermove: at, onclick: at }),
  ];
  const open = labels.indexOf(partial);
  const soFar =
    open < 0
      ? null
      : svg(
          'text',
          { class: 'tick', x: x(open) + step / 2, y: EDGE.top - 2, 'text-anchor': 'end', dx: step / 2 },
          'so far',
        );
  return { grid, names, marks, soFar, x, y, step };
}

function drawn(width, ...parts) {
  return svg(
    'svg',
    { width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}`, 'aria-hidden': 'true', focusable: 'false' },
    ...parts,
  );
}

function drawBars(width, labels, series, settings) {
  const sums = labels.map((_, n) =>
    series.reduce(([down, up], { values }) => [down + Math.min(0, values[n]), up + Math.max(0, values[n])], [0, 0]),
  );
  const ticks = scale(Math.min(0, ...sums.map(([down]) => down)), Math.max(1, ...sums.map(([, up]) => up)));
  const { grid, names, marks, soFar, x, y, step } = frame(width, ticks, labels, settings);
  const gap = step < 7 ? 0.4 : Math.min(10, step * 0.22);
  // One path for all bars of a series: a year of days has thousands of them.
  const sizes = labels.map(() => [0, 0]);
  const open = labels.indexOf(settings.partial);
  const bars = series.map(({ values, place }) => {
    const [closed, begun] = [[], []];
    values.forEach((value, n) => {
      if (!value) return;
      const side = value < 0 ? 0 : 1;
      const start = sizes[n][side];
      sizes[n][side] += value;
      const [top, bottom] = [y(Math.max(start, start + value)), y(Math.min(start, start + value))];
      const [left, right] = [x(n) + gap / 2, x(n) + Math.max(gap / 2 + 1, step - gap / 2)];
      const corner = `${left.toFixed(1)} ${top.toFixed(1)}`;
      const around = `H${right.toFixed(1)}V${Math.max(bottom, top + 0.5).toFixed(1)}H${left.toFixed(1)}Z`;
      (n === open ? begun : closed).push(`M${corner}${around}`);
    });
    const look = `segment s${place}${step < 7 ? ' thin' : ''}`;
    return [
      svg('path', { class: look, d: closed.join('') }),
      begun.length ? svg('path', { class: `${look} partial`, d: begun.join('') }) : null,
    ];
  });
  return drawn(width, grid, bars, names, soFar, marks);
}
