'use strict';

// Texts from the server, such as names of tables, are set as textContent only.
(() => {
  const byId = id => document.getElementById(id);
  const OUTCOMES = ['written', 'rejected', 'invalid', 'unknown', 'notSent', 'withdrawn', 'turned away'];
  const SEALS = ['ROWS', 'BYTES', 'AGE', 'IDLE', 'PRESSURE', 'FLUSH', 'CLOSE'];
  const charts = new Charts({
    'chart-rates': OUTCOMES,
    'chart-full': ['full', 'limit'],
    'chart-durable': ['p50', 'p99'],
    'chart-seals': SEALS,
  });

  const flows = new Map();
  const rows = new Map();
  let source = null;
  let latest = null;
  let writable = false;
  let retuned = null;

  // Figures

  const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
  const short = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
  const known = (value, text) => (value === null || value === undefined || Number.isNaN(value) ? '–' : text(value));
  const rate = value => known(value, v => `${short.format(v)}/s`);
  const time = millis => known(millis, v => (v < 1000 ? `${short.format(v)} ms` : `${short.format(v / 1000)} s`));

  function total(flow, name) {
    return name === 'turned away' ? flow.turnedAway : flow.ledger[name];
  }

  /** Returns what happened a second between two snapshots of a flow. */
  function sample(seen, now, seconds) {
    // Counts begin anew when the application has restarted.
    const before = seen.last?.ledger.admitted <= now.ledger.admitted ? seen.last : null;
    const point = {
      time: seen.time / 1000,
      full: (100 * now.pending) / now.capacity,
      limit: 80,
      p50: now.activity?.latencies?.p50Millis,
      p99: now.activity?.latencies?.p99Millis,
    };
    if (before) {
      OUTCOMES.forEach(name => { point[name] = (total(now, name) - total(before, name)) / seconds; });
      if (now.activity && before.activity) {
        SEALS.forEach(name => {
          point[name] = (now.activity.seals[name] - before.activity.seals[name]) / seconds;
        });
        point.batch = (now.activity.rows - before.activity.rows) / (now.batches - before.batches);
      }
    }
    return point;
  }

  // What is shown

  function set(element, text) {
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  function setAll(values) {
    Object.entries(values).forEach(([id, text]) => set(byId(id), text));
  }

  function show() {
    const seen = flows.get(byId('flow').value);
    if (!seen?.last) {
      return;
    }
    const flow = seen.last;
    const point = seen.history.at(-1);
    const badge = byId('status');
    set(badge, flow.status);
    badge.className = `badge ${flow.status.toLowerCase()}`;
    setAll({
      rate: rate(point.written),
      full: `${short.format(point.full)} %`,
      oldest: time(flow.oldestAgeMillis),
      p50: time(point.p50),
      p99: time(point.p99),
      batch: known(point.batch, v => short.format(v)),
      slots: `${flow.writing} of ${flow.concurrency}`,
      waiting: whole.format(flow.waiting),
      ledger: equation(flow),
      more: flow.moreTables ? `${whole.format(flow.moreTables)} quieter tables are not shown.` : '',
    });
    showHealth(flow.advice);
    showTables(Object.values(flow.tables), seen.tables);
    showErrors(flow.lastErrors);
    charts.draw(seen.history);
  }

  function equation(flow) {
    const parts = OUTCOMES.slice(0, 6).map(name => `${whole.format(flow.ledger[name])} ${name}`);
    return `${whole.format(flow.ledger.admitted)} admitted = ${parts.join(' + ')} + ${whole.format(flow.pending)} pending`
      .replace('notSent', 'not sent');
  }

  function showHealth(advice) {
    byId('health').hidden = Object.keys(advice).length === 0;
    fill(byId('reasons'), Object.entries(advice).flatMap(([reason, what]) => [
      text('dt', reason), text('dd', what),
    ]));
  }

  function showErrors(errors) {
    fill(byId('errors'), errors.map(({ error, rows: count, last }) => {
      const row = document.createElement('tr');
      const cause = [error.type, error.cause, error.sqlState, error.code].filter(Boolean).join(' · ');
      row.append(text('td', error.table), text('td', error.status), text('td', cause),
        text('td', whole.format(count), 'number'), text('td', new Date(last).toLocaleTimeString()));
      return row;
    }));
  }

  function text(tag, content, style) {
    const element = document.createElement(tag);
    element.textContent = content;
    if (style) {
      element.className = style;
    }
    return element;
  }

  function fill(parent, children) {
    parent.replaceChildren(...children);
  }

  /** Rows stay in the page while their texts change, so that the focus stays on a button. */
  function showTables(tables, before) {
    const names = new Set(tables.map(table => table.table));
    [...rows].filter(([name]) => !names.has(name)).forEach(([name, row]) => {
      row.remove();
      rows.delete(name);
    });
    for (const table of tables) {
      if (!rows.has(table.table)) {
        rows.set(table.table, byId('tables').appendChild(newRow(table.table)));
      }
      const row = rows.get(table.table);
      const last = before?.[table.table];
      const writes = table.writes - (last?.writes ?? table.writes);
      const state = table.failing ? 'failing' : table.paused ? 'paused' : 'open';
      [table.table, state, rate(table.rowsPerSecond), whole.format(table.pending),
        time(table.oldestAgeMillis),
        time(writes > 0 ? (table.writeMicros - last.writeMicros) / 1000 / writes : null),
        table.lastError?.replace(/^.*\./, '') ?? ''].forEach((content, i) => set(row.cells[i], content));
      row.table = table;
      const pause = row.querySelector('.pause');
      set(pause, table.paused ? 'Resume' : 'Pause');
      pause.setAttribute('aria-label', `${pause.textContent} ${table.table}`);
      row.cells[7].hidden = !writable;
    }
  }

  function newRow(name) {
    const row = document.createElement('tr');
    ['', '', 'number', 'number', 'number', 'number', ''].forEach(style => row.append(text('td', '', style)));
    const actions = text('td', '');
    actions.append(
      button('Pause', name, 'pause', () => command({ table: name, action: row.table.paused ? 'resume' : 'pause' })),
      button('Flush', name, 'flush', () => command({ table: name, action: 'flush' })),
      button('Retune', name, 'retune', () => openRetune(row.table)));
    row.append(actions);
    return row;
  }

  function button(label, name, style, press) {
    const element = text('button', label, style);
    element.type = 'button';
    element.setAttribute('aria-label', `${label} ${name}`);
    element.addEventListener('click', press);
    return element;
  }

  // Control

  function openRetune(table) {
    retuned = table.table;
    set(byId('retune-table'), table.table);
    ['maxSize', 'maxDelayMillis', 'concurrency'].forEach(option => { byId(option).value = table[option] ?? ''; });
    byId('retune').returnValue = '';
    byId('retune').showModal();
  }

  function applyRetune() {
    if (byId('retune').returnValue === 'apply') {
      const [maxSize, maxDelayMillis, concurrency] =
        ['maxSize', 'maxDelayMillis', 'concurrency'].map(option => byId(option).valueAsNumber);
      // An empty field is NaN, which JSON has not: null leaves the option as it is.
      command({ table: retuned, action: 'retune', maxSize, maxDelayMillis, concurrency });
    }
  }

  async function command(what) {
    set(byId('problem'), '');
    try {
      const answer = await fetch('control', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-BatchFlow-Console': 'yes' },
        body: JSON.stringify({ flow: byId('flow').value, ...what }),
      });
      if (!answer.ok) {
        const problem = await answer.json().catch(() => ({}));
        set(byId('problem'), problem.problem ?? `The answer is ${answer.status}.`);
      }
    } catch {
      set(byId('problem'), 'The application did not answer.');
    }
  }

  // The stream

  /** Returns a state with the changes of a merge patch (RFC 7396); what did not change is shared. */
  function merged(state, patch) {
    if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) {
      return patch;
    }
    const next = { ...(typeof state === 'object' ? state : {}) };
    for (const [name, value] of Object.entries(patch)) {
      if (value === null) {
        delete next[name];
      } else {
        next[name] = merged(next[name], value);
      }
    }
    return next;
  }

  function receive(state) {
    latest = state;
    const { time: now, flows: all } = state;
    for (const [name, flow] of Object.entries(all)) {
      if (!flows.has(name)) {
        flows.set(name, { history: Charts.history() });
        byId('flow').append(text('option', name));
      }
      const seen = flows.get(name);
      const seconds = (now - seen.time) / 1000;
      seen.time = now;
      Charts.add(seen.history, sample(seen, flow, seconds));
      seen.tables = seen.last?.tables;
      seen.last = flow;
    }
    show();
  }

  function connect() {
    if (source === null && !document.hidden) {
      source = new EventSource('live');
      source.onopen = () => set(byId('connection'), 'Live');
      source.onerror = () => set(byId('connection'), source.readyState === EventSource.CLOSED
        ? 'No connection. Load the page again.' : 'Connection lost. It is tried again.');
      source.addEventListener('whole', event => receive(JSON.parse(event.data)));
      source.addEventListener('change', event => receive(merged(latest, JSON.parse(event.data))));
    }
  }

  function disconnect() {
    source?.close();
    source = null;
    set(byId('connection'), 'Paused while hidden');
    // A rate over the pause would be an average of it.
    flows.forEach(seen => { delete seen.last; });
  }

  async function start() {
    const access = await fetch('access').then(answer => answer.json());
    writable = access.writable;
    byId('flush').hidden = !writable;
    byId('actions').hidden = !writable;
    byId('flow').addEventListener('change', () => {
      rows.forEach(row => row.remove());
      rows.clear();
      show();
    });
    byId('flush').addEventListener('click', () => command({ action: 'flush' }));
    byId('retune').addEventListener('close', applyRetune);
    document.addEventListener('visibilitychange', () => (document.hidden ? disconnect() : connect()));
    connect();
  }

  start().catch(() => set(byId('connection'), 'No connection. Load the page again.'));
})();
