// Give tables as CSV, made here and sent nowhere.

// A cell that a spreadsheet would take for a formula gets a quote in front; numbers stay what they are.
function csvCell(held) {
  if (typeof held === 'number') return String(held);
  const text = held === null || held === undefined ? '' : String(held);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function csvOf(columns, rows) {
  const lines = [columns.map((column) => csvCell(column.title))];
  for (const row of rows) lines.push(columns.map((column) => csvCell((column.plain ?? column.value)(row))));
  return `\ufeff${lines.map((line) => line.join(',')).join('\r\n')}\r\n`;
}

function download(name, text) {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }));
  const link = h('a', { href: address, download: `${name}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
  speak(`${name}.csv is downloaded`);
}
