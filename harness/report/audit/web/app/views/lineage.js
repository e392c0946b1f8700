// Where tags stop on their way from a pipeline to what it makes.
const MOST_CHAINS = 25;

function lineage() {
  const rule = report.rules.findIndex((one) => one.name === 'lineage-cut');
  const codes = report.columns.get('rule')[1];
  const cuts = new Map();
  for (const row of rowsOf()) {
    if (codes[row] !== rule || report.isFixed(row)) continue;
    const place = report.place[row];
    if (!cuts.has(place)) cuts.set(place, []);
    cuts.get(place).push(row);
  }
  const all = [...cuts];
  let most = printing ? Infinity : MOST_CHAINS;
  const list = h('div', { class: 'chains' });
  const more = onScreen(
    h('button', { type: 'button', class: 'quiet', 'data-focus': 'more-chains', onclick: () => fillChains(Infinity) }),
  );

  function fillChains(number) {
    most = number;
    list.replaceChildren(...all.slice(0, most).map(([place, rows]) => cutFigure(place, rows)));
    more.hidden = all.length <= most;
    more.textContent = `Show all ${countFormat.format(all.length)}`;
  }

  fillChains(most);
  return [
    panel(
      'Lineage',
      all.length ? `${counted(all.length, 'place')} where a mandatory tag stops being inherited.` : '',
      all.length ? list : note(rule < 0 ? 'No tag is cut on its way.' : 'Nothing here with these filters.'),
      more,
    ),
  ];
}

function cutFigure(place, rows) {
  const keys = rows.map((row) => named('key', row));
  return h(
    'article',
    { class: 'cut-figure', 'data-cut': place },
    h('h3', {}, report.names()[place] || report.arns()[place]),
    chain(place, keys),
    h(
      'ul',
      { class: 'others' },
      rows.map((row) =>
        h(
          'li',
          {},
          `It must hold: ${report.details[report.detail[row]].must}. `,
          onScreen(
            h('button', { type: 'button', class: 'quiet', 'data-focus': `cut:${row}`, onclick: () => openFinding(row) }, 'Open'),
          ),
        ),
      ),
    ),
  );
}
