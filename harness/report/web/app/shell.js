// Draw the view that the address names, in the theme that was chosen.
// A page gives `VIEWS`, `drawTop`, `drawFilters`, and `shownReport`, which is what all of them draw.
const THEMES = { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' };
const main = document.getElementById('main');
let printing = false;

function draw() {
  const focus = document.activeElement?.dataset?.focus;
  const report = shownReport();
  const started = performance.now();
  drawTop(report);
  drawViews();
  drawFilters(report);
  drawMain(report, started);
  document.title = `${VIEWS.find((view) => view.name === state.view).title} – ${report.title}`;
  refocus(focus);
}

// Draw what is below the filters, which keep what is being typed into them.
function drawMain(report, started = performance.now()) {
  const focus = document.activeElement?.dataset?.focus;
  const shown = printing ? VIEWS : VIEWS.filter((view) => view.name === state.view);
  main.replaceChildren(
    ...shown.map((view) =>
      h(
        'div',
        { class: 'view', 'data-view': view.name },
        h('h2', { class: 'print-title' }, view.title),
        view.draw(report).filter(Boolean),
      ),
    ),
  );
  if (focus && !document.activeElement?.dataset?.focus) refocus(focus);
  main.dataset.drawn = String(Number(main.dataset.drawn ?? 0) + 1);
  main.dataset.milliseconds = (performance.now() - started).toFixed(1);
}

// Keep the focus where it was: what had it has been drawn anew, or is gone with what it named.
function refocus(name) {
  if (!name || document.querySelector('dialog[open]')) return;
  const again = [...document.querySelectorAll('[data-focus]')].find((element) => element.dataset.focus === name);
  (again ?? main).focus({ preventScroll: true });
}

function drawViews() {
  document.getElementById('views').replaceChildren(
    h(
      'ul',
      {},
      VIEWS.map((view) => {
        const current = view.name === state.view;
        const link = h(
          'a',
          {
            href: `#${hashOf({ ...state, view: view.name })}`,
            'aria-current': current ? 'page' : null,
            'data-focus': `view:${view.name}`,
            onclick: visit(view.name),
          },
          view.title,
        );
        return h('li', {}, link);
      }),
    ),
  );
  const [row, here] = [document.querySelector('#views ul'), document.querySelector('#views [aria-current]')];
  row.scrollLeft = here.offsetLeft - (row.clientWidth - here.offsetWidth) / 2;
}

function storedTheme() {
  try {
    return localStorage.getItem('theme') ?? 'auto';
  } catch {
    // a page that is opened as a file may have no storage
    return 'auto';
  }
}

function setTheme(theme) {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem('theme', theme);
  } catch {
    /* then it is forgotten */
  }
}

function themeButton() {
  const names = Object.keys(THEMES);
  const button = h(
    'button',
    { type: 'button', class: 'quiet', 'data-focus': 'theme' },
    THEMES[storedTheme()] ?? THEMES.auto,
  );
  button.addEventListener('click', () => {
    const now = document.documentElement.dataset.theme ?? 'auto';
    const next = names[(names.indexOf(now) + 1) % names.length];
    setTheme(next);
    button.textContent = THEMES[next];
  });
  return button;
}

function print(on) {
  printing = on;
  draw();
}

function start() {
  setTheme(storedTheme());
  readHash();
  draw();
  window.addEventListener('popstate', () => {
    readHash();
    draw();
  });
  window.addEventListener('beforeprint', () => print(true));
  window.addEventListener('afterprint', () => print(false));
  document.querySelector('.skip').addEventListener('click', (event) => {
    event.preventDefault();
    main.focus();
    main.scrollIntoView();
  });
}
