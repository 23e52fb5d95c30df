// Puts the page together.

function start(trace) {
  document.body.append(tip);
  const processes = processesOf(trace);
  const filter = { query: "", pid: 0, tid: 0, failed: false, kinds: new Set(["calls", "exceptions",
    "output", "processes", "modules"]) };
  const table_ = new RowTable(trace, choose);
  const timeline = new Timeline(trace, processes, choose);
  const memory = new MemoryView(trace, processes);
  const search = make("input", {
    type: "search", placeholder: "search: words of names, arguments, statuses   ( / )",
    "aria-label": "search", oninput: () => { filter.query = search.value; apply(); },
  });
  const count = make("span", { className: "count" });
  const chips = make("span", { className: "bar", style: "padding:0" });
  const view = document.getElementById("view");
  const detail = document.getElementById("detail");
  const tabs = {
    Events: () => [make("div", { className: "bar" }, search, chips, count), ...table_.element],
    Timeline: () => timeline.element,
    Memory: () => { memory.draw(); return memory.element; },
    Modules: () => modulesView(trace, goTo),
    Exceptions: () => exceptionsView(trace, goTo),
    Sums: () => sumsView(trace, (name) => { search.value = filter.query = name; open("Events"); apply(); }),
  };
  let chosen = -1;

  function open(name) {
    document.getElementById("tabs").replaceChildren(...Object.keys(tabs).map((tab) =>
      make("button", { role: "tab", "aria-selected": String(tab === name), onclick: () => open(tab) },
        tab)));
    view.replaceChildren(...tabs[name]());
    if (name === "Timeline") timeline.draw();
    if (name === "Events") table_.draw();
  }
  function goTo(row) {
    open("Events");
    choose(row);
  }
  function choose(row) {
    chosen = row;
    table_.reveal(row);
    timeline.reveal(row);
    detail.hidden = false;
    detail.replaceChildren(...detailOf(trace, row, [
      ["memory then", (at) => { memory.reveal(at); open("Memory"); }],
      ["on the timeline", () => open("Timeline")],
      ["close", () => { detail.hidden = true; }],
    ]));
  }
  function apply() {
    const rows = filterRows(trace, filter);
    table_.show(rows);
    count.textContent = `${rows.length.toLocaleString("en")} of ${trace.count.toLocaleString("en")}`;
    drawChips();
    drawTree();
  }
  function drawChips() {
    const present = new Set(trace.kinds.map(groupOf));
    chips.replaceChildren(...GROUPS.map(([group]) => group).filter((g) => present.has(g)).map((group) =>
      button(group, filter.kinds.has(group), () => {
        if (!filter.kinds.delete(group)) filter.kinds.add(group);
        apply();
      }, "chip")),
    button("failed only", filter.failed, () => { filter.failed = !filter.failed; apply(); }, "chip"));
  }
  function drawTree() {
    const all = button("all processes", !filter.pid, () => pick(0, 0));
    document.getElementById("tree").replaceChildren(all, ...branches(0, 0, new Set()));
  }
  function pick(pid, tid) {
    Object.assign(filter, { pid, tid });
    apply();
  }
  // Children below their parents; a parent that the trace does not know stands for none.
  function branches(parent, depth, seen) {
    const rows = [];
    for (const process of processes.values()) {
      const above = processes.has(process.parent) ? process.parent : 0;
      if (above !== parent || seen.has(process.pid)) continue;
      seen.add(process.pid);
      const end = process.exit === null ? "" : ` → ${process.exit > 9 ? hex(process.exit) : process.exit}`;
      const indent = `padding-left:${6 + depth * 12}px`;
      const element = button(`${process.pid} ${plain(process.name)}${end}`,
        filter.pid === process.pid && !filter.tid, () => pick(process.pid, 0));
      element.style = indent;
      rows.push(element);
      for (const tid of process.threads) {
        const thread = button(`thread ${tid}`, filter.pid === process.pid && filter.tid === tid,
          () => pick(process.pid, tid), "note");
        thread.style = `padding-left:${20 + depth * 12}px`;
        rows.push(thread);
      }
      rows.push(...branches(process.pid, depth + 1, seen));
    }
    return rows;
  }

  document.getElementById("title").textContent = plain(trace.title);
  const calls = rowsOfKind(trace, "SystemCall").length;
  document.getElementById("facts").textContent = [counted(processes.size, "process", "es"),
    counted(calls, "system call"), counted(trace.count, "event"), ""].join(", ")
    + `${trace.count ? seconds(trace.time[trace.count - 1]) : 0} s of virtual time`;
  addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== search) {
      event.preventDefault();
      open("Events");
      search.focus();
    }
  });
  open("Events");
  apply();
  return { trace, filter, memory, table: table_, choose, open, apply, get chosen() { return chosen; } };
}

try {
  globalThis.page = start(await loadTrace());
  document.body.dataset.ready = "yes";
} catch (failure) {
  document.getElementById("facts").textContent = `the page cannot show its trace: ${failure}`;
  document.body.dataset.ready = "failed";
}
