// Put the page of an audit together.
const report = readReport();
const VIEWS = [
  { name: 'overview', title: 'Overview', draw: overview, filtered: true },
  { name: 'findings', title: 'Findings', draw: findings, filtered: true },
  { name: 'lineage', title: 'Lineage', draw: lineage, filtered: true },
  { name: 'code', title: 'Code', draw: code },
  { name: 'gaps', title: 'Not seen', draw: gaps },
];
const MEASURE_NAMES = [
  ['findings', 'Findings', 'how many there are'],
  ['spend', 'Spend', 'what their resources cost in the last whole month, each once'],
];
const momentFormat = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' });

function moment(text) {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : `${momentFormat.format(date)} UTC`;
}

function drawTop() {
  document.querySelector('dialog.finding')?.close();
  const until = report.ended ? `, to ${moment(report.ended)}` : '';
  document.getElementById('top').replaceChildren(
    h(
      'div',
      { class: 'title' },
      h('h1', {}, report.title),
      h('p', {}, `${moment(report.started)}${until}${report.finished ? '' : ', interrupted'}.`),
    ),
    h(
      'div',
      { class: 'controls' },
      report.priced
        ? choices('measure', 'Charts show', MEASURE_NAMES, state.measure, (measure) => go({ measure }))
        : null,
      themeButton(),
    ),
  );
  document.getElementById('footer').textContent =
    'What could not be seen is unknown, never right. This page loads nothing and sends nothing.';
}

function shownReport() {
  return report;
}

start();
if (state.row) openFinding(Number(state.row));
