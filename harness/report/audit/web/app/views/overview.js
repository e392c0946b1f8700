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
  const { change: held } = report;
  if (!held.previous)
    return card('New', countFormat.format(report.totals.new), ['No run before is compared with.'], { name: 'new', tag: wholly() });
  return card(
    'New since the last run',
    countFormat.format(held.new),
    [
      [`${countFormat.format(held.remaining)} remain, `, fixedOnes(`${countFormat.format(held.fixed)} are fixed`)],
      report.fixed && report.fixed < held.fixed ? `This page has ${countFormat.format(report.fixed)} of these.` : null,
    ],
    { tone: held.new ? 'bad' : 'good', name: 'new', tag: wholly() },
  );
}

// Return a text that leads to what is fixed, where the page has it: runs of earlier versions only counted it.
function fixedOnes(text) {
  if (!report.fixed) return text;
  const show = () => go({ view: 'findings', filters: filtersWith('age', new Set(['fixed'])) });
  return h('button', { type: 'button', class: 'value', 'data-focus': 'fixed', title: 'Show what is fixed', onclick: show }, text);
}

function lookedCard() {
  const { accounts, regions } = report.looked;
  const untaggable = report.counts.untaggable ?? 0;
  return card(
    'Looked at',
    counted(report.totals.looked_at, 'resource'),
    [
      `in ${counted(accounts, 'account')} and ${counted(regions.length, 'region')}`,
      untaggable ? `${countFormat.format(untaggable)} of them take no tags` : null,
    ],
    { tag: wholly(), name: 'looked' },
  );
}

function gapCard() {
  const count = report.gaps.length;
  const unheard = report.counts.unheard ?? 0;
  const all = !count && !unheard;
  return card(
    'Could not be seen',
    count ? counted(count, 'gap') : !report.finished ? 'Interrupted' : unheard ? counted(unheard, 'resource') : 'Nothing',
    [
      report.finished ? null : 'The run was interrupted: what it had not reached is unknown.',
      unheard ? `Of ${counted(unheard, 'resource')} nobody knows whether they take tags.` : null,
      all ? null : h('a', { href: '#view=gaps', onclick: visit('gaps') }, 'What is unknown for it'),
    ],
    { tone: all && report.finished ? 'good' : 'warn', tag: wholly(), name: 'gaps' },
  );
}

function spendCard() {
  const { spend } = report.totals;
  return card(
    'Untagged spend',
    spend === null ? 'Unknown' : money(spend, report.currency),
    [spend === null ? 'No cost is known of these resources.' : `of resources that fail, ${report.month ? monthLong(report.month) : 'last whole month'}`],
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
    report.counts.unknown
      ? note(`Not counted: ${counted(report.counts.unknown, 'resource')} whose tags could not be read.`)
      : null,
    report.coverage.length
      ? [
          verdictLegend(['covered', 'wrong', 'missing']),
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
              ),
            ),
          ),
        ]
      : note('No mandatory key was judged.'),
  );
}

function trendPanel() {
  const { change: held } = report;
  if (!held.previous) return null;
  const parts = [
    ['New', held.new, 7],
    ['Remaining', held.remaining, 1],
    ['Not seen again', held.unseen, 6],
    ['Fixed', held.fixed, 2],
  ];
  const bar = parts.filter(([, count]) => count).map(([name, count, place]) => {
    const piece = h('span', { class: `s${place}`, title: `${name}: ${countFormat.format(count)}` });
    piece.style.flexGrow = String(count);
    return piece;
  });
  return panel(
    'Against the last run',
    `That of ${held.previous}. Not seen again: what would show it could not be read this time, so it is not taken for fixed.`,
    h(
      'ul',
      { class: 'legend' },
      parts.map(([name, count, place]) =>
        h('li', {}, h('i', { class: `swatch s${place}`, 'aria-hidden': 'true' }), `${name} ${countFormat.format(count)}`),
      ),
    ),
    h('div', { class: 'stripe-bar', 'aria-hidden': 'true' }, bar),
  );
}
