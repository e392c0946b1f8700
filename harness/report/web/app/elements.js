// Make elements, and tell people who cannot see the page what has changed.
const SVG = 'http://www.w3.org/2000/svg';

function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'checked' || name === 'value' || name === 'selected') element[name] = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

function speak(text) {
  document.getElementById('spoken').textContent = text;
}

// A key may be broken at its colons, and nowhere else.
function breakable(key) {
  return key
    .split(':')
    .flatMap((piece, n) => (n ? [h('wbr'), piece] : [piece]))
    .map((piece, n, all) => (typeof piece === 'string' && n < all.length - 1 ? `${piece}:` : piece));
}

function panel(title, lead, ...children) {
  const id = `t-${title.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': id },
    h('div', { class: 'panel-head' }, h('h2', { id }, title), lead ? h('p', { class: 'lead' }, lead) : null),
    ...children,
  );
}

// What only makes sense where it can be clicked.
function onScreen(element) {
  element.classList.add('screen-only');
  return element;
}

function note(...text) {
  return h('p', { class: 'note' }, ...text);
}

// A row of choices of which one holds, as radio buttons.
function choices(name, legend, options, chosen, choose) {
  return h(
    'fieldset',
    { class: 'choices' },
    h('legend', {}, legend),
    h(
      'div',
      { class: 'choice-row' },
      options.map(([value, label, hint]) =>
        h(
          'label',
          { title: hint },
          h('input', {
            type: 'radio',
            name,
            value,
            checked: value === chosen,
            'data-focus': `${name}:${value}`,
            onchange: () => choose(value),
          }),
          h('span', {}, label),
        ),
      ),
    ),
  );
}

function select(label, options, chosen, choose, focus) {
  return h(
    'label',
    { class: 'field' },
    h('span', {}, label),
    h(
      'select',
      { 'data-focus': focus ?? label, onchange: (event) => choose(event.target.value) },
      options.map(([value, text]) => h('option', { value, selected: value === chosen }, text)),
    ),
  );
}

// A headline figure.
function card(title, figure, texts, { tone = '', tag = '', name } = {}) {
  return h(
    'article',
    { class: `card ${tone}`, 'data-card': name },
    h('h2', {}, title),
    h('p', { class: 'figure-big' }, figure),
    texts.map((text) => (text ? h('p', {}, text) : null)),
    tag ? h('p', { class: 'tag' }, tag) : null,
  );
}

function copyButton(text) {
  const button = h(
    'button',
    { type: 'button', class: 'quiet', 'data-focus': `copy:${text}`, 'aria-label': `Copy: ${text}` },
    'Copy',
  );
  button.addEventListener('click', async () => {
    await copy(text);
    button.textContent = 'Copied';
    speak('Copied');
    setTimeout(() => {
      button.textContent = 'Copy';
    }, 1600);
  });
  return button;
}

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // a page that is opened as a file may have no clipboard
    const field = h('textarea', { class: 'spoken', readonly: true }, text);
    document.body.append(field);
    field.select();
    document.execCommand('copy');
    field.remove();
  }
}
