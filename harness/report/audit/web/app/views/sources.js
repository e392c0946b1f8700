// What is not about live resources, or could not be seen: the audit of code, and the gaps.
const STATIC_TONES = new Map([['fail', 'bad'], ['warning', 'warn']]);
const STATIC_WORDS = new Map([['fail', 'Fails'], ['unknown', 'Unknown'], ['warning', 'Warning'], ['info', 'Info']]);

function code() {
  const text = ([, , , , held]) => held;
  return [
    panel(
      'Code',
      `Modules and environments as checkov and tagrail read them. ${counted(report.passed, 'check')} passed.`,
      report.static.length
        ? table(
            'static',
            'Findings of the audit of code',
            [
              {
                title: 'Check',
                value: ([, plane, , subject]) => `${subject} ${plane}`,
                show: ([, plane, , subject]) => [subject, h('small', {}, plane)],
              },
              {
                title: 'Verdict',
                kind: 'verdict',
                value: ([verdict]) => verdict,
                show: ([verdict]) =>
                  h('span', { class: `status ${STATIC_TONES.get(verdict) ?? ''}` }, STATIC_WORDS.get(verdict) ?? verdict),
              },
              { title: 'Where', kind: 'name', value: ([, , where]) => where },
              { title: 'Held', kind: 'name', value: text },
              { title: 'Must hold', kind: 'name', value: ([, , , , , must]) => must },
              { title: 'Repair', kind: 'name', value: (one) => one[6] },
            ],
            report.static,
          )
        : note(report.passed ? 'Nothing to mend.' : 'Code was not audited with this run.'),
    ),
  ];
}

function gaps() {
  return [
    panel(
      'Not seen',
      'Sources that could not be read. What they would have shown is unknown, and nothing here is taken for right.',
      report.finished ? null : note('The run was interrupted: what it had not reached is unknown.'),
      report.gaps.length
        ? table(
            'gaps',
            'What could not be seen',
            [
              { title: 'Source', value: ([source]) => source },
              {
                title: 'Account',
                value: ([, account]) => account,
                show: ([, account]) => (account ? valueLabel(report, 'account', account) : 'The whole organisation'),
              },
              { title: 'Region', value: ([, , region]) => region, show: ([, , region]) => region || 'All' },
              { title: 'What is unknown', kind: 'name', value: ([, , , lacks]) => lacks },
              { title: 'Why', kind: 'name', value: ([, , , , reason]) => reason },
              { title: 'Code of AWS', value: (one) => one[5] },
            ],
            report.gaps,
          )
        : note(report.finished ? 'Every source was read.' : 'No source that was reached failed.'),
    ),
    unheardTypes(),
  ];
}

function unheardTypes() {
  const rows = Object.entries(report.unheard);
  if (!rows.length) return null;
  return panel(
    'Types of which nobody knows whether they take tags',
    'Their resources are neither right nor wrong.',
    table(
      'unheard',
      'Types that are not known',
      [
        { title: 'Type', value: ([type]) => type },
        { title: 'Resources', kind: 'number', value: ([, count]) => count, show: ([, count]) => countFormat.format(count) },
      ],
      rows,
      { sorted: '1.down' },
    ),
  );
}

function gapText([source, account, region, lacks, reason, said]) {
  const place = [account ? valueLabel(report, 'account', account) : 'the whole organisation', region].filter(Boolean);
  return `${lacks}: ${source} of ${place.join(', ')}: ${[reason, said].filter(Boolean).join(', ')}`;
}
