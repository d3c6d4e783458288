'use strict';

/** The charts of one flow: its samples of the last two minutes, and how they are drawn. */
class Charts {
  static #SAMPLES = 120;
  static #DASHES = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [4, 4], [1, 4]];

  #names;
  #plots = [];

  /** Takes the series of each chart, by the id of its element. */
  constructor(names) {
    this.#names = names;
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#restyle());
  }

  /** Returns the history of a flow without samples. */
  static history() {
    return [];
  }

  static add(history, sample) {
    history.push(sample);
    if (history.length > Charts.#SAMPLES) {
      history.shift();
    }
  }

  draw(history) {
    if (this.#plots.length === 0) {
      this.#build();
    }
    for (const [plot, names] of this.#plots) {
      plot.setData([
        history.map(sample => sample.time),
        ...names.map(name => history.map(sample => sample[name] ?? null)),
      ]);
    }
  }

  #build() {
    const style = getComputedStyle(document.documentElement);
    const color = name => style.getPropertyValue(name).trim();
    const clock = seconds => new Date(seconds * 1000).toLocaleTimeString();
    const axis = { stroke: color('--muted'), grid: { stroke: color('--grid') } };
    for (const [id, names] of Object.entries(this.#names)) {
      const parent = document.getElementById(id);
      const plot = new uPlot({
        width: parent.clientWidth,
        height: 180,
        scales: { y: { range: (u, least, most) => [0, Math.max(1, (most ?? 0) * 1.1)] } },
        axes: [{ ...axis, space: 90, values: (u, times) => times.map(clock) }, { ...axis, size: 64 }],
        series: [
          { label: 'Time' },
          ...names.map((name, i) => ({
            label: name,
            stroke: color(`--line-${i + 1}`),
            width: 2,
            dash: Charts.#DASHES[i],
            points: { show: false },
          })),
        ],
      }, [[], ...names.map(() => [])], parent);
      plot.root.querySelector('canvas').setAttribute('aria-hidden', 'true');
      new ResizeObserver(() => plot.setSize({ width: parent.clientWidth, height: 180 })).observe(parent);
      this.#plots.push([plot, names]);
    }
  }

  /** The next sample draws them again, in the new colors. */
  #restyle() {
    this.#plots.forEach(([plot]) => plot.destroy());
    this.#plots = [];
  }
}
