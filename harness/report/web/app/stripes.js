// Bars that say which part of a whole carries a key: the same five verdicts everywhere.
const VERDICTS = ['covered', 'wrong', 'missing', 'untaggable', 'unknown'];
const VERDICT_NAMES = {
  covered: 'Covered',
  wrong: 'Wrong value',
  missing: 'Missing',
  untaggable: 'Cannot be tagged',
  unknown: 'Unknown',
};

function verdictLegend(verdicts = VERDICTS) {
  return h(
    'ul',
    { class: 'legend' },
    verdicts.map((verdict) =>
      h('li', {}, h('i', { class: `swatch v-${verdict}`, 'aria-hidden': 'true' }), VERDICT_NAMES[verdict]),
    ),
  );
}

function stripe(name, head, amounts, format, text = '') {
  const whole = VERDICTS.reduce((sum, verdict) => sum + Math.max(0, amounts[verdict] ?? 0), 0);
  const parts = VERDICTS.filter((verdict) => amounts[verdict] > 0).map((verdict) => {
    const piece = h('span', {
      class: `v-${verdict}`,
      title: `${VERDICT_NAMES[verdict]}: ${format(amounts[verdict])}`,
    });
    piece.style.flexGrow = String(amounts[verdict] / whole);
    return piece;
  });
  return h(
    'div',
    { class: 'stripe' },
    h('span', { class: 'stripe-name' }, name),
    h('b', {}, head),
    h('div', { class: 'stripe-bar', 'aria-hidden': 'true' }, parts),
    text ? note(text) : null,
  );
}
