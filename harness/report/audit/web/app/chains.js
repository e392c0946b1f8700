// Chains of lineage: from where a tag comes, by which steps, and where it stops.
const DEEPEST = 12;

// Return the steps down to a resource, [{ place, relation }], the relation as to the one before: from the farthest
// ancestor to the nearest that carries a key, where there is one, and on.
function stepsTo(place, key) {
  const near = pathTo(place, (at) => valueAt(at, key) !== '');
  if (!key || near.length < 2 || !valueAt(near[0].place, key)) return near;
  const far = pathTo(near[0].place, () => false);
  return [...far, ...near.slice(1)];
}

// Return the steps from the nearest ancestor that is `wanted`, else from the farthest.
function pathTo(place, wanted) {
  const { parents } = report.edges();
  const from = new Map([[place, null]]);
  let [last, found] = [place, -1];
  for (let level = [place], depth = 0; level.length && found < 0 && depth < DEEPEST; depth += 1) {
    const next = [];
    for (const child of level) {
      for (const [parent, relation] of parents.get(child) ?? []) {
        if (from.has(parent)) continue;
        from.set(parent, { child, relation });
        next.push(parent);
        last = parent;
        if (found < 0 && wanted(parent)) found = parent;
      }
    }
    level = next;
  }
  const steps = [];
  let relation = null;
  for (let at = found < 0 ? last : found; at !== undefined; ) {
    steps.push({ place: at, relation });
    const step = from.get(at);
    relation = step?.relation ?? null;
    at = step?.child;
  }
  return steps;
}

function valueAt(place, key) {
  return report.tagsOf(place)?.find(([held]) => held === key)?.[1] ?? '';
}

function below(place) {
  const { children } = report.edges();
  const met = new Set([place]);
  for (const at of met) for (const [child] of children.get(at) ?? []) met.add(child);
  return met.size - 1;
}

// Draw the chain to a resource, with what each step carries of the keys, and that the tag stops at its end.
function chain(place, keys) {
  const steps = stepsTo(place, keys[0] ?? '');
  const further = below(place);
  const cut = keys.length ? steps.length - 1 : -1;
  return h(
    'ol',
    { class: 'chain' },
    steps.map(({ place: at, relation }, n) => {
      const tags = report.tagsOf(at);
      const here = n === cut;
      return h(
        'li',
        { class: here ? 'link cut' : 'link', 'data-place': at },
        relation === null ? null : h('small', { class: 'relation' }, report.relations[relation]),
        here ? h('b', { class: 'status bad' }, 'The tag stops here') : null,
        h('span', { class: 'link-name' }, report.names()[at] || report.arns()[at]),
        h('small', {}, placeText(at)),
        keys.map((key) =>
          h(
            'small',
            { class: 'held' },
            breakable(key),
            tags === null ? ': unknown' : valueAt(at, key) ? [' = ', h('code', {}, valueAt(at, key))] : ': not tagged',
          ),
        ),
      );
    }),
    further ? h('li', { class: 'link more' }, `${countFormat.format(further)} more come from it`) : null,
  );
}

function placeText(place) {
  const [account, region, type] = ['account', 'region', 'type'].map((dimension) => {
    const value = report.columns.get(dimension)[0][report.ofPlace[dimension][place]];
    return value === '' ? '' : valueLabel(report, dimension, value);
  });
  return [account, region, type].filter(Boolean).join(' › ');
}
