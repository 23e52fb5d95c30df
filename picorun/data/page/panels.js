// The chosen event, modules, exceptions, sums.

function detailOf(trace, row, actions) {
  const kind = kindOf(trace, row);
  const pairs = [
    ["event", `${row + 1} of ${trace.count}`],
    ["time", seconds(trace.time[row]) + " s"],
    ["process", trace.pid[row]],
    ["thread", trace.tid[row]],
  ];
  const parts = [make("h2", {}, plain(kind === "SystemCall" ? nameOf(trace, row) : kind))];
  if (kind === "SystemCall") {
    pairs.push(["result", trace.strings[trace.result[row]], severity(trace.status[row])],
      ["status", hex(trace.status[row])],
      ["called from", trace.strings[trace.place[row]]],
      ["took", seconds(trace.time[row] - trace.value[row]) + " s of virtual time"]);
  } else if (!trace.extras.has(row)) {
    pairs.push(["what", nameOf(trace, row)], ["with", trace.strings[trace.detail[row]]],
      ["result", trace.strings[trace.result[row]]]);
  }
  parts.push(definitions(pairs));
  if (kind.startsWith("SystemCall")) {
    parts.push(make("h2", {}, "arguments"), definitions(argumentsOf(trace, row).map((text) => {
      const equals = text.indexOf("=");
      return [text.slice(0, equals), text.slice(equals + 1)];
    })));
  }
  const extra = trace.extras.get(row);
  if (extra) parts.push(definitions(fieldsOf(extra)));
  const bar = make("div", { className: "bar" });
  for (const [label, act] of actions) bar.append(button(label, false, () => act(row), "chip"));
  return [...parts, bar];
}

function fieldsOf(extra) {
  return Object.entries(extra).map(([name, value]) => {
    if (Array.isArray(value)) return [name, value.map(show).join(", ")];
    if (value && typeof value === "object") {
      return [name, Object.entries(value).map(([k, v]) => `${k}=${show(v)}`).join("  ")];
    }
    return [name, /^(handle|parent_id|.*_thread_id|.*_process_id)$/.test(name) ? value : show(value)];
  });
}
function show(value) { return typeof value === "number" && value > 9 ? hex(value) : String(value); }

function modulesView(trace, choose) {
  const gone = new Map();
  for (const row of rowsOfKind(trace, "ModuleUnload")) {
    gone.set(`${trace.pid[row]} ${trace.extras.get(row).base}`, trace.time[row]);
  }
  const rows = rowsOfKind(trace, "ModuleLoad").map((row) => {
    const { base, size, name } = trace.extras.get(row);
    const end = gone.get(`${trace.pid[row]} ${base}`);
    return { target: row, cells: [
      trace.pid[row], hex(base), size / 1024, name, seconds(trace.time[row]),
      end === undefined ? "" : seconds(end),
    ] };
  });
  const titles = ["#process", "base", "#KB", "name", "#loaded, s", "#unloaded, s"];
  return pad(rows, () => table(titles, rows, choose), "No module was loaded.");
}

function exceptionsView(trace, choose) {
  const rows = rowsOfKind(trace, "GuestException");
  const cards = rows.map((row) => {
    const extra = trace.extras.get(row);
    const registers = make("div", { className: "registers" });
    for (const [name, value] of Object.entries(extra.registers)) {
      registers.append(make("span", {}, `${plain(name)} ${value.toString(16).padStart(8, "0")}`));
    }
    const title = make("h2", { className: "bad" }, plain(
      `${extra.code_name} at ${hex(extra.address)} ${extra.location ? `(${extra.location})` : ""}`));
    const facts = definitions([
      ["when", seconds(trace.time[row]) + " s"],
      ["who", `thread ${trace.tid[row]} of process ${trace.pid[row]}`],
      ["chance", extra.first_chance ? "first: offered to the program" : "unhandled"],
      ["parameters", extra.parameters.map(hex).join(", ") || "none"],
    ]);
    const link = button("show among the calls", false, () => choose(row), "chip");
    return make("div", { className: "card" }, title, facts, registers, link);
  });
  return pad(cards, () => make("div", {}, ...cards), "No exception was raised.");
}

function sumsView(trace, search) {
  const sums = new Map();
  for (const row of rowsOfKind(trace, "SystemCall")) {
    const name = nameOf(trace, row);
    if (!sums.has(name)) sums.set(name, { name, calls: 0, failed: 0, time: 0 });
    const sum = sums.get(name);
    sum.calls++;
    if (isFailure(trace, row)) sum.failed++;
    sum.time += trace.time[row] - trace.value[row];
  }
  const rows = [...sums.values()].sort((a, b) => b.calls - a.calls).map((sum) => ({
    target: sum.name, cells: [sum.name, sum.calls, sum.failed || "", seconds(sum.time)],
  }));
  const titles = ["call", "#calls", "#failed", "#virtual time, s"];
  return pad(rows, () => table(titles, rows, search), "No system call was made.");
}

function pad(rows, content, otherwise) {
  const inside = rows.length ? content() : make("p", { className: "empty" }, otherwise);
  return [make("div", { className: "pad" }, inside)];
}
