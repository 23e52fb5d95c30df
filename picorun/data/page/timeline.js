// The threads' states over virtual time, with their calls.  Wheel: zoom; drag: move; click: choose.

const LANE = 34;
const LABEL = 150;
const AXIS = 24;
const STATES = {
  Running: "--accent", Ready: "--odd", Standby: "--odd", DeferredReady: "--odd",
  Waiting: "--line", Transition: "--line", Initialized: "--line", Suspended: "--line",
};

function lanesOf(trace) {
  const lanes = new Map();
  const get = (row) => {
    const key = trace.pid[row] + "." + trace.tid[row];
    if (!lanes.has(key)) {
      lanes.set(key, { key, pid: trace.pid[row], tid: trace.tid[row], states: [], calls: [] });
    }
    return lanes.get(key);
  };
  for (let row = 0; row < trace.count; row++) {
    const kind = kindOf(trace, row);
    if (!trace.tid[row]) continue;
    if (kind === "ThreadStateChange") get(row).states.push(row);
    else if (kind === "SystemCall" || kind === "GuestException") get(row).calls.push(row);
  }
  return [...lanes.values()].sort((a, b) => a.pid - b.pid || a.tid - b.tid);
}

class Timeline {
  constructor(trace, processes, choose) {
    Object.assign(this, { trace, processes, choose, lanes: lanesOf(trace), top: 0 });
    this.end = trace.count ? trace.time[trace.count - 1] || 1 : 1;
    this.from = 0;
    this.to = this.end;
    this.chosen = -1;
    this.canvas = make("canvas", {
      onmousemove: (event) => this.move(event), onmousedown: (event) => this.press(event),
      onmouseleave: (event) => showTip(event, ""), ondblclick: () => this.zoomTo(0, this.end),
    });
    this.canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    addEventListener("mouseup", () => { this.held = null; });
    const legend = make("div", { className: "bar legend" });
    for (const [name, colour] of [["running", "--accent"], ["ready", "--odd"], ["waiting", "--line"],
      ["call", "--good"], ["failed call or exception", "--bad"]]) {
      legend.append(make("span", {}, make("i", { style: `background:var(${colour})` }), name));
    }
    legend.append("wheel: zoom, drag: move, double click: all of it, click: choose");
    this.element = [legend, this.canvas];
    new ResizeObserver(() => this.draw()).observe(this.canvas);
  }

  zoomTo(from, to) {
    const least = Math.min(20, this.end);
    const length = Math.min(Math.max(to - from, least), this.end);
    this.from = Math.min(Math.max(from, 0), this.end - length);
    this.to = this.from + length;
    this.draw();
  }

  reveal(row) {
    this.chosen = row;
    const time = this.trace.time[row];
    if (time < this.from || time > this.to) {
      const half = (this.to - this.from) / 2;
      this.zoomTo(time - half, time + half);
    } else this.draw();
  }

  x(time) {
    return LABEL + ((time - this.from) / (this.to - this.from)) * (this.width - LABEL - 10);
  }
  timeAt(x) {
    return this.from + ((x - LABEL) / (this.width - LABEL - 10)) * (this.to - this.from);
  }

  draw() {
    const { canvas } = this;
    const box = canvas.getBoundingClientRect();
    if (!box.width) return;
    const ratio = devicePixelRatio || 1;
    this.width = box.width;
    this.height = box.height;
    canvas.width = box.width * ratio;
    canvas.height = box.height * ratio;
    const pen = canvas.getContext("2d");
    const colours = new Map();
    this.colour = (name) => {
      if (!colours.has(name)) colours.set(name, colourOf(name));
      return colours.get(name);
    };
    pen.scale(ratio, ratio);
    pen.font = "12px system-ui, sans-serif";
    this.drawAxis(pen);
    this.lanes.forEach((lane, index) => {
      const y = AXIS + index * LANE - this.top;
      if (y > AXIS - LANE && y < this.height) this.drawLane(pen, lane, y);
    });
    if (this.chosen >= 0) {
      pen.fillStyle = this.colour("--ink");
      pen.fillRect(this.x(this.trace.time[this.chosen]), 0, 1, this.height);
    }
  }

  drawAxis(pen) {
    const wanted = (this.to - this.from) / 8;
    const power = 10 ** Math.floor(Math.log10(wanted));
    const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= wanted);
    pen.fillStyle = this.colour("--faint");
    for (let time = Math.ceil(this.from / step) * step; time <= this.to; time += step) {
      pen.fillRect(this.x(time), AXIS - 6, 1, 6);
      pen.fillText(seconds(time) + " s", this.x(time) + 3, AXIS - 9);
    }
  }

  drawLane(pen, lane, y) {
    const { trace } = this;
    pen.save();
    pen.beginPath();
    pen.rect(0, AXIS, this.width, this.height);
    pen.clip();
    pen.fillStyle = this.colour("--ink");
    const process = this.processes.get(lane.pid);
    pen.fillText(`${plain(process?.name ?? "").slice(0, 14)} ${lane.key}`, 8, y + 16, LABEL - 14);
    pen.beginPath();
    pen.rect(LABEL, y, this.width, LANE);
    pen.clip();
    this.eachState(lane, (state, from, to) => {
      pen.fillStyle = this.colour(STATES[state] ?? "--panel");
      pen.fillRect(from, y + 4, Math.max(to - from, 0.6), 14);
    });
    let last = -1;
    for (const row of between(trace, lane.calls, this.from, this.to)) {
      const x = Math.round(this.x(trace.time[row]));
      const failed = isFailure(trace, row);
      if (x === last && !failed) continue;
      pen.fillStyle = this.colour(failed ? "--bad" : "--good");
      pen.fillRect(x, y + 20, 1.4, failed ? 10 : 7);
      last = x;
    }
    pen.restore();
  }

  // The states that are seen; those narrower than a pixel come once for each pixel.
  eachState(lane, tell) {
    const { trace } = this;
    const { states } = lane;
    let last = -1;
    for (let i = Math.max(0, after(trace, states, this.from) - 1); i < states.length; i++) {
      const start = trace.time[states[i]];
      if (start > this.to) break;
      const end = i + 1 < states.length ? trace.time[states[i + 1]] : start;
      const from = this.x(start);
      const to = this.x(end);
      if (Math.floor(to) === last) continue;
      last = to - from < 1 ? Math.floor(to) : -1;
      tell(nameOf(trace, states[i]), from, to);
    }
  }

  laneAt(event) {
    return this.lanes[Math.floor((event.offsetY - AXIS + this.top) / LANE)];
  }

  move(event) {
    if (this.held) {
      const moved = this.timeAt(this.held.x) - this.timeAt(event.offsetX);
      this.held.moved ||= Math.abs(event.offsetX - this.held.x) > 3;
      const height = this.lanes.length * LANE - this.height + AXIS;
      this.top = Math.min(Math.max(this.held.top + this.held.y - event.offsetY, 0), Math.max(height, 0));
      this.zoomTo(this.held.from + moved, this.held.to + moved);
      return;
    }
    const row = this.nearest(event);
    const { trace } = this;
    const lane = this.laneAt(event);
    if (row < 0 || !lane) { showTip(event, ""); return; }
    const time = this.timeAt(event.offsetX);
    const index = after(trace, lane.states, time) - 1;
    const state = index >= 0 ? nameOf(trace, lane.states[index]) : "";
    const why = index >= 0 ? trace.strings[trace.detail[lane.states[index]]] : "";
    showTip(event, `${seconds(time)} s  ${state} ${why}  ${nameOf(trace, row)}`);
  }

  nearest(event) {
    const lane = this.laneAt(event);
    if (!lane?.calls.length) return -1;
    const time = this.timeAt(event.offsetX);
    const next = after(this.trace, lane.calls, time);
    const candidates = [lane.calls[next - 1], lane.calls[next]].filter((row) => row !== undefined);
    const distance = (row) => Math.abs(this.trace.time[row] - time);
    return candidates.reduce((best, row) => (distance(row) < distance(best) ? row : best));
  }

  press(event) {
    const { from, to, top } = this;
    this.held = { x: event.offsetX, y: event.offsetY, from, to, top, moved: false };
    const held = this.held;
    addEventListener("mouseup", () => {
      const row = held.moved ? -1 : this.nearest(event);
      if (row >= 0) this.choose(row);
    }, { once: true });
  }

  wheel(event) {
    event.preventDefault();
    const time = this.timeAt(event.offsetX);
    const factor = Math.exp(Math.sign(event.deltaY) * 0.25);
    this.zoomTo(time - (time - this.from) * factor, time + (this.to - time) * factor);
  }
}

// The place of the first of `rows`, which ascend in time, that is later than `time`.
function after(trace, rows, time) {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (trace.time[rows[middle]] <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}
function between(trace, rows, from, to) {
  return rows.slice(Math.max(0, after(trace, rows, from) - 1), after(trace, rows, to));
}
