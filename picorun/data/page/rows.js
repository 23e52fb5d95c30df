// The table of events: only the rows that are seen exist.

const ROW_HEIGHT = 22;
const HIGHEST = 8e6;  // pixels; browsers lose precision in higher elements, and refuse at 2**25

class RowTable {
  constructor(trace, choose) {
    this.trace = trace;
    this.choose = choose;
    this.rows = new Uint32Array(0);
    this.chosen = -1;
    this.pool = [];
    this.spacer = make("div", { className: "spacer" });
    this.scroller = make("div", {
      className: "scroller", tabIndex: 0, role: "grid", onscroll: () => this.draw(),
      onkeydown: (event) => this.key(event),
    }, this.spacer);
    const titles = ["time, s", "who", "what", "with", "result"];
    this.head = make("div", { className: "head" }, ...titles.map((t) => make("span", {}, t)));
    this.element = [this.head, this.scroller];
    new ResizeObserver(() => this.draw()).observe(this.scroller);
  }

  show(rows) {
    this.rows = rows;
    this.spacer.style.height = Math.min(rows.length * ROW_HEIGHT, HIGHEST) + "px";
    this.scroller.setAttribute("aria-rowcount", rows.length);
    this.draw();
  }

  // The index of the first row that is seen.  Past HIGHEST, places stand for several rows.
  get first() {
    const { scrollTop, clientHeight } = this.scroller;
    if (this.rows.length * ROW_HEIGHT <= HIGHEST) return scrollTop / ROW_HEIGHT;
    const most = this.rows.length - clientHeight / ROW_HEIGHT;
    return (scrollTop / (HIGHEST - clientHeight)) * most;
  }

  draw() {
    const { scrollTop, clientHeight } = this.scroller;
    const first = Math.max(0, Math.floor(this.first));
    const shift = scrollTop - (this.first - first) * ROW_HEIGHT;
    const count = Math.min(Math.ceil(clientHeight / ROW_HEIGHT) + 1, this.rows.length - first);
    while (this.pool.length < count) this.pool.push(this.makeRow());
    this.pool.forEach((element, i) => {
      element.hidden = i >= count;
      if (i < count) this.fill(element, this.rows[first + i], shift + i * ROW_HEIGHT);
    });
  }

  makeRow() {
    const cells = ["time", "who", "name", "detail", "result"]
      .map((className) => make("span", { className }));
    const element = make("div", { className: "row", role: "row" }, ...cells);
    element.addEventListener("click", () => this.choose(element.row));
    this.spacer.append(element);
    return element;
  }

  fill(element, row, top) {
    const { trace } = this;
    const [time, who, name, detail, result] = element.children;
    element.row = row;
    element.style.top = top + "px";
    const kind = kindOf(trace, row);
    element.className = "row" + (row === this.chosen ? " chosen" : "")
      + (kind === "SystemCall" ? "" : " other");
    time.textContent = seconds(trace.time[row]);
    who.textContent = `${trace.pid[row]}.${trace.tid[row]}`;
    name.textContent = plain(nameOf(trace, row));
    detail.textContent = plain(trace.strings[trace.detail[row]].slice(0, 600));
    result.textContent = plain(trace.strings[trace.result[row]]);
    result.className = "result " + (kind === "SystemCall" ? severity(trace.status[row])
      : isFailure(trace, row) ? "bad" : "");
  }

  // Choose a row of the trace and bring it into view; one that is filtered out is only chosen.
  reveal(row) {
    this.chosen = row;
    const index = this.rows.indexOf(row);
    if (index >= 0) {
      const seen = this.scroller.clientHeight / ROW_HEIGHT;
      const first = this.first;
      if (index < first || index > first + seen - 2) {
        const share = index / Math.max(1, this.rows.length);
        this.scroller.scrollTop = this.rows.length * ROW_HEIGHT <= HIGHEST
          ? (index - seen / 2) * ROW_HEIGHT : share * HIGHEST;
      }
    }
    this.draw();
  }

  key(event) {
    const page = Math.floor(this.scroller.clientHeight / ROW_HEIGHT) - 1;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page }[event.key];
    if (!step || !this.rows.length) return;
    event.preventDefault();
    const at = this.rows.indexOf(this.chosen);
    const next = Math.min(Math.max(at < 0 ? Math.floor(this.first) : at + step, 0),
      this.rows.length - 1);
    this.choose(this.rows[next]);
  }
}
