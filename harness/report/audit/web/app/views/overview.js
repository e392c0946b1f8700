// The headline figures, what could not be seen, and what there is most of.
function overview() {
  return [
    h('div', { class: 'cards' }, verdictCard(), newCard(), lookedCard(), gapCard(), spendCard()),
    unseen(),
    h('div', { class: 'pair-of-panels' }, rankChart('rule', 'By finding'), rankChart('account', 'By account')),
    h('div', { class: 'pair-of-panels' }, rankChart('key', 'By key'), rankChart('type', 'By type')),
    coveragePanel(),
    trendPanel(),
    rankChart('owner', 'By owner'),
  ];
}

const WHOLE = 'of the whole run';
const counted = (number, one, many = `${one}s`) => `${countFormat.format(number)} ${number === 1 ? one : many}`;
const wholly = () => (isFiltered() ? WHOLE : '');

function verdictCard() {
  const { fail, unknown, with_findings: resources } = report.totals;
  const words = { fail: ['Fails', 'bad'], unknown: ['Unknown', 'warn'], pass: ['Passes', 'good'] };
  const [word, tone] = words[report.verdict];
  return card(
    'Verdict',
    word,
    [
      `${countFormat.format(fail)} fail, ${countFormat.format(unknown)} unknown`,
      resources ? `on ${counted(resources, 'resource')}` : null,
      report.held < report.totals.findings
        ? `This page has the first ${countFormat.format(report.held)}, dearest first; the tables beside it have all.`
        : null,
    ],
    { tone, tag: wholly(), name: 'verdict' },
  );
}

function newCard() {
  const { trend } = report;
  if (!trend)
    return card('New', countFormat.format(report.totals.new), ['No run before is compared with.'], { name: 'new', tag: wholly() });
  return card(
    'New since the last run',
    countFormat.format(trend.new),
    [`${countFormat.format(trend.remaining)} remain, ${countFormat.format(trend.fixed)} are fixed`],
    { tone: trend.new ? 'bad' : 'good', name: 'new', tag: wholly() },
  );
}

function lookedCard() {
  const { accounts, regions } = report.looked;
  return card(
    'Looked at',
    counted(report.totals.looked_at, 'resource'),
    [`in ${counted(accounts, 'account')} and ${counted(regions.length, 'region')}`, regions.join(', ')],
    { tag: wholly(), name: 'looked' },
  );
}

function gapCard() {
  const count = report.gaps.length;
  return card(
    'Could not be seen',
    count ? counted(count, 'gap') : report.finished ? 'Nothing' : 'Interrupted',
    [
      report.finished ? null : 'The run was interrupted: what it had not reached is unknown.',
      count ? h('a', { href: '#view=gaps', onclick: visit('gaps') }, 'What is unknown for it') : null,
    ],
    { tone: count || !report.finished ? 'warn' : 'good', tag: wholly(), name: 'gaps' },
  );
}

function spendCard() {
  const { spend } = report.totals;
  return card(
    'Untagged spend',
    spend === null ? 'Unknown' : money(spend, report.currency),
    [spend === null ? 'No cost is known of these resources.' : 'of resources that fail, last whole month'],
    { tone: 'first', tag: wholly(), name: 'spend' },
  );
}

function unseen() {
  if (!report.gaps.length && report.finished) return null;
  const first = report.gaps.slice(0, 5);
  return panel(
    'Not seen, so unknown',
    'What these would have shown is neither right nor wrong.',
    h('ul', { class: 'notes' }, first.map((gap) => h('li', {}, note(gapText(gap))))),
    report.gaps.length > first.length
      ? h('a', { href: '#view=gaps', onclick: visit('gaps') }, `All ${countFormat.format(report.gaps.length)}`)
      : null,
  );
}

function coveragePanel() {
  const format = (count) => countFormat.format(count);
  return panel(
    'Coverage of mandatory keys',
    'Resources that carry the key with a value that the dictionary allows, of all on which it is mandatory.',
    isFiltered() ? note('Not narrowed by the filters.') : null,
    report.coverage.length
      ? [
          verdictLegend(['covered', 'wrong', 'missing', 'unknown']),
          h(
            'div',
            { class: 'stripes', 'data-stripes': 'coverage' },
            report.coverage.map((one) =>
              stripe(
                h(
                  'button',
                  {
                    type: 'button',
                    class: 'value',
                    'data-focus': `covered:${one.key}`,
                    disabled: !report.keys.includes(one.key),
                    onclick: () => go({ view: 'findings', filters: filtersWith('key', new Set([one.key])) }),
                  },
                  breakable(one.key),
                ),
                one.share === null ? 'Unknown' : share(one.share),
                one,
                format,
                one.covered === null ? 'On how many resources it is mandatory was not counted.' : '',
              ),
            ),
          ),
        ]
      : note('No mandatory key was judged.'),
  );
}

function trendPanel() {
  const { trend } = report;
  if (!trend) return null;
  const parts = [
    ['New', trend.new, 7],
    ['Remaining', trend.remaining, 1],
    ['Not seen again', trend.unseen, 6],
    ['Fixed', trend.fixed, 2],
  ];
  const bar = parts.filter(([, count]) => count).map(([name, count, place]) => {
    const piece = h('span', { class: `s${place}`, title: `${name}: ${countFormat.format(count)}` });
    piece.style.flexGrow = String(count);
    return piece;
  });
  return panel(
    'Against the last run',
    'Not seen again: what would show it could not be read this time, so it is not taken for fixed.',
    h(
      'ul',
      { class: 'legend' },
      parts.map(([name, count, place]) =>
        h('li', {}, h('i', { class: `swatch s${place}`, 'aria-hidden': 'true' }), `${name} ${countFormat.format(count)}`),
      ),
    ),
    h('div', { class: 'stripe-bar', 'aria-hidden': 'true' }, bar),
    table(
      'fixed',
      'Fixed since the last run, by finding',
      [
        { title: 'Fixed', value: ([rule]) => valueLabel(report, 'rule', rule) },
        { title: 'Findings', kind: 'number', value: ([, count]) => count, show: ([, count]) => countFormat.format(count) },
      ],
      Object.entries(trend.fixed_by_rule),
    ),
  );
}
