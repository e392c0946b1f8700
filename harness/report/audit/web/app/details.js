// What is known of one finding: where it is, what is wrong, what must hold, where the tag should come from, the repair.
const named = (dimension, row) => {
  const [values, codes] = report.columns.get(dimension);
  return values[codes[row]];
};
const ruleAt = (row) => report.rules[report.columns.get('rule')[1][row]];
function status(row) {
  if (report.isFixed(row)) return { word: 'Fixed', tone: 'good' };
  const unknown = named('verdict', row) === 'unknown';
  const warns = ruleAt(row).level !== 'error';
  const word = unknown ? 'Unknown' : warns ? 'Warning' : 'Fails';
  return { word, tone: unknown ? 'unsure' : warns ? 'warn' : 'bad' };
}

function badge(row) {
  const { word, tone } = status(row);
  return h('span', { class: `status ${tone}` }, word);
}

// What is wrong in a few words; of what is fixed they say so.
const titleOf = (row) => (report.isFixed(row) ? `Fixed: ${ruleAt(row).title}` : ruleAt(row).title);

// What a badge says, where there is little room.
function dot(row) {
  const { word, tone } = status(row);
  return h('i', { class: `dot ${tone}`, role: 'img', 'aria-label': word, title: word });
}

function openFinding(row) {
  const opener = document.activeElement?.dataset.focus;
  document.querySelector('dialog.finding')?.close();
  state.row = String(row);
  history.replaceState(null, '', `#${hashOf(state)}`);
  const dialog = h('dialog', { class: 'dialog finding', 'aria-labelledby': 'finding-title' }, findingParts(row));
  dialog.addEventListener('click', (event) => {
    if (event.target === dialog || event.target.closest('.value')) dialog.close();
  });
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (document.querySelector('dialog[open]')) return;
    state.row = '';
    history.replaceState(null, '', `#${hashOf(state)}`);
    refocus(opener);
  });
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector('[data-focus="done"]').focus();
}

function findingParts(row) {
  const [place, detail, rule] = [report.place[row], report.details[report.detail[row]], ruleAt(row)];
  const arn = report.arns()[place];
  const key = named('key', row);
  const fixed = report.isFixed(row);
  return [
    h(
      'div',
      { class: 'dialog-head' },
      h('h2', { id: 'finding-title' }, titleOf(row)),
      h(
        'button',
        { type: 'button', class: 'button on', 'data-focus': 'done', onclick: () => document.querySelector('dialog.finding').close() },
        'Done',
      ),
    ),
    h(
      'div',
      { class: 'dialog-body', tabindex: '0' },
      h('p', { class: 'badges' }, badge(row), named('age', row) === 'new' ? h('span', { class: 'status' }, 'New') : null),
      section('Resource', h('b', {}, report.names()[place] || arn || 'None'), h('small', {}, placeText(place)), arn ? copied(arn) : null),
      section(fixed ? 'What was wrong' : 'What is wrong', h('p', {}, detail.what)),
      section('What must hold', h('p', {}, detail.must || '–')),
      section('Why', h('p', {}, rule.help)),
      fixed ? null : section('Repair', rule.command ? copied(rule.command) : h('p', {}, 'No command mends this: see above what to do.')),
      section('Owner', narrowing('owner', named('owner', row))),
      fixed ? null : section(report.month ? `Cost, ${monthLong(report.month)}` : 'Cost, last whole month', report.cost[row] === UNPRICED ? 'Unknown' : money(report.cost[row], report.currency)),
      evidence(place, rule.name === 'lineage-cut' && !fixed ? key : ''),
      section('Tags now', tagTable(place, key, fixed)),
      others(row, place),
    ),
  ];
}

function section(title, ...children) {
  return h('section', { class: 'section' }, h('h3', {}, title), h('div', {}, ...children));
}

function copied(text) {
  return h('div', { class: 'copied' }, h('code', {}, text), copyButton(text));
}

function evidence(place, key) {
  const { parents, children } = report.edges();
  if (!parents.has(place) && !children.has(place)) return null;
  return section('Lineage', chain(place, key ? [key] : []));
}

function tagTable(place, key, fixed) {
  const tags = report.tagsOf(place);
  if (tags === null && fixed) return h('p', {}, 'None that are known: the resource is gone, or no source shows its tags.');
  if (tags === null) return h('p', {}, 'Unknown: no source that could be read shows them.');
  if (!tags.length) return h('p', {}, 'None.');
  return h(
    'dl',
    { class: 'tags' },
    tags.map(([name, value]) =>
      h('div', { class: name === key ? 'here' : null }, h('dt', {}, breakable(name)), h('dd', {}, value === '' ? 'empty' : value)),
    ),
  );
}

function others(row, place) {
  const found = [];
  for (let n = 0; n < report.count && found.length < 40; n += 1) if (report.place[n] === place && n !== row) found.push(n);
  if (!found.length) return null;
  return section(
    'Other findings of this resource',
    h(
      'ul',
      { class: 'others' },
      found.map((n) =>
        h(
          'li',
          {},
          h(
            'button',
            { type: 'button', class: 'quiet', onclick: () => openFinding(n) },
            `${titleOf(n)}${named('key', n) ? `: ${named('key', n)}` : ''}`,
          ),
        ),
      ),
    ),
  );
}
